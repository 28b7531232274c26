package ufm.lab.sweep;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import ufm.lab.db.CellRow;

/**
 * What a sweep found, in numbers.
 *
 * @param cells finished cells
 * @param starts starts of all of them
 * @param certified cells whose relative gap is at most 1e-8
 * @param worstRelativeGap over the cells that have one
 * @param largestDifference largest |f - f*| where theory has a closed form, NaN if it nowhere has
 * @param predicted cells where theory has a closed form
 * @param zero cells whose optimum is W = H = 0
 * @param outcomes how the solves ended
 */
public record Summary(
    int cells, long starts, int certified, double worstRelativeGap, double largestDifference, int predicted, int zero,
    Map<String, Integer> outcomes) {

  /** Counts rows. */
  public static Summary of(List<CellRow> rows) {
    Map<String, Integer> outcomes = new TreeMap<>();
    rows.forEach(r -> outcomes.merge(String.valueOf(r.text("outcome")).toLowerCase(Locale.ROOT), 1, Integer::sum));
    return new Summary(
        rows.size(),
        rows.stream().mapToLong(r -> (long) r.number("starts")).sum(),
        (int) rows.stream().filter(CellRow::certified).count(),
        rows.stream().mapToDouble(r -> r.number("relative_gap")).filter(g -> !Double.isNaN(g)).max().orElse(Double.NaN),
        rows.stream().mapToDouble(r -> Math.abs(r.number("difference"))).filter(d -> !Double.isNaN(d)).max().orElse(Double.NaN),
        (int) rows.stream().filter(r -> !Double.isNaN(r.number("f_star"))).count(),
        (int) rows.stream().filter(CellRow::zero).count(),
        outcomes);
  }

  /** Prints one line for each number. */
  public void print(PrintWriter out) {
    line(out, "cells", "%d, %d starts%s", cells, starts, zero > 0 ? ", optimum W = H = 0 in " + zero : "");
    line(out, "certified", "%d of %d%s", certified, cells, Double.isNaN(worstRelativeGap) ? "" : String.format(Locale.ROOT, ", worst relative gap %.1e", worstRelativeGap));
    line(out, "theory", predicted == 0 ? "no closed form in any cell" : "largest |f - f*| = %.1e in %d cells with a closed form", largestDifference, predicted);
    line(out, "outcomes", "%s", outcomes.toString().replaceAll("[{}]", "").replace("=", " "));
  }

  private static void line(PrintWriter out, String name, String format, Object... arguments) {
    out.printf(Locale.ROOT, "%-12s%s%n", name, String.format(Locale.ROOT, format, arguments));
  }
}

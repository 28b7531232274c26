package ufm.lab.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import ufm.lab.db.ResultsError;
import ufm.lab.spec.Experiment;
import ufm.lab.spec.SweepPlan;
import ufm.lab.sweep.BoundarySearch;

/** Prints where a phase ends, row by row, beside theory's threshold, and writes the same as CSV. */
final class BoundaryTable {
  private BoundaryTable() {}

  static void print(PrintWriter out, BoundarySearch.Report report, Experiment experiment, SweepCommand.BoundaryOption wanted, Path csv) {
    SweepPlan plan = experiment.sweep();
    String first = plan.axes().getFirst().field();
    String second = plan.axes().size() == 2 ? plan.axes().get(1).field() : "";
    out.println();
    out.printf("boundary: where %s crosses %s along %s (%d solves)%n", wanted.quantity(), number(wanted.level()), first, report.solves());
    out.printf("%14s %16s %10s %16s %12s %s%n", second, first, "width", "theory", "difference", "certified");
    List<String> lines = new ArrayList<>();
    lines.add(String.join(",", (second.isEmpty() ? "row" : second), first + ".low", first + ".high", first, "theory", "relative_difference", "certified"));
    double worst = Double.NaN;
    for (BoundarySearch.Crossing c : report.crossings()) {
      String row = c.rest().isEmpty() ? "" : text(c.rest().getFirst());
      boolean predicted = !Double.isNaN(c.theory());
      out.printf(Locale.ROOT, "%14s %16s %10s %16s %12s %s%n", row, number(c.measured()), small(c.relativeWidth()),
          predicted ? number(c.theory()) : "-", predicted ? small(c.relativeDifference()) : "-", c.certified() ? "yes" : "no");
      lines.add(String.join(",", c.rest().isEmpty() ? "0" : c.rest().getFirst().toString(), exact(c.low()), exact(c.high()),
          exact(c.measured()), predicted ? exact(c.theory()) : "", predicted ? exact(c.relativeDifference()) : "", String.valueOf(c.certified())));
      worst = predicted ? Math.max(Double.isNaN(worst) ? 0 : worst, Math.abs(c.relativeDifference())) : worst;
    }
    for (List<Object> rest : report.without()) {
      out.printf("%14s %16s%n", rest.isEmpty() ? "" : text(rest.getFirst()), "no crossing");
      lines.add((rest.isEmpty() ? "0" : rest.getFirst()) + ",,,,,,");
    }
    out.printf(Locale.ROOT, "%d crossing%s%s%n", report.crossings().size(), report.crossings().size() == 1 ? "" : "s",
        Double.isNaN(worst) ? "" : String.format(Locale.ROOT, "; largest relative difference from theory's %s: %.1e", plan.theory(), worst));
    write(csv, lines);
    out.printf("%-12s%s%n", "table", csv);
  }

  private static void write(Path csv, List<String> lines) {
    Path part = csv.resolveSibling(csv.getFileName() + ".part");
    try {
      Files.write(part, lines);
      Files.move(part, csv, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new ResultsError(csv + " can't be written: " + e.getMessage() + ".", e);
    }
  }

  private static String text(Object value) {
    return value instanceof Double d ? number(d) : value.toString();
  }

  private static String exact(double x) {
    return Double.toString(x);
  }

  private static String number(double x) {
    return x == Math.rint(x) && Math.abs(x) < 1e9 ? String.format(Locale.ROOT, "%.0f", x) : String.format(Locale.ROOT, "%.9g", x);
  }

  private static String small(double x) {
    return String.format(Locale.ROOT, "%.1e", x);
  }
}

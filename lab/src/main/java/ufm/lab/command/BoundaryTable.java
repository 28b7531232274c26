package ufm.lab.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import ufm.lab.io.WholeFile;
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
    out.printf("%14s %16s %10s %16s %12s %12s%n", second, first, "width", "theory", "difference", "f - f* <=");
    List<Line> lines = new ArrayList<>();
    double worst = Double.NaN;
    for (BoundarySearch.Crossing c : report.crossings()) {
      lines.add(line(c));
      double d = Math.abs(c.relativeDifference());
      worst = Double.isNaN(d) ? worst : Math.max(Double.isNaN(worst) ? 0 : worst, d);
    }
    for (List<Object> rest : report.without()) {
      lines.add(new Line(rest, String.format("%14s %16s", name(rest), "no crossing"), (rest.isEmpty() ? "0" : rest.getFirst()) + ",,,,,,"));
    }
    lines.sort(Comparator.comparing(Line::rest, BoundaryTable::compare));
    lines.forEach(line -> out.println(line.text()));
    out.printf(Locale.ROOT, "%d crossing%s%s%n", report.crossings().size(), report.crossings().size() == 1 ? "" : "s",
        Double.isNaN(worst) ? "" : String.format(Locale.ROOT, "; largest relative difference from theory's %s: %.1e", plan.theory(), worst));
    List<String> file = new ArrayList<>();
    file.add(String.join(",", second.isEmpty() ? "row" : second, first + ".low", first + ".high", first, "theory", "relative_difference", "gap"));
    lines.forEach(line -> file.add(line.csv()));
    write(csv, file);
    out.printf("%-12s%s%n", "table", csv);
  }

  /** A row of the second axis, as text for people and as CSV. */
  private record Line(List<Object> rest, String text, String csv) {}

  private static Line line(BoundarySearch.Crossing c) {
    boolean predicted = !Double.isNaN(c.theory());
    String text = String.format(Locale.ROOT, "%14s %16s %10s %16s %12s %12s", name(c.rest()), number(c.measured()), small(c.relativeWidth()),
        predicted ? number(c.theory()) : "-", predicted ? small(c.relativeDifference()) : "-", Double.isNaN(c.gap()) ? "-" : small(c.gap()));
    String csv = String.join(",", c.rest().isEmpty() ? "0" : c.rest().getFirst().toString(), exact(c.low()), exact(c.high()), exact(c.measured()),
        predicted ? exact(c.theory()) : "", predicted ? exact(c.relativeDifference()) : "", Double.isNaN(c.gap()) ? "" : exact(c.gap()));
    return new Line(c.rest(), text, csv);
  }

  private static String name(List<Object> rest) {
    return rest.isEmpty() ? "" : text(rest.getFirst());
  }

  private static int compare(List<Object> a, List<Object> b) {
    if (a.isEmpty() || b.isEmpty()) {
      return Integer.compare(a.size(), b.size());
    }
    return a.getFirst() instanceof Double x && b.getFirst() instanceof Double y ? x.compareTo(y) : a.getFirst().toString().compareTo(b.getFirst().toString());
  }

  private static void write(Path csv, List<String> lines) {
    WholeFile.write(csv, String.join("\n", lines) + "\n");
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

package ufm.lab.command;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import ufm.solve.Solution;
import ufm.theory.Prediction;

/** Theory and measurement side by side. */
final class Comparison {
  private final TextTable table = new TextTable("quantity", "theory", "measured", "difference");
  private boolean marked;

  private Comparison() {}

  /** Every quantity that was measured, and theory's value where there is one. */
  static Comparison of(Solution s, Prediction prediction, PointGeometry geometry) {
    Comparison c = new Comparison();
    Map<String, Double> scalars = new LinkedHashMap<>();
    scalars.put("f_star", s.value());
    scalars.putAll(geometry.scalars());
    Map<String, Double> metrics = s.metrics().asMap();
    for (String name : new String[] {"nc1", "nc2_W", "nc2_H", "nc3", "accuracy"}) {
      scalars.put(name, metrics.get(name));
    }
    scalars.forEach((name, measured) -> c.scalar(prediction, name, measured));
    geometry.vectors().forEach((name, measured) -> c.vector(prediction, name, measured));
    geometry.matrices().forEach((name, measured) -> c.matrix(prediction, name, measured));
    return c;
  }

  /** Writes the table. */
  void print(PrintWriter out) {
    table.print(out);
    if (marked) {
      out.println("* theory gives one possible value, not the only one");
    }
  }

  private void scalar(Prediction prediction, String name, double measured) {
    Double theory = prediction.scalars().get(name);
    table.row(
        mark(prediction, name),
        theory == null ? "-" : TextTable.number(theory),
        TextTable.number(measured),
        theory == null ? "-" : TextTable.small(Math.abs(measured - theory)));
  }

  private void vector(Prediction prediction, String name, double[] measured) {
    double[] theory = prediction.vectors().get(name);
    boolean comparable = theory != null && theory.length == measured.length;
    table.row(
        mark(prediction, name),
        theory == null ? "-" : TextTable.vector(theory),
        TextTable.vector(measured),
        comparable ? TextTable.small(distance(theory, measured)) : "-");
  }

  private void matrix(Prediction prediction, String name, double[][] measured) {
    double[][] theory = prediction.matrices().get(name);
    if (theory == null) {
      return;
    }
    double most = 0;
    for (int i = 0; i < theory.length; i++) {
      most = Math.max(most, distance(theory[i], measured[i]));
    }
    String shape = theory.length + " x " + theory[0].length;
    table.row(mark(prediction, name), shape, shape, TextTable.small(most));
  }

  private static double distance(double[] a, double[] b) {
    double most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]));
    }
    return most;
  }

  private String mark(Prediction prediction, String name) {
    boolean one = prediction.notUnique().contains(name);
    marked |= one;
    return one ? name + " *" : name;
  }
}

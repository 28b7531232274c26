package ufm.lab.simulate;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import ufm.metric.CollapseMetrics;

/**
 * What was recorded: a row of numbers for each recorded iterate. NaN stands for what is not defined.
 *
 * <p>Columns: {@code iteration}, {@code time} (of the flow, else the iteration), {@code evaluations}, {@code value} and its terms, {@code
 * gradient_norm}, {@code lower} and {@code gap} and {@code relative_gap} of the certificate (where K N is at most 4,000,000, or the columns of
 * each class agree), the metrics under their standard names, {@code W_norm}, {@code H_norm}, {@code normalized_margin} = margin /
 * ((|W|^2 + |H|^2)/2), the quantity that converges to the max-margin value when lambda is 0 (margin / |H| for a fixed classifier), and {@code
 * direction_change} = |x/|x| - y/|y|| with y the record before (undefined in the first row).
 */
public final class Trajectory {
  /** Names of the columns, in their order. */
  public static final List<String> COLUMNS = columns();

  private final List<double[]> rows = new ArrayList<>();

  private static List<String> columns() {
    List<String> out =
        new ArrayList<>(
            List.of(
                "iteration", "time", "evaluations", "value", "fit", "penalty_W", "penalty_H", "penalty_b", "gradient_norm", "lower", "gap",
                "relative_gap"));
    out.addAll(CollapseMetrics.NAMES);
    out.addAll(List.of("W_norm", "H_norm", "normalized_margin", "direction_change"));
    return List.copyOf(out);
  }

  /** Adds a row, one number for each column. */
  void add(double[] row) {
    if (row.length != COLUMNS.size()) {
      throw new IllegalArgumentException("a row has " + row.length + " numbers for " + COLUMNS.size() + " columns");
    }
    rows.add(row.clone());
  }

  /** Number of rows. */
  public int size() {
    return rows.size();
  }

  /** One column, from the first record to the last. */
  public double[] column(String name) {
    int c = index(name);
    return rows.stream().mapToDouble(r -> r[c]).toArray();
  }

  /** The last number of a column. */
  public double last(String name) {
    return rows.getLast()[index(name)];
  }

  /** Copies of all rows. */
  public double[][] rows() {
    return rows.stream().map(double[]::clone).toArray(double[][]::new);
  }

  private static int index(String name) {
    int c = COLUMNS.indexOf(name);
    if (c < 0) {
      throw new IllegalArgumentException("no column " + name + " in " + COLUMNS);
    }
    return c;
  }

  @Override
  public String toString() {
    return rows.size() + " records" + (rows.isEmpty() ? "" : ", last " + Arrays.toString(rows.getLast()));
  }
}

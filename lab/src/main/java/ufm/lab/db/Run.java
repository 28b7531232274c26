package ufm.lab.db;

import java.util.List;

/**
 * One row of the table {@code runs}: a cell of the grid solved from a range of starts.
 *
 * @param axes value of each axis: Double, Long or String
 * @param firstStart index of the first start
 * @param numbers in the order of {@link #NUMBERS}; NaN stands for "not available" and becomes NULL
 * @param outcome how the solver ended, for example {@code CONVERGED}
 * @param regime what theory predicts, for example {@code zero}; null where it says nothing
 * @param restricted whether the solve was restricted to collapsed features although that may hide critical points
 * @param zero whether the best point is W = H = 0 to rounding, where normalised metrics are 0/0
 * @param bestStart index of the start with the lowest value
 * @param startsAtBest how many starts reached it
 * @param iterations over all starts
 * @param seconds share of the batch's time
 * @param startValues objective value of each start, from {@code firstStart} on
 */
public record Run(
    List<Object> axes, int firstStart, double[] numbers, String outcome, String regime, boolean restricted, boolean zero, int bestStart,
    int startsAtBest, long iterations, double seconds, double[] startValues) {

  /**
   * Names of the columns of floating-point numbers: objective, certificate, theory, metrics (theory sheet H).
   */
  public static final List<String> NUMBERS =
      List.of(
          "value", "lower", "gap", "relative_gap", "f_star", "lambda_z", "threshold", "margin", "W_norm", "H_norm", "nc1", "nc1_trace_ratio",
          "nc2_W", "nc2_H", "nc3", "nc3_papyan", "nc4_agreement", "accuracy", "cdnv_mean", "equinorm_H", "equinorm_W", "equiangular_std_H",
          "equiangular_std_W", "max_angle_H", "max_angle_W");

  /** Position of a name in {@link #NUMBERS}. */
  public static int column(String name) {
    int i = NUMBERS.indexOf(name);
    if (i < 0) {
      throw new IllegalArgumentException("no column " + name + " among " + NUMBERS);
    }
    return i;
  }

  /** How many starts this run holds. */
  public int starts() {
    return startValues.length;
  }

  /** One of the {@link #NUMBERS}. */
  public double number(String name) {
    return numbers[column(name)];
  }
}

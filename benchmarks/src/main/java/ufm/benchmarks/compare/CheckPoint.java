package ufm.benchmarks.compare;

import ufm.backend.Backend;
import ufm.backend.LaneBuffer;

/**
 * The point at which all programs must agree: element i of the batch, counted from 1 through all lanes, is {@code 0.1 sin(i^2)}. Lanes are
 * W, H (both column by column) and b, one behind the other.
 */
final class CheckPoint {
  private CheckPoint() {}

  /** Writes it; x modified. */
  static void write(Backend backend, LaneBuffer x) {
    double[] lane = new double[Math.toIntExact(x.length())];
    for (int l = 0; l < x.lanes(); l++) {
      for (int e = 0; e < lane.length; e++) {
        double i = (double) l * lane.length + e + 1;
        lane[e] = 0.1 * Math.sin(i * i);
      }
      backend.write(x, l, 0, lane, 0, lane.length);
    }
  }

  /**
   * Three numbers of a batch of vectors: the given sum, the norm, and {@code sum_i v_i cos(i)}.
   *
   * @param sum of the values of all lanes
   * @param v not modified
   */
  static double[] digest(Backend backend, double sum, LaneBuffer v) {
    double[] lane = new double[Math.toIntExact(v.length())];
    double squares = 0;
    double weighted = 0;
    for (int l = 0; l < v.lanes(); l++) {
      backend.read(v, l, 0, lane, 0, lane.length);
      for (int e = 0; e < lane.length; e++) {
        squares += lane[e] * lane[e];
        weighted += lane[e] * Math.cos((double) l * lane.length + e + 1);
      }
    }
    return new double[] {sum, Math.sqrt(squares), weighted};
  }
}

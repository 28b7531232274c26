package ufm.backend;

import java.util.Arrays;

/** Everything that a backend computes for a batch, as bits. */
public final class LaneCase {
  private LaneCase() {}

  /** A hash over all active lanes. */
  public static long fingerprint(Backend backend, LayerCase c, Lanes lanes) {
    long hash = 1;
    double[][][] all = evaluate(backend, c, lanes);
    for (int i = 0; i < lanes.count(); i++) {
      hash = 31 * hash + hash(all, lanes.at(i));
    }
    return hash;
  }

  /** A hash of one lane, evaluated together with the others. */
  public static long lane(Backend backend, LayerCase c, int lane, Lanes lanes) {
    return hash(evaluate(backend, c, lanes), lane);
  }

  private static long hash(double[][][] all, int lane) {
    long h = 1;
    for (double[][] quantity : all) {
      h = 31 * h + Arrays.hashCode(quantity[lane]);
      for (double x : quantity[lane]) {
        h = 1099511628211L * h + Double.doubleToLongBits(x);
      }
    }
    return h;
  }

  /** Fit, gradient, logit gradient, curvature's product and vector operations: {@code [quantity][lane][element]}. */
  public static double[][][] evaluate(Backend b, LayerCase c, Lanes lanes) {
    ClassifierLayer layer = c.layer();
    int n = c.size();
    double[][] numbers = new double[5][c.lanes];
    double[] half = new double[c.lanes];
    Arrays.fill(half, 0.5);
    try (LaneBuffer x = c.upload(c.x);
        LaneBuffer v = c.upload(c.v);
        LaneBuffer g = b.allocate(c.lanes, n);
        LaneBuffer hv = b.allocate(c.lanes, n);
        LaneBuffer m = b.allocate(c.lanes, n);
        LaneBuffer s = b.allocate(c.lanes, n);
        LaneBuffer pairs = b.allocate(c.lanes, 4L * n);
        LaneBuffer d = b.allocate(c.lanes, n);
        LaneBuffer logit = b.allocate(c.lanes, (long) c.columns * c.classes);
        LaneBuffer store = b.allocate(c.lanes, b.curvatureLength(layer))) {
      b.fit(lanes, layer, x, numbers[0]);
      b.fitGradient(lanes, layer, x, numbers[1], g);
      b.logitGradient(lanes, layer, x, logit);
      b.curvature(lanes, layer, x, store);
      b.hessian(lanes, layer, x, store, v, hv);
      double[][][] result = {null, LayerCase.download(b, g), LayerCase.download(b, logit), LayerCase.download(b, hv), null, null, null, null};
      b.dot(lanes, x, v, numbers[2]);
      b.distance2(lanes, x, half, v, 0, n, numbers[3]);
      b.maxAbs(lanes, hv, numbers[4]);
      long[] at = new long[c.lanes];
      b.store(lanes, v, at, pairs);
      Arrays.fill(at, 2L * n);
      b.store(lanes, hv, at, pairs);
      int[] newest = new int[c.lanes];
      int[] one = new int[c.lanes];
      double[] rho = new double[2 * c.lanes];
      Arrays.fill(one, 1);
      Arrays.fill(rho, 0.7);
      b.lbfgsDirection(lanes, 2, newest, one, pairs, rho, g, d);
      result[4] = LayerCase.download(b, d);
      b.momentumStep(lanes, half, numbers[2], half, true, g, v, x);
      b.descend(lanes, layer, 3, half, numbers[0], new double[] {0.1, 0.02, 0.03}, false, x, v, hv, numbers[4]);
      b.adamStep(lanes, 0.9, 0.999, 1e-8, half, half, half, g, m, s, x);
      b.multiply(lanes, x, v, hv);
      b.clampNonNegative(lanes, hv, 0, n);
      b.combine(lanes, half, hv, numbers[2], x, hv);
      result[5] = LayerCase.download(b, x);
      result[6] = LayerCase.download(b, hv);
      result[0] = transpose(numbers, c.lanes);
      result[7] = result[0];
      return result;
    }
  }

  private static double[][] transpose(double[][] numbers, int lanes) {
    double[][] t = new double[lanes][numbers.length];
    for (int q = 0; q < numbers.length; q++) {
      for (int l = 0; l < lanes; l++) {
        t[l][q] = numbers[q][l];
      }
    }
    return t;
  }
}

package ufm.certify;

import java.util.SplittableRandom;
import ufm.problem.Bias;
import ufm.problem.Loss;
import ufm.problem.Point;
import ufm.problem.SimplexFrame;
import ufm.problem.UfmProblem;

/**
 * Problems whose global minimum the theory sheet gives in closed form, written out naively here: A2-A4 (balanced cross-entropy and label
 * smoothing, d >= K-1) and B1 (squared error without bias, any counts, any d).
 */
record KnownMinimum(UfmProblem problem, double value, Point optimum) {

  /** Balanced cross-entropy or label smoothing; ratio is lambda_Z over the collapse threshold A5. */
  static KnownMinimum simplex(Loss loss, Bias bias, int k, int d, int n, double ratio, double skew) {
    double s = loss.offClassMass(k);
    double lambdaZ = ratio * (1.0 / k - s / (k - 1)) / Math.sqrt(n);
    UfmProblem p =
        UfmProblem.builder(k, d).samplesPerClass(n).loss(loss).bias(bias).lambdaW(lambdaZ * skew).lambdaH(lambdaZ / skew).build();
    double rho = s + lambdaZ * (k - 1) * Math.sqrt(n);
    double t = rho < (k - 1.0) / k ? Math.max(0, Math.log((k - 1) * (1 - rho) / rho)) : 0;
    double value = Math.log1p((k - 1) * Math.exp(-t)) + s * t + lambdaZ * (k - 1) * Math.sqrt(n) * t;
    double rowW = Math.sqrt((k - 1) * Math.sqrt(n) * t / k / skew);
    double rowH = Math.sqrt((k - 1) * t * skew / (k * Math.sqrt(n)));
    double[] unit = SimplexFrame.classifier(k, d, 1);
    double[] w = new double[k * d];
    double[] h = new double[d * k];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < d; j++) {
        w[i + k * j] = rowW * unit[i + k * j];
        h[j + d * i] = rowH * unit[i + k * j];
      }
    }
    return new KnownMinimum(p, value, new Point(k, d, k, w, h, bias.present() ? new double[k] : null));
  }

  /** Squared error without bias. */
  static KnownMinimum orthogonal(int d, double lambdaZ, double skew, int... counts) {
    int k = counts.length;
    UfmProblem p =
        UfmProblem.builder(k, d).counts(counts).loss(new Loss.MeanSquaredError()).lambdaW(lambdaZ * skew).lambdaH(lambdaZ / skew).build();
    int n = p.samples();
    Integer[] order = new Integer[k];
    java.util.Arrays.setAll(order, i -> i);
    java.util.Arrays.sort(order, (a, b) -> counts[b] - counts[a]);
    double[] w = new double[k * d];
    double[] h = new double[d * k];
    double value = 0;
    for (int r = 0; r < k; r++) {
      int c = order[r];
      double t = Math.sqrt(counts[c]) - n * lambdaZ;
      if (r < d && t > 0) {
        value += lambdaZ * Math.sqrt(counts[c]) - n * lambdaZ * lambdaZ / 2;
        w[c + k * r] = Math.sqrt(t / skew);
        h[r + d * c] = Math.sqrt(t * skew / counts[c]);
      } else {
        value += counts[c] / (2.0 * n);
      }
    }
    return new KnownMinimum(p, value, new Point(k, d, k, w, h, null));
  }

  /** The optimum lifted to N columns plus noise of the given size in every entry. */
  Point near(double noise, SplittableRandom random) {
    int k = problem.classes();
    int d = problem.dimension();
    int n = problem.samples();
    double[] w = optimum.w().clone();
    double[] h = new double[d * n];
    double[] b = optimum.b() == null ? null : optimum.b().clone();
    for (int i = 0; i < n; i++) {
      System.arraycopy(optimum.h(), d * problem.label(i), h, d * i, d);
    }
    for (double[] block : b == null ? new double[][] {w, h} : new double[][] {w, h, b}) {
      for (int i = 0; i < block.length; i++) {
        block[i] += noise * random.nextGaussian();
      }
    }
    return new Point(k, d, n, w, h, b);
  }
}

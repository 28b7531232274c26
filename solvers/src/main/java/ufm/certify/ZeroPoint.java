package ufm.certify;

import ufm.problem.Bias;
import ufm.problem.UfmProblem;

/**
 * The value of the objective at H = 0 (and W = 0 where it is learned) with its best bias: the yardstick of the relative gap. With m the
 * mean target, it is {@code log K} or {@code 1/2} without bias, the entropy of m or {@code (1 - |m|^2)/2} with a free one, and with a ridge the
 * minimum of {@code log sum_j e^{b_j} - <m, b> + (lambda/2)|b|^2} (Newton), or {@code 1/2 - |m|^2/(2 (1 + lambda))}. Focal loss is measured
 * without bias, at {@code (1-1/K)^gamma log K}.
 */
final class ZeroPoint {
  private ZeroPoint() {}

  static double value(UfmProblem problem) {
    int k = problem.classes();
    double mass = problem.loss().offClassMass(k);
    double[] m = new double[k];
    for (int j = 0; j < k; j++) {
      double share = (double) problem.count(j) / problem.samples();
      m[j] = (1 - mass) * share + mass / (k - 1) * (1 - share);
    }
    double squares = Compensated.squaredNorm(m);
    return switch (problem.loss()) {
      case ufm.problem.Loss.MeanSquaredError mse ->
          switch (problem.bias()) {
            case Bias.None none -> 0.5;
            case Bias.Free free -> (1 - squares) / 2;
            case Bias.Ridge(double lambda) -> 0.5 - squares / (2 * (1 + lambda));
          };
      case ufm.problem.Loss.Focal(double gamma) when gamma > 0 -> Math.pow(1 - 1.0 / k, gamma) * Math.log(k);
      default ->
          switch (problem.bias()) {
            case Bias.None none -> Math.log(k);
            case Bias.Free free -> entropy(m);
            case Bias.Ridge(double lambda) -> ridge(m, lambda);
          };
    };
  }

  private static double entropy(double[] m) {
    Compensated s = new Compensated();
    for (double p : m) {
      if (p > 0) {
        s.addProduct(-p, Math.log(p));
      }
    }
    return s.value();
  }

  private static double objective(double[] m, double[] b, double lambda) {
    double top = Double.NEGATIVE_INFINITY;
    for (double x : b) {
      top = Math.max(top, x);
    }
    Compensated s = new Compensated();
    double sum = 0;
    for (int j = 0; j < b.length; j++) {
      sum += Math.exp(b[j] - top);
      s.addProduct(m[j], top - b[j]);
      s.addProduct(lambda / 2 * b[j], b[j]);
    }
    s.add(Math.log(sum));
    return s.value();
  }

  /** Newton with halving; the Hessian {@code diag(p) + lambda - p p^T} is inverted by the Sherman-Morrison formula. */
  private static double ridge(double[] m, double lambda) {
    int k = m.length;
    double[] b = new double[k];
    double value = objective(m, b, lambda);
    double[] p = new double[k];
    double[] step = new double[k];
    double[] trial = new double[k];
    for (int round = 0; round < 200; round++) {
      double top = Double.NEGATIVE_INFINITY;
      for (double x : b) {
        top = Math.max(top, x);
      }
      double sum = 0;
      for (int j = 0; j < k; j++) {
        p[j] = Math.exp(b[j] - top);
        sum += p[j];
      }
      double cross = 0;
      double weight = 0;
      for (int j = 0; j < k; j++) {
        p[j] /= sum;
        step[j] = (p[j] - m[j] + lambda * b[j]) / (p[j] + lambda);
        cross += p[j] * step[j];
        weight += p[j] * lambda / (p[j] + lambda);
      }
      // 1 - sum p^2/(p + lambda) = sum p lambda/(p + lambda), without cancellation.
      for (int j = 0; j < k; j++) {
        step[j] += p[j] / (p[j] + lambda) * cross / weight;
      }
      double t = 1;
      double next = value;
      for (int half = 0; half < 60; half++) {
        for (int j = 0; j < k; j++) {
          trial[j] = b[j] - t * step[j];
        }
        next = objective(m, trial, lambda);
        if (next < value) {
          break;
        }
        t /= 2;
      }
      if (!(next < value)) {
        break;
      }
      value = next;
      System.arraycopy(trial, 0, b, 0, k);
    }
    return value;
  }
}

package ufm.certify;

import ufm.problem.Bias;

/**
 * The dual value by the recipe D6-D7 in plain floating point, on all columns of the point: V = N G, rows repaired for a free bias, one
 * scale s. It is what other codes compute and is reported for comparison; the certificate rests on {@link DualProblem}.
 *
 * @param value dual value
 * @param scale {@code s = min(1, lambda_Z / |V/N|_2)}
 * @param spectralNorm {@code |V/N|_2} after the repair, before scaling
 */
record DualRecipe(double value, double scale, double spectralNorm) {

  /**
   * The recipe at a point.
   *
   * @param gradientNorm {@code |G|_2} there, the spectral norm where no row is repaired
   * @param valued whether the value is asked for; NaN if not
   */
  static DualRecipe of(LogitFit fit, double gradientNorm, boolean valued) {
    int k = fit.problem().classes();
    int c = fit.columns();
    int n = fit.problem().samples();
    boolean free = fit.problem().bias() instanceof Bias.Free;
    if (!free && !valued) {
      return new DualRecipe(Double.NaN, scale(fit, gradientNorm), gradientNorm);
    }
    double[] v = fit.gradient().clone();
    boolean softmax = fit.probability() != null;
    double mass = fit.problem().loss().offClassMass(k);
    double[] target = target(fit, k, c, mass);
    double norm = gradientNorm;
    if (free) {
      if (softmax) {
        repairRows(v, target, fit.weights(), k, c);
      } else {
        subtractMeanColumn(v, fit.weights(), n, k, c);
      }
      norm = repairedNorm(v, fit.weights(), n, k, c);
    }
    double scale = scale(fit, norm);
    if (!valued) {
      return new DualRecipe(Double.NaN, scale, norm);
    }
    Compensated sum = new Compensated();
    double[] row = new double[k];
    for (int i = 0; i < c; i++) {
      for (int j = 0; j < k; j++) {
        double x = scale * v[j + k * i];
        row[j] += fit.weights()[i] * x / n;
        double q = target[j + k * i];
        double p = q + x;
        double term = softmax ? (p > 0 ? -p * Math.log(p) : 0) : -(x * x / 2 + x * q);
        sum.addProduct(fit.weights()[i], term);
      }
    }
    double value = sum.value() / n;
    if (fit.problem().bias() instanceof Bias.Ridge(double lambda)) {
      value -= Compensated.squaredNorm(row) / (2 * lambda);
    }
    return new DualRecipe(value, scale, norm);
  }

  private static double scale(LogitFit fit, double norm) {
    return norm > 0 ? Math.min(1, fit.problem().lambdaZ() / norm) : 1;
  }

  private static double repairedNorm(double[] v, int[] weights, int n, int k, int c) {
    double[] a = new double[k * c];
    for (int i = 0; i < c; i++) {
      double f = Math.sqrt(weights[i]) / n;
      for (int j = 0; j < k; j++) {
        a[j + k * i] = f * v[j + k * i];
      }
    }
    return GramEigen.spectralNorm(a, k, c);
  }

  private static double[] target(LogitFit fit, int k, int c, double mass) {
    double[] q = new double[k * c];
    for (int i = 0; i < c; i++) {
      for (int j = 0; j < k; j++) {
        q[j + k * i] = j == fit.labels()[i] ? 1 - mass : mass / (k - 1);
      }
    }
    return q;
  }

  private static void repairRows(double[] v, double[] q, int[] weights, int k, int c) {
    double[] r = new double[k];
    double[] s = new double[k];
    for (int i = 0; i < c; i++) {
      for (int j = 0; j < k; j++) {
        r[j] += weights[i] * v[j + k * i];
        s[j] += weights[i] * (q[j + k * i] + v[j + k * i]);
      }
    }
    double lacking = 0;
    for (double x : r) {
      lacking += Math.max(0, -x);
    }
    if (lacking == 0) {
      return;
    }
    for (int i = 0; i < c; i++) {
      double removed = 0;
      for (int j = 0; j < k; j++) {
        if (r[j] > 0) {
          double m = (q[j + k * i] + v[j + k * i]) * (r[j] / s[j]);
          v[j + k * i] -= m;
          removed += m;
        }
      }
      for (int j = 0; j < k; j++) {
        if (r[j] < 0) {
          v[j + k * i] += removed * (-r[j] / lacking);
        }
      }
    }
  }

  private static void subtractMeanColumn(double[] v, int[] weights, int n, int k, int c) {
    for (int j = 0; j < k; j++) {
      Compensated m = new Compensated();
      for (int i = 0; i < c; i++) {
        m.addProduct(weights[i], v[j + k * i]);
      }
      double mean = m.value() / n;
      for (int i = 0; i < c; i++) {
        v[j + k * i] -= mean;
      }
    }
  }
}

package ufm.certify;

import ufm.problem.Bias;
import ufm.problem.Loss;
import ufm.problem.UfmProblem;

/**
 * The dual of the convex form (theory sheet D6), restricted to one column per class, with rigorous values.
 *
 * <p>For {@code Gamma = V/N} with {@code |Gamma|_2 <= lambda_Z}, {@code f* >= Dual(Gamma)}. Averaging the columns of a class keeps Gamma
 * feasible (it is an orthogonal projection from the right) and raises the concave dual, so nothing is lost by K columns v_k, each standing for
 * n_k samples; then {@code |Gamma|_2} is the norm of the K x K matrix with columns {@code sqrt(n_k) v_k / N}.
 *
 * <p>A candidate is a K x K array. For softmax losses its entry (j, k), j != k, is the probability {@code x_jk = q_jk + v_jk >= 0} that class j
 * gets in a column of class k; the entry of class k itself is by definition {@code 1 - sum_j x_jk} in exact arithmetic, so that every column is
 * a distribution exactly, whatever is rounded. For squared error it is v. Row sums that must vanish exactly (free bias) vanish only to
 * rounding; the exact candidate nearby that the repair of D7 would give exists, and its distance in norm and value is charged to the bound.
 */
final class DualProblem {
  private static final double U = Compensated.U;

  /** What a candidate proves: {@code f* >= lower}; {@code rounding} is what was subtracted from the computed dual value. */
  record Bound(double lower, double rounding) {
    static final Bound NONE = new Bound(Double.NEGATIVE_INFINITY, 0);
  }

  final int classes;
  final int samples;
  final int[] counts;
  final boolean softmax;
  final boolean orthant;
  final double off;
  final double lambdaZ;
  final Bias bias;

  private final GramEigen basis;

  /**
   * The dual of a problem.
   *
   * @param basis whose vectors may be used for the bounds of norms where they serve; null for none
   */
  DualProblem(UfmProblem problem, GramEigen basis) {
    this.basis = basis;
    classes = problem.classes();
    samples = problem.samples();
    counts = problem.counts();
    softmax = !(problem.loss() instanceof Loss.MeanSquaredError);
    orthant = problem.nonNegativeFeatures();
    off = problem.loss().offClassMass(classes) / (classes - 1);
    lambdaZ = problem.lambdaZ();
    bias = problem.bias();
  }

  /** The candidate of a point: its class-averaged gradient; not yet feasible. */
  double[] candidate(LogitFit fit) {
    double[] x = new double[classes * classes];
    double[][] sum = new double[classes][classes];
    double[][] low = new double[classes][classes];
    double[] column = new double[classes];
    double[] from = softmax ? fit.probability() : fit.gradient();
    for (int c = 0; c < fit.columns(); c++) {
      System.arraycopy(from, classes * c, column, 0, classes);
      Compensated.addProducts(fit.weights()[c], column, classes, sum[fit.labels()[c]], low[fit.labels()[c]]);
    }
    for (int k = 0; k < classes; k++) {
      for (int j = 0; j < classes; j++) {
        x[j + classes * k] = (sum[k][j] + low[k][j]) / counts[k];
      }
    }
    tame(x);
    return bias instanceof Bias.Free ? balanced(x, new double[classes]) : x;
  }

  /** A candidate with row sums {@code (1/N) sum_k n_k v_jk} as given, to rounding; x is not modified. */
  double[] balanced(double[] x, double[] target) {
    double[] out = x.clone();
    repair(out, target);
    repair(out, target);
    return out;
  }

  /** V of a candidate: {@code v_jk = x_jk - q_jk} and {@code v_kk = -sum of the others} (softmax), or the array itself. */
  double[] direction(double[] x) {
    if (!softmax) {
      return x.clone();
    }
    double[] v = new double[x.length];
    for (int k = 0; k < classes; k++) {
      Compensated own = new Compensated();
      for (int j = 0; j < classes; j++) {
        if (j != k) {
          v[j + classes * k] = x[j + classes * k] - off;
          own.add(-v[j + classes * k]);
        }
      }
      v[k + classes * k] = own.value();
    }
    return v;
  }

  /** The matrix with columns {@code sqrt(n_k) v_k / N}. */
  double[] weighted(double[] v) {
    double[] a = new double[v.length];
    for (int k = 0; k < classes; k++) {
      double f = Math.sqrt(counts[k]) / samples;
      for (int j = 0; j < classes; j++) {
        a[j + classes * k] = f * v[j + classes * k];
      }
    }
    return a;
  }

  /** Singular vectors and values of a candidate's direction. */
  GramEigen decomposition(double[] x) {
    return GramEigen.near(weighted(direction(x)), classes, classes, basis);
  }

  /** Upper bound of the norm that has to stay below lambda_Z. */
  private double norm(double[] a, GramEigen guess) {
    return orthant ? SpectralBound.upperOnOrthant(a, classes) : SpectralBound.upper(a, classes, classes, guess);
  }

  /**
   * A candidate with the bound of its norm, which all multiples s V of its direction share.
   *
   * @param x the candidate, every column a distribution (softmax)
   * @param norm upper bound of the norm of its weighted direction
   */
  record Ray(double[] x, double norm) {}

  /**
   * The ray from Gamma = 0 through a candidate; null if the candidate is not finite.
   *
   * @param guess whose vectors may be used for the bound of the norm where they serve; null for none
   */
  Ray ray(double[] candidate, GramEigen guess) {
    double[] x = candidate.clone();
    return tame(x) ? new Ray(x, norm(weighted(direction(x)), guess)) : null;
  }

  /**
   * The bound of Gamma = 0: 0 for squared error, the entropy of the targets for softmax losses. It is feasible for every bias, and no sum of
   * its rows has to be repaired.
   */
  Bound atZero() {
    double mass = off * (classes - 1);
    if (!softmax || !(mass > 0 && mass < 1)) {
      return new Bound(0, 0);
    }
    double log = Math.log1p(-mass);
    double entropy = -mass * Math.log(off) - (1 - mass) * log;
    // As in entropy(): two ulp for each logarithm and product, and the rounding of the mass through the slope of the last term.
    double rounding = 8 * U * entropy + 8 * U * mass * (1 + Math.abs(log));
    return new Bound(Math.max(0, entropy - rounding), rounding);
  }

  /**
   * Bounds the dual at s V, s the cap or, where that is not feasible, as little below the limit as the rigorous bound of the norm asks for.
   * Far from the optimum the concave function of s has its maximum well inside the feasible interval.
   *
   * @param ray direction V; null gives {@link Bound#NONE}
   * @param cap largest s, at most 1
   */
  Bound evaluate(Ray ray, double cap) {
    if (ray == null) {
      return Bound.NONE;
    }
    double[] x = ray.x();
    double norm = ray.norm();
    double limit = lambdaZ * (1 - 4 * U);
    double slack = 0;
    for (int attempt = 0; attempt < 6; attempt++) {
      if (!(slack < limit / 2)) {
        return Bound.NONE;
      }
      double scale = Math.min(cap, (limit - slack) / norm);
      double[] scaled = scale < 1 ? scale(x, scale) : x;
      double error = normError(x, scaled);
      double[] shift = bias instanceof Bias.Free ? rowSumBound(scaled) : null;
      double moved = shift == null ? 0 : softmax ? movedNorm(scaled, shift) : movedMean(shift);
      if (Double.isNaN(moved) || Double.isNaN(norm)) {
        return Bound.NONE;
      }
      if (scale * norm * (1 + 2 * U) + error + moved <= limit * (1 + U)) {
        return softmax ? entropy(scaled, shift) : squares(scaled, shift);
      }
      slack = Math.max(2 * slack, 2 * (error + moved) + 8 * U * limit);
    }
    return Bound.NONE;
  }

  /** The largest scale up to which {@link #evaluate} may follow a ray. */
  double reach(Ray ray) {
    return Math.min(1, lambdaZ / ray.norm());
  }

  private double[] scale(double[] x, double t) {
    double[] out = new double[x.length];
    for (int k = 0; k < classes; k++) {
      for (int j = 0; j < classes; j++) {
        int at = j + classes * k;
        out[at] = softmax ? (j == k ? 0 : (1 - t) * off + t * x[at]) : t * x[at];
      }
    }
    return out;
  }

  /** Makes the entries of a softmax candidate non-negative and leaves the true class a little; false if that can't be done. */
  private boolean tame(double[] x) {
    for (int k = 0; k < classes; k++) {
      Compensated s = new Compensated();
      for (int j = 0; j < classes; j++) {
        int at = j + classes * k;
        if (!Double.isFinite(x[at])) {
          return false;
        }
        if (softmax && j != k) {
          x[at] = Math.max(0, x[at]);
          s.add(x[at]);
        }
      }
      double most = 1 - 1e-13;
      if (softmax && s.value() > most) {
        for (int j = 0; j < classes; j++) {
          x[j + classes * k] *= j == k ? 1 : most / s.value() * (1 - 1e-15);
        }
      }
    }
    return true;
  }

  /** One round of the row repair D7 in floating point, towards the given row sums. */
  private void repair(double[] x, double[] target) {
    double[] v = direction(x);
    double[] r = rowSums(v);
    for (int j = 0; j < classes; j++) {
      r[j] -= target[j];
    }
    if (!softmax) {
      for (int k = 0; k < classes; k++) {
        for (int j = 0; j < classes; j++) {
          x[j + classes * k] -= r[j];
        }
      }
      return;
    }
    double[] mass = rowMasses(x, v);
    double lacking = 0;
    for (double y : r) {
      lacking += Math.max(0, -y);
    }
    if (!(lacking > 0)) {
      return;
    }
    for (int k = 0; k < classes; k++) {
      double removed = 0;
      for (int j = 0; j < classes; j++) {
        if (r[j] > 0) {
          double p = j == k ? own(v, k) : x[j + classes * k];
          double m = p * (r[j] / mass[j]);
          removed += m;
          if (j != k) {
            x[j + classes * k] -= m;
          }
        }
      }
      for (int j = 0; j < classes; j++) {
        if (r[j] < 0 && j != k) {
          x[j + classes * k] += removed * (-r[j] / lacking);
        }
      }
    }
  }

  /** Probability of the true class, {@code q_k + v_kk}. */
  private double own(double[] v, int k) {
    return (1 - off * (classes - 1)) + v[k + classes * k];
  }

  /** {@code (1/N) sum_k n_k v_jk} of each row. */
  private double[] rowSums(double[] v) {
    double[] r = new double[classes];
    for (int j = 0; j < classes; j++) {
      Compensated s = new Compensated();
      for (int k = 0; k < classes; k++) {
        s.addProduct(counts[k], v[j + classes * k]);
      }
      r[j] = s.value() / samples;
    }
    return r;
  }

  private double[] rowMasses(double[] x, double[] v) {
    double[] s = new double[classes];
    for (int j = 0; j < classes; j++) {
      for (int k = 0; k < classes; k++) {
        s[j] += (double) counts[k] / samples * (j == k ? own(v, k) : x[j + classes * k]);
      }
    }
    return s;
  }

  /**
   * Bound on the rounding of the entries of column k of {@link #direction}, also after their weighting, summed over the column, the true
   * class's entry apart: one rounding of the difference, four of q, three of the weight and three of the scaling.
   */
  private double columnError(double[] x, int k) {
    double s = 0;
    for (int j = 0; j < classes; j++) {
      s += j == k ? 0 : entryError(x[j + classes * k]);
    }
    return s;
  }

  private double entryError(double x) {
    return 8 * U * (Math.abs(x) + 1.5 * off);
  }

  /** Bound on the norm of (exact weighted matrix of the scaled candidate) - scale (computed weighted matrix of x). */
  private double normError(double[] x, double[] scaled) {
    double total = 0;
    for (int k = 0; k < classes; k++) {
      double e = 0;
      if (softmax) {
        // The true class's entry is minus the sum of the others and at most that large.
        e = 2 * (columnError(x, k) + columnError(scaled, k));
      } else {
        for (int j = 0; j < classes; j++) {
          e += 8 * U * Math.abs(x[j + classes * k]);
        }
      }
      total += counts[k] * e * e;
    }
    return 1.01 * Math.sqrt(total) / samples;
  }

  /** Upper bounds of the absolute row sums {@code |(1/N) sum_k n_k v_jk|} of the exact candidate. */
  private double[] rowSumBound(double[] x) {
    double[] v = direction(x);
    double[] r = rowSums(v);
    double[] e = rowSumError(x, v);
    for (int j = 0; j < classes; j++) {
      r[j] = Math.abs(r[j]) + e[j];
    }
    return r;
  }

  private double[] rowSumError(double[] x, double[] v) {
    double[] e = new double[classes];
    for (int j = 0; j < classes; j++) {
      for (int k = 0; k < classes; k++) {
        double share = (double) counts[k] / samples;
        double entry = softmax ? (j == k ? columnError(x, k) : entryError(x[j + classes * k])) : 0;
        e[j] += share * (entry + 4 * U * Math.abs(v[j + classes * k]));
      }
    }
    return e;
  }

  /** Mass that the exact repair takes from each column at most; NaN where a row has too little. */
  private double[] removed(double[] x, double[] shift) {
    double[] v = direction(x);
    double[] mass = rowMasses(x, v);
    double[] out = new double[classes];
    for (int k = 0; k < classes; k++) {
      for (int j = 0; j < classes; j++) {
        double rho = shift[j] / mass[j];
        out[k] += rho < 1e-3 ? 1.01 * rho * (j == k ? own(v, k) : x[j + classes * k]) : Double.NaN;
      }
    }
    return out;
  }

  private double movedNorm(double[] x, double[] shift) {
    double[] removed = removed(x, shift);
    double s = 0;
    for (int k = 0; k < classes; k++) {
      s += counts[k] * removed[k] * removed[k];
    }
    return 2.02 * Math.sqrt(s) / samples;
  }

  private double movedMean(double[] shift) {
    return 1.01 * Math.sqrt(Compensated.squaredNorm(shift) / samples);
  }

  /** Mean entropy of the columns minus the bias term. */
  private Bound entropy(double[] x, double[] shift) {
    Compensated value = new Compensated();
    Compensated error = new Compensated();
    double[] removed = shift == null ? null : removed(x, shift);
    double[] v = direction(x);
    double[] mass = shift == null ? null : rowMasses(x, v);
    for (int k = 0; k < classes; k++) {
      Compensated s = new Compensated();
      Compensated h = new Compensated();
      double loss = 0;
      for (int j = 0; j < classes; j++) {
        double p = x[j + classes * k];
        if (j != k && p > 0) {
          s.add(p);
          double log = Math.log(p);
          h.addProduct(-p, log);
          loss += shift == null ? 0 : 1.02 * shift[j] / mass[j] * p * (Math.abs(log) + 1);
        }
      }
      double rest = s.value();
      double log = Math.log1p(-rest);
      h.addProduct(-(1 - rest), log);
      // Two ulp for each logarithm and product; the sum of the others enters through the slope |1 + log(1 - s)| of the last term.
      double e = 6 * U * h.value() + 6 * U * rest * (1 + Math.abs(log));
      if (shift != null) {
        loss += 1.02 * shift[k] / mass[k] * (1 - rest) * (Math.abs(log) + 1) + removed[k];
        e += 1.02 * loss;
      }
      value.addProduct((double) counts[k] / samples, h.value());
      error.addProduct((double) counts[k] / samples, e);
    }
    return finish(value.value(), 1.02 * error.value() + 4 * U * Math.abs(value.value()), x, v);
  }

  /** {@code -(1/N) sum_k n_k (|v_k|^2/2 + v_kk)} minus the bias term. */
  private Bound squares(double[] v, double[] shift) {
    Compensated value = new Compensated();
    double size = 0;
    double linear = 0;
    for (int k = 0; k < classes; k++) {
      double share = (double) counts[k] / samples;
      for (int j = 0; j < classes; j++) {
        double y = v[j + classes * k];
        value.addProduct(-share * y, y / 2);
        size += share * y * y / 2;
        linear += shift == null ? 0 : share * Math.abs(y) * shift[j];
      }
      value.addProduct(-share, v[k + classes * k]);
      size += share * Math.abs(v[k + classes * k]);
      linear += shift == null ? 0 : share * shift[k];
    }
    double error = 6 * U * size + (shift == null ? 0 : 1.02 * linear + Compensated.squaredNorm(shift));
    return finish(value.value(), error, v, v);
  }

  private Bound finish(double value, double error, double[] x, double[] v) {
    double total = value;
    double rounding = error;
    if (bias instanceof Bias.Ridge(double lambda)) {
      double[] r = rowSums(v);
      double[] e = rowSumError(x, v);
      double penalty = Compensated.squaredNorm(r) / (2 * lambda);
      double slip = 0;
      for (int j = 0; j < classes; j++) {
        slip += (2 * Math.abs(r[j]) + e[j]) * e[j] / (2 * lambda);
      }
      total -= penalty;
      rounding += 1.01 * slip + 8 * U * penalty;
    }
    rounding += 4 * U * Math.abs(total);
    return Double.isFinite(total) && Double.isFinite(rounding) ? new Bound(total - rounding, rounding) : Bound.NONE;
  }
}

package ufm.objective;

import java.util.Arrays;
import ufm.problem.Loss;
import ufm.problem.Point;
import ufm.problem.UfmProblem;

/**
 * The passage between N feature columns and K class means. For convex losses Jensen's inequality gives within-class collapse at every
 * global minimiser, for any class counts, so the reduced problem has the same minimum (theory sheet D3).
 *
 * <p>Matrices are column-major; H is d x N, class means and scaled means are d x K.
 */
public final class ClassMeanReduction {
  private ClassMeanReduction() {}

  /** Whether the reduced problem has the minimum of the full one: every convex loss; not the focal loss. */
  public static boolean keepsMinimum(UfmProblem p) {
    return p.loss().convex();
  }

  /**
   * Whether the reduced problem may miss critical points of the full one that matter to a search: focal loss, and features with a
   * constraint.
   */
  public static boolean mayHideCriticalPoints(UfmProblem p) {
    return p.loss() instanceof Loss.Focal || p.nonNegativeFeatures();
  }

  /** Class means of the columns of H. */
  public static double[] classMeans(UfmProblem p, double[] h) {
    int d = p.dimension();
    double[] mean = new double[d * p.classes()];
    for (int i = 0; i < p.samples(); i++) {
      int k = p.label(i);
      for (int j = 0; j < d; j++) {
        mean[j + d * k] += h[j + d * i];
      }
    }
    for (int k = 0; k < p.classes(); k++) {
      for (int j = 0; j < d; j++) {
        mean[j + d * k] /= p.count(k);
      }
    }
    return mean;
  }

  /** {@code u_k = sqrt(n_k) hbar_k}, the variables of the reduced problem. */
  public static double[] scale(UfmProblem p, double[] means) {
    int d = p.dimension();
    double[] u = new double[means.length];
    for (int k = 0; k < p.classes(); k++) {
      double s = Math.sqrt(p.count(k));
      for (int j = 0; j < d; j++) {
        u[j + d * k] = s * means[j + d * k];
      }
    }
    return u;
  }

  /** {@code hbar_k = u_k / sqrt(n_k)}. */
  public static double[] unscale(UfmProblem p, double[] scaled) {
    int d = p.dimension();
    double[] mean = new double[scaled.length];
    for (int k = 0; k < p.classes(); k++) {
      double s = Math.sqrt(p.count(k));
      for (int j = 0; j < d; j++) {
        mean[j + d * k] = scaled[j + d * k] / s;
      }
    }
    return mean;
  }

  /** Columns of H from class means: every sample gets the mean of its class. */
  public static double[] lift(UfmProblem p, double[] means) {
    int d = p.dimension();
    double[] h = new double[d * p.samples()];
    for (int i = 0; i < p.samples(); i++) {
      System.arraycopy(means, d * p.label(i), h, d * i, d);
    }
    return h;
  }

  /** The full point that K class means stand for; W and b are shared with it. */
  public static Point lift(UfmProblem p, Point means) {
    return new Point(means.classes(), means.dimension(), p.samples(), means.w(), lift(p, means.h()), means.b());
  }

  /**
   * A point whose classes have collapsed exactly as its K class means: where all columns of a class agree bit for bit, these K columns with
   * their multiplicities have the values, gradients and norms of all N. Any other point is returned as it is.
   *
   * @param point N columns, or K; not modified, and W and b are shared with it
   */
  public static Point collapsed(UfmProblem p, Point point) {
    int d = p.dimension();
    if (point.columns() != p.samples() || p.samples() == p.classes() || point.dimension() != d) {
      return point;
    }
    double[] h = point.h();
    double[] means = new double[d * p.classes()];
    boolean[] seen = new boolean[p.classes()];
    for (int i = 0; i < p.samples(); i++) {
      int k = p.label(i);
      if (!seen[k]) {
        seen[k] = true;
        System.arraycopy(h, d * i, means, d * k, d);
      } else if (!Arrays.equals(h, d * i, d * i + d, means, d * k, d * k + d)) {
        return point;
      }
    }
    return new Point(point.classes(), d, p.classes(), point.w(), means, point.b());
  }
}

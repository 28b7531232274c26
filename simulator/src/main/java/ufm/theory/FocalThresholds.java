package ufm.theory;

import org.apache.commons.math3.analysis.UnivariateFunction;
import ufm.problem.Loss;

/**
 * Where the focal loss with balanced classes collapses to zero, and of which order the transition is (A6).
 *
 * <pre>
 * local:  u0^gamma (u0 + gamma log(K)/K) / ((K-1) sqrt(n)),  u0 = (K-1)/K      W = H = 0 is a strict local minimum above it
 * global: max over t > 0 of (psi(0) - psi(t)) / ((K-1) sqrt(n) t)              W = H = 0 is the global minimum from it on; at least local
 * </pre>
 *
 * <p>The two differ, and the margin jumps, exactly where psi''(0) < 0.
 *
 * @param local lambda_Z above which zero is a strict local minimum
 * @param global lambda_Z from which zero is the global minimum
 * @param jump the margin just below the global threshold: 0 for a continuous transition
 */
public record FocalThresholds(double local, double global, double jump) {

  /**
   * The thresholds for K classes with n samples each.
   *
   * @param classes K
   * @param perClass n
   * @param gamma focusing exponent
   */
  public static FocalThresholds of(int classes, int perClass, double gamma) {
    MarginLoss psi = new MarginLoss(classes, new Loss.Focal(gamma));
    double scale = (classes - 1) * Math.sqrt(perClass);
    double best = -psi.slope(0);
    double jump = 0;
    if (psi.curvature(0) < 0) {
      // The chord slope (psi(0) - psi(t))/t rises as long as this is negative, and it changes sign once.
      UnivariateFunction chord = t -> psi.value(0) - psi.value(t) + t * psi.slope(t);
      double a = 1e-4;
      while (chord.value(a) >= 0 && a < 1) {
        a *= 2;
      }
      double b = a;
      while (chord.value(b) < 0) {
        b *= 1.5;
      }
      double t = MarginLoss.root(chord, a, b);
      double slope = (psi.value(0) - psi.value(t)) / t;
      if (slope > best) {
        best = slope;
        jump = t;
      }
    }
    return new FocalThresholds(-psi.slope(0) / scale, best / scale, jump);
  }

  /** Whether the margin jumps at the transition, with zero a spurious strict local minimum between the two thresholds. */
  public boolean firstOrder() {
    return jump > 0;
  }

  /** psi''(0) of K classes: negative exactly where the transition is of first order. */
  public static double curvatureAtZero(int classes, double gamma) {
    return new MarginLoss(classes, new Loss.Focal(gamma)).curvature(0);
  }
}

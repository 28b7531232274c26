package ufm.solver;

import ufm.backend.Backend;
import ufm.backend.Lanes;

/**
 * The inner iteration of {@link TrustRegion} (Steihaug-Toint), one Hessian-vector product of every lane at a time: minimises
 * {@code <g, s> + <s, H s>/2} over {@code |s| <= radius} and leaves the step s and the residual {@code r = g + H s} in the state.
 *
 * <p>The norm of s follows from recurrences ({@code |s|^2}, {@code <s,d>}, {@code |d|^2}), as in Conn, Gould, Toint (2000), section 7.5.1.
 */
final class TruncatedConjugateGradient {
  private static final double EPS = Math.ulp(1.0);

  /** Negative curvature below this multiple of the relative gradient, relative to the largest curvature, can come from a symmetry. */
  private static final double ORBIT = 4;

  private TruncatedConjugateGradient() {}

  /** Starts conjugate gradients: s = 0, r = g on the free variables, d = -r. */
  static void begin(TrustRegionState s, Lanes lanes, double kappa, double theta) {
    if (lanes.isEmpty()) {
      return;
    }
    Backend backend = s.backend;
    backend.fill(lanes, 0, s.step);
    if (s.free == null) {
      backend.copy(lanes, s.gradient, s.residual);
    } else {
      backend.multiply(lanes, s.gradient, s.free, s.residual);
    }
    backend.combine(lanes, s.minusOne, s.residual, s.zero, s.residual, s.direction);
    backend.dot(lanes, s.residual, s.residual, s.rr);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      double norm = Math.sqrt(s.rr[l]);
      boolean scaled = s.gradientScale[l] > 0;
      // At W = H = 0 the terms vanish with the gradient, and only the first norm shows that the end is near.
      double scale = Math.max(1e-3 * s.firstNorm[l], scaled ? s.gradientScale[l] : 0);
      double reduction = Math.min(kappa, Math.pow(norm / scale, theta));
      if (s.refused[l] > 0) {
        // The last digits of the residual were rounding along flat directions, which made the step long: be content with fewer.
        reduction = s.refused[l] == 1 ? kappa : Math.sqrt(kappa);
      }
      // Below the rounding of the gradient's terms a smaller residual means nothing.
      s.target[l] = Math.max(norm * reduction, scaled ? EPS * s.gradientScale[l] : 0);
      s.phase[l] = TrustRegionState.CURVATURE;
      s.inner[l] = 0;
      s.ss[l] = 0;
      s.sd[l] = 0;
      s.dd[l] = s.rr[l];
      s.boundary[l] = false;
    }
  }

  /** One iteration of conjugate gradients in the lanes {@code s.curving}. */
  static void iterate(Problem problem, TrustRegionState s, int innerLimit) {
    Backend backend = s.backend;
    Lanes lanes = s.curving;
    boolean flat = problem.manifold().flat();
    s.linearization.apply(lanes, s.direction, s.product);
    if (!flat) {
      problem.manifold().hessian(backend, lanes, s.x, s.ambient, s.direction, s.product);
      problem.manifold().project(backend, lanes, s.x, s.product, s.product);
    }
    if (s.free != null) {
      backend.multiply(lanes, s.product, s.free, s.product);
    }
    double[] curvature = s.b;
    double[] alpha = s.a;
    backend.dot(lanes, s.direction, s.product, curvature);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      s.hessianProducts[l]++;
      alpha[l] = length(s, l, curvature[l]);
    }
    // A lane that takes no part of this direction must not see its (possibly not finite) product.
    s.some.select(lanes, s.moves);
    backend.axpy(s.some, alpha, s.direction, s.step);
    backend.axpy(s.some, alpha, s.product, s.residual);
    if (!flat) {
      problem.manifold().project(backend, s.some, s.x, s.residual, s.residual);
    }
    s.some.retain(s.continues);
    double[] next = s.b;
    double[] beta = s.c;
    backend.dot(s.some, s.residual, s.residual, next);
    int limit = (int) Math.min(innerLimit, 2 * s.x.length());
    for (int i = 0; i < s.some.count(); i++) {
      int l = s.some.at(i);
      if (++s.inner[l] >= limit || !(Math.sqrt(next[l]) > s.target[l])) {
        s.phase[l] = TrustRegionState.TRIAL;
        continue;
      }
      beta[l] = next[l] / s.rr[l];
      s.sd[l] = beta[l] * (s.sd[l] + alpha[l] * s.dd[l]);
      s.dd[l] = next[l] + beta[l] * beta[l] * s.dd[l];
      s.rr[l] = next[l];
    }
    s.some.retain(s.continues);
    backend.combine(s.some, s.minusOne, s.residual, beta, s.direction, s.direction);
  }

  /** How far to go along the direction of a lane (0: not at all); sets the phase to TRIAL where the step is then complete. */
  private static double length(TrustRegionState s, int l, double curvature) {
    if (s.rr[l] < Double.MIN_NORMAL) {
      // As at W = H = 0, where the terms vanish together with the gradient and no relative test is ever met.
      s.freeze(l, Outcome.CONVERGED, "gradient is zero: its square underflows");
      return 0;
    }
    if (!Double.isFinite(curvature)) {
      s.phase[l] = TrustRegionState.TRIAL;
      if (s.inner[l] == 0) {
        s.freeze(l, Outcome.DIVERGED, "Hessian-vector product is not finite");
      }
      return 0;
    }
    double rayleigh = curvature / s.dd[l];
    s.steepest[l] = Math.max(s.steepest[l], Math.abs(rayleigh));
    boolean none = Math.abs(rayleigh) <= 16 * EPS * s.steepest[l];
    // Along an orbit of a symmetry f is constant, yet off a critical point the Hessian there is of the size of the gradient, of either sign.
    double orbit = s.gradientScale[l] > 0 ? ORBIT * s.gradientNorm[l] / s.gradientScale[l] * s.steepest[l] : 0;
    if ((none || rayleigh < 0 && -rayleigh <= orbit) && s.inner[l] > 0) {
      // Such curvature says nothing about this direction: keep the step without it.
      s.phase[l] = TrustRegionState.TRIAL;
      return 0;
    }
    double r2 = s.radius[l] * s.radius[l];
    double alpha = s.rr[l] / curvature;
    double length2 = s.ss[l] + alpha * (2 * s.sd[l] + alpha * s.dd[l]);
    if (none || curvature <= 0 || length2 >= r2) {
      // Positive root of |s + a d| = radius, without cancellation since <s,d> >= 0.
      double gap = Math.max(0, r2 - s.ss[l]);
      alpha = gap / (s.sd[l] + Math.sqrt(s.sd[l] * s.sd[l] + s.dd[l] * gap));
      s.ss[l] = r2;
      s.boundary[l] = true;
      s.phase[l] = TrustRegionState.TRIAL;
      return alpha;
    }
    s.ss[l] = length2;
    return alpha;
  }
}

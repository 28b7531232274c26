package ufm.landscape;

import ufm.problem.Point;

/**
 * What a point of the full problem is, as far as first and second order tell.
 *
 * @param value f
 * @param gradNorm norm of the gradient in all variables (with non-negative features: of {@code P(x - g) - x})
 * @param gradScale sum of the norms of the gradient's terms, its yardstick
 * @param sigmaMax {@code |G|_2}, G = d fit/dZ (K x N, factor 1/N included)
 * @param lambdaZ {@code sqrt(lambdaW lambdaH)}
 * @param escapeCurvature {@code -2 (sigmaMax - lambdaZ)}, the second derivative along the direction of theory sheet F3
 * @param escapeRayleigh the same divided by the direction's squared norm {@code sqrt(lambdaH/lambdaW) + sqrt(lambdaW/lambdaH)}
 * @param escapeDirection dW, dH, db = 0 of F3, not normalised; null where there is none (sigmaMax at most lambdaZ, rank W = d, fixed W)
 * @param minHessianEig smallest eigenvalue of the full Hessian in (W, H[, b]); NaN where it is not computed
 * @param minHessianEigResidual {@code |Hessian v - minHessianEig v|} for its unit vector v: an eigenvalue is that near; 0 for the dense
 *     method, NaN where it is not computed
 * @param minHessianEigTransverse the smallest eigenvalue with the gauge directions removed
 * @param minHessianEigTransverseResidual its residual
 * @param hessianMethod {@code dense}, {@code lanczos} (which says if it has not converged) or {@code not computed} and why
 * @param gaugeDimension dimension of the directions along which f cannot change: rotations of feature space, and b + c 1 for a free bias
 *     of a softmax loss
 * @param rankW numerical rank of W
 * @param verdict what it is
 * @param explanation one sentence for people
 */
public record CriticalPointReport(
    double value,
    double gradNorm,
    double gradScale,
    double sigmaMax,
    double lambdaZ,
    double escapeCurvature,
    double escapeRayleigh,
    Point escapeDirection,
    double minHessianEig,
    double minHessianEigResidual,
    double minHessianEigTransverse,
    double minHessianEigTransverseResidual,
    String hessianMethod,
    int gaugeDimension,
    int rankW,
    Verdict verdict,
    String explanation) {

  /** What kind of point. */
  public enum Verdict {
    /** The point, its value or its gradient is not finite. */
    NOT_AVAILABLE,
    /** The gradient does not vanish. */
    NOT_CRITICAL,
    /** Critical with {@code |G|_2 <= lambdaZ} for a convex loss: a global minimum (theory sheet D4). */
    GLOBAL_MINIMUM,
    /** All curvatures across the gauge directions are positive; nothing is said about other minima. */
    LOCAL_MINIMUM,
    /** A direction of negative curvature exists. */
    STRICT_SADDLE,
    /** Second order does not decide: a curvature across the gauge directions is zero to rounding, or not known well enough. */
    DEGENERATE
  }
}

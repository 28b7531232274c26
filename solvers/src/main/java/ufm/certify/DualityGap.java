package ufm.certify;

import ufm.problem.Bias;
import ufm.problem.Loss;
import ufm.problem.Point;
import ufm.problem.UfmProblem;

/**
 * Certificates of the one-layer model: a rigorous lower bound of the global minimum f* and with it a bound on f - f*, at any point.
 *
 * <p><b>Learned classifier</b>, cross-entropy, label smoothing, squared error: for every Gamma (K x N) with {@code |Gamma|_2 <= lambda_Z} and V = N
 * Gamma
 *
 * <pre>f* >= -(1/N) sum_i l_i*(v_i) - |Gamma 1|^2/(2 lambda_b)</pre>
 *
 * <p>(no bias: without the last term; free bias: Gamma 1 = 0), where {@code -l*(v)} is the entropy of the distribution q + v, or {@code
 * -|v|^2/2 - v_y} (theory sheet D5, D6; Haeffele and Vidal 2015, Zhu et al. 2021). Gamma comes from the gradient at the point, see {@link
 * DualCandidates}. The bound holds for every d; the gap can close only if d is at least the rank of the convex minimiser. With non-negative
 * features the spectral norm is replaced by {@code max |Gamma h|} over unit h >= 0, which needs less of Gamma and proves more; its upper bound
 * is exact where the columns of Gamma have no positive inner products (then the optimum of E8 is certified).
 *
 * <p><b>Fixed classifier</b>, convex loss, no bias or ridge: f is strongly convex in (H, b), so {@code f - f* <= |df/dH|^2/(2 lambda_H) +
 * |df/db|^2/(2 lambda_b)} (A8).
 *
 * <p><b>Refused</b>: focal loss with gamma > 0 (not convex; {@code |G|_2 <= lambda_Z} proves nothing for it, A6), lambda_W or lambda_H = 0, a fixed
 * classifier with a free bias, points that are not finite or violate H >= 0.
 *
 * <p><b>Rounding.</b> Values are compensated sums; the norm of Gamma is bounded from above ({@link SpectralBound}), not estimated; columns of
 * softmax candidates are distributions exactly ({@link DualProblem}). What remains is bounded, reported as {@code rounding} and contained in
 * {@code lower} and {@code gap}. It assumes that exp, log and log1p err by at most 2 ulp, as {@code java.lang.Math} promises.
 */
public final class DualityGap {
  /** Relative gap up to which a point counts as a certified global optimum (as does any point whose gap is 1e-14 of f(0), f's own rounding). */
  public static final double CERTIFIED = 1e-8;

  /** Below this share of |f(0)|, f(0) - lower is no scale: zero itself is optimal to rounding. */
  private static final double ZERO_SCALE = 1e-14;

  /** Why there is nothing to say of a point: also in the report of its landscape. */
  public static final String NOT_FINITE = "The point, its value or its gradient is not finite (of a point with huge entries: it overflows).";

  private DualityGap() {}

  /**
   * The certificate of a point of the full problem.
   *
   * @param problem the full problem
   * @param point N columns, or K class-mean columns (each standing for its n_k samples); W is not read where it is fixed; not modified
   * @throws IllegalArgumentException if the point's shape does not fit the problem
   */
  public static Certificate certify(UfmProblem problem, Point point) {
    return certify(problem, point, true);
  }

  /**
   * The same bound at about half the cost where it is recorded again and again: {@code criticality} and {@code recipeDual} are not computed
   * (NaN), except where a fixed classifier needs the gradient anyway.
   *
   * @param problem the full problem
   * @param point see {@link #certify}; not modified
   * @throws IllegalArgumentException if the point's shape does not fit the problem
   */
  public static Certificate bound(UfmProblem problem, Point point) {
    return certify(problem, point, !problem.classifier().learned());
  }

  private static Certificate certify(UfmProblem problem, Point point, boolean all) {
    LogitFit fit = LogitFit.merged(problem, point);
    PointTerms terms = all ? new PointTerms(fit) : PointTerms.valueOnly(fit);
    int k = problem.classes();
    GramEigen product = new GramEigen(weighted(fit, fit.product(), 1), k, fit.columns());
    double[] g = weighted(fit, fit.gradient(), 1.0 / problem.samples());
    // With a column per class the gradient is the dual's candidate, and at a critical point it has the singular vectors of the logits (D4).
    GramEigen gradient = fit.columns() == k ? GramEigen.near(g, k, k, product) : null;
    double gradientNorm = gradient == null ? GramEigen.spectralNorm(g, k, fit.columns()) : gradient.spectralNorm();
    String refusal = refusal(problem, fit, terms, all);
    Facts facts = new Facts(problem, fit, terms, gradientNorm, product, ZeroPoint.value(problem));
    if (refusal != null) {
      return facts.none(refusal);
    }
    if (!problem.classifier().learned()) {
      double bound = StrongConvexity.bound(fit, terms);
      return facts.certificate("strong-convexity", "", null, terms.value - terms.rounding - bound, terms.rounding);
    }
    // Tighter than this no use of the bound can tell, so further candidates are not worth their time.
    double enough = 4e-15 * Math.abs(terms.value) + 1e-12 * Math.max(0, facts.zero() - terms.value);
    DualRecipe recipe = DualRecipe.of(fit, gradientNorm, all);
    DualProblem.Bound best =
        new DualCandidates(new DualProblem(problem, gradient)).best(fit, product, terms.value, facts.zero(), recipe.scale(), enough);
    return facts.certificate("duality-gap", limits(problem), recipe, best.lower(), terms.rounding + best.rounding());
  }

  private static String refusal(UfmProblem problem, LogitFit fit, PointTerms terms, boolean all) {
    if (!Double.isFinite(terms.value) || all && !Double.isFinite(terms.gradientNorm)) {
      return NOT_FINITE;
    }
    if (problem.loss() instanceof Loss.Focal f && f.gamma() > 0) {
      return "Focal loss with gamma > 0 is not convex in the logits, so there is no duality gap, and |G|_2 <= lambda_Z does not prove a global"
          + " minimum for it.";
    }
    if (problem.loss().convex() && !Double.isFinite(terms.rounding)) {
      return "The rounding of the value overflows, so nothing can be proved.";
    }
    if (problem.nonNegativeFeatures()) {
      for (double x : fit.h()) {
        if (x < 0) {
          return "The point violates the constraint H >= 0.";
        }
      }
    }
    if (!problem.classifier().learned()) {
      if (problem.lambdaH() == 0) {
        return "With lambda_H = 0 the problem in H is not strongly convex, and its infimum need not be attained.";
      }
      return problem.bias() instanceof Bias.Free
          ? "With a fixed classifier and a free bias the problem is not strongly convex in the bias, so the bound from the gradient fails."
          : null;
    }
    return problem.lambdaW() == 0 || problem.lambdaH() == 0
        ? "With lambda_W = 0 or lambda_H = 0 the dual has only the point zero, and the infimum need not be attained."
        : null;
  }

  private static String limits(UfmProblem problem) {
    if (problem.nonNegativeFeatures()) {
      return "With non-negative features the bound is rigorous; the gap closes where the class gradients have no positive inner products and d is"
          + " at least the number of classes that are not zero.";
    }
    int needed = problem.loss() instanceof Loss.MeanSquaredError && !(problem.bias() instanceof Bias.Free) ? problem.classes() : problem.classes() - 1;
    return problem.dimension() >= needed
        ? ""
        : "d = " + problem.dimension() + " is less than " + needed + ": the bound is rigorous, but the gap closes only if the minimiser of the"
            + " convex form has rank at most d.";
  }

  /** {@code factor sqrt(weight) y} for each column y, K x C. */
  private static double[] weighted(LogitFit fit, double[] y, double factor) {
    int k = fit.problem().classes();
    double[] a = new double[y.length];
    for (int c = 0; c < fit.columns(); c++) {
      double f = factor * Math.sqrt(fit.weights()[c]);
      for (int j = k * c; j < k * (c + 1); j++) {
        a[j] = f * y[j];
      }
    }
    return a;
  }

  /** What is known of the point whether or not there is a certificate. */
  private record Facts(UfmProblem problem, LogitFit fit, PointTerms terms, double gradSpectralNorm, GramEigen product, double zero) {

    private double nuclearPrimal() {
      return fit.value() + problem.lambdaZ() * product.nuclearNorm() + terms.biasPenalty;
    }

    Certificate none(String why) {
      double nan = Double.NaN;
      return new Certificate(
          false, "none", why, terms.value, nan, nan, nan, zero, terms.rounding, gradSpectralNorm, problem.lambdaZ(), nan, nan, nan,
          product.nuclearNorm(), nuclearPrimal(), terms.criticality(), false, "not available: " + why);
    }

    Certificate certificate(String kind, String limits, DualRecipe recipe, double lower, double rounding) {
      double nan = Double.NaN;
      double gap = Math.max(0, terms.value - lower + terms.rounding);
      if (!Double.isFinite(gap)) {
        return none("The bound on f - f* overflows.");
      }
      gap += Compensated.U * gap;
      double scale = zero - lower;
      double floor = ZERO_SCALE * Math.abs(zero) + rounding;
      double relative = scale > floor ? gap / scale : gap <= floor ? 0 : gap / Math.abs(zero);
      boolean certified = relative <= CERTIFIED || gap <= ZERO_SCALE * Math.abs(zero);
      String spectral =
          problem.classifier().learned() && !problem.nonNegativeFeatures()
              ? String.format(java.util.Locale.ROOT, "; |G|_2/lambda_Z = %.12g", gradSpectralNorm / problem.lambdaZ())
              : "";
      String numbers = String.format(java.util.Locale.ROOT, "f - f* <= %.3g (relative %.3g)%s", gap, relative, spectral);
      String verdict = (certified ? "global optimum: " : "not certified as optimal: ") + numbers + (certified || limits.isEmpty() ? "" : ". " + limits);
      return new Certificate(
          true, kind, certified ? "" : limits, terms.value, lower, gap, relative, zero, rounding, gradSpectralNorm, problem.lambdaZ(),
          recipe == null ? nan : recipe.scale(), recipe == null ? nan : recipe.value(), recipe == null ? nan : recipe.spectralNorm(),
          product.nuclearNorm(), nuclearPrimal(), terms.criticality(), certified, verdict);
    }
  }
}

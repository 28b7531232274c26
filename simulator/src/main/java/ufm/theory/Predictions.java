package ufm.theory;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import ufm.problem.Bias;
import ufm.problem.Loss;
import ufm.problem.UfmProblem;

/**
 * Picks the theorem whose assumptions a problem satisfies.
 *
 * <pre>
 * fixed classifier            {@link FixedEtfClassifier}, or the strong convexity bound
 * lambda_W lambda_H = 0       infimum, attained or not
 * H >= 0                      {@link NonNegativeFeatures}; MSE without bias is {@link MseSpectrum}, whose features are non-negative anyway
 * MSE                         {@link MseSpectrum}; ridge bias with unequal counts: bounds and {@link ZeroSolution}
 * balanced, d >= K-1          {@link SimplexEtf}
 * balanced, d < K-1           {@link RegularPolygon}, {@link CrossPolytope}, else the lower bound of the convex form
 * unequal counts              {@link ZeroSolution}, {@link TwoGroups}, else none
 * </pre>
 */
public final class Predictions {
  private Predictions() {}

  /** What theory says about the minimum of this problem; {@code closedForm} is false where no theorem applies, with the reason. */
  public static Prediction of(UfmProblem problem) {
    UfmProblem p = simplified(problem);
    if (!p.classifier().learned()) {
      return FixedEtfClassifier.predict(p);
    }
    if (p.lambdaW() == 0 || p.lambdaH() == 0) {
      return VanishingPenalty.predict(p);
    }
    boolean squared = p.loss() instanceof Loss.MeanSquaredError;
    if (p.nonNegativeFeatures() && !(squared && !p.bias().present())) {
      return nonNegative(p);
    }
    if (squared) {
      return MseSpectrum.covers(p) ? MseSpectrum.predict(p) : ridgeBias(p);
    }
    return p.balanced() ? balanced(p) : unequal(p);
  }

  /**
   * The values of lambda_Z at which the solutions of this problem degenerate; they do not depend on its own lambda_W, lambda_H. Names are
   * explained at {@link Threshold}: among them {@code zero-collapse} and {@code zero-local}, one number for convex losses, and {@code
   * minority-collapse} for the smallest count that several classes share, however many counts there are.
   */
  public static List<Threshold> thresholds(UfmProblem p) {
    return DegeneracyThresholds.of(simplified(p));
  }

  /** The threshold of this name, empty where this problem has none. */
  public static OptionalDouble threshold(UfmProblem p, String name) {
    return thresholds(p).stream().filter(t -> t.name().equals(name)).mapToDouble(Threshold::lambdaZ).findFirst();
  }

  /** Focal loss with gamma = 0 and label smoothing with alpha = 0 are cross-entropy. */
  private static UfmProblem simplified(UfmProblem p) {
    boolean plain =
        p.loss() instanceof Loss.Focal(double gamma) && gamma == 0
            || p.loss() instanceof Loss.LabelSmoothing && p.loss().offClassMass(p.classes()) == 0;
    return plain ? p.toBuilder().loss(new Loss.CrossEntropy()).build() : p;
  }

  private static Prediction balanced(UfmProblem p) {
    int k = p.classes();
    int d = p.dimension();
    double margin = SimplexEtf.margin(k, p.count(0), p.loss(), p.lambdaZ());
    // Zero needs no dimension: the value of the convex form bounds every d from below.
    if (d >= k - 1 || margin == 0) {
      return SimplexEtf.predict(p);
    }
    if (p.loss() instanceof Loss.CrossEntropy && !p.bias().present()) {
      if (d == 2) {
        return RegularPolygon.predict(p);
      }
      if (k == 2 * d) {
        return CrossPolytope.predict(p);
      }
    }
    PredictionBuilder out = new PredictionBuilder(p, "no closed form", "Sheet C1, C4, D1");
    String bound = "";
    if (p.loss().convex() || !p.bias().present()) {
      out.scalar("lower_bound", SimplexEtf.value(k, p.count(0), p.loss(), p.lambdaZ()));
      bound = "; the value of the convex form (d >= K-1) is a lower bound";
    }
    return out.open(
        "No closed form: d = " + d + " is below K-1 = " + (k - 1)
            + (p.loss() instanceof Loss.CrossEntropy && !p.bias().present()
                ? " and this pair of K and d is neither a polygon (d = 2) nor a cross-polytope (K = 2d)"
                : ", where forms are known for cross-entropy without bias only")
            + bound + ".");
  }

  private static Prediction unequal(UfmProblem p) {
    PredictionBuilder none = new PredictionBuilder(p, "no closed form", "Sheet A6, C1, E3");
    if (p.loss() instanceof Loss.Focal) {
      return none.open("No closed form: focal loss with unequal class counts; it is not convex, so neither a value nor a certificate is known.");
    }
    ZeroSolution zero = ZeroSolution.of(p);
    if (p.lambdaZ() >= zero.spectralNorm()) {
      return ZeroSolution.predict(p, "lambda_Z is at or above " + zero.spectralNorm() + ", the spectral norm of the loss gradient at zero.");
    }
    if (TwoGroups.covers(p)) {
      return TwoGroups.predict(p);
    }
    long sizes = Arrays.stream(p.counts()).distinct().count();
    return none.open(
        "No closed form: "
            + (sizes > 2 ? "imbalanced counts of " + sizes + " different sizes" : "label smoothing of at least (K-1)/K with imbalanced counts")
            + " and " + (p.loss() instanceof Loss.CrossEntropy ? "cross-entropy" : "label smoothing")
            + "; the problem is convex in Z" + (p.dimension() >= p.classes() - 1 ? "" : " for d >= K-1") + ", use the duality gap.");
  }

  private static Prediction ridgeBias(UfmProblem p) {
    ZeroSolution zero = ZeroSolution.of(p);
    if (p.lambdaZ() >= zero.spectralNorm()) {
      return ZeroSolution.predict(p, "lambda_Z is at or above " + zero.spectralNorm() + ", the spectral norm of the loss gradient at zero.");
    }
    return new PredictionBuilder(p, "no closed form", "Sheet B5")
        .scalar("lower_bound", MseSpectrum.value(p.toBuilder().bias(new Bias.Free()).build()))
        .scalar("upper_bound", MseSpectrum.value(p.toBuilder().bias(new Bias.None()).build()))
        .open(
            "No closed form: MSE with a ridge bias and unequal counts (the metric of the bias does not commute with the labels); the values with a free"
                + " and without a bias bracket it, and the duality gap certifies a solution.");
  }

  private static Prediction nonNegative(UfmProblem p) {
    if (!p.bias().present()) {
      return NonNegativeFeatures.predict(p);
    }
    Prediction free = of(p.toBuilder().nonNegativeFeatures(false).build());
    boolean zero = free.closedForm() && free.global() && free.scalars().get("nuclear_norm") == 0;
    if (zero) {
      // Zero satisfies the constraint, and the constraint only removes points.
      return free;
    }
    PredictionBuilder out = new PredictionBuilder(p, "no closed form", "Sheet E8");
    if (free.closedForm() && free.global()) {
      out.scalar("lower_bound", free.scalars().get("f_star"));
    }
    return out.open(
        "No closed form: non-negative features with a bias; the theorem of non-negative features needs a model without bias"
            + (free.closedForm() && free.global() ? ", the value without the constraint is a lower bound." : "."));
  }
}

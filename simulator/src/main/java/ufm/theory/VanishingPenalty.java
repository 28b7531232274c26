package ufm.theory;

import java.util.Arrays;
import ufm.problem.Bias;
import ufm.problem.Loss;
import ufm.problem.UfmProblem;

/**
 * Problems with lambda_W lambda_H = 0: the penalty of the convex form vanishes, and mostly no minimum exists.
 *
 * <p>Cross-entropy and focal loss have the infimum 0 wherever the classes can be separated, and never attain it. Label smoothing and MSE have
 * a finite best Z. If both penalties are 0 it is attained by many W, H; if one is positive, that factor can be made as small as one likes
 * without changing Z, so the value is an infimum only.
 */
final class VanishingPenalty {
  private VanishingPenalty() {}

  static Prediction predict(UfmProblem p) {
    PredictionBuilder out = new PredictionBuilder(p, "no penalty", "Zhu et al. 2021 (2105.02375); sheet D1, E4");
    return switch (p.loss()) {
      case Loss.CrossEntropy ce -> separable(p, out);
      case Loss.Focal f -> separable(p, out);
      case Loss.LabelSmoothing ls -> smoothed(p, out);
      case Loss.MeanSquaredError mse -> squared(p, out);
    };
  }

  private static Prediction separable(UfmProblem p, PredictionBuilder out) {
    // d = 2 suffices: class means on an arc, W parallel to them. On a line only a free bias separates more than two classes.
    boolean line = p.dimension() == 1 && p.classes() > 2;
    if (line && !(p.bias() instanceof Bias.Free && !p.nonNegativeFeatures())) {
      return out.open("No closed form: on a line without a free bias at most two classes can be separated, so the loss stays above 0.");
    }
    out.scalar("infimum", 0).scalar("lower_bound", 0);
    String limit = "";
    if (!p.bias().present() && !p.nonNegativeFeatures() && p.dimension() >= p.classes() - 1 && p.loss() instanceof Loss.CrossEntropy) {
      Seli seli = Seli.of(p.counts());
      out.matrix("seli_WWt", seli.normalisedWwt()).matrix("seli_HtH_class", seli.normalisedHth());
      limit = " The minimisers for lambda_Z tending to zero have the normalised Gram matrices of SELI (seli_WWt, seli_HtH_class).";
    }
    return out.open("Infimum 0 not attained: without the penalty the margin grows without bound." + limit);
  }

  private static Prediction smoothed(UfmProblem p, PredictionBuilder out) {
    int k = p.classes();
    double s = p.loss().offClassMass(k);
    double entropy = -(1 - s) * Math.log1p(-s) - s * Math.log(s / (k - 1));
    boolean reached = p.dimension() >= (p.nonNegativeFeatures() ? k : k - 1);
    if (!reached) {
      return out.scalar("lower_bound", entropy)
          .open("No closed form: d is below K-1, so the predicted probabilities cannot equal the targets; the entropy of the targets is a lower bound.");
    }
    return attained(p, out.scalar("margin", Math.log((k - 1) * (1 - s) / s)), entropy, "Predicted probabilities equal the smoothed targets.");
  }

  private static Prediction squared(UfmProblem p, PredictionBuilder out) {
    if (p.dimension() >= p.classes()) {
      return attained(p, out, 0, "Z equals the labels.");
    }
    if (p.nonNegativeFeatures() && p.bias().present()) {
      return out.open("No closed form: MSE with a bias and non-negative features in d below K.");
    }
    if (!MseSpectrum.covers(p)) {
      return out.open("No closed form: MSE with a ridge bias and unequal counts in d below K.");
    }
    return attained(p, out, MseSpectrum.value(p), "Z is the truncated singular value decomposition of the labels.");
  }

  private static Prediction attained(UfmProblem p, PredictionBuilder out, double value, String what) {
    if (p.lambdaW() == 0 && p.lambdaH() == 0) {
      out.value(value).notUnique(Arrays.stream(PredictionBuilder.GEOMETRY).filter(n -> !n.equals("margin")).toArray(String[]::new));
      return out.closedForm(what + " Without penalties the factors W and H are not determined.");
    }
    return out.scalar("infimum", value)
        .scalar("lower_bound", value)
        .open("Infimum " + value + " not attained: only one factor is penalised, and it can be made as small as one likes. " + what);
  }
}

package ufm.theory;

import java.util.Arrays;
import ufm.problem.UfmProblem;

/**
 * Balanced cross-entropy with d < K-1 where W is parallel to the class means and all norms are equal: class logits {@code t A} with A a Gram
 * matrix of unit vectors in which every row is a rearrangement of the first (C5).
 *
 * <pre>f* = min_t log sum_j e^{t (A_{0j} - 1)} + lz K t sqrt(n)</pre>
 */
final class EqualNormCode {
  private final double[][] gram;
  private final double[] gaps;

  /** @param gram A, K x K with unit diagonal; kept */
  EqualNormCode(double[][] gram, double[] gaps) {
    this.gram = gram;
    this.gaps = gaps;
  }

  /** The minimising t for the weight {@code linear = lz K sqrt(n)}; gaps are 1 - A_{0j}, j > 0. */
  double scale(double linear) {
    if (slope(0) + linear >= 0) {
      return 0;
    }
    double end = 1;
    while (slope(end) + linear <= 0) {
      end *= 2;
    }
    return MarginLoss.root(t -> slope(t) + linear, 0, end);
  }

  double loss(double t) {
    double sum = 0;
    for (double g : gaps) {
      sum += Math.exp(-t * g);
    }
    return Math.log1p(sum);
  }

  private double slope(double t) {
    double sum = 0;
    double weighted = 0;
    for (double g : gaps) {
      double e = Math.exp(-t * g);
      sum += e;
      weighted += g * e;
    }
    return -weighted / (1 + sum);
  }

  Prediction predict(UfmProblem p, String regime, String reference, String explanation) {
    int k = p.classes();
    double root = Math.sqrt(p.count(0));
    double linear = p.lambdaZ() * k * root;
    double t = scale(linear);
    double ratio = Math.sqrt(p.lambdaH() / p.lambdaW());
    double[][] zbar = new double[k][k];
    double[][] wwt = new double[k][k];
    double[][] hth = new double[k][k];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        zbar[i][j] = t * gram[i][j];
        wwt[i][j] = ratio * root * zbar[i][j];
        hth[i][j] = zbar[i][j] / (ratio * root);
      }
    }
    // A has trace K and rank d with equal eigenvalues K/d in both codes.
    double[] sv = new double[k];
    Arrays.fill(sv, 0, p.dimension(), root * t * k / p.dimension());
    return new PredictionBuilder(p, regime, reference)
        .value(loss(t) + linear * t)
        .geometry(zbar, new DualFactors(sv, wwt, hth), null)
        .scalar("lower_bound", SimplexEtf.value(k, p.count(0), p.loss(), p.lambdaZ()))
        .notProvedGlobal()
        .notUnique("Zbar", "WWt", "HtH_class")
        .closedForm(explanation);
  }
}

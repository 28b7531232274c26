package ufm.theory;

import java.util.Arrays;
import ufm.problem.Loss;
import ufm.problem.UfmProblem;

/**
 * Features constrained to H >= 0, no bias, any counts: the problem splits by class and the class means are orthogonal (E8).
 *
 * <pre>
 * t_k = argmin_t (n_k/N) psi(t) + lz sqrt(n_k (K-1)/K) t,   f* = the sum of these minima
 * cross-entropy: rho_k = lz N sqrt((K-1)/(K n_k)),  t_k = [ log((K-1)(1/rho_k - 1)) ]_+
 * logits of class k: t_k (e_k - 1/K),  |h_k|^2 = sqrt(lambda_W/lambda_H) t_k sqrt((K-1)/K)/sqrt(n_k)
 * </pre>
 *
 * <p>Needs d at least the number of classes with t_k > 0. Why it is global, also for focal loss and label smoothing: the loss of a sample is at
 * least psi of its true logit minus the mean of the others, and the matrix with columns proportional to e_y - (1 - e_y)/(K-1) pairs with WH as
 * that sum while, because these vectors form obtuse angles, non-negative features cannot make it exceed the penalty.
 *
 * <p>Reference: Dang et al. 2024 (2401.02058) for cross-entropy.
 *
 * @param margins t_k
 * @param value f*; a lower bound where d is below the number of non-zero classes
 */
public record NonNegativeFeatures(double[] margins, double value) {

  /** The optimum of a problem without bias; loss cross-entropy, focal or label smoothing below (K-1)/K. */
  public static NonNegativeFeatures of(UfmProblem p) {
    int k = p.classes();
    double n = p.samples();
    MarginLoss psi = new MarginLoss(k, p.loss());
    double[] margins = new double[k];
    double f = 0;
    for (int c = 0; c < k; c++) {
      double linear = p.lambdaZ() * n * Math.sqrt((k - 1.0) / k / p.count(c));
      margins[c] = psi.minimiser(linear, 0);
      f += p.count(c) / n * (psi.value(margins[c]) + linear * margins[c]);
    }
    return new NonNegativeFeatures(margins, f);
  }

  /** The value of lz at and above which class k is zero: sqrt(n_k (K-1)/K)/N (1 - s K/(K-1)) for cross-entropy and label smoothing. */
  public static double classZero(int classes, int count, int samples, double smoothing) {
    return Math.sqrt(count * (classes - 1.0) / classes) / samples * (1 - smoothing * classes / (classes - 1));
  }

  static Prediction predict(UfmProblem p) {
    PredictionBuilder out = new PredictionBuilder(p, "non-negative features", "Dang et al. 2024 (2401.02058); sheet E8");
    if (p.bias().present()) {
      return out.open("No closed form: the theorem of non-negative features needs a model without bias.");
    }
    if (p.loss() instanceof Loss.LabelSmoothing && p.loss().offClassMass(p.classes()) >= (p.classes() - 1.0) / p.classes()) {
      return out.open("No closed form: label smoothing puts at least (K-1)/K off the true class.");
    }
    int k = p.classes();
    NonNegativeFeatures optimum = of(p);
    double[] t = optimum.margins();
    long needed = Arrays.stream(t).filter(x -> x > 0).count();
    if (p.dimension() < needed) {
      return out.scalar("lower_bound", optimum.value())
          .open(
              "No closed form: d = " + p.dimension() + " is below " + needed
                  + ", the number of non-zero classes, which would have to share coordinates; the value of the split problem is a lower bound.");
    }
    double ratio = Math.sqrt(p.lambdaW() / p.lambdaH());
    double[][] zbar = new double[k][k];
    double[][] wwt = new double[k][k];
    double[][] hth = new double[k][k];
    double[][] scaled = new double[k][k];
    for (int c = 0; c < k; c++) {
      hth[c][c] = ratio * t[c] * Math.sqrt((k - 1.0) / k / p.count(c));
      for (int i = 0; i < k; i++) {
        zbar[i][c] = t[c] * ((i == c ? 1 : 0) - 1.0 / k);
        scaled[i][c] = zbar[i][c] * Math.sqrt(p.count(c));
      }
      if (hth[c][c] > 0) {
        // W maps the unit direction of class c to its logits over |h_c|.
        for (int i = 0; i < k; i++) {
          for (int j = 0; j < k; j++) {
            wwt[i][j] += zbar[i][c] * zbar[j][c] / hth[c][c];
          }
        }
      }
    }
    double[] sv = Spectra.singular(scaled).values();
    // Columns t_k (e_k - 1/K) have zero sum: with all classes present the rank is K-1, else the number of non-zero classes.
    Arrays.fill(sv, (int) Math.min(needed, k - 1), k, 0);
    out.value(optimum.value()).geometry(zbar, new DualFactors(sv, wwt, hth), null);
    out.vector("margins", t).scalar("class_means_orthogonal", 1);
    return out.closedForm("The problem splits by class: orthogonal class means, each class with its own margin.");
  }
}

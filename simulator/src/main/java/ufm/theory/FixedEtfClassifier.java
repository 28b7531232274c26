package ufm.theory;

import org.apache.commons.math3.analysis.UnivariateFunction;
import ufm.problem.Classifier;
import ufm.problem.Loss;
import ufm.problem.UfmProblem;

/**
 * A fixed simplex-ETF classifier with rows of norm r, no bias: every feature is a multiple of its classifier row (A7).
 *
 * <pre>
 * h_i = beta w_y/|w_y|,  margin t = r K beta/(K-1),  f* = min_t psi(t) + lambda_H N beta^2/2
 * cross-entropy: t (e^t + K-1) = r^2 K^2/(N lambda_H (K-1));   MSE: beta = r/(N lambda_H + r^2 K/(K-1))
 * </pre>
 *
 * <p>The counts enter only by N: imbalance changes nothing. Global for every loss, because the loss of a sample is at least psi of its true logit
 * minus the mean of the others, and that is at most r K |h_i|/(K-1).
 *
 * <p>Reference: Yang et al. 2022 (2203.09081).
 *
 * @param beta norm of every feature (negative where label smoothing above (K-1)/K turns the features around)
 * @param margin t
 * @param value f*
 */
public record FixedEtfClassifier(double beta, double margin, double value) {

  /**
   * The optimum.
   *
   * @param classes K
   * @param samples N
   * @param rowNorm r
   * @param loss any loss
   * @param lambdaH above 0, or 0 for label smoothing and MSE, whose minimum is then still attained
   */
  public static FixedEtfClassifier of(int classes, int samples, double rowNorm, Loss loss, double lambdaH) {
    MarginLoss psi = new MarginLoss(classes, loss);
    double perMargin = (classes - 1) / (rowNorm * classes);
    double quadratic = lambdaH * samples * perMargin * perMargin;
    double t;
    if (psi.smoothing() > (classes - 1.0) / classes) {
      UnivariateFunction derivative = x -> psi.slope(x) + quadratic * x;
      double left = -1;
      while (derivative.value(left) > 0) {
        left *= 2;
      }
      t = MarginLoss.root(derivative, left, 0);
    } else {
      t = psi.minimiser(0, quadratic);
    }
    return new FixedEtfClassifier(t * perMargin, t, psi.value(t) + 0.5 * quadratic * t * t);
  }

  /** The row norm of a given classifier if W W^T is that of a simplex ETF to rounding, NaN otherwise. */
  static double rowNorm(double[][] w) {
    int k = w.length;
    double[][] gram = Spectra.product(w, Spectra.transpose(w));
    double trace = 0;
    for (int i = 0; i < k; i++) {
      trace += gram[i][i];
    }
    double r2 = trace / k;
    double[][] etf = Spectra.simplex(k, r2 * k / (k - 1));
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        if (!(Math.abs(gram[i][j] - etf[i][j]) <= 1e-12 * r2)) {
          return Double.NaN;
        }
      }
    }
    return Math.sqrt(r2);
  }

  /** The prediction for a problem whose classifier is not learned. */
  static Prediction predict(UfmProblem p) {
    double r = p.classifier() instanceof Classifier.FixedEtf(double rowNorm) ? rowNorm : rowNorm(((Classifier.Fixed) p.classifier()).w());
    PredictionBuilder out = new PredictionBuilder(p, "fixed classifier", "Yang et al. 2022 (2203.09081); sheet A7, A8");
    String convex =
        p.loss().convex() && p.lambdaH() > 0
            ? " The problem in H is strongly convex, so a vanishing gradient proves the optimum: f - f* <= |grad_H f|_F^2/(2 lambda_H)"
                + (p.bias().present() ? " for the bias held fixed." : ".")
            : "";
    if (Double.isNaN(r)) {
      return out.open("No closed form: the fixed classifier is not a simplex ETF." + convex);
    }
    if (p.bias().present()) {
      return out.open("No closed form: the fixed-classifier theorem needs a model without bias." + convex);
    }
    if (p.nonNegativeFeatures()) {
      return out.open("No closed form: with non-negative features h cannot be parallel to its classifier row." + convex);
    }
    boolean softmaxToOneHot = !(p.loss() instanceof Loss.MeanSquaredError) && p.loss().offClassMass(p.classes()) == 0;
    if (p.lambdaH() == 0 && softmaxToOneHot) {
      return out.scalar("infimum", 0).open("Infimum 0 not attained: without a penalty on H the margin grows without bound.");
    }
    return closedForm(p, r, out);
  }

  private static Prediction closedForm(UfmProblem p, double r, PredictionBuilder out) {
    int k = p.classes();
    FixedEtfClassifier optimum = of(k, p.samples(), r, p.loss(), p.lambdaH());
    double[][] zbar = Spectra.simplex(k, optimum.margin());
    double[][] a = new double[k][k];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        a[i][j] = zbar[i][j] * Math.sqrt(p.count(j));
      }
    }
    double[] sv = Spectra.singular(a).values();
    // 1^T Z = 0, hence the last singular value is zero whatever rounding says.
    sv[k - 1] = 0;
    DualFactors factors =
        new DualFactors(
            sv,
            Spectra.simplex(k, r * r * k / (k - 1)),
            Spectra.simplex(k, optimum.beta() * optimum.beta() * k / (k - 1)));
    out.value(optimum.value()).scalar("beta", Math.abs(optimum.beta())).geometry(zbar, factors, null).scalar("margin", optimum.margin());
    if (p.lambdaH() == 0 && p.dimension() > k - 1) {
      out.notUnique("HtH_class", "h_norms", "H_fro2", "beta", "metrics", "nc1", "nc2_H", "nc3");
    }
    return out.closedForm("Every feature is beta times the unit classifier row of its class; class counts enter only by N.");
  }
}

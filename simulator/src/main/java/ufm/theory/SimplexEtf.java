package ufm.theory;

import ufm.problem.Bias;
import ufm.problem.Loss;
import ufm.problem.UfmProblem;

/**
 * Balanced classes, cross-entropy, label smoothing or focal loss, d >= K-1: the optimum is a simplex equiangular tight frame (A1-A5).
 *
 * <pre>
 * Z = t (I - J/K) (column k for every sample of class k)
 * f* = min_t psi(t) + lz (K-1) sqrt(n) |t|,   psi as in {@link MarginLoss}
 * cross-entropy, label smoothing: rho = s + lz (K-1) sqrt(n),  t = [ log((K-1)(1-rho)/rho) ]_+
 * |W|_F^2 = sqrt(lambda_H/lambda_W) |Z|_*,  |H|_F^2 = sqrt(lambda_W/lambda_H) |Z|_*,  |Z|_* = (K-1) sqrt(n) |t|
 * </pre>
 *
 * <p>A label smoothing that puts more than (K-1)/K off the true class turns the sign of t: the averaging argument holds for every convex
 * loss, so Z is still a multiple of I - J/K.
 *
 * <p>Reference: Zhu et al. 2021 (2105.02375); Zhou et al. 2022 (2210.02192).
 */
public final class SimplexEtf {
  private static final String REFERENCE = "Zhu et al. 2021 (2105.02375), Zhou et al. 2022 (2210.02192); sheet A1-A4";

  private SimplexEtf() {}

  /**
   * The optimal margin t for penalty weight lz; may be negative for a label smoothing above (K-1)/K.
   *
   * @param classes K
   * @param perClass n
   * @param loss cross-entropy, label smoothing or focal
   * @param lambdaZ lz, above 0
   */
  public static double margin(int classes, int perClass, Loss loss, double lambdaZ) {
    MarginLoss psi = new MarginLoss(classes, loss);
    double linear = lambdaZ * (classes - 1) * Math.sqrt(perClass);
    double reversed = psi.smoothing() - linear;
    if (reversed > (classes - 1.0) / classes) {
      return Math.log1p((classes - 1 - classes * reversed) / reversed);
    }
    return psi.minimiser(linear, 0);
  }

  /** f* = psi(t) + lz (K-1) sqrt(n) |t| at the optimal margin. */
  public static double value(int classes, int perClass, Loss loss, double lambdaZ) {
    double t = margin(classes, perClass, loss, lambdaZ);
    return new MarginLoss(classes, loss).value(t) + lambdaZ * (classes - 1) * Math.sqrt(perClass) * Math.abs(t);
  }

  /** The prediction for a balanced problem with learned classifier, free features and positive lz; d >= K-1 or t = 0. */
  static Prediction predict(UfmProblem p) {
    int k = p.classes();
    double t = margin(k, p.count(0), p.loss(), p.lambdaZ());
    PredictionBuilder out = new PredictionBuilder(p, t == 0 ? "zero" : "simplex ETF", REFERENCE).value(value(k, p.count(0), p.loss(), p.lambdaZ()));
    double[] b = p.bias().present() ? new double[k] : null;
    out.geometry(Spectra.simplex(k, t), DualFactors.simplex(t, p), b).scalar("margin", t);
    if (p.bias() instanceof Bias.Free) {
      // Any constant may be added; the zero-sum one is shown.
      out.notUnique("b");
    }
    String note = "";
    if (p.loss() instanceof Loss.Focal(double gamma) && p.bias().present() && !biasKeepsOptimum(k, gamma, t)) {
      out.notProvedGlobal();
      note = " With a bias the value is the best known, not proved: the focal loss is not convex where this optimum lies.";
    }
    String what =
        t == 0
            ? "W = H = 0 is optimal: lambda_Z is at or above the threshold of collapse to zero."
            : t > 0
                ? "Features collapse to their class means, which form with W a simplex ETF; every logit margin is t."
                : "Label smoothing above (K-1)/K: a simplex ETF with features opposite to their classifier rows.";
    return out.closedForm(what + note);
  }

  /**
   * Whether the focal optimum at margin t is provably not improved by a bias: psi must coincide at t with its convex envelope, whose line of
   * slope -1 leaves psi where psi(t) + t is smallest.
   */
  static boolean biasKeepsOptimum(int classes, double gamma, double t) {
    MarginLoss psi = new MarginLoss(classes, new Loss.Focal(gamma));
    return psi.slope(t) >= -1 && psi.curvature(t) >= 0;
  }
}

package ufm.theory;

import java.util.Arrays;
import ufm.problem.UfmProblem;

/**
 * The Gram matrices of the balanced factorisation of given logits: among all (W, H) with W H = Z those with the smallest penalty (D1, D2).
 *
 * <p>With collapsed features and {@code A = Zbar D^{1/2}} (K x K, D the diagonal matrix of the class counts):
 *
 * <pre>W W^T = sqrt(lambda_H/lambda_W) (A A^T)^{1/2},   Hbar^T Hbar = sqrt(lambda_W/lambda_H) D^{-1/2} (A^T A)^{1/2} D^{-1/2}</pre>
 *
 * <p>Reference: Haeffele and Vidal 2015; Zhu et al. 2021.
 *
 * @param singularValues the K singular values of the K x N matrix W H, decreasing
 * @param wwt W W^T, K x K
 * @param hth Gram matrix of the class means, K x K
 */
public record DualFactors(double[] singularValues, double[][] wwt, double[][] hth) {

  /**
   * The factors of class logits.
   *
   * @param zbar K x K, column k the logits of class k without the bias; not modified
   * @param counts n_k, length K
   * @param lambdaW more than 0
   * @param lambdaH more than 0
   */
  public static DualFactors of(double[][] zbar, int[] counts, double lambdaW, double lambdaH) {
    if (!(lambdaW > 0) || !(lambdaH > 0)) {
      throw new IllegalArgumentException(
          "lambda.W and lambda.H are " + lambdaW + " and " + lambdaH + ", but must be above 0: without a penalty the factors are not determined.");
    }
    int k = zbar.length;
    double[][] a = new double[k][k];
    for (int r = 0; r < k; r++) {
      for (int c = 0; c < k; c++) {
        a[r][c] = zbar[r][c] * Math.sqrt(counts[c]);
      }
    }
    Spectra.Decomposition svd = Spectra.singular(a);
    double[][] wwt = scaled(Spectra.compose(svd.values(), svd.left()), Math.sqrt(lambdaH / lambdaW));
    double[][] hth = scaled(Spectra.compose(svd.values(), svd.right()), Math.sqrt(lambdaW / lambdaH));
    for (int r = 0; r < k; r++) {
      for (int c = 0; c < k; c++) {
        hth[r][c] /= Math.sqrt((double) counts[r] * counts[c]);
      }
    }
    // A class without logits has w = 0 (row) or h = 0 (column) exactly; rounding of the decomposition would leave norms near 1e-8.
    for (int i = 0; i < k; i++) {
      boolean row = true;
      boolean column = true;
      for (int j = 0; j < k; j++) {
        row &= zbar[i][j] == 0;
        column &= zbar[j][i] == 0;
      }
      for (int j = 0; j < k; j++) {
        if (row) {
          wwt[i][j] = 0;
          wwt[j][i] = 0;
        }
        if (column) {
          hth[i][j] = 0;
          hth[j][i] = 0;
        }
      }
    }
    return new DualFactors(svd.values(), wwt, hth);
  }

  /** The factors of class logits with the counts and penalties of a problem. */
  static DualFactors of(double[][] zbar, UfmProblem p) {
    return of(zbar, p.counts(), p.lambdaW(), p.lambdaH());
  }

  /** The factors of Z = t (I - J/K) with n samples in each class, without a decomposition (A4). */
  static DualFactors simplex(double t, UfmProblem p) {
    int k = p.classes();
    double n = p.count(0);
    double[] sv = new double[k];
    Arrays.fill(sv, 0, k - 1, Math.sqrt(n) * Math.abs(t));
    double ratio = Math.sqrt(p.lambdaH() / p.lambdaW());
    return new DualFactors(
        sv, Spectra.simplex(k, ratio * Math.sqrt(n) * Math.abs(t)), Spectra.simplex(k, Math.abs(t) / (ratio * Math.sqrt(n))));
  }

  private static double[][] scaled(double[][] a, double s) {
    for (double[] row : a) {
      for (int j = 0; j < row.length; j++) {
        row[j] *= s;
      }
    }
    return a;
  }
}

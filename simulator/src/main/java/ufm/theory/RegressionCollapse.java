package ufm.theory;

import java.util.Arrays;

/**
 * The global minimum of the unconstrained features model of multivariate regression (G1-G5).
 *
 * <pre>
 * f(W,H,b) = |W H + b 1^T - Y|_F^2/(2M) + (lambda_H/(2M))|H|_F^2 + (lambda_W/2)|W|_F^2      Y: n x M, a column per sample
 * mu = mean column, Yc = Y - mu 1^T, Sigma = Yc Yc^T/M = sum sig_j u_j u_j^T, c = lambda_W lambda_H
 * b = mu,  W W^T = sqrt(lambda_H/lambda_W) [Sigma^{1/2} - sqrt(c) I]_+,  H = sqrt(lambda_W/lambda_H) W^T Sigma^{-1/2} Yc
 * f* = sum_j ( sqrt(c sig_j) - c/2 if sig_j > c, else sig_j/2 ),   only the d largest sig_j are kept, the others count sig_j/2
 * </pre>
 *
 * <p>The penalty of H carries 1/M here, unlike that of the classification model: lambda_H of that convention is lambda_H/M.
 *
 * <p>With c = 0 the factors are not determined and no collapse is predicted (G5): wwt and hth are null. If only one of the penalties is zero the
 * value is an infimum.
 *
 * <p>Reference: Andriopoulos et al. 2024 (2409.04180).
 *
 * @param value f*
 * @param bias mu, length n
 * @param eigenvalues sig_j, decreasing, length n
 * @param rank number of kept directions
 * @param wwt W W^T, n x n, or null where c = 0
 * @param hth H^T H, M x M, or null where c = 0
 * @param centredOutput W H, n x M
 * @param meanSquareResidual |W H + b 1^T - Y|_F^2/M
 */
public record RegressionCollapse(
    double value,
    double[] bias,
    double[] eigenvalues,
    int rank,
    double[][] wwt,
    double[][] hth,
    double[][] centredOutput,
    double meanSquareResidual) {

  /**
   * The minimum for given targets.
   *
   * @param y targets, n x M, row-major; not modified
   * @param dimension d, at least 1
   * @param lambdaW at least 0
   * @param lambdaH at least 0
   * @throws IllegalArgumentException for an empty or ragged Y, d below 1 or a negative penalty
   */
  public static RegressionCollapse of(double[][] y, int dimension, double lambdaW, double lambdaH) {
    check(y, dimension, lambdaW, lambdaH);
    int n = y.length;
    int m = y[0].length;
    double[] mean = mean(y);
    double[][] centred = new double[n][m];
    for (int r = 0; r < n; r++) {
      for (int i = 0; i < m; i++) {
        centred[r][i] = y[r][i] - mean[r];
      }
    }
    // Eigenvalues of Sigma as squared singular values of Yc/sqrt(M): small ones keep their relative accuracy.
    Spectra.Decomposition eig = spectrum(centred);
    double[] sigma = eig.values();
    double c = lambdaW * lambdaH;
    double root = Math.sqrt(lambdaW) * Math.sqrt(lambdaH);
    double[] kept = new double[n];
    double[] share = new double[n];
    double value = 0;
    double residual = 0;
    int rank = 0;
    for (int j = 0; j < n; j++) {
      double s = Math.sqrt(sigma[j]);
      if (j < dimension && sigma[j] > c) {
        rank++;
        kept[j] = s - root;
        share[j] = kept[j] / s;
        value += root * s - c / 2;
        residual += c;
      } else {
        value += sigma[j] / 2;
        residual += sigma[j];
      }
    }
    double[][] output = Spectra.product(Spectra.compose(share, eig.left()), centred);
    double[][] wwt = null;
    double[][] hth = null;
    if (c > 0) {
      double ratio = Math.sqrt(lambdaH / lambdaW);
      double[] w = new double[n];
      double[] h = new double[n];
      for (int j = 0; j < rank; j++) {
        w[j] = ratio * kept[j];
        h[j] = kept[j] / (ratio * sigma[j]);
      }
      wwt = Spectra.compose(w, eig.left());
      hth = Spectra.product(Spectra.transpose(centred), Spectra.product(Spectra.compose(h, eig.left()), centred));
    }
    return new RegressionCollapse(value, mean, sigma, rank, wwt, hth, output, residual);
  }

  /** The symmetric square root of the target covariance Sigma (n x n). */
  static double[][] covarianceRoot(double[][] y) {
    double[] mean = mean(y);
    double[][] centred = new double[y.length][];
    for (int r = 0; r < y.length; r++) {
      double mu = mean[r];
      centred[r] = Arrays.stream(y[r]).map(x -> x - mu).toArray();
    }
    Spectra.Decomposition eig = spectrum(centred);
    return Spectra.compose(Arrays.stream(eig.values()).map(Math::sqrt).toArray(), eig.left());
  }

  /** Eigenvalues and n eigenvectors of Yc Yc^T/M. */
  private static Spectra.Decomposition spectrum(double[][] centred) {
    int n = centred.length;
    int m = centred[0].length;
    // Padding with zero columns gives all n left vectors also where M is below n.
    double[][] scaled = new double[n][Math.max(n, m)];
    for (int r = 0; r < n; r++) {
      for (int i = 0; i < m; i++) {
        scaled[r][i] = centred[r][i] / Math.sqrt(m);
      }
    }
    Spectra.Decomposition svd = Spectra.singular(scaled);
    double[] values = Arrays.stream(svd.values()).map(s -> s * s).toArray();
    return new Spectra.Decomposition(values, svd.left(), svd.left());
  }

  private static double[] mean(double[][] y) {
    double[] mean = new double[y.length];
    for (int r = 0; r < y.length; r++) {
      for (double x : y[r]) {
        mean[r] += x / y[r].length;
      }
    }
    return mean;
  }

  private static void check(double[][] y, int dimension, double lambdaW, double lambdaH) {
    if (y.length == 0 || y[0].length == 0) {
      throw new IllegalArgumentException("The targets are empty, but must be an n x M matrix with a column per sample.");
    }
    for (double[] row : y) {
      if (row.length != y[0].length) {
        throw new IllegalArgumentException(
            "The targets have rows of " + y[0].length + " and " + row.length + " numbers, but must have rows of one length.");
      }
    }
    if (dimension < 1) {
      throw new IllegalArgumentException("dimension is " + dimension + ", but must be a whole number of at least 1.");
    }
    if (!(lambdaW >= 0) || !(lambdaH >= 0) || Double.isInfinite(lambdaW) || Double.isInfinite(lambdaH)) {
      throw new IllegalArgumentException("lambda.W and lambda.H are " + lambdaW + " and " + lambdaH + ", but must be finite and at least 0.");
    }
  }
}

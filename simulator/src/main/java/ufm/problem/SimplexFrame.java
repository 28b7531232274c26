package ufm.problem;

/**
 * The fixed classifier of {@link Classifier.FixedEtf} as a matrix: a simplex equiangular tight frame written with Helmert's contrasts,
 * so that it needs only the first K-1 coordinates of R^d.
 */
public final class SimplexFrame {
  private SimplexFrame() {}

  /**
   * W (K x d, column-major) with {@code W W^T = r^2 K/(K-1) (I - J/K)}; the columns past K-1 are zero.
   *
   * @param classes K, at least 2
   * @param dimension d, at least K-1
   * @param rowNorm r
   */
  public static double[] classifier(int classes, int dimension, double rowNorm) {
    double[] w = new double[classes * dimension];
    double scale = rowNorm * Math.sqrt(classes / (classes - 1.0));
    for (int j = 0; j < classes - 1; j++) {
      // Contrast j: the first j+1 classes against class j+1; orthonormal, and orthogonal to the vector of ones.
      double up = scale / Math.sqrt((j + 1.0) * (j + 2.0));
      for (int k = 0; k <= j; k++) {
        w[k + classes * j] = up;
      }
      w[j + 1 + classes * j] = -up * (j + 1);
    }
    return w;
  }
}

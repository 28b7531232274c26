package ufm.metric;

/**
 * How far K vectors are from a simplex equiangular tight frame, told from a K x K matrix: their Gram matrix (norms and angles, theory sheet
 * H6, H7), or any matrix that should be proportional to {@code E = (I - J/K)/sqrt(K-1)} (H2, H3). Matrices are not modified.
 */
final class FrameGeometry {
  private FrameGeometry() {}

  /** {@code | A/|A|_F - E |_F}; NaN for A = 0. */
  static double distanceToFrame(double[] a, int classes) {
    double norm = norm(a);
    double diagonal = Math.sqrt(classes - 1.0) / classes;
    double off = -1 / (classes * Math.sqrt(classes - 1.0));
    double s = 0;
    for (int k = 0; k < classes; k++) {
      for (int l = 0; l < classes; l++) {
        double x = a[k + classes * l] / norm - (k == l ? diagonal : off);
        s += x * x;
      }
    }
    return Math.sqrt(s);
  }

  /** Population standard deviation over mean of the square roots of the diagonal. */
  static double normSpread(double[] g, int classes) {
    double mean = 0;
    for (int k = 0; k < classes; k++) {
      mean += Math.sqrt(g[k + classes * k]) / classes;
    }
    double s = 0;
    for (int k = 0; k < classes; k++) {
      double x = Math.sqrt(g[k + classes * k]) - mean;
      s += x * x;
    }
    return Math.sqrt(s / classes) / mean;
  }

  private static double cosine(double[] g, int classes, int k, int l) {
    return g[k + classes * l] / (Math.sqrt(g[k + classes * k]) * Math.sqrt(g[l + classes * l]));
  }

  /** Population standard deviation of the cosines of ordered pairs. */
  static double angleSpread(double[] g, int classes) {
    double pairs = (double) classes * (classes - 1);
    double mean = 0;
    for (int k = 0; k < classes; k++) {
      for (int l = 0; l < classes; l++) {
        mean += k == l ? 0 : cosine(g, classes, k, l) / pairs;
      }
    }
    double s = 0;
    for (int k = 0; k < classes; k++) {
      for (int l = 0; l < classes; l++) {
        double x = k == l ? 0 : cosine(g, classes, k, l) - mean;
        s += x * x;
      }
    }
    return Math.sqrt(s / pairs);
  }

  /** Mean of {@code |cos + 1/(K-1)|} over ordered pairs. */
  static double angleExcess(double[] g, int classes) {
    double s = 0;
    for (int k = 0; k < classes; k++) {
      for (int l = 0; l < classes; l++) {
        s += k == l ? 0 : Math.abs(cosine(g, classes, k, l) + 1.0 / (classes - 1));
      }
    }
    return s / ((double) classes * (classes - 1));
  }

  /** Frobenius norm, also where the squares overflow or vanish; NaN where an entry is not finite. */
  static double norm(double[] a) {
    double s = 0;
    for (double x : a) {
      s += x * x;
    }
    return s > 1e-250 && s <= Double.MAX_VALUE ? Math.sqrt(s) : scaledNorm(a);
  }

  private static double scaledNorm(double[] a) {
    double largest = 0;
    for (double x : a) {
      largest = Math.max(largest, Math.abs(x));
    }
    if (!(largest > 0 && largest <= Double.MAX_VALUE)) {
      return largest == 0 ? 0 : Double.NaN;
    }
    double s = 0;
    for (double x : a) {
      s += x / largest * (x / largest);
    }
    return largest * Math.sqrt(s);
  }
}

package ufm.problem;

/**
 * A point of the one-layer model on the host, in column-major order (a feature vector is contiguous).
 *
 * @param classes K
 * @param dimension d
 * @param columns number of columns of H: N, or K for a class-mean point
 * @param w W, K x d, column-major: {@code w[k + K j]}
 * @param h H, d x columns, column-major: {@code h[j + d i]}
 * @param b bias, length K, or null where there is none
 */
public record Point(int classes, int dimension, int columns, double[] w, double[] h, double[] b) {

  /** Checks the lengths; the arrays are kept, not copied. */
  public Point {
    if (w.length != classes * dimension || h.length != dimension * columns || (b != null && b.length != classes)) {
      throw new IllegalArgumentException(
          "W, H, b have lengths " + w.length + ", " + h.length + ", " + (b == null ? 0 : b.length) + " for K=" + classes + ", d=" + dimension
              + ", columns=" + columns);
    }
  }

  /** From row-major nested lists W (K x d), H (d x columns) and b (or null). */
  public static Point of(double[][] w, double[][] h, double[] b) {
    int k = w.length;
    int d = h.length;
    int n = h[0].length;
    return new Point(k, d, n, columnMajor(w, k, d), columnMajor(h, d, n), b == null ? null : b.clone());
  }

  /** W as rows. */
  public double[][] wRows() {
    return rows(w, classes, dimension);
  }

  /** H as rows. */
  public double[][] hRows() {
    return rows(h, dimension, columns);
  }

  /** A row-major nested list as one column-major array. */
  public static double[] columnMajor(double[][] a, int rows, int cols) {
    double[] out = new double[rows * cols];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) {
        out[i + rows * j] = a[i][j];
      }
    }
    return out;
  }

  /** A column-major array as a row-major nested list. */
  public static double[][] rows(double[] a, int rows, int cols) {
    double[][] out = new double[rows][cols];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) {
        out[i][j] = a[i + rows * j];
      }
    }
    return out;
  }
}

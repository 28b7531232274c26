package ufm.certify;

import java.util.Arrays;

/**
 * A sum in twice the working precision (Neumaier's form of compensated summation; products enter with their rounding error).
 *
 * <p>With n terms the value differs from the exact sum by at most {@code U |sum| + (n U)^2 sum |terms|} (Ogita, Rump, Oishi, Accurate sum
 * and dot product, SIAM J. Sci. Comput. 26, 2005, propositions 4.5 and 5.5), U the unit roundoff.
 */
final class Compensated {
  /** Unit roundoff 2^-53. */
  static final double U = 0x1p-53;

  /** Dot products up to this length are compensated, longer ones are summed in blocks. */
  private static final int COMPENSATED_LENGTH = 128;

  private static final int BLOCK = 32;

  private double sum;
  private double low;

  /** Back to zero. */
  Compensated clear() {
    sum = 0;
    low = 0;
    return this;
  }

  /** Adds a number. */
  void add(double x) {
    double t = sum + x;
    double z = t - sum;
    low += (sum - (t - z)) + (x - z);
    sum = t;
  }

  /** Adds a product without its rounding. */
  void addProduct(double x, double y) {
    double p = x * y;
    low += Math.fma(x, y, -p);
    add(p);
  }

  /** The sum. */
  double value() {
    return sum + low;
  }

  /** {@code sum a_i b_i} over n consecutive elements; error see {@link #relative} and {@link #absolute}. */
  static double dot(double[] a, int fromA, double[] b, int fromB, int n) {
    Compensated s = new Compensated();
    if (n <= COMPENSATED_LENGTH) {
      for (int i = 0; i < n; i++) {
        s.addProduct(a[fromA + i], b[fromB + i]);
      }
      return s.value();
    }
    int i = 0;
    for (; i + BLOCK <= n; i += BLOCK) {
      double s0 = 0;
      double s1 = 0;
      double s2 = 0;
      double s3 = 0;
      for (int j = i; j < i + BLOCK; j += 4) {
        s0 = Math.fma(a[fromA + j], b[fromB + j], s0);
        s1 = Math.fma(a[fromA + j + 1], b[fromB + j + 1], s1);
        s2 = Math.fma(a[fromA + j + 2], b[fromB + j + 2], s2);
        s3 = Math.fma(a[fromA + j + 3], b[fromB + j + 3], s3);
      }
      s.add((s0 + s1) + (s2 + s3));
    }
    for (; i < n; i++) {
      s.addProduct(a[fromA + i], b[fromB + i]);
    }
    return s.value();
  }

  /** The error of a {@link #dot} of length n is at most {@code relative() |result| + absolute(n) |a| |b|}. */
  static double relative() {
    return 2 * U;
  }

  /** See {@link #relative}: quadratic in U for compensated lengths; for blocks ten roundings on each path. */
  static double absolute(int n) {
    return n <= COMPENSATED_LENGTH ? 4.0 * n * n * U * U : 11 * U + 4.0 * n * n * U * U;
  }

  /** {@code sum a_i^2}, relative error at most 4 U. */
  static double squaredNorm(double[] a) {
    Compensated s = new Compensated();
    for (double x : a) {
      s.addProduct(x, x);
    }
    return s.value();
  }

  /**
   * Adds {@code f x_i} without its rounding to n sums at once: the steps of {@link #addProduct} for each, in a loop over independent sums.
   * The sums are {@code sum_i + low_i}. (The compiler vectorises such loops only where all arrays are read at the same index, which is why
   * matrices come as arrays of rows or columns.)
   */
  static void addProducts(double f, double[] x, int n, double[] sum, double[] low) {
    for (int i = 0; i < n; i++) {
      double y = x[i];
      double s = sum[i];
      double p = f * y;
      double t = s + p;
      double z = t - s;
      low[i] = low[i] + Math.fma(f, y, -p) + ((s - (t - z)) + (p - z));
      sum[i] = t;
    }
  }

  /** {@code sum_c weight_c |x_c|^2} over the columns of a matrix with {@code rows} rows; relative error at most 6 U. */
  static double weightedSquares(double[] x, int rows, int[] weight) {
    double[] column = new double[rows];
    double[] sum = new double[rows];
    double[] low = new double[rows];
    for (int c = 0; c < weight.length; c++) {
      System.arraycopy(x, rows * c, column, 0, rows);
      double f = weight[c];
      for (int i = 0; i < rows; i++) {
        double y = column[i];
        double g = f * y;
        double s = sum[i];
        double p = g * y;
        double t = s + p;
        double z = t - s;
        low[i] = low[i] + Math.fma(g, y, -p) + ((s - (t - z)) + (p - z));
        sum[i] = t;
      }
    }
    Compensated total = new Compensated();
    for (int i = 0; i < rows; i++) {
      total.add(sum[i]);
      total.add(low[i]);
    }
    return total.value();
  }

  /** Columns of a panel of {@link #products}, few enough for the sums and a row of the panel to stay in the first cache. */
  private static final int PANEL = 512;

  /**
   * {@code A B}, A m x inner, B inner x n, all column-major; the error of each entry is that of a {@link #dot} of its row and column. Its
   * sums are compensated at any length.
   */
  static double[] products(double[] a, int m, int inner, double[] b, int n) {
    double[] out = new double[m * n];
    int width = m >= n || m >= 64 ? m : Math.min(PANEL, n);
    double[] sum = new double[width];
    double[] low = new double[width];
    if (width == m) {
      double[][] columns = columns(a, m, inner);
      for (int c = 0; c < n; c++) {
        Arrays.fill(sum, 0);
        Arrays.fill(low, 0);
        for (int j = 0; j < inner; j++) {
          addProducts(b[j + inner * c], columns[j], m, sum, low);
        }
        for (int i = 0; i < m; i++) {
          out[i + m * c] = sum[i] + low[i];
        }
      }
      return out;
    }
    double[][] rows = new double[inner][width];
    for (int start = 0; start < n; start += width) {
      int count = Math.min(width, n - start);
      transpose(b, inner, start, count, rows);
      for (int i = 0; i < m; i++) {
        Arrays.fill(sum, 0);
        Arrays.fill(low, 0);
        for (int j = 0; j < inner; j++) {
          addProducts(a[i + m * j], rows[j], count, sum, low);
        }
        for (int c = 0; c < count; c++) {
          out[i + m * (start + c)] = sum[c] + low[c];
        }
      }
    }
    return out;
  }

  /** Products from which {@link #blockProducts} is worth its wider bound. */
  static final double MANY_PRODUCTS = 1 << 18;

  /** Terms of a block of {@link #blockProducts}. */
  private static final int TERMS = 8;

  /**
   * {@code A B} as {@link #products}, but for compensated sums of blocks of eight terms, each a chain of fma: four times as fast, and an entry
   * errs by at most {@link #relative} of itself plus {@link #blockAbsolute} times the norms of its row and column.
   */
  static double[] blockProducts(double[] a, int m, int inner, double[] b, int n) {
    double[] out = new double[m * n];
    int width = Math.min(PANEL, n);
    double[] sum = new double[width];
    double[] low = new double[width];
    double[] f = new double[TERMS];
    // Missing terms of the last block are products of zeros, which round nothing.
    int padded = (inner + TERMS - 1) / TERMS * TERMS;
    double[][] rows = new double[padded][width];
    for (int start = 0; start < n; start += width) {
      int count = Math.min(width, n - start);
      transpose(b, inner, start, count, rows);
      for (int i = 0; i < m; i++) {
        Arrays.fill(sum, 0);
        Arrays.fill(low, 0);
        for (int j = 0; j < padded; j += TERMS) {
          for (int t = 0; t < TERMS; t++) {
            f[t] = j + t < inner ? a[i + m * (j + t)] : 0;
          }
          addBlock(f, rows, j, count, sum, low);
        }
        for (int c = 0; c < count; c++) {
          out[i + m * (start + c)] = sum[c] + low[c];
        }
      }
    }
    return out;
  }

  /** See {@link #blockProducts}: eight roundings in a block, the sum of blocks as in {@link #absolute}. */
  static double blockAbsolute(int n) {
    return 9 * U + 4.0 * n * n * U * U;
  }

  /** Adds {@code sum_t f_t x_{first+t}} to n compensated sums. */
  private static void addBlock(double[] f, double[][] x, int first, int n, double[] sum, double[] low) {
    double f0 = f[0];
    double f1 = f[1];
    double f2 = f[2];
    double f3 = f[3];
    double f4 = f[4];
    double f5 = f[5];
    double f6 = f[6];
    double f7 = f[7];
    double[] x0 = x[first];
    double[] x1 = x[first + 1];
    double[] x2 = x[first + 2];
    double[] x3 = x[first + 3];
    double[] x4 = x[first + 4];
    double[] x5 = x[first + 5];
    double[] x6 = x[first + 6];
    double[] x7 = x[first + 7];
    for (int i = 0; i < n; i++) {
      double p = f0 * x0[i];
      p = Math.fma(f1, x1[i], p);
      p = Math.fma(f2, x2[i], p);
      p = Math.fma(f3, x3[i], p);
      p = Math.fma(f4, x4[i], p);
      p = Math.fma(f5, x5[i], p);
      p = Math.fma(f6, x6[i], p);
      p = Math.fma(f7, x7[i], p);
      double s = sum[i];
      double t = s + p;
      double z = t - s;
      low[i] = low[i] + ((s - (t - z)) + (p - z));
      sum[i] = t;
    }
  }

  /** The columns of a column-major matrix, each an array of its own. */
  static double[][] columns(double[] a, int rows, int cols) {
    double[][] out = new double[cols][];
    for (int c = 0; c < cols; c++) {
      out[c] = Arrays.copyOfRange(a, rows * c, rows * c + rows);
    }
    return out;
  }

  /** The rows of a column-major matrix, each an array of its own. */
  static double[][] rows(double[] a, int rows, int cols) {
    double[][] out = new double[rows][cols];
    transpose(a, rows, 0, cols, out);
    return out;
  }

  /** Columns {@code start .. start+count-1} into the first places of the rows; eight at a time, so that whole cache lines are written. */
  private static void transpose(double[] a, int rows, int start, int count, double[][] out) {
    for (int first = 0; first < count; first += 8) {
      int end = Math.min(count, first + 8);
      for (int i = 0; i < rows; i++) {
        double[] row = out[i];
        int at = i + rows * (start + first);
        for (int c = first; c < end; c++) {
          row[c] = a[at];
          at += rows;
        }
      }
    }
  }
}

package ufm.certify;

import java.util.Arrays;
import java.util.Comparator;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * Left singular vectors and singular values of a K x C matrix A through the eigenvectors Q of its K x K Gram matrix: the singular values
 * are read off as the norms of the rows of {@code Q^T A}, which keeps small ones to about U times the largest instead of its square root.
 * Their sum is an upper bound of the nuclear norm for any orthogonal Q, and the largest a lower bound of the spectral norm.
 */
public final class GramEigen {
  /** Rows from which the Gram matrix is summed column by column, in loops along rows; below, as dot products along columns. */
  private static final int MANY_ROWS = 32;

  /** Columns of a panel: few enough for the panel to stay in the cache while all vectors pass over it. */
  private static final int PANEL = 512;

  private final int rows;
  private final double[] vectors;
  private final double[] singular;
  private final double[][] turned;

  /**
   * Decomposes a matrix.
   *
   * @param a rows x cols, column-major; not modified
   * @param rows K
   * @param cols C
   */
  public GramEigen(double[] a, int rows, int cols) {
    this(new Scaled(a, rows, cols), null);
  }

  /**
   * The same, starting from a guess: where the rows of {@code Q^T A} are orthogonal to rounding with the vectors Q of another matrix, these are
   * the answer, and nothing is decomposed.
   *
   * @param guess decomposition of a matrix with as many rows; null for none
   */
  static GramEigen near(double[] a, int rows, int cols, GramEigen guess) {
    Scaled scaled = new Scaled(a, rows, cols);
    boolean serves = guess != null && guess.rows == rows && scaled.finite();
    return new GramEigen(scaled, serves && diagonal(scaled.turn(guess.vectors, rows)) ? guess.vectors : null);
  }

  private GramEigen(Scaled a, double[] guess) {
    rows = a.rows.length;
    double[] q = guess == null ? a.eigenvectors() : guess;
    double[][] y = a.turn(q, rows);
    double[] norm = new double[rows];
    for (int j = 0; j < rows; j++) {
      norm[j] = Math.sqrt(plainDot(y[j], y[j]));
    }
    Integer[] order = new Integer[rows];
    Arrays.setAll(order, j -> j);
    Arrays.sort(order, Comparator.comparingDouble(j -> -norm[j]));
    vectors = new double[q.length];
    turned = new double[rows][];
    singular = new double[rows];
    for (int j = 0; j < rows; j++) {
      System.arraycopy(q, rows * order[j], vectors, rows * j, rows);
      turned[j] = scaled(y[order[j]], a.power);
      singular[j] = Math.scalb(norm[order[j]], a.power);
    }
  }

  /** The largest singular value alone, from below: all that is asked of a matrix with many columns. */
  static double spectralNorm(double[] a, int rows, int cols) {
    Scaled scaled = new Scaled(a, rows, cols);
    double[] q = scaled.eigenvectors();
    double[] y = scaled.turn(Arrays.copyOfRange(q, rows * scaled.leading, rows * scaled.leading + rows), 1)[0];
    return Math.scalb(Math.sqrt(plainDot(y, y)), scaled.power);
  }

  /** The rows of a matrix, divided by a power of two (which rounds nothing) where their squares would overflow or vanish. */
  private static final class Scaled {
    final double[][] rows;
    final int power;

    /** Number of the eigenvector of the largest eigenvalue, after {@link #eigenvectors}. */
    int leading;

    private final double largest;

    Scaled(double[] a, int count, int cols) {
      rows = Compensated.rows(a, count, cols);
      double scale = 0;
      for (double x : a) {
        scale = Math.max(scale, Math.abs(x));
      }
      boolean extreme = scale > 1e140 || (scale > 0 && scale < 1e-140);
      power = extreme && Double.isFinite(scale) ? Math.getExponent(scale) : 0;
      for (double[] row : rows) {
        scaled(row, -power);
      }
      largest = Math.scalb(scale, -power);
    }

    boolean finite() {
      return largest > 0 && Double.isFinite(largest);
    }

    /** Eigenvectors of A A^T, column by column; the unit vectors where they can't be found. */
    double[] eigenvectors() {
      int n = rows.length;
      double[] q = new double[n * n];
      EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(n, true, true);
      boolean found = finite() && eigen.decompose(DMatrixRMaj.wrap(n, n, gram(rows, 1 / largest)));
      double top = Double.NEGATIVE_INFINITY;
      for (int j = 0; j < n; j++) {
        if (found) {
          System.arraycopy(eigen.getEigenVector(j).data, 0, q, n * j, n);
          if (eigen.getEigenvalue(j).getReal() > top) {
            top = eigen.getEigenvalue(j).getReal();
            leading = j;
          }
        } else {
          q[j + n * j] = 1;
        }
      }
      return q;
    }

    /** {@code A^T q} for each of the given vectors. */
    double[][] turn(double[] q, int count) {
      int n = rows.length;
      int cols = rows[0].length;
      double[][] y = new double[count][cols];
      for (int start = 0; start < cols; start += PANEL) {
        int end = Math.min(cols, start + PANEL);
        for (int j = 0; j < count; j++) {
          for (int i = 0; i < n; i++) {
            addScaled(q[i + n * j], rows[i], start, end, y[j]);
          }
        }
      }
      return y;
    }
  }

  private static double[] scaled(double[] x, int power) {
    for (int i = 0; i < x.length && power != 0; i++) {
      x[i] = Math.scalb(x[i], power);
    }
    return x;
  }

  /** {@code factor^2} times the inner products of the rows. */
  private static double[] gram(double[][] rows, double factor) {
    int n = rows.length;
    double[][] sums = new double[n][n];
    if (n < MANY_ROWS) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j <= i; j++) {
          sums[j][i] = plainDot(rows[i], rows[j]);
        }
      }
    } else {
      double[] column = new double[n];
      for (int c = 0; c < rows[0].length; c++) {
        for (int i = 0; i < n; i++) {
          column[i] = rows[i][c];
        }
        for (int j = 0; j < n; j++) {
          addScaled(column[j], column, j, n, sums[j]);
        }
      }
    }
    double[] out = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        out[i + n * j] = sums[j][i] * factor * factor;
        out[j + n * i] = out[i + n * j];
      }
    }
    return out;
  }

  private static void addScaled(double f, double[] x, int start, int end, double[] out) {
    for (int i = start; i < end; i++) {
      out[i] = Math.fma(f, x[i], out[i]);
    }
  }

  /** Whether vectors are orthogonal to rounding, relative to the longest. */
  private static boolean diagonal(double[][] y) {
    int n = y.length;
    double[] gram = gram(y, 1);
    double largest = 0;
    double worst = 0;
    for (int i = 0; i < n; i++) {
      largest = Math.max(largest, gram[i + n * i]);
      double off = 0;
      for (int j = 0; j < n; j++) {
        off += i == j ? 0 : Math.abs(gram[j + n * i]);
      }
      worst = Math.max(worst, off);
    }
    return worst <= 4 * n * Compensated.U * largest;
  }

  /** Q, rows x rows, column-major, in the order of decreasing singular values (a view). */
  public double[] vectors() {
    return vectors;
  }

  /** Singular values, decreasing; as many as there are rows (a view). */
  public double[] singular() {
    return singular;
  }

  /** {@code A^T Q}, an array of C numbers for each vector of Q: the j-th right singular vector times its singular value (a view). */
  public double[][] turned() {
    return turned;
  }

  /** Sum of the singular values. */
  public double nuclearNorm() {
    double s = 0;
    for (double x : singular) {
      s += x;
    }
    return s;
  }

  /** Largest singular value. */
  public double spectralNorm() {
    return singular[0];
  }

  /** Number of singular values above {@code cut} times the largest. */
  public int rank(double cut) {
    int r = 0;
    while (r < rows && singular[r] > cut * singular[0]) {
      r++;
    }
    return r;
  }

  private static double plainDot(double[] a, double[] b) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int k = 0;
    for (; k + 4 <= a.length; k += 4) {
      s0 = Math.fma(a[k], b[k], s0);
      s1 = Math.fma(a[k + 1], b[k + 1], s1);
      s2 = Math.fma(a[k + 2], b[k + 2], s2);
      s3 = Math.fma(a[k + 3], b[k + 3], s3);
    }
    for (; k < a.length; k++) {
      s0 = Math.fma(a[k], b[k], s0);
    }
    return (s0 + s1) + (s2 + s3);
  }
}

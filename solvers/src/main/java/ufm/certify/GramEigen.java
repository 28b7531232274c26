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
  private final int rows;
  private final int cols;

  private final double[] vectors;
  private final double[] singular;
  private final double[] turned;

  /**
   * Decomposes a matrix.
   *
   * @param a rows x cols, column-major; not modified
   * @param rows K
   * @param cols C
   */
  public GramEigen(double[] a, int rows, int cols) {
    this.rows = rows;
    this.cols = cols;
    double[] at = LogitFit.transpose(a, rows, cols);
    double scale = 0;
    for (double x : a) {
      scale = Math.max(scale, Math.abs(x));
    }
    // By a power of two, which rounds nothing, so that no square overflows or vanishes.
    boolean extreme = scale > 1e140 || (scale > 0 && scale < 1e-140);
    int power = extreme && Double.isFinite(scale) ? Math.getExponent(scale) : 0;
    if (power != 0) {
      for (int i = 0; i < at.length; i++) {
        at[i] = Math.scalb(at[i], -power);
      }
      scale = Math.scalb(scale, -power);
    }
    double[] q = new double[rows * rows];
    DMatrixRMaj gram = new DMatrixRMaj(rows, rows);
    if (scale > 0) {
      for (int i = 0; i < rows; i++) {
        for (int j = 0; j <= i; j++) {
          double s = plainDot(at, cols * i, at, cols * j, cols) / scale / scale;
          gram.set(i, j, s);
          gram.set(j, i, s);
        }
      }
    }
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(rows, true, true);
    boolean found = scale > 0 && Double.isFinite(scale) && eigen.decompose(gram);
    for (int j = 0; j < rows; j++) {
      DMatrixRMaj v = found ? eigen.getEigenVector(j) : null;
      for (int i = 0; i < rows; i++) {
        q[i + rows * j] = v == null ? (i == j ? 1 : 0) : v.get(i);
      }
    }
    double[] y = new double[cols * rows];
    double[] norm = new double[rows];
    for (int j = 0; j < rows; j++) {
      for (int i = 0; i < rows; i++) {
        double f = q[i + rows * j];
        for (int c = 0; c < cols; c++) {
          y[c + cols * j] = Math.fma(f, at[c + cols * i], y[c + cols * j]);
        }
      }
      norm[j] = Math.sqrt(plainDot(y, cols * j, y, cols * j, cols));
    }
    Integer[] order = new Integer[rows];
    Arrays.setAll(order, j -> j);
    Arrays.sort(order, Comparator.comparingDouble(j -> -norm[j]));
    vectors = new double[q.length];
    turned = new double[y.length];
    singular = new double[rows];
    for (int j = 0; j < rows; j++) {
      System.arraycopy(q, rows * order[j], vectors, rows * j, rows);
      System.arraycopy(y, cols * order[j], turned, cols * j, cols);
      singular[j] = Math.scalb(norm[order[j]], power);
    }
    for (int i = 0; i < turned.length && power != 0; i++) {
      turned[i] = Math.scalb(turned[i], power);
    }
  }

  /** Q, rows x rows, column-major, in the order of decreasing singular values (a view). */
  public double[] vectors() {
    return vectors;
  }

  /** Singular values, decreasing; as many as there are rows (a view). */
  public double[] singular() {
    return singular;
  }

  /** {@code A^T Q}, cols x rows, column-major: column j is the j-th right singular vector times its singular value (a view). */
  public double[] turned() {
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

  private static double plainDot(double[] a, int i, double[] b, int j, int n) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int k = 0;
    for (; k + 4 <= n; k += 4) {
      s0 = Math.fma(a[i + k], b[j + k], s0);
      s1 = Math.fma(a[i + k + 1], b[j + k + 1], s1);
      s2 = Math.fma(a[i + k + 2], b[j + k + 2], s2);
      s3 = Math.fma(a[i + k + 3], b[j + k + 3], s3);
    }
    for (; k < n; k++) {
      s0 = Math.fma(a[i + k], b[j + k], s0);
    }
    return (s0 + s1) + (s2 + s3);
  }
}

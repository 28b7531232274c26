package ufm.theory;

import java.util.Arrays;
import java.util.Comparator;
import java.util.function.IntToDoubleFunction;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/** Eigenvalues and singular values of the small matrices of the theorems, sorted decreasingly, on row-major nested arrays. */
final class Spectra {
  private Spectra() {}

  /**
   * A = U diag(values) V^T.
   *
   * @param values decreasing, length min(rows, cols)
   * @param left {@code left[j]} is the j-th left vector (eigenvector)
   * @param right {@code right[j]} is the j-th right vector; the same object as left for a symmetric matrix
   */
  record Decomposition(double[] values, double[][] left, double[][] right) {}

  /** Eigenvalues (decreasing) and orthonormal eigenvectors of a symmetric matrix. */
  static Decomposition symmetric(double[][] a) {
    int n = a.length;
    EigenDecomposition_F64<DMatrixRMaj> eig = DecompositionFactory_DDRM.eig(n, true, true);
    if (!eig.decompose(new DMatrixRMaj(a))) {
      throw new ArithmeticException("the eigenvalue iteration of a " + n + " x " + n + " matrix did not converge");
    }
    Integer[] order = order(n, j -> eig.getEigenvalue(j).real);
    double[] values = new double[n];
    double[][] vectors = new double[n][];
    for (int j = 0; j < n; j++) {
      values[j] = eig.getEigenvalue(order[j]).real;
      vectors[j] = eig.getEigenVector(order[j]).data.clone();
    }
    return new Decomposition(values, vectors, vectors);
  }

  /** Singular values (decreasing) and vectors. */
  static Decomposition singular(double[][] a) {
    DMatrixRMaj m = new DMatrixRMaj(a);
    SingularValueDecomposition_F64<DMatrixRMaj> svd = DecompositionFactory_DDRM.svd(m.numRows, m.numCols, true, true, true);
    if (!svd.decompose(m)) {
      throw new ArithmeticException("the singular value iteration of a " + m.numRows + " x " + m.numCols + " matrix did not converge");
    }
    int n = Math.min(a.length, a[0].length);
    double[] found = svd.getSingularValues();
    DMatrixRMaj u = svd.getU(null, true);
    DMatrixRMaj v = svd.getV(null, true);
    Integer[] order = order(n, j -> found[j]);
    double[] values = new double[n];
    double[][] left = new double[n][u.numCols];
    double[][] right = new double[n][v.numCols];
    for (int j = 0; j < n; j++) {
      values[j] = found[order[j]];
      for (int i = 0; i < u.numCols; i++) {
        left[j][i] = u.get(order[j], i);
      }
      for (int i = 0; i < v.numCols; i++) {
        right[j][i] = v.get(order[j], i);
      }
    }
    return new Decomposition(values, left, right);
  }

  /** sum_j values[j] vectors[j] vectors[j]^T. */
  static double[][] compose(double[] values, double[][] vectors) {
    int n = vectors[0].length;
    double[][] out = new double[n][n];
    for (int j = 0; j < values.length; j++) {
      if (values[j] == 0) {
        continue;
      }
      for (int r = 0; r < n; r++) {
        double s = values[j] * vectors[j][r];
        for (int c = 0; c < n; c++) {
          out[r][c] += s * vectors[j][c];
        }
      }
    }
    return out;
  }

  /** A B. */
  static double[][] product(double[][] a, double[][] b) {
    double[][] out = new double[a.length][b[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int l = 0; l < b.length; l++) {
        double s = a[i][l];
        for (int j = 0; j < b[0].length; j++) {
          out[i][j] += s * b[l][j];
        }
      }
    }
    return out;
  }

  /** A^T. */
  static double[][] transpose(double[][] a) {
    double[][] out = new double[a[0].length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[0].length; j++) {
        out[j][i] = a[i][j];
      }
    }
    return out;
  }

  /** s (I - J/K). */
  static double[][] simplex(int classes, double s) {
    double[][] out = new double[classes][classes];
    for (int i = 0; i < classes; i++) {
      for (int j = 0; j < classes; j++) {
        out[i][j] = s * ((i == j ? 1 : 0) - 1.0 / classes);
      }
    }
    return out;
  }

  /** |A|_F. */
  static double frobenius(double[][] a) {
    double scale = 0;
    for (double[] row : a) {
      for (double x : row) {
        scale = Math.max(scale, Math.abs(x));
      }
    }
    if (scale == 0) {
      return 0;
    }
    double sum = 0;
    for (double[] row : a) {
      for (double x : row) {
        sum += (x / scale) * (x / scale);
      }
    }
    return scale * Math.sqrt(sum);
  }

  private static Integer[] order(int n, IntToDoubleFunction value) {
    Integer[] order = new Integer[n];
    for (int j = 0; j < n; j++) {
      order[j] = j;
    }
    Arrays.sort(order, Comparator.comparingDouble(j -> -value.applyAsDouble(j)));
    return order;
  }
}

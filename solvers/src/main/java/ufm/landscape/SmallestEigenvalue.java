package ufm.landscape;

import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.MatrixFeatures_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * Smallest eigenvalue of a Hessian on the orthogonal complement of given directions: from the dense matrix, or by the Lanczos method with full
 * reorthogonalisation.
 *
 * @param value the eigenvalue; by Lanczos a Ritz value, hence an upper bound of it
 * @param largest largest absolute eigenvalue, the scale of rounding (by Lanczos a lower bound of it)
 * @param residual {@code |H x - value x|}: an eigenvalue lies that near; 0 for the dense method
 */
record SmallestEigenvalue(double value, double largest, double residual) {
  /** The Lanczos method stops at a residual of this share of the largest curvature. */
  static final double CONVERGED = 1e-10;

  /** Whether the eigenvalue is known to that accuracy. */
  boolean converged() {
    return residual <= CONVERGED * largest;
  }

  static SmallestEigenvalue dense(HessianOperator hessian, double[][] without) {
    int n = hessian.size();
    DMatrixRMaj a = new DMatrixRMaj(n, n);
    List<double[]> basis = List.of(without);
    double[] unit = new double[n];
    double[] out = new double[n];
    double norm2 = 0;
    for (int j = 0; j < n; j++) {
      java.util.Arrays.fill(unit, 0);
      unit[j] = 1;
      HessianOperator.project(basis, unit);
      hessian.apply(unit, out);
      HessianOperator.project(basis, out);
      for (int i = 0; i < n; i++) {
        a.set(i, j, out[i]);
        norm2 += out[i] * out[i];
      }
    }
    // Directions that do not count get an eigenvalue above all others.
    double lift = Math.sqrt(norm2) + 1;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double s = (a.get(i, j) + a.get(j, i)) / 2 + (i == j && hessian.held(i) ? lift : 0);
        for (double[] q : without) {
          s += lift * q[i] * q[j];
        }
        a.set(i, j, s);
        a.set(j, i, s);
      }
    }
    return fromEigenvalues(a, lift * 0.999);
  }

  private static SmallestEigenvalue fromEigenvalues(DMatrixRMaj a, double ignore) {
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(a.numRows, false, true);
    if (MatrixFeatures_DDRM.hasUncountable(a) || !eigen.decompose(a)) {
      return new SmallestEigenvalue(Double.NaN, Double.NaN, Double.NaN);
    }
    double smallest = Double.POSITIVE_INFINITY;
    double largest = 0;
    for (int i = 0; i < a.numRows; i++) {
      double x = eigen.getEigenvalue(i).getReal();
      if (x < ignore) {
        smallest = Math.min(smallest, x);
        largest = Math.max(largest, Math.abs(x));
      }
    }
    return new SmallestEigenvalue(smallest, largest, 0);
  }

  /**
   * Lanczos from a fixed start with full reorthogonalisation. When the basis is full it is restarted with the Ritz vectors of the smallest
   * third of the Ritz values and the next Lanczos vector (thick restart: Wu and Simon, SIAM J. Matrix Anal. Appl. 22, 2000); the projected
   * matrix is read off the products that the orthogonalisation needs anyway. Stops at {@link #CONVERGED} times the largest Ritz value.
   *
   * @param hessian operator
   * @param without orthonormal directions to leave out
   * @param room largest number of vectors kept, at least 2
   * @param products largest number of products with the operator
   */
  static SmallestEigenvalue lanczos(HessianOperator hessian, double[][] without, int room, int products) {
    int n = hessian.size();
    List<double[]> gauge = List.of(without);
    List<double[]> basis = new ArrayList<>();
    java.util.SplittableRandom random = new java.util.SplittableRandom(1);
    double[] next = new double[n];
    for (int i = 0; i < n; i++) {
      next[i] = hessian.held(i) ? 0 : random.nextDouble() - 0.5;
    }
    normalise(gauge, basis, next);
    double[][] projected = new double[room][room];
    double largest = 0;
    for (int product = 1; ; product++) {
      double[] q = next;
      int j = basis.size();
      basis.add(q);
      next = new double[n];
      hessian.apply(q, next);
      HessianOperator.project(gauge, next);
      for (int i = 0; i <= j; i++) {
        projected[i][j] = HessianOperator.dot(basis.get(i), next);
        projected[j][i] = projected[i][j];
      }
      double beta = normalise(gauge, basis, next);
      boolean exhausted = beta <= 1e-14 * Math.max(largest, Math.abs(projected[j][j])) || j + 1 >= n;
      boolean full = j + 1 == room;
      boolean last = exhausted || product == products;
      if (!(last || full || product % 20 == 0)) {
        continue;
      }
      EigenDecomposition_F64<DMatrixRMaj> ritz = DecompositionFactory_DDRM.eig(j + 1, true, true);
      if (!ritz.decompose(leading(projected, j + 1))) {
        return new SmallestEigenvalue(Double.NaN, Double.NaN, Double.NaN);
      }
      int[] order = increasing(ritz);
      double value = ritz.getEigenvalue(order[0]).getReal();
      largest = Math.max(largest, Math.max(Math.abs(value), Math.abs(ritz.getEigenvalue(order[j]).getReal())));
      double residual = exhausted ? 0 : Math.abs(beta * ritz.getEigenVector(order[0]).get(j));
      if (last || residual <= CONVERGED * largest) {
        return new SmallestEigenvalue(value, largest, residual);
      }
      if (full) {
        restart(basis, projected, ritz, order, Math.max(1, room / 3));
      }
    }
  }

  private static DMatrixRMaj leading(double[][] a, int m) {
    DMatrixRMaj out = new DMatrixRMaj(m, m);
    for (int i = 0; i < m; i++) {
      System.arraycopy(a[i], 0, out.data, m * i, m);
    }
    return out;
  }

  private static int[] increasing(EigenDecomposition_F64<DMatrixRMaj> eigen) {
    return java.util.stream.IntStream.range(0, eigen.getNumberOfEigenvalues()).boxed()
        .sorted(java.util.Comparator.comparingDouble(i -> eigen.getEigenvalue(i).getReal())).mapToInt(i -> i).toArray();
  }

  /** Replaces the basis by the Ritz vectors of the smallest Ritz values. */
  private static void restart(
      List<double[]> basis, double[][] projected, EigenDecomposition_F64<DMatrixRMaj> ritz, int[] order, int keep) {
    List<double[]> kept = new ArrayList<>();
    for (double[] row : projected) {
      java.util.Arrays.fill(row, 0);
    }
    for (int r = 0; r < keep; r++) {
      DMatrixRMaj s = ritz.getEigenVector(order[r]);
      double[] y = new double[basis.getFirst().length];
      for (int j = 0; j < basis.size(); j++) {
        double f = s.get(j);
        double[] q = basis.get(j);
        for (int i = 0; i < y.length; i++) {
          y[i] = Math.fma(f, q[i], y[i]);
        }
      }
      kept.add(y);
      projected[r][r] = ritz.getEigenvalue(order[r]).getReal();
    }
    basis.clear();
    basis.addAll(kept);
  }

  private static double normalise(List<double[]> gauge, List<double[]> krylov, double[] v) {
    for (int round = 0; round < 2; round++) {
      HessianOperator.project(gauge, v);
      HessianOperator.project(krylov, v);
    }
    double norm = Math.sqrt(HessianOperator.dot(v, v));
    for (int i = 0; i < v.length && norm > 0; i++) {
      v[i] /= norm;
    }
    return norm;
  }
}

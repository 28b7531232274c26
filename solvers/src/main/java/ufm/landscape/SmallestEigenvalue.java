package ufm.landscape;

import java.util.ArrayList;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
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
    if (!eigen.decompose(a)) {
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
   * Lanczos from a fixed start.
   *
   * @param steps at most that many products
   */
  static SmallestEigenvalue lanczos(HessianOperator hessian, double[][] without, int steps) {
    int n = hessian.size();
    List<double[]> gauge = List.of(without);
    List<double[]> krylov = new ArrayList<>();
    java.util.SplittableRandom random = new java.util.SplittableRandom(1);
    double[] q = new double[n];
    for (int i = 0; i < n; i++) {
      q[i] = hessian.held(i) ? 0 : random.nextDouble() - 0.5;
    }
    normalise(gauge, krylov, q);
    List<Double> alpha = new ArrayList<>();
    List<Double> beta = new ArrayList<>();
    SmallestEigenvalue best = new SmallestEigenvalue(Double.NaN, Double.NaN, Double.NaN);
    for (int step = 0; step < Math.min(steps, n); step++) {
      krylov.add(q);
      double[] next = new double[n];
      hessian.apply(q, next);
      alpha.add(HessianOperator.dot(q, next));
      double b = normalise(gauge, krylov, next);
      boolean last = step + 1 == Math.min(steps, n) || b <= 1e-14 * Math.abs(alpha.getFirst());
      if (last || step % 20 == 19) {
        best = ritz(alpha, beta, b);
        if (last || best.residual <= 1e-9 * best.largest) {
          break;
        }
      }
      beta.add(b);
      q = next;
    }
    return best;
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

  private static SmallestEigenvalue ritz(List<Double> alpha, List<Double> beta, double next) {
    int m = alpha.size();
    DMatrixRMaj t = new DMatrixRMaj(m, m);
    for (int i = 0; i < m; i++) {
      t.set(i, i, alpha.get(i));
      if (i > 0) {
        t.set(i, i - 1, beta.get(i - 1));
        t.set(i - 1, i, beta.get(i - 1));
      }
    }
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(m, true, true);
    if (!eigen.decompose(t)) {
      return new SmallestEigenvalue(Double.NaN, Double.NaN, Double.NaN);
    }
    int least = 0;
    double largest = 0;
    for (int i = 0; i < m; i++) {
      double x = eigen.getEigenvalue(i).getReal();
      least = x < eigen.getEigenvalue(least).getReal() ? i : least;
      largest = Math.max(largest, Math.abs(x));
    }
    return new SmallestEigenvalue(
        eigen.getEigenvalue(least).getReal(), largest, Math.abs(next * eigen.getEigenVector(least).get(m - 1)));
  }
}

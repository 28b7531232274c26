package ufm.solve;

import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;
import ufm.backend.Layout;
import ufm.problem.Bias;
import ufm.problem.Loss;
import ufm.problem.UfmProblem;

/**
 * Steps whose minimum is known: they leave every loss as it is and lower the penalties as far as that goes. Along these directions the
 * objective curves only by the penalties, so that for tiny lambdas an iteration creeps; here they cost nothing.
 *
 * <ol>
 *   <li>Softmax losses do not see a constant added to the logits of a sample: the mean row of W and the mean of b go.
 *   <li>With a free bias the mean feature c moves into it, {@code h_i - c}, {@code b + W c}.
 *   <li>Among all factors of Z = W H the balanced ones, {@code W = U S^(1/2)}, {@code H = S^(1/2) V^T} with Z = U S V^T, have the least penalty
 *       (theory sheet D1; Haeffele and Vidal 2015).
 * </ol>
 *
 * <p>For problems with equal penalties on W and H (see {@link Balancing}), a learned W and unconstrained features.
 */
final class ClosedFormSteps {
  /** A decomposition of a larger matrix would cost more than the iterations it saves. */
  private static final int LARGEST = 256;

  private ClosedFormSteps() {}

  /** Whether there is anything to do for problems like this one. */
  static boolean apply(UfmProblem p) {
    return p.classifier().learned() && !p.nonNegativeFeatures() && p.lambdaW() > 0 && p.lambdaH() > 0 && p.classes() <= LARGEST;
  }

  /**
   * The variables after the steps.
   *
   * @param p problem of the lane
   * @param layout blocks W, H and, with a bias, b
   * @param gain factor c of W h in the logits
   * @param weight what a column of H stands for: {@code sqrt(n_k)} for reduced columns, 1 for full ones; its square counts samples
   * @param x variables; not modified
   */
  static double[] of(UfmProblem p, Layout layout, double gain, double[] weight, double[] x) {
    int k = p.classes();
    int d = p.dimension();
    int columns = layout.block("H").cols();
    double[] w = block(layout, "W", x);
    double[] h = block(layout, "H", x);
    double[] b = layout.has("b") ? block(layout, "b", x) : null;
    if (b != null && p.bias() instanceof Bias.Free) {
      moveMeanIntoBias(k, d, columns, gain, weight, w, h, b);
    }
    if (!(p.loss() instanceof Loss.MeanSquaredError)) {
      for (int j = 0; j < d; j++) {
        centre(w, k * j, k);
      }
      if (b != null) {
        centre(b, 0, k);
      }
    }
    balance(k, d, columns, w, h);
    double[] out = x.clone();
    put(layout, "W", w, out);
    put(layout, "H", h, out);
    if (b != null) {
      put(layout, "b", b, out);
    }
    return out;
  }

  private static void moveMeanIntoBias(int k, int d, int columns, double gain, double[] weight, double[] w, double[] h, double[] b) {
    double samples = 0;
    double[] mean = new double[d];
    for (int i = 0; i < columns; i++) {
      samples += weight[i] * weight[i];
      for (int j = 0; j < d; j++) {
        mean[j] += weight[i] * h[j + d * i];
      }
    }
    for (int j = 0; j < d; j++) {
      mean[j] /= samples;
      for (int r = 0; r < k; r++) {
        b[r] += gain * w[r + k * j] * mean[j];
      }
    }
    for (int i = 0; i < columns; i++) {
      for (int j = 0; j < d; j++) {
        h[j + d * i] -= weight[i] * mean[j];
      }
    }
  }

  private static void centre(double[] a, int from, int count) {
    double mean = 0;
    for (int i = 0; i < count; i++) {
      mean += a[from + i];
    }
    mean /= count;
    for (int i = 0; i < count; i++) {
      a[from + i] -= mean;
    }
  }

  private static void balance(int k, int d, int columns, double[] w, double[] h) {
    DMatrixRMaj z = DMatrixRMaj.wrap(k, columns, rowsOfProduct(k, d, columns, w, h));
    SingularValueDecomposition_F64<DMatrixRMaj> svd = DecompositionFactory_DDRM.svd(k, columns, true, true, true);
    if (!svd.decompose(z)) {
      return;
    }
    double[] s = svd.getSingularValues();
    int rank = Math.min(svd.numberOfSingularValues(), s.length);
    Integer[] order = new Integer[rank];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, (a, c) -> s[a] != s[c] ? Double.compare(s[c], s[a]) : a - c);
    DMatrixRMaj u = svd.getU(null, false);
    DMatrixRMaj v = svd.getV(null, false);
    // What is below the rounding of the product is no direction of it; its square root would not be small.
    double noise = rank == 0 ? 0 : Math.max(k, columns) * Math.ulp(1.0) * s[order[0]];
    Arrays.fill(w, 0);
    Arrays.fill(h, 0);
    for (int j = 0; j < Math.min(d, rank); j++) {
      double root = s[order[j]] > noise ? Math.sqrt(s[order[j]]) : 0;
      for (int r = 0; r < k; r++) {
        w[r + k * j] = root * u.get(r, order[j]);
      }
      for (int c = 0; c < columns; c++) {
        h[j + d * c] = root * v.get(c, order[j]);
      }
    }
  }

  /** W H row by row. The inner loop runs over columns, at the same index in both arrays, so that it is vectorised. */
  private static double[] rowsOfProduct(int k, int d, int columns, double[] w, double[] h) {
    double[][] features = new double[d][columns];
    for (int c = 0; c < columns; c++) {
      for (int j = 0; j < d; j++) {
        features[j][c] = h[j + d * c];
      }
    }
    double[] out = new double[k * columns];
    double[] row = new double[columns];
    for (int r = 0; r < k; r++) {
      Arrays.fill(row, 0);
      for (int j = 0; j < d; j++) {
        double f = w[r + k * j];
        double[] feature = features[j];
        for (int c = 0; c < columns; c++) {
          row[c] = Math.fma(f, feature[c], row[c]);
        }
      }
      System.arraycopy(row, 0, out, columns * r, columns);
    }
    return out;
  }

  private static double[] block(Layout layout, String name, double[] x) {
    int from = Math.toIntExact(layout.block(name).offset());
    return Arrays.copyOfRange(x, from, from + Math.toIntExact(layout.block(name).size()));
  }

  private static void put(Layout layout, String name, double[] part, double[] x) {
    System.arraycopy(part, 0, x, Math.toIntExact(layout.block(name).offset()), part.length);
  }
}

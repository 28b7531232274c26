package ufm.lab.command;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.MatrixFeatures_DDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;
import ufm.metric.ClassMeans;
import ufm.problem.Point;
import ufm.problem.UfmProblem;

/**
 * The geometry of a point under the names that predictions use, so that theory and measurement can be put side by side.
 *
 * @param scalars W_fro2, H_fro2, nuclear_norm, rank, margin; beta (mean norm of the columns of H) where the classifier is fixed; for
 *     non-negative features class_means_max_cosine (largest |cos| between two class means that are not zero, NaN if there are no two)
 *     and class_means_orthogonal (1 if that is at most 1e-6 or there are no two, else 0)
 * @param vectors sv (singular values of W H, min(K, N)), w_norms, h_norms (of the class means), b, margins (per class)
 * @param matrices Zbar = W Hbar (class logits without the bias), WWt, HtH_class (Gram matrix of the class means)
 */
record PointGeometry(Map<String, Double> scalars, Map<String, double[]> vectors, Map<String, double[][]> matrices) {
  /** All names that there can be. */
  static final List<String> NAMES =
      List.of(
          "Zbar", "WWt", "HtH_class", "sv", "w_norms", "h_norms", "margins", "b", "margin", "W_fro2", "H_fro2", "nuclear_norm", "rank", "beta",
          "class_means_orthogonal", "class_means_max_cosine");

  /** Cosines up to this count as zero. */
  private static final double ORTHOGONAL = 1e-6;

  /** Singular values below this times the largest do not count for the rank. */
  private static final double RANK = 1e-7;

  /**
   * Measures a point.
   *
   * @param p problem; its labels tell the class of each column
   * @param point N columns
   */
  static PointGeometry of(UfmProblem p, Point point) {
    int k = p.classes();
    int d = p.dimension();
    int n = point.columns();
    DMatrixRMaj w = new DMatrixRMaj(point.wRows());
    DMatrixRMaj h = new DMatrixRMaj(point.hRows());
    DMatrixRMaj means = new DMatrixRMaj(Point.rows(ClassMeans.of(p, point.h(), n).means(), d, k));
    DMatrixRMaj z = new DMatrixRMaj(k, n);
    CommonOps_DDRM.mult(w, h, z);
    DMatrixRMaj zbar = new DMatrixRMaj(k, k);
    CommonOps_DDRM.mult(w, means, zbar);
    DMatrixRMaj wwt = new DMatrixRMaj(k, k);
    CommonOps_DDRM.multTransB(w, w, wwt);
    DMatrixRMaj hth = new DMatrixRMaj(k, k);
    CommonOps_DDRM.multTransA(means, means, hth);

    double[] sv = singularValues(z);
    double[] margins = margins(p, point, z);
    Map<String, Double> scalars = new LinkedHashMap<>();
    scalars.put("margin", Arrays.stream(margins).min().orElseThrow());
    scalars.put("W_fro2", squares(point.w()));
    scalars.put("H_fro2", squares(point.h()));
    scalars.put("nuclear_norm", Arrays.stream(sv).sum());
    scalars.put("rank", Double.isNaN(sv[0]) ? Double.NaN : Arrays.stream(sv).filter(s -> s > RANK * sv[0] && s > 1e-12).count());
    if (!p.classifier().learned()) {
      scalars.put("beta", meanColumnNorm(point.h(), d, n));
    }
    if (p.nonNegativeFeatures()) {
      double cosine = largestCosine(hth);
      scalars.put("class_means_orthogonal", cosine > ORTHOGONAL ? 0.0 : 1.0);
      scalars.put("class_means_max_cosine", cosine);
    }
    Map<String, double[]> vectors = new LinkedHashMap<>();
    vectors.put("sv", sv);
    vectors.put("w_norms", diagonalRoots(wwt));
    vectors.put("h_norms", diagonalRoots(hth));
    vectors.put("margins", margins);
    if (point.b() != null) {
      vectors.put("b", point.b());
    }
    Map<String, double[][]> matrices = new LinkedHashMap<>();
    matrices.put("Zbar", rows(zbar));
    matrices.put("WWt", rows(wwt));
    matrices.put("HtH_class", rows(hth));
    return new PointGeometry(scalars, vectors, matrices);
  }

  /** Everything in one object, for JSON. */
  Map<String, Object> gram() {
    Map<String, Object> out = new LinkedHashMap<>(matrices);
    out.putAll(vectors);
    out.putAll(JsonDocument.scalars(scalars));
    return out;
  }

  private static double largestCosine(DMatrixRMaj gram) {
    double[] norms = diagonalRoots(gram);
    double zero = Math.max(1e-12, RANK * Arrays.stream(norms).max().orElseThrow());
    double most = Double.NaN;
    for (int i = 0; i < norms.length; i++) {
      for (int j = 0; j < i; j++) {
        if (norms[i] > zero && norms[j] > zero) {
          double cosine = Math.abs(gram.get(i, j)) / (norms[i] * norms[j]);
          most = Double.isNaN(most) ? cosine : Math.max(most, cosine);
        }
      }
    }
    return most;
  }

  private static double[] singularValues(DMatrixRMaj z) {
    // The wide matrix is decomposed as a tall one, which the decomposition first reduces by QR.
    DMatrixRMaj tall = new DMatrixRMaj(z.numCols, z.numRows);
    CommonOps_DDRM.transpose(z, tall);
    double largest = CommonOps_DDRM.elementMaxAbs(tall);
    int power = largest > 0 && Double.isFinite(largest) ? Math.getExponent(largest) : 0;
    for (int i = 0; i < tall.data.length; i++) {
      // By a power of two, so that no product inside the decomposition overflows.
      tall.data[i] = Math.scalb(tall.data[i], -power);
    }
    SingularValueDecomposition_F64<DMatrixRMaj> svd = DecompositionFactory_DDRM.svd(tall.numRows, tall.numCols, false, false, true);
    if (MatrixFeatures_DDRM.hasUncountable(tall) || !svd.decompose(tall)) {
      double[] unknown = new double[Math.min(z.numRows, z.numCols)];
      Arrays.fill(unknown, Double.NaN);
      return unknown;
    }
    double[] sv = Arrays.copyOf(svd.getSingularValues(), svd.numberOfSingularValues());
    Arrays.sort(sv);
    double[] decreasing = new double[sv.length];
    for (int i = 0; i < sv.length; i++) {
      decreasing[i] = Math.scalb(sv[sv.length - 1 - i], power);
    }
    return decreasing;
  }

  /** For each class the smallest over its samples of the true logit less the best other one, bias included. */
  private static double[] margins(UfmProblem p, Point point, DMatrixRMaj z) {
    double[] out = new double[p.classes()];
    Arrays.fill(out, Double.POSITIVE_INFINITY);
    for (int i = 0; i < p.samples(); i++) {
      int y = p.label(i);
      double best = Double.NEGATIVE_INFINITY;
      for (int c = 0; c < p.classes(); c++) {
        if (c != y) {
          best = Math.max(best, logit(point, z, c, i));
        }
      }
      out[y] = Math.min(out[y], logit(point, z, y, i) - best);
    }
    return out;
  }

  private static double logit(Point point, DMatrixRMaj z, int c, int i) {
    return z.get(c, i) + (point.b() == null ? 0 : point.b()[c]);
  }

  private static double meanColumnNorm(double[] h, int d, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += Math.sqrt(squares(Arrays.copyOfRange(h, d * i, d * (i + 1))));
    }
    return sum / n;
  }

  private static double squares(double[] a) {
    double sum = 0;
    for (double x : a) {
      sum += x * x;
    }
    return sum;
  }

  private static double[] diagonalRoots(DMatrixRMaj gram) {
    double[] out = new double[gram.numRows];
    for (int i = 0; i < out.length; i++) {
      out[i] = Math.sqrt(gram.get(i, i));
    }
    return out;
  }

  private static double[][] rows(DMatrixRMaj a) {
    double[][] out = new double[a.numRows][];
    for (int i = 0; i < out.length; i++) {
      out[i] = Arrays.copyOfRange(a.data, i * a.numCols, (i + 1) * a.numCols);
    }
    return out;
  }
}

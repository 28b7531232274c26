package ufm.metric;

import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.Layout;
import ufm.problem.Point;
import ufm.problem.UfmProblem;

/**
 * Computes {@link CollapseMetrics} again and again for problems of one shape, reusing its memory. Cost O(N d K + K^3), without any d x d
 * matrix: with {@code M^T M = V L V^T} the trace of NC1 is {@code (K/N) sum_i |P^T (h_i - hbar_{y_i})|^2}, {@code P = M V L^{-1}} over the
 * kept eigenvalues.
 *
 * <p>Not safe for use by several threads.
 */
public final class MetricWorkspace {
  /** Eigenvalues of Sigma_B below this share of the largest are treated as zero (theory sheet H1). */
  private static final double RANK_CUT = 1e-10;

  private final int classes;
  private final int dimension;
  private final ClassMeans statistics;
  private final DMatrixRMaj gram;
  private final EigenDecomposition_F64<DMatrixRMaj> eigen;
  private final double[] between;
  private final double[] product;
  private final double[] inverse;
  private final double[] logits;
  private final double[] deviation;
  private final double[] w;
  private final double[] b;
  private int[] labels = new int[0];
  private int[] weights = new int[0];
  private double[] h = new double[0];

  /** Room for problems with this K and d. */
  public MetricWorkspace(UfmProblem shape) {
    classes = shape.classes();
    dimension = shape.dimension();
    statistics = new ClassMeans(classes, dimension);
    gram = new DMatrixRMaj(classes, classes);
    eigen = DecompositionFactory_DDRM.eig(classes, true, true);
    between = new double[classes * classes];
    product = new double[classes * classes];
    inverse = new double[dimension * classes];
    logits = new double[classes];
    deviation = new double[dimension];
    w = new double[classes * dimension];
    b = new double[classes];
  }

  /** The class statistics of the last point measured (a view). */
  public ClassMeans statistics() {
    return statistics;
  }

  /** The metrics of one point, see {@link CollapseMetrics#of(UfmProblem, Point)}. */
  public CollapseMetrics measure(UfmProblem problem, Point point) {
    if (point.classes() != classes || point.dimension() != dimension) {
      throw new IllegalArgumentException(
          "The point has K = " + point.classes() + ", d = " + point.dimension() + ", but the problem has " + classes + " and " + dimension + ".");
    }
    columns(problem, point.columns());
    return measure(point.w(), point.h(), point.b());
  }

  /**
   * The metrics of the active lanes, see {@link CollapseMetrics#of(Backend, Layout, Lanes, LaneBuffer, List)}.
   *
   * @param problems the problem of each lane, all with the labels of the first
   */
  public CollapseMetrics[] measure(Backend backend, Layout layout, Lanes lanes, LaneBuffer x, List<UfmProblem> problems) {
    CollapseMetrics[] out = new CollapseMetrics[x.lanes()];
    Layout.Block features = layout.block("H");
    columns(problems.getFirst(), features.cols());
    if (h.length != features.size()) {
      h = new double[Math.toIntExact(features.size())];
    }
    for (int i = 0; i < lanes.count(); i++) {
      int lane = lanes.at(i);
      backend.read(x, lane, features.offset(), h, 0, h.length);
      if (layout.has("W")) {
        backend.read(x, lane, layout.block("W").offset(), w, 0, w.length);
      } else {
        System.arraycopy(problems.get(lane).classifier().fixedMatrix(classes, dimension), 0, w, 0, w.length);
      }
      boolean biased = layout.has("b");
      if (biased) {
        backend.read(x, lane, layout.block("b").offset(), b, 0, b.length);
      }
      out[lane] = measure(w, h, biased ? b : null);
    }
    return out;
  }

  private void columns(UfmProblem problem, int count) {
    if (labels.length != count) {
      labels = new int[count];
      weights = new int[count];
    }
    ClassMeans.columns(problem, labels, weights);
  }

  private CollapseMetrics measure(double[] w, double[] h, double[] b) {
    statistics.update(h, 0, labels, weights);
    double[] m = statistics.centredMeans();
    gram(m, dimension, classes, between);
    double within = finite(statistics.traceWithin());
    double trace = finite(statistics.traceBetween());
    double nc1 = nc1(h, within);
    double nc2H = FrameGeometry.distanceToFrame(between, classes);
    double equinormH = FrameGeometry.normSpread(between, classes);
    double angleH = FrameGeometry.angleSpread(between, classes);
    double maxAngleH = FrameGeometry.angleExcess(between, classes);
    double nc3 = nc3(w, m);
    double nc3Papyan = nc3Papyan(w, m);
    gramOfRows(w, product);
    double[] decision = decisions(w, h, b);
    return new CollapseMetrics(
        nc1, within / trace, FrameGeometry.distanceToFrame(product, classes), nc2H, nc3, nc3Papyan, decision[0], decision[1], cdnvMean(), equinormH,
        FrameGeometry.normSpread(product, classes), angleH, FrameGeometry.angleSpread(product, classes), maxAngleH, FrameGeometry.angleExcess(product, classes), decision[2], decision[3], within, trace);
  }

  /** NC1 = tr(Sigma_W Sigma_B^+)/K. */
  private double nc1(double[] h, double within) {
    System.arraycopy(between, 0, gram.data, 0, between.length);
    double largest = 0;
    if (allFinite(between) && eigen.decompose(gram)) {
      for (int j = 0; j < classes; j++) {
        largest = Math.max(largest, eigen.getEigenvalue(j).getReal());
      }
    } else {
      return Double.NaN;
    }
    if (!(largest > 0)) {
      return within > 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    }
    double[] m = statistics.centredMeans();
    int kept = 0;
    for (int j = 0; j < classes; j++) {
      double l = eigen.getEigenvalue(j).getReal();
      if (l > RANK_CUT * largest) {
        double[] v = eigen.getEigenVector(j).data;
        for (int a = 0; a < dimension; a++) {
          double s = 0;
          for (int k = 0; k < classes; k++) {
            s += m[a + dimension * k] * v[k];
          }
          inverse[a + dimension * kept] = s / l;
        }
        kept++;
      }
    }
    double[] means = statistics.means();
    double sum = 0;
    for (int i = 0; i < labels.length; i++) {
      for (int a = 0; a < dimension; a++) {
        deviation[a] = h[a + dimension * i] - means[a + dimension * labels[i]];
      }
      double q = 0;
      for (int j = 0; j < kept; j++) {
        double s = 0;
        for (int a = 0; a < dimension; a++) {
          s += inverse[a + dimension * j] * deviation[a];
        }
        q += s * s;
      }
      sum += weights[i] * q;
    }
    return sum / statistics.samples();
  }

  private double nc3(double[] w, double[] m) {
    for (int k = 0; k < classes; k++) {
      for (int l = 0; l < classes; l++) {
        double s = 0;
        for (int a = 0; a < dimension; a++) {
          s += w[k + classes * a] * m[a + dimension * l];
        }
        product[k + classes * l] = s;
      }
    }
    return FrameGeometry.distanceToFrame(product, classes);
  }

  private double nc3Papyan(double[] w, double[] m) {
    double normW = FrameGeometry.norm(w);
    double normM = FrameGeometry.norm(m);
    double s = 0;
    for (int k = 0; k < classes; k++) {
      for (int a = 0; a < dimension; a++) {
        double x = w[k + classes * a] / normW - m[a + dimension * k] / normM;
        s += x * x;
      }
    }
    return s;
  }

  /** nc4 agreement, accuracy, smallest margin, mean margin. */
  private double[] decisions(double[] w, double[] h, double[] b) {
    double[] means = statistics.means();
    long agree = 0;
    long right = 0;
    double smallest = Double.POSITIVE_INFINITY;
    double total = 0;
    for (int i = 0; i < labels.length; i++) {
      int nearest = 0;
      double best = Double.POSITIVE_INFINITY;
      for (int k = 0; k < classes; k++) {
        double z = b == null ? 0 : b[k];
        double distance = 0;
        for (int a = 0; a < dimension; a++) {
          double x = h[a + dimension * i];
          z += w[k + classes * a] * x;
          double y = x - means[a + dimension * k];
          distance += y * y;
        }
        logits[k] = z;
        if (distance < best) {
          best = distance;
          nearest = k;
        }
      }
      int top = 0;
      double other = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < classes; k++) {
        if (logits[k] > logits[top]) {
          top = k;
        }
        if (k != labels[i]) {
          other = Math.max(other, logits[k]);
        }
      }
      double margin = logits[labels[i]] - other;
      if (!Double.isFinite(best) || !allFinite(logits)) {
        // Overflow: neither the largest logit nor the nearest mean is known.
        return new double[] {Double.NaN, Double.NaN, Double.NaN, Double.NaN};
      }
      smallest = Math.min(smallest, margin);
      total += weights[i] * margin;
      agree += top == nearest ? weights[i] : 0;
      right += top == labels[i] ? weights[i] : 0;
    }
    double n = statistics.samples();
    return new double[] {agree / n, right / n, smallest, total / n};
  }

  private double cdnvMean() {
    double s = 0;
    for (int i = 0; i < classes; i++) {
      for (int j = 0; j < classes; j++) {
        s += statistics.cdnv(i, j);
      }
    }
    return s / ((double) classes * (classes - 1));
  }

  private static void gram(double[] a, int rows, int cols, double[] out) {
    for (int k = 0; k < cols; k++) {
      for (int l = 0; l <= k; l++) {
        double s = 0;
        for (int j = 0; j < rows; j++) {
          s += a[j + rows * k] * a[j + rows * l];
        }
        out[k + cols * l] = s;
        out[l + cols * k] = s;
      }
    }
  }

  private void gramOfRows(double[] w, double[] out) {
    for (int k = 0; k < classes; k++) {
      for (int l = 0; l <= k; l++) {
        double s = 0;
        for (int a = 0; a < dimension; a++) {
          s += w[k + classes * a] * w[l + classes * a];
        }
        out[k + classes * l] = s;
        out[l + classes * k] = s;
      }
    }
  }

  private static double finite(double x) {
    return Double.isFinite(x) ? x : Double.NaN;
  }

  private static boolean allFinite(double[] a) {
    for (double x : a) {
      if (!Double.isFinite(x)) {
        return false;
      }
    }
    return true;
  }
}

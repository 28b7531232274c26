package ufm.metric;

import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.Layout;
import ufm.objective.ClassMeanReduction;
import ufm.problem.Point;
import ufm.problem.UfmProblem;

/**
 * Computes {@link CollapseMetrics} again and again for problems of one shape, reusing its memory. Cost O(N d K + K^3), without any d x d
 * matrix; samples in {@link SamplePanels}, everything else from K x K matrices. A class whose columns are one column with a multiplicity
 * has no spread, and where none has, nothing is decomposed.
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
  private final double[] separation;
  private final double[][] columns;
  private final double[][] sums;
  private final SamplePanels samples;
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
    separation = new double[classes * classes];
    columns = new double[dimension][classes];
    sums = new double[classes][classes];
    samples = new SamplePanels(classes, dimension);
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
    Point distinct = ClassMeanReduction.collapsed(problem, point);
    columns(problem, distinct.columns());
    return measure(distinct.w(), distinct.h(), distinct.b());
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
    for (int a = 0; a < dimension; a++) {
      for (int k = 0; k < classes; k++) {
        columns[a][k] = m[a + dimension * k];
      }
    }
    gram(between);
    double within = finite(statistics.traceWithin());
    double trace = finite(statistics.traceBetween());
    double cdnvMean = separations();
    double[][] inverse = inverse(within);
    samples.measure(statistics, separation, inverse == null ? new double[0][] : inverse, w, h, b, labels, weights);
    double nc1 = inverse != null ? samples.nc1() : allFinite(between) && within > 0 ? Double.POSITIVE_INFINITY : Double.NaN;
    double nc2H = FrameGeometry.distanceToFrame(between, classes);
    double equinormH = FrameGeometry.normSpread(between, classes);
    double angleH = FrameGeometry.angleSpread(between, classes);
    double maxAngleH = FrameGeometry.angleExcess(between, classes);
    double nc3Papyan = nc3Papyan(w, m);
    for (int a = 0; a < dimension; a++) {
      System.arraycopy(w, classes * a, columns[a], 0, classes);
    }
    productWith(m, product);
    double nc3 = FrameGeometry.distanceToFrame(product, classes);
    gram(product);
    return new CollapseMetrics(
        nc1, within / trace, FrameGeometry.distanceToFrame(product, classes), nc2H, nc3, nc3Papyan, samples.agreement(), samples.accuracy(),
        cdnvMean, equinormH, FrameGeometry.normSpread(product, classes), angleH, FrameGeometry.angleSpread(product, classes), maxAngleH,
        FrameGeometry.angleExcess(product, classes), samples.margin(), samples.meanMargin(), within, trace);
  }

  /** {@code v / l} for the kept eigenpairs of M^T M, none where no feature deviates from its mean; null where M = 0 or overflows. */
  private double[][] inverse(double within) {
    if (!allFinite(between)) {
      return null;
    }
    if (within == 0) {
      return FrameGeometry.norm(between) > 0 ? new double[0][] : null;
    }
    System.arraycopy(between, 0, gram.data, 0, between.length);
    if (!eigen.decompose(gram)) {
      return null;
    }
    double largest = 0;
    for (int j = 0; j < classes; j++) {
      largest = Math.max(largest, eigen.getEigenvalue(j).getReal());
    }
    if (!(largest > 0)) {
      return null;
    }
    double[][] out = new double[classes][];
    int kept = 0;
    for (int j = 0; j < classes; j++) {
      double l = eigen.getEigenvalue(j).getReal();
      if (l > RANK_CUT * largest) {
        out[kept] = new double[classes];
        for (int k = 0; k < classes; k++) {
          out[kept][k] = eigen.getEigenVector(j).data[k] / l;
        }
        kept++;
      }
    }
    return Arrays.copyOf(out, kept);
  }

  /** Fills in {@code |hbar_k - hbar_l|^2}; returns the mean of the class-distance normalised variances. */
  private double separations() {
    double[] variance = statistics.variances();
    double s = 0;
    for (int i = 0; i < classes; i++) {
      for (int j = 0; j < i; j++) {
        double x = statistics.separation2(i, j);
        separation[i + classes * j] = x;
        separation[j + classes * i] = x;
        s += (variance[i] + variance[j]) / x;
      }
    }
    return s / ((double) classes * (classes - 1));
  }

  private double nc3Papyan(double[] w, double[] m) {
    double normW = FrameGeometry.norm(w);
    double normM = FrameGeometry.norm(m);
    double s = 0;
    for (int a = 0; a < dimension; a++) {
      double[] means = columns[a];
      for (int k = 0; k < classes; k++) {
        double x = w[k + classes * a] / normW - means[k] / normM;
        s += x * x;
      }
    }
    return s;
  }

  /** The sum of the outer products of {@link #columns} with themselves: the Gram matrix of the vectors whose entries they hold. */
  private void gram(double[] out) {
    for (int l = 0; l < classes; l++) {
      Arrays.fill(sums[l], 0);
    }
    for (double[] column : columns) {
      for (int l = 0; l < classes; l++) {
        addScaled(column[l], column, l, classes, sums[l]);
      }
    }
    for (int l = 0; l < classes; l++) {
      for (int k = l; k < classes; k++) {
        out[k + classes * l] = sums[l][k];
        out[l + classes * k] = sums[l][k];
      }
    }
  }

  /** {@code W M}, the columns of W in {@link #columns}. */
  private void productWith(double[] m, double[] out) {
    for (int l = 0; l < classes; l++) {
      Arrays.fill(sums[l], 0);
      for (int a = 0; a < dimension; a++) {
        addScaled(m[a + dimension * l], columns[a], 0, classes, sums[l]);
      }
      System.arraycopy(sums[l], 0, out, classes * l, classes);
    }
  }

  private static void addScaled(double f, double[] x, int start, int end, double[] out) {
    for (int i = start; i < end; i++) {
      out[i] += f * x[i];
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

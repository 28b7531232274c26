package ufm.landscape;

import java.util.Locale;
import ufm.certify.Certificate;
import ufm.certify.DualityGap;
import ufm.certify.GramEigen;
import ufm.certify.LogitFit;
import ufm.certify.PointTerms;
import ufm.problem.Loss;
import ufm.problem.Point;
import ufm.problem.UfmProblem;

/**
 * Second-order analysis of a point of the full problem (theory sheet F, D4; Haeffele and Vidal 2015, Zhu et al. 2021).
 *
 * <p>For a convex loss a critical point with {@code |G|_2 <= lambda_Z} is a global minimum. Otherwise, with u, v the leading singular vectors of
 * G and a unit vector a in the null space of W, {@code dW = (lambda_H/lambda_W)^{1/4} u a^T, dH = -(lambda_W/lambda_H)^{1/4} a v^T} has second
 * derivative {@code -2 (|G|_2 - lambda_Z)}: a strict saddle. For focal loss with gamma > 0 the first half is not true (A6: spurious local minima
 * with {@code |G|_2 = lambda_Z} exist), so only the curvature speaks.
 *
 * <p>Tolerances: the gradient counts as zero up to 1e-6 of the size of its terms, {@code |G|_2 <= lambda_Z} up to 1e-7 relative, a curvature as
 * zero up to 1e-10 of the largest one plus ten times the gradient norm (over |x| where that is above 1). A curvature by the Lanczos method
 * counts with its residual: unless that is at most 1e-10 of the largest curvature, no local minimum is claimed.
 */
public final class Landscape {
  /** Up to this many variables the Hessian is formed. */
  private static final int DENSE = 600;

  /** Numbers that the Lanczos vectors, or the gauge directions, may take together. */
  private static final long ROOM = 20_000_000;

  /** Vectors in a Lanczos basis, at most. */
  private static final int BASIS = 200;

  /** Multiplications that the orthogonalisation of one eigenvalue may take, about half a minute. */
  private static final long WORK = 40_000_000_000L;

  private static final double CRITICAL = 1e-6;
  private static final double SPECTRAL = 1e-7;
  private static final double RANK = 1e-6;

  private Landscape() {}

  /**
   * First- and second-order report.
   *
   * @param problem the full problem
   * @param point N columns, or K class-mean columns; not modified
   * @throws IllegalArgumentException if the point's shape does not fit the problem
   */
  public static CriticalPointReport analyse(UfmProblem problem, Point point) {
    LogitFit fit = LogitFit.of(problem, point);
    PointTerms terms = new PointTerms(fit);
    if (!Double.isFinite(terms.value()) || !Double.isFinite(terms.gradientNorm())) {
      double nan = Double.NaN;
      return new CriticalPointReport(
          terms.value(), terms.gradientNorm(), nan, nan, problem.lambdaZ(), nan, nan, null, nan, nan, nan, nan, "not computed: not finite", 0, 0,
          CriticalPointReport.Verdict.NOT_AVAILABLE, "not available: " + DualityGap.NOT_FINITE);
    }
    int k = problem.classes();
    int d = problem.dimension();
    double[] g = fit.gradient().clone();
    for (int i = 0; i < g.length; i++) {
      g[i] /= problem.samples();
    }
    GramEigen spectrum = new GramEigen(g, k, fit.columns());
    GramEigen rowSpace = new GramEigen(transpose(fit.w(), k, d), d, k);
    int rankW = rowSpace.rank(RANK);
    double sigma = spectrum.spectralNorm();
    double lambda = problem.lambdaZ();
    boolean learned = problem.classifier().learned();
    boolean escapes =
        learned && !problem.nonNegativeFeatures() && lambda > 0 && sigma > lambda * (1 + SPECTRAL) && rankW < d;
    double curvature = -2 * (sigma - lambda);
    double ratio = Math.sqrt(problem.lambdaH() / problem.lambdaW());
    Point direction = escapes ? escape(problem, spectrum, rowSpace, fit.columns()) : null;

    HessianOperator hessian = new HessianOperator(fit);
    GramEigen basis = hessian.featureBasis();
    int rank = basis.rank(RANK);
    int gaugeDimension = hessian.gaugeDimension(rank);
    double gradNorm = terms.gradientNorm();
    Curvatures found = curvatures(hessian, basis, rank, gaugeDimension);

    double size = Math.sqrt(HessianOperator.dot(fit.h(), fit.h()) + HessianOperator.dot(fit.w(), fit.w()));
    double zero = 1e-10 * found.all.largest() + 10 * gradNorm / Math.max(1, size);
    Judgement judgement = judge(problem, point, gradNorm, terms.gradientScale(), sigma, escapes, found, zero);
    return new CriticalPointReport(
        terms.value(), gradNorm, terms.gradientScale(), sigma, lambda, learned ? curvature : Double.NaN,
        escapes ? curvature / (ratio + 1 / ratio) : Double.NaN, direction, found.all.value(), found.all.residual(), found.across.value(),
        found.across.residual(), found.method, gaugeDimension, rankW,
        judgement.verdict, judgement.why);
  }

  /** {@code across} leaves the gauge directions out. */
  private record Curvatures(SmallestEigenvalue all, SmallestEigenvalue across, String method) {}

  private record Judgement(CriticalPointReport.Verdict verdict, String why) {}

  private static Curvatures curvatures(HessianOperator hessian, GramEigen basis, int rank, int gaugeDimension) {
    long n = hessian.size();
    boolean gaugeFits = gaugeDimension * n <= ROOM && (double) gaugeDimension * gaugeDimension * n <= 4e9;
    double[][] gauge = gaugeFits ? hessian.gauge(basis, rank) : new double[0][];
    if (n <= DENSE) {
      SmallestEigenvalue all = SmallestEigenvalue.dense(hessian, new double[0][]);
      SmallestEigenvalue across = gauge.length == 0 ? all : SmallestEigenvalue.dense(hessian, gauge);
      return new Curvatures(all, across, "dense");
    }
    SmallestEigenvalue unknown = new SmallestEigenvalue(Double.NaN, Double.NaN, Double.NaN);
    int room = (int) Math.min(BASIS, ROOM / n);
    if (room < 30) {
      return new Curvatures(unknown, unknown, "not computed: " + n + " variables are too many");
    }
    SmallestEigenvalue all = SmallestEigenvalue.lanczos(hessian, new double[0][], room, products(n, room, 0));
    SmallestEigenvalue across =
        !gaugeFits ? unknown : gauge.length == 0 ? all : SmallestEigenvalue.lanczos(hessian, gauge, room, products(n, room, gauge.length));
    boolean converged = all.converged() && (!gaugeFits || across.converged());
    String method =
        converged
            ? "lanczos"
            : String.format(Locale.ROOT, "lanczos, not converged (residual %.2g", all.residual())
                + (gaugeFits ? String.format(Locale.ROOT, ", transverse %.2g)", across.residual()) : ")");
    return new Curvatures(all, across, gaugeFits ? method : method + "; too many gauge directions to remove");
  }

  /** A limit on the products that keeps the orthogonalisation within {@link #WORK}. */
  private static int products(long n, int room, int gauge) {
    return (int) Math.clamp(WORK / (4 * n * (room + gauge)), 300, 20_000);
  }

  private static Judgement judge(
      UfmProblem problem, Point point, double gradNorm, double gradScale, double sigma, boolean escapes, Curvatures found, double zero) {
    double lambda = problem.lambdaZ();
    boolean convex = problem.loss().convex();
    if (!(gradNorm <= CRITICAL * gradScale)) {
      return new Judgement(
          CriticalPointReport.Verdict.NOT_CRITICAL,
          String.format(Locale.ROOT, "Not a critical point: the gradient norm is %.3g of the size of its terms.", gradNorm / gradScale));
    }
    if (convex && !problem.classifier().learned()) {
      return new Judgement(
          CriticalPointReport.Verdict.GLOBAL_MINIMUM, "A critical point of a convex problem (the classifier is fixed): a global minimum.");
    }
    if (convex && problem.nonNegativeFeatures()) {
      Certificate c = DualityGap.certify(problem, point);
      if (c.globallyOptimal()) {
        return new Judgement(CriticalPointReport.Verdict.GLOBAL_MINIMUM, "Critical, and the duality gap closes: " + c.verdict() + ".");
      }
    } else if (convex && lambda > 0 && sigma <= lambda * (1 + SPECTRAL)) {
      return new Judgement(
          CriticalPointReport.Verdict.GLOBAL_MINIMUM,
          String.format(Locale.ROOT, "Critical with |G|_2/lambda_Z = %.10g, at most 1 to rounding: a global minimum.", sigma / lambda));
    }
    String focal =
        problem.loss() instanceof Loss.Focal && !convex
            ? " Focal loss is not convex, so |G|_2 <= lambda_Z would not certify a global minimum."
            : "";
    // A Ritz value is at least the smallest eigenvalue, so a negative one proves a saddle whatever its residual.
    if (escapes || found.all.value() < -zero) {
      String how = escapes
          ? String.format(Locale.ROOT, "|G|_2 = %.6g exceeds lambda_Z = %.6g and W has a null space, so f falls along the escape direction", sigma, lambda)
          : String.format(Locale.ROOT, "the Hessian has a curvature of %.6g", found.all.value());
      return new Judgement(CriticalPointReport.Verdict.STRICT_SADDLE, "A strict saddle: " + how + "." + focal);
    }
    SmallestEigenvalue across = found.across;
    if (!Double.isNaN(across.value()) && !across.converged()) {
      return new Judgement(
          CriticalPointReport.Verdict.DEGENERATE,
          String.format(
              Locale.ROOT, "Critical, but undecided: the smallest curvature across the gauge directions is known as %.3g with a residual of %.3g only.%s",
              across.value(), across.residual(), focal));
    }
    if (across.value() - across.residual() > zero) {
      return new Judgement(
          CriticalPointReport.Verdict.LOCAL_MINIMUM,
          String.format(
              Locale.ROOT, "A strict local minimum up to its gauge directions: the smallest curvature across them is %.6g.%s", across.value(), focal));
    }
    return new Judgement(
        CriticalPointReport.Verdict.DEGENERATE,
        Double.isNaN(across.value())
            ? "Critical; the curvature was not computed, and |G|_2 does not decide." + focal
            : String.format(Locale.ROOT, "Degenerate: the smallest curvature across the gauge directions, %.3g, is zero to rounding.%s", across.value(), focal));
  }

  private static Point escape(UfmProblem problem, GramEigen spectrum, GramEigen rowSpace, int columns) {
    int k = problem.classes();
    int d = problem.dimension();
    double root = Math.pow(problem.lambdaH() / problem.lambdaW(), 0.25);
    double[] dw = new double[k * d];
    double[] dh = new double[d * columns];
    // The last left singular vector of W^T spans a line in the null space of W.
    int last = d * (d - 1);
    for (int a = 0; a < d; a++) {
      double x = rowSpace.vectors()[last + a];
      for (int i = 0; i < k; i++) {
        dw[i + k * a] = root * spectrum.vectors()[i] * x;
      }
      for (int c = 0; c < columns; c++) {
        dh[a + d * c] = -x * spectrum.turned()[0][c] / spectrum.spectralNorm() / root;
      }
    }
    return new Point(k, d, columns, dw, dh, problem.bias().present() ? new double[k] : null);
  }

  private static double[] transpose(double[] a, int rows, int cols) {
    double[] out = new double[a.length];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) {
        out[j + cols * i] = a[i + rows * j];
      }
    }
    return out;
  }
}

package ufm.certify;

import java.util.Arrays;
import ufm.problem.UfmProblem;

/**
 * Value and gradient of a point on the host with bounds on their rounding: what {@link LogitFit} says of the fit, plus the penalties.
 * Penalties count each column of H as often as it stands for a sample.
 */
public final class PointTerms {
  private static final double U = Compensated.U;

  final double value;
  final double rounding;
  final double biasPenalty;

  /** Norm of the gradient in (W, H, b), W left out where it is fixed; H's share with non-negative features is {@code P(h - g) - h}. */
  final double gradientNorm;

  /** Sum of the norms of the gradient's terms. */
  final double gradientScale;

  /** d f/d h of each column's sample, d x C; d f/d b, or null. */
  final double[] gradientH;

  final double[] gradientB;

  /** Bounds on the rounding of the columns of {@link #gradientH} and of {@link #gradientB}, Euclidean. */
  final double[] errorH;

  final double errorB;

  /** Evaluates the point of a fit. */
  public PointTerms(LogitFit fit) {
    this(fit, true);
  }

  /** The value alone: everything about the gradient is NaN or null. */
  static PointTerms valueOnly(LogitFit fit) {
    return new PointTerms(fit, false);
  }

  private PointTerms(LogitFit fit, boolean withGradient) {
    UfmProblem problem = fit.problem();
    int k = problem.classes();
    int d = problem.dimension();
    int n = problem.samples();
    int columns = fit.columns();
    boolean learned = problem.classifier().learned();
    double[] w = fit.w();
    double[] h = fit.h();
    double[] b = fit.b();
    double[] g = fit.gradient();
    int[] weights = fit.weights();
    double squareW = Compensated.squaredNorm(w);
    double squareH = Compensated.weightedSquares(h, d, weights);
    double penaltyW = learned ? problem.lambdaW() / 2 * squareW : 0;
    double penaltyH = problem.lambdaH() / 2 * squareH;
    biasPenalty = b == null ? 0 : problem.bias().penalty() / 2 * Compensated.squaredNorm(b);
    Compensated total = new Compensated();
    total.add(fit.value());
    total.add(penaltyW);
    total.add(penaltyH);
    total.add(biasPenalty);
    value = total.value();
    rounding = fit.rounding() + (12 * U + Compensated.absolute(d)) * (penaltyW + penaltyH + biasPenalty) + 2 * U * Math.abs(value);

    if (!withGradient) {
      gradientH = null;
      errorH = null;
      gradientB = null;
      errorB = Double.NaN;
      gradientNorm = Double.NaN;
      gradientScale = Double.NaN;
      return;
    }
    gradientH = new double[d * columns];
    errorH = new double[columns];
    double[] lossH = new double[d];
    // As rows, so that all inner loops run along features.
    double[][] rows = Compensated.rows(w, k, d);
    double[][] rowsGradient = new double[learned ? k : 0][d];
    double[] column = new double[d];
    double normW = Math.sqrt(squareW);
    double fitH = 0;
    double allH = 0;
    for (int c = 0; c < columns; c++) {
      double normG = 0;
      Arrays.fill(lossH, 0);
      System.arraycopy(h, d * c, column, 0, d);
      for (int i = 0; i < k; i++) {
        double y = g[i + k * c];
        normG += y * y;
        addScaled(y, rows[i], lossH);
        if (learned) {
          addScaled(weights[c] * y / n, column, rowsGradient[i]);
        }
      }
      double normH = 0;
      double own = 0;
      double moves = 0;
      for (int a = 0; a < d; a++) {
        double x = column[a];
        double fromLoss = lossH[a] / n;
        double slope = fromLoss + problem.lambdaH() * x;
        gradientH[a + d * c] = slope;
        own += fromLoss * fromLoss;
        double move = problem.nonNegativeFeatures() ? Math.max(0, x - slope) - x : slope;
        moves += move * move;
        normH += x * x;
      }
      fitH += weights[c] * own;
      allH += weights[c] * moves;
      errorH[c] = 1.01 * (normW / n * (fit.gradientError()[c] + (k + 4) * U * Math.sqrt(normG)) + 4 * U * problem.lambdaH() * Math.sqrt(normH));
    }
    double norm2 = allH;
    double scale = Math.sqrt(fitH) + problem.lambdaH() * Math.sqrt(squareH);
    if (learned) {
      double fitW = 0;
      for (int i = 0; i < k; i++) {
        for (int a = 0; a < d; a++) {
          double fromLoss = rowsGradient[i][a];
          fitW += fromLoss * fromLoss;
          double x = fromLoss + problem.lambdaW() * rows[i][a];
          norm2 += x * x;
        }
      }
      scale += Math.sqrt(fitW) + problem.lambdaW() * normW;
    }
    double slipB = 0;
    if (b == null) {
      gradientB = null;
    } else {
      gradientB = new double[k];
      double fitB = 0;
      double sizeB = 0;
      for (int i = 0; i < k; i++) {
        Compensated s = new Compensated();
        for (int c = 0; c < columns; c++) {
          s.addProduct(weights[c], g[i + k * c]);
          fitB += weights[c] * g[i + k * c] * g[i + k * c] / n;
        }
        gradientB[i] = s.value() / n + problem.bias().penalty() * b[i];
        norm2 += gradientB[i] * gradientB[i];
        sizeB += Math.abs(s.value() / n) + problem.bias().penalty() * Math.abs(b[i]);
      }
      for (int c = 0; c < columns; c++) {
        slipB += weights[c] * fit.gradientError()[c] / n;
      }
      slipB += 8 * U * sizeB;
      // The bias gradient's terms are the samples' own: their root mean square, so that a vanishing sum does not hide its size.
      scale += Math.sqrt(fitB) + problem.bias().penalty() * Math.sqrt(Compensated.squaredNorm(b));
    }
    errorB = slipB;
    gradientNorm = Math.sqrt(norm2);
    gradientScale = scale;
  }

  private static void addScaled(double f, double[] x, double[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] += f * x[i];
    }
  }

  /** Gradient norm over the size of its terms, 0 where all vanish; NaN where they were not asked for. */
  double criticality() {
    return Double.isNaN(gradientScale) ? Double.NaN : gradientScale > 0 ? gradientNorm / gradientScale : 0;
  }

  /** The objective. */
  public double value() {
    return value;
  }

  /** Bound on the rounding in {@link #value} (not for focal loss). */
  public double rounding() {
    return rounding;
  }

  /**
   * Norm of the gradient in (W, H, b); W and b only where they are variables, each column counted as often as it stands for a sample. With
   * non-negative features the part of H is {@code P(h - g) - h}, P the projection.
   */
  public double gradientNorm() {
    return gradientNorm;
  }

  /** Sum of the norms of the gradient's terms. */
  public double gradientScale() {
    return gradientScale;
  }

  /** d f/d h of one sample of each column, d x C, column-major (a view). */
  public double[] gradientH() {
    return gradientH;
  }
}

package ufm.certify;

import java.util.Arrays;
import ufm.problem.Loss;
import ufm.problem.Point;
import ufm.problem.UfmProblem;

/**
 * The fit of a point and its derivative with respect to the logits, in plain Java and independent of any backend, with a bound on the
 * rounding of the value.
 *
 * <p>A column stands for {@code weight} samples: one each in {@link #of}; in {@link #merged} all samples of a class share a column where
 * their features agree bit for bit. Probabilities are never formed as {@code 1 - p}: {@code p_y - 1} is minus the sum of the others.
 */
public final class LogitFit {
  private static final double U = Compensated.U;

  private final UfmProblem problem;
  private final int classes;
  private final int columns;
  private final int[] labels;
  private final int[] weights;
  private final double[] w;
  private final double[] h;
  private final double[] b;
  private final double[] product;
  private final double[] gradient;
  private final double[] probability;
  private final double[] slope;
  private final double[] bend;
  private final double[] gradientError;
  private final double value;
  private final double rounding;

  /** All N columns; a point with K class-mean columns is lifted. */
  public static LogitFit of(UfmProblem problem, Point point) {
    return new LogitFit(problem, point, false);
  }

  /** As few columns as the point allows: one for each class whose samples all have the same features, where that holds for all classes. */
  public static LogitFit merged(UfmProblem problem, Point point) {
    return new LogitFit(problem, point, true);
  }

  private LogitFit(UfmProblem problem, Point point, boolean merge) {
    this.problem = problem;
    classes = problem.classes();
    int d = problem.dimension();
    int n = problem.samples();
    if (point.classes() != classes || point.dimension() != d || (point.columns() != n && point.columns() != classes)) {
      throw new IllegalArgumentException(
          "The point has K = " + point.classes() + ", d = " + point.dimension() + " and " + point.columns() + " columns, but must have K = "
              + classes + ", d = " + d + " and N = " + n + " or K columns.");
    }
    if (problem.bias().present() != (point.b() != null)) {
      throw new IllegalArgumentException("The point has " + (point.b() == null ? "no" : "a") + " bias, but the problem's bias is "
          + problem.bias().label() + ".");
    }
    double[] fixed = problem.classifier().fixedMatrix(classes, d);
    w = fixed == null ? point.w() : fixed;
    b = point.b();
    int[] first = new int[classes];
    boolean collapsed = merge && point.columns() == n && firstOfClasses(problem, point, first);
    boolean means = point.columns() != n;
    columns = collapsed || (means && merge) ? classes : n;
    labels = new int[columns];
    weights = new int[columns];
    boolean whole = !collapsed && !means;
    h = whole ? point.h() : new double[d * columns];
    for (int c = 0; c < columns; c++) {
      boolean byClass = columns != n || collapsed;
      labels[c] = byClass ? c : problem.label(c);
      weights[c] = byClass ? problem.count(c) : 1;
      if (collapsed || means) {
        System.arraycopy(point.h(), d * (means ? labels[c] : first[c]), h, d * c, d);
      }
    }
    gradient = new double[classes * columns];
    gradientError = new double[columns];
    boolean softmax = !(problem.loss() instanceof Loss.MeanSquaredError);
    probability = softmax ? new double[classes * columns] : null;
    boolean focal = problem.loss() instanceof Loss.Focal;
    slope = focal ? new double[columns] : null;
    bend = focal ? new double[columns] : null;

    double[] rows = transpose(w, classes, d);
    double[] rowNorm = new double[classes];
    for (int k = 0; k < classes; k++) {
      rowNorm[k] = Math.sqrt(Compensated.dot(rows, d * k, rows, d * k, d));
    }
    double[] z = new double[classes];
    double[] dz = new double[classes];
    Compensated sum = new Compensated();
    Compensated errors = new Compensated();
    boolean blocks = (double) classes * d * columns > Compensated.MANY_PRODUCTS;
    product = blocks ? Compensated.blockProducts(w, classes, d, h, columns) : Compensated.products(w, classes, d, h, columns);
    double absolute = blocks ? Compensated.blockAbsolute(d) : Compensated.absolute(d);
    for (int c = 0; c < columns; c++) {
      // A plain sum: a hundredth makes up for its rounding.
      double norm = 1.01 * Math.sqrt(squares(h, d * c, d));
      for (int k = 0; k < classes; k++) {
        double wh = product[k + classes * c];
        z[k] = wh + (b == null ? 0 : b[k]);
        dz[k] = 3 * U * (Math.abs(wh) + Math.abs(z[k])) + absolute * rowNorm[k] * norm;
      }
      double own = softmax ? softmaxColumn(c, z, dz) : squaredColumn(c, z, dz);
      sum.addProduct(weights[c], own);
      errors.addProduct(weights[c], lastError);
    }
    value = sum.value() / n;
    rounding = 1.01 * errors.value() / n + 4 * U * Math.abs(value);
  }

  /** Bound on the rounding of the loss of the column evaluated last; only used while the constructor runs. */
  private double lastError;

  private double squaredColumn(int c, double[] z, double[] dz) {
    Compensated s = new Compensated();
    double largest = 0;
    double linear = 0;
    for (int k = 0; k < classes; k++) {
      double r = z[k] - (k == labels[c] ? 1 : 0);
      gradient[k + classes * c] = r;
      s.addProduct(r, r);
      double e = dz[k] + U * Math.abs(r);
      linear += Math.abs(r) * e;
      largest = Math.max(largest, e);
    }
    gradientError[c] = 1.01 * largest * Math.sqrt(classes);
    lastError = linear + classes * largest * largest + 4 * U * s.value();
    return s.value() / 2;
  }

  private double softmaxColumn(int c, double[] z, double[] dz) {
    int y = labels[c];
    int top = 0;
    for (int k = 1; k < classes; k++) {
      top = z[k] > z[top] ? k : top;
    }
    Compensated s = new Compensated();
    for (int k = 0; k < classes; k++) {
      double e = Math.exp(z[k] - z[top]);
      probability[k + classes * c] = e;
      if (k != top) {
        s.add(e);
      }
    }
    double total = 1 + s.value();
    double surprise = (z[top] - z[y]) + Math.log1p(s.value());
    double largest = 0;
    for (int k = 0; k < classes; k++) {
      probability[k + classes * c] /= total;
      dz[k] += 2 * U * (Math.abs(z[k]) + Math.abs(z[top]));
      largest = Math.max(largest, dz[k]);
    }
    double mass = problem.loss().offClassMass(classes);
    double off = mass / (classes - 1);
    Compensated loss = new Compensated();
    loss.add(surprise);
    double size = Math.abs(surprise);
    Compensated others = new Compensated();
    Compensated missing = new Compensated();
    for (int k = 0; k < classes; k++) {
      if (k != y) {
        if (off != 0) {
          loss.addProduct(off, z[y] - z[k]);
          size += off * Math.abs(z[y] - z[k]);
        }
        double g = probability[k + classes * c] - off;
        gradient[k + classes * c] = g;
        others.add(-g);
        missing.add(probability[k + classes * c]);
      }
    }
    gradient[y + classes * c] = others.value();
    double linear = 0;
    for (int k = 0; k < classes; k++) {
      linear += Math.abs(gradient[k + classes * c]) * dz[k];
    }
    gradientError[c] = 4 * (8 * U + 2 * largest) * (missing.value() + mass);
    // Second order: half the variance of the logit errors under p, at most 2 (1 - p_y) max^2, doubled for the change of p on the way. The
    // loss changes by at most twice the largest error anyway, as its gradient's absolute values add up to at most 2.
    double bend2 = missing.value() > 0 ? 4 * missing.value() * largest * largest : 0;
    lastError = Math.min(linear + bend2, 2.02 * largest) + 8 * U * size;
    if (slope != null) {
      return focal(c, surprise, missing.value());
    }
    return loss.value();
  }

  /** Focal loss chi(L) = u^g L with its two derivatives; the factors that overflow at u = 0 are taken together with those that vanish. */
  private double focal(int c, double surprise, double missing) {
    double g = ((Loss.Focal) problem.loss()).gamma();
    double p = probability[labels[c] + classes * c];
    double u = missing;
    double power = Math.pow(u, g);
    // u^{g-1} L and u^{g-2} L stay finite for L ~ u; below the smallest normal number the loss is flat.
    double ratio = u > 0 ? surprise / u : 1;
    double lower = u > 0 ? Math.pow(u, g - 1) : (g == 1 ? 1 : 0);
    slope[c] = g * power * p * ratio + power;
    bend[c] = g * (g - 1) * lower * p * p * ratio + g * lower * p * (2 - surprise);
    for (int k = 0; k < classes; k++) {
      gradient[k + classes * c] *= slope[c];
    }
    return power * surprise;
  }

  private static boolean firstOfClasses(UfmProblem problem, Point point, int[] first) {
    int d = problem.dimension();
    Arrays.fill(first, -1);
    double[] h = point.h();
    for (int i = 0; i < problem.samples(); i++) {
      int y = problem.label(i);
      if (first[y] < 0) {
        first[y] = i;
      } else if (!Arrays.equals(h, d * i, d * i + d, h, d * first[y], d * first[y] + d)) {
        return false;
      }
    }
    return true;
  }

  private static double squares(double[] a, int from, int n) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = from;
    for (; i + 4 <= from + n; i += 4) {
      s0 = Math.fma(a[i], a[i], s0);
      s1 = Math.fma(a[i + 1], a[i + 1], s1);
      s2 = Math.fma(a[i + 2], a[i + 2], s2);
      s3 = Math.fma(a[i + 3], a[i + 3], s3);
    }
    for (; i < from + n; i++) {
      s0 = Math.fma(a[i], a[i], s0);
    }
    return (s0 + s1) + (s2 + s3);
  }

  /** A column-major rows x cols matrix transposed. */
  static double[] transpose(double[] a, int rows, int cols) {
    double[] out = new double[a.length];
    for (int j = 0; j < cols; j++) {
      for (int i = 0; i < rows; i++) {
        out[j + cols * i] = a[i + rows * j];
      }
    }
    return out;
  }

  /** The problem. */
  public UfmProblem problem() {
    return problem;
  }

  /** C, the number of columns. */
  public int columns() {
    return columns;
  }

  /** Class of each column (a view). */
  public int[] labels() {
    return labels;
  }

  /** How many samples each column stands for (a view). */
  public int[] weights() {
    return weights;
  }

  /** W, K x d, column-major, also where it is fixed (a view). */
  public double[] w() {
    return w;
  }

  /** Features, d x C, column-major (a view). */
  public double[] h() {
    return h;
  }

  /** Bias, or null (a view). */
  public double[] b() {
    return b;
  }

  /** W h of each column, the bias left out: K x C, column-major (a view). */
  double[] product() {
    return product;
  }

  /** Derivative of the loss of one sample of each column with respect to its logits, without 1/N: K x C, column-major (a view). */
  public double[] gradient() {
    return gradient;
  }

  /** Bound on the Euclidean norm of the rounding in each column of {@link #gradient} (a view; not for focal loss). */
  double[] gradientError() {
    return gradientError;
  }

  /** softmax(z), K x C, column-major; null for squared error (a view). */
  public double[] probability() {
    return probability;
  }

  /** The fit {@code (1/N) sum_i loss_i}. */
  public double value() {
    return value;
  }

  /** Bound on the rounding in {@link #value} (not for focal loss). */
  public double rounding() {
    return rounding;
  }

  /** {@code out = (d^2 loss / dz^2) v} for one sample of column c; v and out have length K. */
  public void curvature(int c, double[] v, double[] out) {
    if (probability == null) {
      System.arraycopy(v, 0, out, 0, classes);
      return;
    }
    int at = classes * c;
    int y = labels[c];
    // v_y - <p, v> and 1 - p_y from the other classes alone, so that nothing cancels at a large margin.
    double lead = 0;
    double missing = 0;
    for (int k = 0; k < classes; k++) {
      if (k != y) {
        lead += probability[at + k] * (v[y] - v[k]);
        missing += probability[at + k];
      }
    }
    double factor = slope == null ? 1 : slope[c];
    double along = bend == null ? 0 : -bend[c] * lead;
    for (int k = 0; k < classes; k++) {
      double p = probability[at + k];
      out[k] = factor * p * (k == y ? lead : v[k] - v[y] + lead) + along * (k == y ? -missing : p);
    }
  }
}

package ufm.metric;

import java.util.Arrays;
import ufm.problem.UfmProblem;

/**
 * Class statistics of a set of features: counts, class means, sample mean, centred means and within-class variances. A mutable
 * workspace: {@link #update} overwrites everything, so that recording does not allocate.
 *
 * <p>Shapes: K classes, dimension d, N samples; matrices are column-major, a class per column.
 */
public final class ClassMeans {
  private final int classes;
  private final int dimension;
  private final int[] counts;
  private final int[] columns;
  private final double[] means;
  private final double[] centred;
  private final double[] global;
  private final double[] variance;
  private int samples;

  /** Room for K classes in R^d. */
  public ClassMeans(int classes, int dimension) {
    this.classes = classes;
    this.dimension = dimension;
    counts = new int[classes];
    columns = new int[classes];
    means = new double[dimension * classes];
    centred = new double[dimension * classes];
    global = new double[dimension];
    variance = new double[classes];
  }

  /** The statistics of d x columns features of a problem; {@code columns} is N, or K for class means that stand for n_k samples each. */
  public static ClassMeans of(UfmProblem problem, double[] h, int columns) {
    ClassMeans m = new ClassMeans(problem.classes(), problem.dimension());
    int[] labels = new int[columns];
    int[] weights = new int[columns];
    columns(problem, labels, weights);
    m.update(h, 0, labels, weights);
    return m;
  }

  /** Labels and multiplicities of the columns of H: one sample each for N columns, n_k for K class-mean columns; both are modified. */
  static void columns(UfmProblem problem, int[] labels, int[] weights) {
    if (labels.length == problem.samples()) {
      for (int i = 0; i < labels.length; i++) {
        labels[i] = problem.label(i);
      }
      Arrays.fill(weights, 1);
    } else if (labels.length == problem.classes()) {
      for (int k = 0; k < labels.length; k++) {
        labels[k] = k;
        weights[k] = problem.count(k);
      }
    } else {
      throw new IllegalArgumentException(
          "H has " + labels.length + " columns, but must have N = " + problem.samples() + " or K = " + problem.classes() + ".");
    }
  }

  /**
   * Computes the statistics of new features.
   *
   * @param h d x C, column-major, first element at {@code offset}; not modified
   * @param labels class of each column (length C); not modified
   * @param weights how many samples each column stands for; not modified
   */
  public void update(double[] h, int offset, int[] labels, int[] weights) {
    Arrays.fill(counts, 0);
    Arrays.fill(columns, 0);
    Arrays.fill(means, 0);
    Arrays.fill(global, 0);
    Arrays.fill(variance, 0);
    samples = 0;
    for (int i = 0; i < labels.length; i++) {
      int k = labels[i];
      counts[k] += weights[i];
      columns[k]++;
      samples += weights[i];
      double weight = weights[i];
      for (int j = 0; j < dimension; j++) {
        means[j + dimension * k] += weight * h[offset + j + dimension * i];
      }
    }
    for (int k = 0; k < classes; k++) {
      for (int j = 0; j < dimension; j++) {
        global[j] += means[j + dimension * k] / samples;
        means[j + dimension * k] /= counts[k];
      }
    }
    for (int i = 0; i < labels.length; i++) {
      if (columns[labels[i]] == 1) {
        // The mean of equal columns, without the rounding of n h / n.
        System.arraycopy(h, offset + dimension * i, means, dimension * labels[i], dimension);
      }
    }
    for (int k = 0; k < classes; k++) {
      for (int j = 0; j < dimension; j++) {
        centred[j + dimension * k] = means[j + dimension * k] - global[j];
      }
    }
    for (int i = 0; i < labels.length; i++) {
      int k = labels[i];
      variance[k] += weights[i] * distance2(h, offset + dimension * i, means, dimension * k) / counts[k];
    }
  }

  private double distance2(double[] a, int i, double[] b, int k) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int j = 0;
    for (; j + 4 <= dimension; j += 4) {
      double x0 = a[i + j] - b[k + j];
      double x1 = a[i + j + 1] - b[k + j + 1];
      double x2 = a[i + j + 2] - b[k + j + 2];
      double x3 = a[i + j + 3] - b[k + j + 3];
      s0 += x0 * x0;
      s1 += x1 * x1;
      s2 += x2 * x2;
      s3 += x3 * x3;
    }
    for (; j < dimension; j++) {
      double x = a[i + j] - b[k + j];
      s0 += x * x;
    }
    return (s0 + s1) + (s2 + s3);
  }

  /** K. */
  public int classes() {
    return classes;
  }

  /** d. */
  public int dimension() {
    return dimension;
  }

  /** N. */
  public int samples() {
    return samples;
  }

  /** n_k (a view, length K). */
  public int[] counts() {
    return counts;
  }

  /** hbar_k, d x K (a view). */
  public double[] means() {
    return means;
  }

  /** hG, the mean of all samples (a view, length d). */
  public double[] globalMean() {
    return global;
  }

  /** M = [hbar_k - hG], d x K (a view). */
  public double[] centredMeans() {
    return centred;
  }

  /** v_k, the mean square distance of a class's samples to its mean (a view, length K). */
  public double[] variances() {
    return variance;
  }

  /** The unweighted mean of the class means (length d), which differs from the sample mean where classes are imbalanced. */
  public double[] meanOfClassMeans() {
    double[] out = new double[dimension];
    for (int k = 0; k < classes; k++) {
      for (int j = 0; j < dimension; j++) {
        out[j] += means[j + dimension * k] / classes;
      }
    }
    return out;
  }

  /** {@code tr Sigma_W = (1/N) sum_i |h_i - hbar_{y_i}|^2}. */
  public double traceWithin() {
    double s = 0;
    for (int k = 0; k < classes; k++) {
      s += variance[k] * counts[k] / samples;
    }
    return s;
  }

  /** {@code tr Sigma_B = (1/K) sum_k |hbar_k - hG|^2}. */
  public double traceBetween() {
    double s = 0;
    for (double x : centred) {
      s += x * x;
    }
    return s / classes;
  }

  /**
   * {@code V_ij = (v_i + v_j)/(2 |hbar_i - hbar_j|^2)}, the class-distance normalised variance; 0 on the diagonal, infinite for
   * coinciding means of classes with spread, NaN for coinciding means without.
   */
  public double cdnv(int i, int j) {
    if (i == j) {
      return 0;
    }
    return (variance[i] + variance[j]) / (2 * separation2(i, j));
  }

  /** {@code |hbar_i - hbar_j|^2}. */
  double separation2(int i, int j) {
    return distance2(means, dimension * i, means, dimension * j);
  }

  /** All {@link #cdnv} values, K x K. */
  public double[][] cdnvMatrix() {
    double[][] out = new double[classes][classes];
    for (int i = 0; i < classes; i++) {
      for (int j = 0; j < classes; j++) {
        out[i][j] = cdnv(i, j);
      }
    }
    return out;
  }
}

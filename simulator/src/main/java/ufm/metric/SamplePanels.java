package ufm.metric;

import java.util.Arrays;

/**
 * What the metrics ask of every sample, in panels of columns: {@code W h}, and the inner products {@code e_k = <m_k, h - hbar_y>} of its
 * deviation with the centred class means m_k. From these, without another pass over features,
 *
 * <pre>tr(Sigma_W Sigma_B^+)/K = (1/N) sum_i |L^{-1} V^T e_i|^2,   M^T M = V L V^T (kept eigenvalues)
 * |h - hbar_k|^2 - |h - hbar_y|^2 = |hbar_k - hbar_y|^2 - 2 (e_k - e_y),</pre>
 *
 * where nothing large cancels: the nearest class mean is found from differences of distances, not of squared norms.
 *
 * <p>Loops run over the samples of a panel, a row of numbers for each feature or class, which the compiler vectorises. Cost 4 N d K +
 * N K r flops for rank r, no allocation per call. Not safe for use by several threads.
 */
final class SamplePanels {
  /** Samples of a panel. */
  private static final int WIDTH = 256;

  private final int classes;
  private final int dimension;
  private final double[][] features;
  private final double[][] deviations;
  private final double[][] logits;
  private final double[][] products;
  private final double[] row = new double[WIDTH];
  private final double[] separation;

  private double nc1;
  private double agreement;
  private double accuracy;
  private double margin;
  private double meanMargin;

  SamplePanels(int classes, int dimension) {
    this.classes = classes;
    this.dimension = dimension;
    features = new double[dimension][WIDTH];
    deviations = new double[dimension][WIDTH];
    logits = new double[classes][WIDTH];
    products = new double[classes][WIDTH];
    separation = new double[classes * classes];
  }

  /**
   * Measures all samples.
   *
   * @param statistics class means of the features
   * @param separation {@code |hbar_k - hbar_l|^2}, K x K; not modified
   * @param inverse {@code v_k / l} for each kept eigenvector v of M^T M with eigenvalue l (an array of K numbers each)
   * @param w K x d, column-major; not modified
   * @param h d x C, column-major; not modified
   * @param b length K, or null
   * @param labels class of each column
   * @param weights how many samples each column stands for
   */
  void measure(
      ClassMeans statistics, double[] separation, double[][] inverse, double[] w, double[] h, double[] b, int[] labels, int[] weights) {
    System.arraycopy(separation, 0, this.separation, 0, separation.length);
    boolean spread = statistics.traceWithin() != 0;
    double[] centred = statistics.centredMeans();
    double trace = 0;
    long agree = 0;
    long right = 0;
    double smallest = Double.POSITIVE_INFINITY;
    double total = 0;
    boolean finite = true;
    for (int start = 0; start < labels.length; start += WIDTH) {
      int count = Math.min(WIDTH, labels.length - start);
      load(statistics, h, labels, start, count, spread);
      for (int k = 0; k < classes; k++) {
        Arrays.fill(logits[k], 0, count, b == null ? 0 : b[k]);
        Arrays.fill(products[k], 0, count, 0);
        for (int a = 0; a < dimension; a++) {
          addScaled(w[k + classes * a], features[a], count, logits[k]);
          if (spread) {
            addScaled(centred[a + dimension * k], deviations[a], count, products[k]);
          }
        }
      }
      trace += spread ? trace(inverse, weights, start, count) : 0;
      for (int c = 0; c < count; c++) {
        int y = labels[start + c];
        int weight = weights[start + c];
        int nearest = nearest(y, c);
        int top = 0;
        double other = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < classes; k++) {
          double z = logits[k][c];
          finite &= Double.isFinite(z);
          top = z > logits[top][c] ? k : top;
          other = k != y && z > other ? z : other;
        }
        finite &= nearest >= 0;
        double lead = logits[y][c] - other;
        smallest = Math.min(smallest, lead);
        total += weight * lead;
        agree += top == nearest ? weight : 0;
        right += top == y ? weight : 0;
      }
    }
    double n = statistics.samples();
    nc1 = trace / n;
    // Where something overflows neither the largest logit nor the nearest mean is known.
    agreement = finite ? agree / n : Double.NaN;
    accuracy = finite ? right / n : Double.NaN;
    margin = finite ? smallest : Double.NaN;
    meanMargin = finite ? total / n : Double.NaN;
  }

  private void load(ClassMeans statistics, double[] h, int[] labels, int start, int count, boolean spread) {
    double[] means = statistics.means();
    // Eight samples at a time, so that whole cache lines are written.
    for (int first = 0; first < count; first += 8) {
      int end = Math.min(count, first + 8);
      for (int a = 0; a < dimension; a++) {
        double[] feature = features[a];
        int at = a + dimension * (start + first);
        for (int c = first; c < end; c++) {
          feature[c] = h[at];
          at += dimension;
        }
      }
      for (int a = 0; a < dimension && spread; a++) {
        double[] feature = features[a];
        double[] deviation = deviations[a];
        for (int c = first; c < end; c++) {
          deviation[c] = feature[c] - means[a + dimension * labels[start + c]];
        }
      }
    }
  }

  /** {@code sum |L^{-1} V^T e|^2} over the samples of the panel. */
  private double trace(double[][] inverse, int[] weights, int start, int count) {
    double sum = 0;
    for (double[] v : inverse) {
      Arrays.fill(row, 0, count, 0);
      for (int k = 0; k < classes; k++) {
        addScaled(v[k], products[k], count, row);
      }
      for (int c = 0; c < count; c++) {
        sum += weights[start + c] * (row[c] * row[c]);
      }
    }
    return sum;
  }

  /** The class of the nearest mean of sample c of class y, the smallest of several; -1 where it overflows. */
  private int nearest(int y, int c) {
    double own = products[y][c];
    int nearest = -1;
    double best = Double.POSITIVE_INFINITY;
    boolean finite = true;
    for (int k = 0; k < classes; k++) {
      double x = separation[k + classes * y] - 2 * (products[k][c] - own);
      finite &= Double.isFinite(x);
      if (x < best) {
        best = x;
        nearest = k;
      }
    }
    return finite ? nearest : -1;
  }

  /** {@code tr(Sigma_W Sigma_B^+)/K}. */
  double nc1() {
    return nc1;
  }

  /** Share of samples whose class of largest logit is that of the nearest class mean; NaN, as all that follow, where something overflows. */
  double agreement() {
    return agreement;
  }

  /** Share of samples whose largest logit is the true one. */
  double accuracy() {
    return accuracy;
  }

  /** Smallest true logit minus best other. */
  double margin() {
    return margin;
  }

  /** Mean of that difference. */
  double meanMargin() {
    return meanMargin;
  }

  private static void addScaled(double f, double[] x, int count, double[] out) {
    for (int i = 0; i < count; i++) {
      out[i] += f * x[i];
    }
  }
}

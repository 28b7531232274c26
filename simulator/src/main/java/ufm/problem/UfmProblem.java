package ufm.problem;

import java.util.Arrays;
import java.util.Objects;

/**
 * One one-layer unconstrained features model: the features H (d x N, a column per sample), the classifier W (K x d) and the bias
 * b (K) are free variables of
 *
 * <pre>f(W,H,b) = (1/N) sum_i loss(W h_i + b, y_i) + (lambdaW/2)|W|_F^2 + (lambdaH/2)|H|_F^2 + (lambdaB/2)|b|^2</pre>
 *
 * <p>Immutable. Built with {@link #builder(int, int)}, which checks every field.
 */
public final class UfmProblem {
  private final int classes;
  private final int dimension;
  private final int[] labels;
  private final int[] counts;
  private final Loss loss;
  private final double lambdaW;
  private final double lambdaH;
  private final Bias bias;
  private final Classifier classifier;
  private final boolean nonNegativeFeatures;

  private UfmProblem(Builder b) {
    classes = b.classes;
    dimension = b.dimension;
    loss = b.loss;
    lambdaW = b.lambdaW;
    lambdaH = b.lambdaH;
    bias = b.bias;
    classifier = b.classifier;
    nonNegativeFeatures = b.nonNegativeFeatures;
    labels = b.labels;
    counts = new int[classes];
    for (int y : labels) {
      counts[y]++;
    }
  }

  /** K. */
  public int classes() {
    return classes;
  }

  /** d, the length of a feature vector. */
  public int dimension() {
    return dimension;
  }

  /** N, the number of samples. */
  public int samples() {
    return labels.length;
  }

  /** Number of samples n_k of each class (a copy, length K). */
  public int[] counts() {
    return counts.clone();
  }

  /** n_k. */
  public int count(int k) {
    return counts[k];
  }

  /** The class of each sample, 0-based (a copy, length N). */
  public int[] labels() {
    return labels.clone();
  }

  /** The class of sample i. */
  public int label(int i) {
    return labels[i];
  }

  /** Whether all classes have the same number of samples. */
  public boolean balanced() {
    return Arrays.stream(counts).allMatch(n -> n == counts[0]);
  }

  /** The loss. */
  public Loss loss() {
    return loss;
  }

  /** lambda_W (not used where the classifier is fixed). */
  public double lambdaW() {
    return lambdaW;
  }

  /** lambda_H. */
  public double lambdaH() {
    return lambdaH;
  }

  /** lambda_Z = sqrt(lambda_W lambda_H), the weight of the nuclear norm of W H in the convex form. */
  public double lambdaZ() {
    return Math.sqrt(lambdaW * lambdaH);
  }

  /** The bias. */
  public Bias bias() {
    return bias;
  }

  /** The classifier. */
  public Classifier classifier() {
    return classifier;
  }

  /** Whether H is constrained to be entrywise non-negative. */
  public boolean nonNegativeFeatures() {
    return nonNegativeFeatures;
  }

  /** A builder that starts from this problem. */
  public Builder toBuilder() {
    Builder b = new Builder(classes, dimension);
    b.loss = loss;
    b.lambdaW = lambdaW;
    b.lambdaH = lambdaH;
    b.bias = bias;
    b.classifier = classifier;
    b.nonNegativeFeatures = nonNegativeFeatures;
    b.labels = labels.clone();
    return b;
  }

  /**
   * A builder; defaults: cross-entropy, one sample per class, lambda_W = lambda_H = 5e-4, no bias, learned classifier.
   *
   * @param classes K, at least 2
   * @param dimension d, at least 1
   */
  public static Builder builder(int classes, int dimension) {
    return new Builder(classes, dimension);
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof UfmProblem p
        && classes == p.classes
        && dimension == p.dimension
        && Arrays.equals(labels, p.labels)
        && loss.equals(p.loss)
        && lambdaW == p.lambdaW
        && lambdaH == p.lambdaH
        && bias.equals(p.bias)
        && nonNegativeFeatures == p.nonNegativeFeatures
        && (classifier instanceof Classifier.Fixed(double[][] w) && p.classifier instanceof Classifier.Fixed(double[][] v)
            ? Arrays.deepEquals(w, v)
            : classifier.equals(p.classifier));
  }

  @Override
  public int hashCode() {
    return Objects.hash(classes, dimension, Arrays.hashCode(labels), loss, lambdaW, lambdaH, bias, nonNegativeFeatures);
  }

  @Override
  public String toString() {
    return "UFM(loss=" + loss.name() + ", K=" + classes + ", d=" + dimension + ", N=" + samples() + ", counts=" + Arrays.toString(counts)
        + ", lambdaW=" + lambdaW + ", lambdaH=" + lambdaH + ", bias=" + bias.label() + ")";
  }

  /** Collects the fields of a problem and checks them together. */
  public static final class Builder {
    private final int classes;
    private final int dimension;
    private Loss loss = new Loss.CrossEntropy();
    private double lambdaW = 5e-4;
    private double lambdaH = 5e-4;
    private Bias bias = new Bias.None();
    private Classifier classifier = new Classifier.Learned();
    private boolean nonNegativeFeatures;
    private int[] labels;

    private Builder(int classes, int dimension) {
      if (classes < 2) {
        throw new InvalidProblem("classes", classes, "a whole number of at least 2");
      }
      if (dimension < 1) {
        throw new InvalidProblem("dimension", dimension, "a whole number of at least 1");
      }
      this.classes = classes;
      this.dimension = dimension;
      samplesPerClass(1);
    }

    /** n samples of every class, ordered class by class. */
    public Builder samplesPerClass(int n) {
      if (n < 1) {
        throw new InvalidProblem("samples-per-class", n, "a whole number of at least 1");
      }
      int[] counts = new int[classes];
      Arrays.fill(counts, n);
      return counts(counts);
    }

    /** n_k samples of class k (length K, each at least 1), ordered class by class. */
    public Builder counts(int... counts) {
      if (counts.length != classes) {
        throw new InvalidProblem("counts", Arrays.toString(counts), "a list of " + classes + " whole numbers, one for each class");
      }
      long total = 0;
      for (int n : counts) {
        if (n < 1) {
          throw new InvalidProblem("counts", Arrays.toString(counts), "a list of whole numbers of at least 1");
        }
        total += n;
      }
      if (total > 100_000_000) {
        throw new InvalidProblem("counts", "a list with sum " + total, "a list with a sum of at most 100000000 samples");
      }
      labels = new int[(int) total];
      int i = 0;
      for (int k = 0; k < classes; k++) {
        Arrays.fill(labels, i, i + counts[k], k);
        i += counts[k];
      }
      return this;
    }

    /**
     * Step imbalance: the first K - minorities classes have {@code majority} samples, the last {@code minorities} classes
     * {@code majority / ratio} samples each.
     *
     * @param majority samples of a majority class
     * @param ratio imbalance ratio R, at least 1; majority/ratio must be a whole number
     * @param minorities number of minority classes, between 0 and K
     */
    public Builder stepImbalance(int majority, double ratio, int minorities) {
      if (!(ratio >= 1)) {
        throw new InvalidProblem("imbalance.ratio", ratio, "a number of at least 1");
      }
      if (minorities < 0 || minorities > classes) {
        throw new InvalidProblem("imbalance.minorities", minorities, "a whole number between 0 and the number of classes, " + classes);
      }
      double small = majority / ratio;
      if (Math.abs(small - Math.rint(small)) > 1e-9 * Math.max(1, small) || Math.rint(small) < 1) {
        throw new InvalidProblem("imbalance.ratio", ratio, "a divisor of the majority count, " + majority);
      }
      int[] counts = new int[classes];
      Arrays.fill(counts, majority);
      Arrays.fill(counts, classes - minorities, classes, (int) Math.rint(small));
      return counts(counts);
    }

    /** The class of each sample, 0-based, in the order of the columns of H; every class must occur. */
    public Builder labels(int... labels) {
      int[] counts = new int[classes];
      for (int y : labels) {
        if (y < 0 || y >= classes) {
          throw new InvalidProblem("labels", y, "between 0 and " + (classes - 1));
        }
        counts[y]++;
      }
      for (int k = 0; k < classes; k++) {
        if (counts[k] == 0) {
          throw new InvalidProblem("labels", "a list without class " + k, "a list in which every class occurs");
        }
      }
      this.labels = labels.clone();
      return this;
    }

    /** The loss. */
    public Builder loss(Loss loss) {
      this.loss = Objects.requireNonNull(loss, "loss");
      return this;
    }

    /** lambda_W, finite and at least 0. */
    public Builder lambdaW(double lambdaW) {
      this.lambdaW = nonNegative("lambda.W", lambdaW);
      return this;
    }

    /** lambda_H, finite and at least 0. */
    public Builder lambdaH(double lambdaH) {
      this.lambdaH = nonNegative("lambda.H", lambdaH);
      return this;
    }

    /** The bias. */
    public Builder bias(Bias bias) {
      this.bias = Objects.requireNonNull(bias, "bias");
      return this;
    }

    /** The classifier. */
    public Builder classifier(Classifier classifier) {
      this.classifier = Objects.requireNonNull(classifier, "classifier");
      return this;
    }

    /** Whether H must be entrywise non-negative. */
    public Builder nonNegativeFeatures(boolean nonNegative) {
      this.nonNegativeFeatures = nonNegative;
      return this;
    }

    /**
     * The problem.
     *
     * @throws InvalidProblem if the fields do not fit together
     */
    public UfmProblem build() {
      if (classifier instanceof Classifier.FixedEtf && dimension < classes - 1) {
        throw new InvalidProblem("dimension", dimension, "at least K-1 = " + (classes - 1) + " for a fixed simplex ETF classifier");
      }
      if (classifier instanceof Classifier.Fixed(double[][] w)) {
        if (w.length != classes) {
          throw new InvalidProblem("classifier.W", "a matrix of " + w.length + " rows", "a matrix of K = " + classes + " rows");
        }
        for (double[] row : w) {
          if (row.length != dimension) {
            throw new InvalidProblem("classifier.W", "a matrix with a row of " + row.length, "a matrix of d = " + dimension + " columns");
          }
          for (double x : row) {
            if (!Double.isFinite(x)) {
              throw new InvalidProblem("classifier.W", "a matrix with the entry " + x, "a matrix of finite numbers");
            }
          }
        }
      }
      return new UfmProblem(this);
    }

    private static double nonNegative(String field, double value) {
      if (!(value >= 0) || Double.isInfinite(value)) {
        throw new InvalidProblem(field, value, "a finite number of at least 0");
      }
      return value;
    }
  }
}

package ufm.problem;

/** Whether the classifier W (K x d) is optimised or given. */
public sealed interface Classifier {

  /** W is a variable with penalty lambda_W. */
  record Learned() implements Classifier {}

  /**
   * W is a simplex equiangular tight frame with rows of norm r and is not optimised: {@code W W^T = r^2 K/(K-1) (I - J/K)}.
   * Needs d at least K-1. There is no W penalty.
   *
   * @param rowNorm r, above 0
   */
  record FixedEtf(double rowNorm) implements Classifier {
    /** Checks r. */
    public FixedEtf {
      if (!(rowNorm > 0) || Double.isInfinite(rowNorm)) {
        throw new InvalidProblem("classifier.row-norm", rowNorm, "a finite number above 0");
      }
    }
  }

  /**
   * W is given and not optimised. There is no W penalty.
   *
   * @param w K x d, row-major {@code w[k][j]}
   */
  record Fixed(double[][] w) implements Classifier {}

  /** Whether W is a variable. */
  default boolean learned() {
    return this instanceof Learned;
  }

  /**
   * W where it is fixed, K x d, column-major; null where it is learned.
   *
   * @param classes K
   * @param dimension d
   */
  default double[] fixedMatrix(int classes, int dimension) {
    return switch (this) {
      case Learned learned -> null;
      case FixedEtf(double r) -> SimplexFrame.classifier(classes, dimension, r);
      case Fixed(double[][] rows) -> Point.columnMajor(rows, classes, dimension);
    };
  }
}

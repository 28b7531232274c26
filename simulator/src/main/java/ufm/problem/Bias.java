package ufm.problem;

/** The bias b (K) that is added to every column of W H. */
public sealed interface Bias {

  /** No bias. */
  record None() implements Bias {}

  /** A bias without penalty, lambda_b = 0. */
  record Free() implements Bias {}

  /**
   * A bias with penalty {@code lambda/2 |b|^2}.
   *
   * @param lambda penalty weight, finite and more than 0
   */
  record Ridge(double lambda) implements Bias {
    /** Checks lambda. */
    public Ridge {
      if (!(lambda > 0) || Double.isInfinite(lambda)) {
        throw new InvalidProblem("lambda.b", lambda, "a finite number above 0 (bias: free stands for 0)");
      }
    }
  }

  /** Whether there is a bias at all. */
  default boolean present() {
    return !(this instanceof None);
  }

  /** The penalty weight lambda_b, 0 where there is no penalty or no bias. */
  default double penalty() {
    return this instanceof Ridge(double lambda) ? lambda : 0;
  }

  /** {@code none}, {@code free} or {@code ridge}. */
  default String label() {
    return switch (this) {
      case None none -> "none";
      case Free free -> "free";
      case Ridge ridge -> "ridge";
    };
  }
}

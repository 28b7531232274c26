package ufm.problem;

/**
 * The loss of one sample with logits {@code z} (K) and label {@code y}; {@code p = softmax(z)}.
 *
 * <p>The fit of a problem is the average over the N samples (not over classes).
 */
public sealed interface Loss {

  /** Cross-entropy, {@code -log p_y}. */
  record CrossEntropy() implements Loss {
    @Override
    public String name() {
      return "ce";
    }
  }

  /** Mean squared error with the factor 1/2 inside, {@code |z - e_y|^2 / 2} (averaged over N only, not over K). */
  record MeanSquaredError() implements Loss {
    @Override
    public String name() {
      return "mse";
    }
  }

  /**
   * Focal loss, {@code (1 - p_y)^gamma (-log p_y)}; not convex in z.
   *
   * @param gamma focusing exponent, finite and at least 0
   */
  record Focal(double gamma) implements Loss {
    /** Checks gamma. */
    public Focal {
      if (!(gamma >= 0) || Double.isInfinite(gamma)) {
        throw new InvalidProblem("loss.gamma", gamma, "a finite number of at least 0");
      }
    }

    @Override
    public String name() {
      return "focal";
    }
  }

  /** Which target distribution q a smoothing parameter alpha stands for. */
  enum Smoothing {
    /** {@code q_y = 1 - alpha}, the others {@code alpha/(K-1)} (theory sheet L3). */
    TUTORIAL,
    /** {@code q = (1 - alpha) e_y + alpha/K} (theory sheet L4, PyTorch). */
    PYTORCH
  }

  /**
   * Label smoothing, {@code -sum_j q_j log p_j}.
   *
   * @param alpha smoothing mass, in [0, 1)
   * @param convention which q alpha stands for
   */
  record LabelSmoothing(double alpha, Smoothing convention) implements Loss {
    /** Checks alpha. */
    public LabelSmoothing {
      if (!(alpha >= 0) || !(alpha < 1)) {
        throw new InvalidProblem("loss.alpha", alpha, "at least 0 and less than 1");
      }
    }

    @Override
    public String name() {
      return convention == Smoothing.TUTORIAL ? "ls" : "ls_torch";
    }
  }

  /** Short name: {@code ce}, {@code mse}, {@code focal}, {@code ls} (tutorial convention) or {@code ls_torch}. */
  String name();

  /** Whether the loss is convex in the logits, so that the duality gap of theory sheet D exists. */
  default boolean convex() {
    return !(this instanceof Focal f) || f.gamma() == 0;
  }

  /**
   * The mass s = 1 - q_y that the target puts off the true class (theory sheet L4): alpha, alpha (K-1)/K, or 0.
   *
   * @param classes K
   */
  default double offClassMass(int classes) {
    return this instanceof LabelSmoothing(double alpha, Smoothing convention)
        ? (convention == Smoothing.TUTORIAL ? alpha : alpha * (classes - 1) / classes)
        : 0;
  }
}

package ufm.lab.spec;

/** The dynamics that a simulation follows, with their settings in PyTorch's names. */
public sealed interface OptimizerPlan {

  /**
   * Gradient descent.
   *
   * @param lr learning rate, above 0
   * @param momentum in [0, 1)
   * @param nesterov Nesterov's form; needs momentum above 0 and dampening 0
   * @param dampening in [0, 1]
   * @param schedule how the learning rate changes
   */
  record GradientDescent(double lr, double momentum, boolean nesterov, double dampening, SchedulePlan schedule) implements OptimizerPlan {
    @Override
    public String name() {
      return "gd";
    }
  }

  /**
   * Adam.
   *
   * @param lr learning rate, above 0
   * @param beta1 in [0, 1)
   * @param beta2 in [0, 1)
   * @param epsilon above 0
   * @param schedule how the learning rate changes
   */
  record Adam(double lr, double beta1, double beta2, double epsilon, SchedulePlan schedule) implements OptimizerPlan {
    @Override
    public String name() {
      return "adam";
    }
  }

  /**
   * L-BFGS with a strong-Wolfe line search.
   *
   * @param memory number of pairs, at least 1
   */
  record Lbfgs(int memory) implements OptimizerPlan {
    @Override
    public String name() {
      return "lbfgs";
    }
  }

  /**
   * Gradient flow {@code dx/dt = -grad f} by Dormand-Prince 5(4).
   *
   * @param rtol relative tolerance of a step, above 0
   * @param atol absolute tolerance of a step, above 0
   * @param endTime simulated time at which it ends, above 0 (infinite: the iterations alone end it)
   */
  record Flow(double rtol, double atol, double endTime) implements OptimizerPlan {
    @Override
    public String name() {
      return "flow";
    }
  }

  /** {@code gd}, {@code adam}, {@code lbfgs} or {@code flow}. */
  String name();
}

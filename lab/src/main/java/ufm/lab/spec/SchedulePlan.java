package ufm.lab.spec;

/** How a learning rate changes with the iteration t (from 0) of T. */
public sealed interface SchedulePlan {

  /** {@code lr}. */
  record Constant() implements SchedulePlan {
    @Override
    public String name() {
      return "constant";
    }
  }

  /**
   * {@code lr factor^floor(t/every)}.
   *
   * @param every iterations between drops, at least 1
   * @param factor in (0, 1]
   */
  record Step(long every, double factor) implements SchedulePlan {
    @Override
    public String name() {
      return "step";
    }
  }

  /**
   * {@code lr (1 + (end - 1) t/T)}.
   *
   * @param end last learning rate as a fraction of the first, in [0, 1]
   */
  record Linear(double end) implements SchedulePlan {
    @Override
    public String name() {
      return "linear";
    }
  }

  /**
   * {@code lr (end + (1 - end) (1 + cos(pi t/T))/2)}.
   *
   * @param end last learning rate as a fraction of the first, in [0, 1]
   */
  record Cosine(double end) implements SchedulePlan {
    @Override
    public String name() {
      return "cosine";
    }
  }

  /** {@code constant}, {@code step}, {@code linear} or {@code cosine}. */
  String name();
}

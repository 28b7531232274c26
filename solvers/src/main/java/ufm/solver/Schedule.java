package ufm.solver;

/** The learning rate of each step: {@code rate(k)} is used for the step from iterate k to iterate k+1, k = 0, 1, ... */
public sealed interface Schedule {

  /** The rate of step k. */
  double rate(long k);

  /** {@code eta_k = rate}. */
  static Schedule constant(double rate) {
    return new Constant(rate);
  }

  /**
   * {@code eta_k = rate}.
   *
   * @param rate at least 0
   */
  record Constant(double rate) implements Schedule {
    /** Checks the rate. */
    public Constant {
      check("rate", rate);
    }

    @Override
    public double rate(long k) {
      return rate;
    }
  }

  /**
   * {@code eta_k = rate * factor^floor(k / every)} (PyTorch's StepLR).
   *
   * @param rate first rate, at least 0
   * @param every steps between two changes, at least 1
   * @param factor at least 0
   */
  record StepDecay(double rate, long every, double factor) implements Schedule {
    /** Checks the numbers. */
    public StepDecay {
      check("rate", rate);
      check("factor", factor);
      if (every < 1) {
        throw new IllegalArgumentException("the schedule's every is " + every + ", it must be at least 1");
      }
    }

    @Override
    public double rate(long k) {
      return rate * StrictMath.pow(factor, k / every);
    }
  }

  /**
   * {@code eta_k = start + (end - start) min(k, steps) / steps}.
   *
   * @param start rate of step 0, at least 0
   * @param end rate of step {@code steps} and of all later ones, at least 0
   * @param steps at least 1
   */
  record Linear(double start, double end, long steps) implements Schedule {
    /** Checks the numbers. */
    public Linear {
      check("start", start);
      check("end", end);
      checkSteps(steps);
    }

    @Override
    public double rate(long k) {
      return start + (end - start) * ((double) Math.min(k, steps) / steps);
    }
  }

  /**
   * {@code eta_k = end + (start - end) (1 + cos(pi min(k, steps) / steps)) / 2} (PyTorch's CosineAnnealingLR, held at its end).
   *
   * @param start rate of step 0, at least 0
   * @param end rate of step {@code steps} and of all later ones, at least 0
   * @param steps at least 1
   */
  record Cosine(double start, double end, long steps) implements Schedule {
    /** Checks the numbers. */
    public Cosine {
      check("start", start);
      check("end", end);
      checkSteps(steps);
    }

    @Override
    public double rate(long k) {
      return end + (start - end) * (1 + StrictMath.cos(Math.PI * Math.min(k, steps) / steps)) / 2;
    }
  }

  private static void check(String name, double value) {
    if (!(value >= 0) || Double.isInfinite(value)) {
      throw new IllegalArgumentException("the schedule's " + name + " is " + value + ", it must be a finite number of at least 0");
    }
  }

  private static void checkSteps(long steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("the schedule's steps is " + steps + ", it must be at least 1");
    }
  }
}

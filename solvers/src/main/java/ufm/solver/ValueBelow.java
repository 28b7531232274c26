package ufm.solver;

/**
 * A target value: {@code f <= target}.
 *
 * @param target not NaN
 */
public record ValueBelow(double target) implements StoppingCriterion {
  /** Checks the target. */
  public ValueBelow {
    if (Double.isNaN(target)) {
      throw new IllegalArgumentException("the target value is NaN, it must be a number");
    }
  }

  @Override
  public Verdict check(SolverState state, int lane) {
    double f = state.value(lane);
    return f <= target
        ? new Verdict(Outcome.CONVERGED, "value " + f + " <= target " + target)
        : Verdict.CONTINUE;
  }

  @Override
  public String description() {
    return "f <= " + target;
  }
}

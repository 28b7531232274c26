package ufm.solver;

import java.util.Locale;

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
        ? new Verdict(Outcome.CONVERGED, String.format(Locale.ROOT, "value %.17g <= target %.17g", f, target))
        : Verdict.CONTINUE;
  }

  @Override
  public String description() {
    return "f <= " + target;
  }
}

package ufm.solver;

import java.util.Locale;

/**
 * The value has come to rest: {@code |f_k - f_{k-1}| <= tolerance |f_k|}. One small change is weak evidence (momentum turns, a line search
 * takes a short step): combine it by {@code and} with a bound on the gradient where that matters.
 *
 * @param tolerance at least 0
 */
public record RelativeChange(double tolerance) implements StoppingCriterion {
  /** Checks the tolerance. */
  public RelativeChange {
    if (!(tolerance >= 0)) {
      throw new IllegalArgumentException("the tolerance of the change is " + tolerance + ", it must be at least 0");
    }
  }

  @Override
  public Verdict check(SolverState state, int lane) {
    double f = state.value(lane);
    double change = Math.abs(f - state.previousValue(lane));
    return change <= tolerance * Math.abs(f)
        ? new Verdict(Outcome.CONVERGED, String.format(Locale.ROOT, "value changed by %.3g <= %.3g |%.6g|", change, tolerance, f))
        : Verdict.CONTINUE;
  }

  @Override
  public String description() {
    return "|change of f| <= " + tolerance + " |f|";
  }
}

package ufm.solver;

import java.util.Locale;

/**
 * A guard for dynamics that may explode: ends a lane whose value exceeds a limit before it overflows. Values that are not finite end a lane
 * without it.
 *
 * @param limit largest value that is let pass
 */
public record Diverged(double limit) implements StoppingCriterion {
  /** Checks the limit. */
  public Diverged {
    if (Double.isNaN(limit)) {
      throw new IllegalArgumentException("the divergence limit is NaN, it must be a number");
    }
  }

  @Override
  public Verdict check(SolverState state, int lane) {
    double f = state.value(lane);
    return f <= limit ? Verdict.CONTINUE : new Verdict(Outcome.DIVERGED, String.format(Locale.ROOT, "value %.6g > %.6g", f, limit));
  }

  @Override
  public String description() {
    return "f > " + limit;
  }
}

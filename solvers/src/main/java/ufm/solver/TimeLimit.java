package ufm.solver;

import java.util.Locale;

/**
 * A budget of wall-clock time, counted from the start of the run in this process. It is the one criterion whose answer depends on the
 * machine: where results must be repeatable, use {@link MaxIterations} or {@link MaxEvaluations}.
 *
 * @param seconds greater than 0
 */
public record TimeLimit(double seconds) implements StoppingCriterion {
  /** Checks the limit. */
  public TimeLimit {
    if (!(seconds > 0)) {
      throw new IllegalArgumentException("the time limit is " + seconds + " s, it must be greater than 0");
    }
  }

  @Override
  public Verdict check(SolverState state, int lane) {
    double t = state.seconds();
    return t >= seconds
        ? new Verdict(Outcome.BUDGET, String.format(Locale.ROOT, "%.3g s passed, the limit is %.3g s", t, seconds))
        : Verdict.CONTINUE;
  }

  @Override
  public Verdict interrupt(SolverState state, int lane) {
    return check(state, lane);
  }

  /** Any number: the loop keeps stretches short in time. */
  @Override
  public long patience(SolverState state, int lane) {
    return Long.MAX_VALUE;
  }

  @Override
  public boolean everyIterate() {
    return false;
  }

  @Override
  public String description() {
    return "seconds >= " + seconds;
  }
}

package ufm.solver;

/**
 * A budget of accepted iterations, for each lane.
 *
 * @param limit at least 0
 */
public record MaxIterations(long limit) implements StoppingCriterion {
  /** Checks the limit. */
  public MaxIterations {
    if (limit < 0) {
      throw new IllegalArgumentException("the iteration limit is " + limit + ", it must be at least 0");
    }
  }

  @Override
  public Verdict check(SolverState state, int lane) {
    long n = state.iterations(lane);
    return n >= limit ? new Verdict(Outcome.BUDGET, n + " iterations, the limit is " + limit) : Verdict.CONTINUE;
  }

  @Override
  public long patience(SolverState state, int lane) {
    return Math.max(1, limit - state.iterations(lane));
  }

  @Override
  public boolean everyIterate() {
    return false;
  }

  @Override
  public String description() {
    return "iterations >= " + limit;
  }
}

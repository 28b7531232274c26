package ufm.solver;

/**
 * A budget of work, for each lane: value-and-gradient evaluations plus Hessian-vector products, which cost about the same. Also ends a
 * lane inside a line search or an inner iteration; its last accepted iterate stays.
 *
 * @param limit at least 1
 */
public record MaxEvaluations(long limit) implements StoppingCriterion {
  /** Checks the limit. */
  public MaxEvaluations {
    if (limit < 1) {
      throw new IllegalArgumentException("the evaluation limit is " + limit + ", it must be at least 1");
    }
  }

  @Override
  public Verdict check(SolverState state, int lane) {
    long n = state.evaluations(lane) + state.hessianProducts(lane);
    return n >= limit
        ? new Verdict(Outcome.BUDGET, n + " evaluations and Hessian products, the limit is " + limit)
        : Verdict.CONTINUE;
  }

  @Override
  public Verdict interrupt(SolverState state, int lane) {
    return check(state, lane);
  }

  @Override
  public long patience(SolverState state, int lane) {
    return Math.max(1, limit - state.evaluations(lane) - state.hessianProducts(lane));
  }

  @Override
  public boolean everyIterate() {
    return false;
  }

  @Override
  public String description() {
    return "evaluations >= " + limit;
  }
}

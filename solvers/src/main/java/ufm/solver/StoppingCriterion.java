package ufm.solver;

import ufm.backend.Lanes;

/** When a lane is done, why, and whether that is convergence. Stateless; combine with {@link #or} and {@link #and}. */
public interface StoppingCriterion {

  /**
   * The answer for one lane.
   *
   * @param outcome {@link Outcome#RUNNING} to go on, else how the lane ends
   * @param reason one short clause with the numbers, null to go on
   */
  record Verdict(Outcome outcome, String reason) {
    /** Go on. */
    public static final Verdict CONTINUE = new Verdict(Outcome.RUNNING, null);

    /** Whether the lane ends. */
    public boolean stops() {
      return outcome != Outcome.RUNNING;
    }
  }

  /**
   * Called once a round before {@link #check}, for criteria that need a batched quantity of the lanes that have a new iterate.
   *
   * @param problem objective
   * @param state its {@code gradientScale} may be refreshed
   * @param fresh lanes with a new iterate
   */
  default void prepare(Problem problem, SolverState state, Lanes fresh) {}

  /** The answer for a lane that has a new iterate. */
  Verdict check(SolverState state, int lane);

  /**
   * Whether a lane ends although it has no new iterate, for budgets: asked once a round for lanes in the middle of a line search or of an
   * inner iteration. Their last accepted iterate stays valid.
   */
  default Verdict interrupt(SolverState state, int lane) {
    return Verdict.CONTINUE;
  }

  /**
   * How many iterations a lane may make before {@link #check} has anything new to say: 1, which is the default, for a criterion that looks at
   * every iterate. Asked for methods whose iterations cost one evaluation each.
   *
   * @return at least 1
   */
  default long patience(SolverState state, int lane) {
    return 1;
  }

  /** Whether it looks at every iterate; a budget does not. */
  default boolean everyIterate() {
    return true;
  }

  /** What it tests, for outputs. */
  String description();

  /** Stops when either does; where both do, convergence wins over a budget. */
  default StoppingCriterion or(StoppingCriterion other) {
    return new Combined(this, other, false);
  }

  /** Stops when both do; converged only if both say so. */
  default StoppingCriterion and(StoppingCriterion other) {
    return new Combined(this, other, true);
  }

  /**
   * Two criteria.
   *
   * @param first one
   * @param second other
   * @param both whether both must stop
   */
  record Combined(StoppingCriterion first, StoppingCriterion second, boolean both) implements StoppingCriterion {
    @Override
    public void prepare(Problem problem, SolverState state, Lanes fresh) {
      first.prepare(problem, state, fresh);
      second.prepare(problem, state, fresh);
    }

    @Override
    public Verdict check(SolverState state, int lane) {
      return join(first.check(state, lane), second.check(state, lane));
    }

    @Override
    public Verdict interrupt(SolverState state, int lane) {
      return join(first.interrupt(state, lane), second.interrupt(state, lane));
    }

    @Override
    public long patience(SolverState state, int lane) {
      return Math.min(first.patience(state, lane), second.patience(state, lane));
    }

    @Override
    public boolean everyIterate() {
      return first.everyIterate() || second.everyIterate();
    }

    private Verdict join(Verdict a, Verdict b) {
      if (both) {
        if (!a.stops() || !b.stops()) {
          return Verdict.CONTINUE;
        }
        return new Verdict(a.outcome() == Outcome.CONVERGED ? b.outcome() : a.outcome(), a.reason() + " and " + b.reason());
      }
      if (a.stops() && b.stops()) {
        return b.outcome() == Outcome.CONVERGED && a.outcome() != Outcome.CONVERGED ? b : a;
      }
      return a.stops() ? a : b;
    }

    @Override
    public String description() {
      return "(" + first.description() + (both ? " and " : " or ") + second.description() + ")";
    }
  }
}

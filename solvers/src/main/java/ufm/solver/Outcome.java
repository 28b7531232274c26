package ufm.solver;

/** How a lane stands. The end of a budget is an outcome, never an exception. */
public enum Outcome {
  /** Still being worked on. */
  RUNNING,
  /** A stopping criterion says that the goal is reached. */
  CONVERGED,
  /** The budget of iterations, evaluations or time is used up. */
  BUDGET,
  /** No further progress is possible in this precision although the goal is not reached. */
  STALLED,
  /** A value or gradient is not finite; the lane keeps its last finite iterate. */
  DIVERGED
}

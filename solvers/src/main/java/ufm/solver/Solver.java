package ufm.solver;

import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;

/**
 * An optimiser: an immutable configuration and two methods. One {@link #step} is one batched round, that is one evaluation of value and
 * gradient (or one Hessian-vector product) for every active lane; each lane is a small state machine that the round advances, so that a
 * slow lane does not make the others wait.
 *
 * @param <S> its state
 */
public interface Solver<S extends SolverState> {

  /** Name and settings in one line, for outputs; two solvers with the same text do the same. */
  String description();

  /**
   * The state at the start, with value and gradient there evaluated ({@code iterated} is true, {@code iterations} 0).
   *
   * @param problem objective, manifold, constraint
   * @param start starting points; not modified
   * @param lanes lanes to work on
   * @throws IllegalArgumentException if the solver can't handle the problem's constraint
   */
  S init(Problem problem, LaneBuffer start, Lanes lanes);

  /**
   * One round for the active lanes of the state.
   *
   * <p>A lane whose value or gradient is not finite and that has no way back is frozen as {@link Outcome#DIVERGED}, one that can't
   * progress in this precision as {@link Outcome#STALLED}; both keep their last accepted iterate.
   *
   * @param state modified
   */
  void step(Problem problem, S state);

  /**
   * One or more rounds for lanes that are all at the same iteration and whose iterates in between nobody wants to see: what {@link #step} does
   * {@code rounds} times, bit for bit, where a solver can do it with less traffic. By default one round.
   *
   * @param most at least 1
   * @return rounds made, at least 1 and at most {@code most}
   */
  default long advance(Problem problem, S state, long most) {
    step(problem, state);
    return 1;
  }
}

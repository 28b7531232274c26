package ufm.benchmarks;

import ufm.solver.Solver;
import ufm.solver.SolverState;

/** A solver's rounds, repeated from the same state. */
final class StepLoop<S extends SolverState> implements AutoCloseable {
  /** Rounds in one go; few enough that no lane converges. */
  static final int ROUNDS = 20;

  private final OneLayer model;
  private final Solver<S> solver;
  private final S state;
  private final Checkpoint checkpoint;

  /**
   * Evaluates the start.
   *
   * @param before rounds made before the state that is repeated
   */
  StepLoop(OneLayer model, Solver<S> solver, int before) {
    this.model = model;
    this.solver = solver;
    state = solver.init(model.problem(), model.start(), model.all());
    for (int i = 0; i < before; i++) {
      solver.step(model.problem(), state);
    }
    checkpoint = new Checkpoint(model.backend(), state);
  }

  /** Back to the state that is repeated. */
  void rewind() {
    checkpoint.restore(state);
  }

  /** Makes {@value #ROUNDS} rounds; returns the state so that nothing is optimised away. */
  S run() {
    for (int i = 0; i < ROUNDS; i++) {
      solver.step(model.problem(), state);
    }
    return state;
  }

  @Override
  public void close() {
    checkpoint.close();
    state.close();
  }
}

package ufm.benchmarks;

import ufm.solver.Solver;
import ufm.solver.SolverState;

/** A solver's first rounds, repeated from the same state; what the step benchmarks share. */
final class StepLoop<S extends SolverState> implements AutoCloseable {
  /** Rounds from one start; few enough that no lane converges. */
  static final int ROUNDS = 20;

  private final OneLayer model;
  private final Solver<S> solver;
  private final S state;
  private final Checkpoint checkpoint;

  /** Evaluates the start. */
  StepLoop(OneLayer model, Solver<S> solver) {
    this.model = model;
    this.solver = solver;
    state = solver.init(model.problem(), model.start(), model.all());
    checkpoint = new Checkpoint(model.backend(), state);
  }

  /** Back to the start. */
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

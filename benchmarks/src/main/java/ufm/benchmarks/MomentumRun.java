package ufm.benchmarks;

import ufm.backend.LaneBuffer;
import ufm.solver.GradientDescent;
import ufm.solver.MaxIterations;
import ufm.solver.Recorder;
import ufm.solver.SolverLoop;

/** A run of momentum descent by the way every simulation goes, with a budget and nobody who looks on; it goes on from where it is. */
public final class MomentumRun implements AutoCloseable {
  /** Learning rate 0.1, momentum 0.9, as in all programs that are compared. */
  private static final GradientDescent SOLVER = GradientDescent.momentum(0.1, 0.9);

  private final OneLayer model;
  private final GradientDescent.State state;

  /** A run from the model's own start. */
  public MomentumRun(OneLayer model) {
    this(model, model.start());
  }

  /**
   * @param start not modified
   */
  public MomentumRun(OneLayer model, LaneBuffer start) {
    this.model = model;
    state = SOLVER.init(model.problem(), start, model.all());
  }

  /** As many steps as take a few tenths of a second at 40 GFLOP/s, at least 8 and at most 10,000. */
  public static long stepsFor(Shape shape, int lanes) {
    return (long) Math.clamp(1e10 / (shape.flops() * lanes), 8, 10_000);
  }

  /** Makes some steps more. */
  public GradientDescent.State advance(long steps) {
    state.reopen();
    SolverLoop.resume(model.problem(), SOLVER, state, new MaxIterations(state.iterations(0) + steps), Recorder.none());
    return state;
  }

  @Override
  public void close() {
    state.close();
  }
}

package ufm.benchmarks.compare;

import ufm.benchmarks.OneLayer;
import ufm.solver.Lbfgs;
import ufm.solver.LbfgsState;

/** The first rounds of L-BFGS with 10 pairs from a random start. */
final class LbfgsJob implements Job {
  private static final Lbfgs SOLVER = Lbfgs.defaults();

  private final OneLayer model;
  private final int rounds;
  private String outcome = "";

  /**
   * @param rounds evaluations of a run, the one at the start among them
   */
  LbfgsJob(Work work, int threads, int rounds) {
    model = OneLayer.of(work.shape(), work.lanes(), threads);
    this.rounds = rounds;
  }

  /** Evaluations of a run: 50, fewer where they are long. */
  static int roundsFor(Work work) {
    return (int) Math.clamp(5e10 / (work.shape().flops() * work.lanes()), 12, 50);
  }

  @Override
  public void run() {
    try (LbfgsState state = SOLVER.init(model.problem(), model.start(), model.all())) {
      for (int i = 1; i < rounds; i++) {
        SOLVER.step(model.problem(), state);
      }
      outcome = "f = " + state.value(0);
    }
  }

  @Override
  public long units() {
    return rounds;
  }

  @Override
  public double[] digest() {
    return EvaluationJob.digest(model, model.objective());
  }

  @Override
  public String outcome() {
    return outcome;
  }

  @Override
  public void close() {
    model.close();
  }
}

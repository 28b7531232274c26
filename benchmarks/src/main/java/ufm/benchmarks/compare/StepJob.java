package ufm.benchmarks.compare;

import ufm.backend.LaneBuffer;
import ufm.benchmarks.MomentumRun;
import ufm.benchmarks.OneLayer;

/** Momentum steps within a long run. */
final class StepJob implements Job {
  /** Steps from the common point after which programs compare. */
  private static final int COMPARED_AFTER = 3;

  private final OneLayer model;
  private final MomentumRun run;
  private final long steps;
  private double value;

  StepJob(Work work, int threads) {
    model = OneLayer.of(work.shape(), work.lanes(), threads);
    run = new MomentumRun(model);
    steps = MomentumRun.stepsFor(work.shape(), work.lanes());
  }

  @Override
  public void run() {
    value = run.advance(steps).value(0);
  }

  @Override
  public long units() {
    return steps;
  }

  @Override
  public double[] digest() {
    try (LaneBuffer start = model.backend().allocate(model.lanes, model.start().length())) {
      CheckPoint.write(model.backend(), start);
      try (MomentumRun compared = new MomentumRun(model, start)) {
        return CheckPoint.digest(model.backend(), 0, compared.advance(COMPARED_AFTER).x());
      }
    }
  }

  @Override
  public String outcome() {
    return "f = " + value;
  }

  @Override
  public void close() {
    run.close();
    model.close();
  }
}

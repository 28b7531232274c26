package ufm.benchmarks.compare;

import java.util.Arrays;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.benchmarks.OneLayer;
import ufm.objective.UfmObjective;

/** Value and gradient of all lanes. */
final class EvaluationJob implements Job {
  private final OneLayer model;
  private final LaneBuffer gradient;
  private final double[] value;
  private final Lanes all;

  EvaluationJob(Work work, int threads) {
    model = OneLayer.of(work.shape(), work.lanes(), threads);
    gradient = model.backend().allocate(work.lanes(), model.start().length());
    value = new double[work.lanes()];
    all = model.all();
  }

  /** Sum of values, norm of the gradient and its weighted sum at the common point. */
  static double[] digest(OneLayer model, UfmObjective objective) {
    try (LaneBuffer x = model.backend().allocate(model.lanes, objective.layout().size());
        LaneBuffer g = model.backend().allocate(model.lanes, objective.layout().size())) {
      CheckPoint.write(model.backend(), x);
      double[] f = new double[model.lanes];
      objective.valueGradient(model.all(), x, f, g);
      return CheckPoint.digest(model.backend(), Arrays.stream(f).sum(), g);
    }
  }

  @Override
  public void run() {
    model.objective().valueGradient(all, model.start(), value, gradient);
  }

  @Override
  public double[] digest() {
    return digest(model, model.objective());
  }

  @Override
  public void close() {
    gradient.close();
    model.close();
  }
}

package ufm.solve;

import java.util.Arrays;
import java.util.function.IntFunction;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.Layout;
import ufm.objective.UfmObjective;
import ufm.solver.Outcome;
import ufm.solver.Problem;
import ufm.solver.Recorder;
import ufm.solver.Solver;
import ufm.solver.SolverLoop;
import ufm.solver.SolverState;
import ufm.solver.StoppingCriterion;

/** The points of a batch and what has been spent on each lane, phase after phase. */
final class LaneRun implements AutoCloseable {
  /** Rounding of a value, in ulps. */
  private static final int ROUNDING = 32;

  final UfmObjective objective;
  final Problem problem;
  final LaneBuffer x;
  final double[] value;
  final double[] gradientNorm;
  final double[] gradientScale;
  final Outcome[] outcome;
  final String[] reason;
  final long[] iterations;
  final long[] evaluations;
  final long[] hessianProducts;

  LaneRun(UfmObjective objective, Problem problem) {
    this.objective = objective;
    this.problem = problem;
    int n = objective.lanes();
    x = objective.backend().allocate(n, objective.layout().size());
    value = new double[n];
    gradientNorm = new double[n];
    gradientScale = new double[n];
    outcome = new Outcome[n];
    reason = new String[n];
    iterations = new long[n];
    evaluations = new long[n];
    hessianProducts = new long[n];
    Arrays.fill(outcome, Outcome.RUNNING);
  }

  /** Runs one phase from the points of the given lanes and takes over where it ends. */
  <S extends SolverState> void phase(Solver<S> solver, Lanes lanes, StoppingCriterion stop) {
    if (lanes.isEmpty()) {
      return;
    }
    try (S state = SolverLoop.run(problem, solver, x, lanes, stop, Recorder.none())) {
      objective.backend().copy(lanes, state.x(), x);
      objective.gradientScale(lanes, state.x(), state.gradient(), gradientScale);
      for (int i = 0; i < lanes.count(); i++) {
        int l = lanes.at(i);
        value[l] = state.value(l);
        gradientNorm[l] = state.gradientNorm(l);
        outcome[l] = state.outcome(l);
        reason[l] = state.reason(l);
        iterations[l] += state.iterations(l);
        evaluations[l] += state.evaluations(l);
        hessianProducts[l] += state.hessianProducts(l);
      }
    }
  }

  /** The variables of a lane as they are. */
  double[] variables(int lane) {
    double[] v = new double[Math.toIntExact(objective.layout().size())];
    objective.backend().read(x, lane, 0, v, 0, v.length);
    return v;
  }

  /** The variables of a lane of another run of the same layout, in this run's scale of W and H. */
  private double[] variables(int lane, LaneRun other, int from) {
    double[] v = other.variables(from);
    // Square roots of gains are powers of two, so that this rounds nothing.
    double factor = Math.sqrt(other.objective.gain(from)) / Math.sqrt(objective.gain(lane));
    for (Layout.Block block : objective.layout().blocks()) {
      if (factor != 1 && !block.name().equals("b")) {
        for (int i = Math.toIntExact(block.offset()); i < block.offset() + block.size(); i++) {
          v[i] *= factor;
        }
      }
    }
    return v;
  }

  /** Takes over the point of a lane of another run of the same layout. */
  void point(int lane, LaneRun other, int from) {
    variables(lane, variables(lane, other, from));
  }

  /** Overwrites the variables of a lane. */
  void variables(int lane, double[] v) {
    objective.backend().write(x, lane, 0, v, 0, v.length);
  }

  /**
   * Replaces the variables of lanes by proposals wherever that does not raise f by more than rounding; {@code value} must be that of the
   * lanes' points.
   */
  void propose(Lanes lanes, IntFunction<double[]> proposal) {
    if (lanes.isEmpty()) {
      return;
    }
    double[] f = new double[value.length];
    double[][] before = new double[value.length][];
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      before[l] = variables(l);
      variables(l, proposal.apply(l));
    }
    objective.value(lanes, x, f);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      if (f[l] <= value[l] + ROUNDING * Math.ulp(value[l])) {
        value[l] = f[l];
      } else {
        variables(l, before[l]);
      }
    }
  }

  /** Takes over the point of a lane of another run of the same layout, with what was spent on it. */
  void take(int lane, LaneRun other, int from) {
    point(lane, other, from);
    value[lane] = other.value[from];
    gradientNorm[lane] = other.gradientNorm[from];
    gradientScale[lane] = other.gradientScale[from];
    outcome[lane] = other.outcome[from];
    reason[lane] = other.reason[from];
    iterations[lane] += other.iterations[from];
    evaluations[lane] += other.evaluations[from];
    hessianProducts[lane] += other.hessianProducts[from];
  }

  @Override
  public void close() {
    x.close();
    objective.close();
  }
}

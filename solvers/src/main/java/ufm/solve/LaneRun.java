package ufm.solve;

import java.util.Arrays;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
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

  /** Overwrites the variables of a lane. */
  void variables(int lane, double[] v) {
    objective.backend().write(x, lane, 0, v, 0, v.length);
  }

  @Override
  public void close() {
    x.close();
    objective.close();
  }
}

package ufm.solve;

import ufm.backend.Lanes;
import ufm.problem.UfmProblem;
import ufm.solver.MaxIterations;
import ufm.solver.Outcome;
import ufm.solver.RelativeGradient;
import ufm.solver.StoppingCriterion;
import ufm.solver.TrustRegion;

/**
 * The last digits of a solve: {@link ClosedFormSteps} and the trust region in turn. The former settle the directions in which only the penalties
 * curve the objective; each round of the latter disturbs them to second order only.
 */
final class Polish {
  /** Rounds after which what is left is rounding. */
  private static final int ROUNDS = 3;

  /** Newton's method near a minimum needs tens of iterations; more only walk about at rounding. */
  private static final long MOST_ITERATIONS = 500;

  private Polish() {}

  /** Polishes the points of the given lanes; {@code run.value} must be that of the points. */
  static void polish(LaneRun run, Lanes lanes, SolveOptions options) {
    StoppingCriterion stop = new RelativeGradient(options.tolerance()).or(new MaxIterations(Math.min(options.maxIterations(), MOST_ITERATIONS)));
    boolean steps = ClosedFormSteps.apply(run.objective.problem(0));
    Lanes open = Lanes.none(run.objective.lanes()).set(lanes);
    for (int round = 0; round < (steps ? ROUNDS : 1) && !open.isEmpty(); round++) {
      if (steps) {
        run.propose(open, l -> ClosedFormSteps.of(
            run.objective.problem(l), run.objective.layout(), run.objective.gain(l), weights(run, l), run.variables(l)));
      }
      run.phase(TrustRegion.standard(), open, stop);
      open.retain(l -> run.outcome[l] == Outcome.STALLED);
    }
  }

  private static double[] weights(LaneRun run, int lane) {
    UfmProblem p = run.objective.problem(lane);
    double[] weight = new double[run.objective.layer().columns()];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = run.objective.isReduced() ? Math.sqrt(p.count(i)) : 1;
    }
    return weight;
  }
}

package ufm.solve;

import java.util.Arrays;
import java.util.List;
import ufm.backend.Lanes;
import ufm.backend.Layout;
import ufm.problem.UfmProblem;
import ufm.solver.Lbfgs;
import ufm.solver.MaxIterations;
import ufm.solver.ProjectedLbfgs;
import ufm.solver.RelativeGradient;
import ufm.solver.StoppingCriterion;

/**
 * From a start to the neighbourhood of a minimum: L-BFGS, projected where features are constrained, and the step to zero where an iterate
 * vanishes.
 *
 * <p>Losses that are not convex have minima in which some classes are zero (theory sheet A6), and a random start runs into them more often the
 * more classes there are. With smaller penalties they are no minima, so every second start is led from there: first to the minimum
 * with a quarter of both penalties, then on to the problem's own.
 */
final class StartSearch {
  /** Where the search stops and the polish of the best start begins. */
  private static final double TOLERANCE = 1e-7;

  /** Variables beyond which the pairs of L-BFGS leave the cache, and half of them cost less than the few iterations that they save. */
  private static final long MANY_VARIABLES = 16_384;

  private static final int FEW_PAIRS = 5;

  private static final double LED_TOLERANCE = 1e-4;
  private static final double LED_PENALTY = 0.25;

  private StartSearch() {}

  /** The problem from whose minimum a lane is led. */
  static UfmProblem easier(UfmProblem p) {
    return p.toBuilder().lambdaW(LED_PENALTY * p.lambdaW()).lambdaH(LED_PENALTY * p.lambdaH()).build();
  }

  /** Whether starts of these problems are led at all. */
  static boolean leads(List<UfmProblem> problems) {
    return problems.stream().anyMatch(p -> !p.loss().convex());
  }

  /** Takes the lanes of {@code run} to where a descent on the easier problems, in {@code led}, ends. */
  static void lead(LaneRun run, LaneRun led, Lanes lanes, SolveOptions options) {
    for (int i = 0; i < lanes.count(); i++) {
      led.point(lanes.at(i), run, lanes.at(i));
    }
    descend(led, lanes, LED_TOLERANCE, options);
    for (int i = 0; i < lanes.count(); i++) {
      run.take(lanes.at(i), led, lanes.at(i));
    }
  }

  /** Takes the lanes near a minimum. */
  static void search(LaneRun run, Lanes lanes, SolveOptions options) {
    descend(run, lanes, Math.max(TOLERANCE, options.tolerance()), options);
    stepToZero(run, lanes);
  }

  private static void descend(LaneRun run, Lanes lanes, double tolerance, SolveOptions options) {
    StoppingCriterion vanishing = new Vanishing(run.objective.layer().lambdaW(), run.objective.layer().lambdaH());
    StoppingCriterion stop = new RelativeGradient(tolerance).or(vanishing).or(new MaxIterations(options.maxIterations()));
    if (run.problem.set().constrains()) {
      run.phase(ProjectedLbfgs.standard(), lanes, stop);
    } else {
      run.phase(run.objective.layout().size() > MANY_VARIABLES ? Lbfgs.withMemory(FEW_PAIRS) : Lbfgs.defaults(), lanes, stop);
    }
  }

  /** Puts W = H = 0 where the penalties are nothing and zero does not raise f: a descent step like any other. */
  private static void stepToZero(LaneRun run, Lanes lanes) {
    double[][] terms = new double[run.objective.termNames().size()][run.objective.lanes()];
    run.objective.terms(lanes, run.x, terms);
    Lanes small = Lanes.none(run.objective.lanes())
        .select(lanes, l -> terms[1][l] + terms[2][l] <= Vanishing.NEGLIGIBLE * Math.abs(run.value[l]));
    run.propose(small, l -> {
      double[] zero = run.variables(l);
      for (Layout.Block block : run.objective.layout().blocks()) {
        if (!block.name().equals("b")) {
          Arrays.fill(zero, Math.toIntExact(block.offset()), Math.toIntExact(block.offset() + block.size()), 0.0);
        }
      }
      return zero;
    });
  }
}

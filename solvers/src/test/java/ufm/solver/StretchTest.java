package ufm.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.objective.UfmObjective;
import ufm.problem.Bias;
import ufm.problem.UfmProblem;
import ufm.random.StartKind;

/** Steps that nobody watches are made several at a time, and nothing but the number of questions depends on it. */
class StretchTest {

  static List<GradientDescent> methods() {
    return List.of(
        GradientDescent.plain(0.5), GradientDescent.momentum(0.3, 0.9), GradientDescent.nesterov(0.3, 0.9),
        new GradientDescent(new Schedule.Cosine(0.5, 0.01, 203), 0.8, 0.3, false));
  }

  private static SolverContract.Run run(GradientDescent solver, StoppingCriterion stop, Recorder recorder, LoopControl control) {
    List<UfmProblem> problems = new ArrayList<>();
    for (double lambda : new double[] {1e-3, 5e-3, 2e-2}) {
      problems.add(UfmProblem.builder(4, 8).samplesPerClass(5).lambdaW(lambda).lambdaH(lambda / 2).bias(new Bias.Ridge(0.01)).build());
    }
    try (Backend b = SolverContract.backend(2);
        UfmObjective o = UfmObjective.full(b, problems);
        LaneBuffer x = b.allocate(3, o.layout().size())) {
      Lanes all = Lanes.all(3);
      o.randomize(all, x, StartKind.GAUSSIAN, 1, 3, new int[] {0, 1, 2});
      try (GradientDescent.State s = SolverLoop.run(Problem.unconstrained(o), solver, x, all, stop, recorder, control)) {
        return SolverContract.Run.of(o, s);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("methods")
  void theIteratesAreThoseOfSingleSteps(GradientDescent solver) {
    StoppingCriterion budget = new MaxIterations(203);
    long[] asked = new long[2];
    SolverContract.Run stretched = run(solver, budget, Recorder.none(), (p, s) -> ++asked[0] > 0);
    SolverContract.Run single = run(solver, budget.or(new GradientBelow(0)), Recorder.none(), (p, s) -> ++asked[1] > 0);
    assertTrue(asked[0] < 30, asked[0] + " stretches");
    assertEquals(203, asked[1]);
    for (int l = 0; l < 3; l++) {
      single.assertSame(solver.description() + ", lane " + l, l, stretched, l);
    }
  }

  @Test
  void aStretchEndsWhereARecordIsDue() {
    GradientDescent solver = GradientDescent.momentum(0.3, 0.9);
    List<Long> seen = new ArrayList<>();
    List<Double> values = new ArrayList<>();
    List<Double> all = new ArrayList<>();
    StoppingCriterion budget = new MaxIterations(203);
    run(solver, budget, recorder(50, seen, values), LoopControl.always());
    run(solver, budget, recorder(1, new ArrayList<>(), all), LoopControl.always());
    assertEquals(List.of(0L, 50L, 100L, 150L, 200L, 203L), seen);
    for (int i = 0; i < seen.size(); i++) {
      assertEquals(all.get(seen.get(i).intValue()), values.get(i), "value at iteration " + seen.get(i));
    }
  }

  private static Recorder recorder(long every, List<Long> seen, List<Double> values) {
    return new Recorder() {
      @Override
      public boolean due(long iteration) {
        return iteration % every == 0;
      }

      @Override
      public void record(Problem problem, SolverState state, Lanes due) {
        seen.add(state.iterations(0));
        values.add(state.value(0));
      }
    };
  }

  @Test
  void aBudgetOfEvaluationsIsMet() {
    SolverContract.Run run = run(GradientDescent.plain(0.1), new MaxEvaluations(120), Recorder.none(), LoopControl.always());
    assertEquals(Outcome.BUDGET, run.outcome()[0]);
    assertTrue(run.reason()[0].startsWith("120 evaluations"), run.reason()[0]);
  }
}

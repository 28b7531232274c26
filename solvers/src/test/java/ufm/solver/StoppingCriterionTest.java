package ufm.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.objective.UfmObjective;
import ufm.problem.UfmProblem;
import ufm.random.StartKind;

/** Each criterion stops where its formula says, with a reason that has the numbers, and combinations keep what is honest. */
class StoppingCriterionTest {
  private final Backend backend = SolverContract.backend(1);

  @AfterEach
  void close() {
    backend.close();
  }

  /** {@code 1 + x^2 / 2}. */
  private final Problem square = Problem.unconstrained(new FamilyObjective(backend, new FamilyObjective.Family() {
    @Override
    public double valueGradient(int member, double[] x, double[] g) {
      g[0] = x[0];
      return 1 + x[0] * x[0] / 2;
    }

    @Override
    public void hessian(int member, double[] x, double[] v, double[] out) {
      out[0] = v[0];
    }
  }, 1, 0));

  private final GradientDescent halving = GradientDescent.plain(0.5);

  /** From x = 8 with halving steps: x_k = 8 / 2^k. */
  private GradientDescent.State halve(StoppingCriterion stop) {
    try (LaneBuffer x = backend.allocate(1, 1)) {
      backend.write(x, 0, 0, new double[] {8}, 0, 1);
      return SolverLoop.run(square, halving, x, Lanes.all(1), stop.or(new MaxIterations(100)), Recorder.none());
    }
  }

  private void assertStops(StoppingCriterion stop, long iteration, Outcome outcome, String reason) {
    try (SolverState s = halve(stop)) {
      assertEquals(iteration, s.iterations(0), s.reason(0));
      assertEquals(outcome, s.outcome(0));
      assertEquals(reason, s.reason(0));
    }
  }

  @Test
  void eachStopsWhereItsFormulaSays() {
    assertStops(new GradientBelow(1), 3, Outcome.CONVERGED, "gradient norm 1.00 <= 1.00");
    assertStops(new ValueBelow(3), 2, Outcome.CONVERGED, "value 3.0 <= target 3.0");
    assertStops(new MaxEvaluations(6), 5, Outcome.BUDGET, "6 evaluations and Hessian products, the limit is 6");
    // f_2 = 3, f_3 = 1.5, f_4 = 1.125: the change of f_4 is 0.375 = f_4 / 3.
    assertStops(new RelativeChange(0.34), 4, Outcome.CONVERGED, "value changed by 0.375 <= 0.340 |1.12500|");
    // The yardstick of this objective is 1 + |x|: |x| <= 0.3 (1 + |x|) first at x = 1/4.
    assertStops(new RelativeGradient(0.3), 5, Outcome.CONVERGED, "gradient norm 0.250 <= 0.300 of its terms, whose size is 1.25");
    assertStops(new Diverged(30), 0, Outcome.DIVERGED, "value 33.0000 > 30.0000");
  }

  @Test
  void combinationsKeepTheStrongerAnswer() {
    assertStops(new MaxIterations(3).or(new GradientBelow(1)), 3, Outcome.CONVERGED, "gradient norm 1.00 <= 1.00");
    assertStops(new GradientBelow(1).and(new ValueBelow(1.2)), 4, Outcome.CONVERGED,
        "gradient norm 0.500 <= 1.00 and value 1.125 <= target 1.2");
    assertStops(new GradientBelow(1).and(new MaxIterations(6)), 6, Outcome.BUDGET,
        "gradient norm 0.125 <= 1.00 and 6 iterations, the limit is 6");
    assertEquals("(|g| <= 1.0 or iterations >= 5)", new GradientBelow(1).or(new MaxIterations(5)).description());
  }

  @Test
  void aResumedRunDoesNotTakeItsOwnIterateForNoChange() {
    try (GradientDescent.State s = halve(new MaxIterations(2))) {
      s.reopen();
      SolverLoop.resume(square, halving, s, new RelativeChange(0).or(new MaxIterations(4)), Recorder.none());
      assertEquals(Outcome.BUDGET, s.outcome(0));
      assertEquals(4, s.iterations(0));
    }
  }

  @Test
  void collapseToTheOriginIsConvergence() {
    // lambda_Z = 0.2 > 1/(K sqrt n) = 0.14: the origin is the solution, f = log 4, and S vanishes with x.
    UfmProblem p = UfmProblem.builder(4, 5).samplesPerClass(3).lambdaW(0.2).lambdaH(0.2).build();
    try (UfmObjective o = UfmObjective.full(backend, List.of(p));
        LaneBuffer x = backend.allocate(1, o.layout().size())) {
      o.randomize(Lanes.all(1), x, StartKind.GAUSSIAN, 1, 1, new int[] {0});
      try (LbfgsState s = SolverLoop.run(
          Problem.unconstrained(o), Lbfgs.defaults(), x, Lanes.all(1), new RelativeGradient(1e-12).or(new MaxIterations(1000)),
          Recorder.none())) {
        assertEquals(Outcome.CONVERGED, s.outcome(0), s.reason(0));
        assertTrue(s.reason(0).contains("both vanish"), s.reason(0));
        assertTrue(s.iterations(0) < 100, "iterations " + s.iterations(0));
        assertEquals(Math.log(4), s.value(0), 1e-15);
      }
    }
  }

  @Test
  void limitsThatMakeNoSenseAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new MaxIterations(-1));
    assertThrows(IllegalArgumentException.class, () -> new MaxEvaluations(0));
    assertThrows(IllegalArgumentException.class, () -> new TimeLimit(0));
    assertThrows(IllegalArgumentException.class, () -> new GradientBelow(-1));
    assertThrows(IllegalArgumentException.class, () -> new RelativeGradient(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> new ValueBelow(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> new RelativeChange(-1e-3));
    assertThrows(IllegalArgumentException.class, () -> new Diverged(Double.NaN));
  }
}

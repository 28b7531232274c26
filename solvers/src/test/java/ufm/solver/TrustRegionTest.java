package ufm.solver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.cpu.CpuBackend;
import ufm.manifold.ConvexSet;
import ufm.objective.UfmObjective;
import ufm.problem.Loss;
import ufm.problem.Point;
import ufm.problem.UfmProblem;
import ufm.random.StartKind;

class TrustRegionTest {
  private final Backend backend = CpuBackend.create();

  /** Runs random starts of one problem, as lanes. */
  private TrustRegionState solve(UfmObjective objective, int seed, double scale, StoppingCriterion stop) {
    int n = objective.lanes();
    int[] starts = new int[n];
    for (int l = 0; l < n; l++) {
      starts[l] = l;
    }
    try (LaneBuffer x = backend.allocate(n, objective.layout().size())) {
      objective.randomize(Lanes.all(n), x, StartKind.GAUSSIAN, scale, seed, starts);
      return SolverLoop.run(Problem.unconstrained(objective), TrustRegion.standard(), x, Lanes.all(n), stop, Recorder.none());
    }
  }

  @TestFactory
  List<DynamicTest> reachesTheKnownOptimaFromRandomStarts() {
    List<DynamicTest> tests = new ArrayList<>();
    for (VectorCase c : VectorCase.ofKind("optimum")) {
      tests.add(DynamicTest.dynamicTest(c.id(), () -> {
        UfmObjective objective = UfmObjective.full(backend, Collections.nCopies(4, c.problem()));
        try (objective; TrustRegionState s = solve(objective, 11, 0.5, new RelativeGradient(1e-12).or(new MaxIterations(2000)))) {
          double best = Double.POSITIVE_INFINITY;
          for (int l = 0; l < 4; l++) {
            assertEquals(Outcome.CONVERGED, s.outcome(l), s.reason(l));
            best = Math.min(best, s.value(l));
          }
          double f = c.expected("f_star");
          assertEquals(f, best, 1e-12 * Math.max(1e-2, f), c.id());
        }
      }));
    }
    return tests;
  }

  @Test
  void endsWithAnHonestReasonWhenTheGradientIsAtRounding() {
    UfmProblem p = UfmProblem.builder(10, 20).counts(50, 50, 50, 50, 50, 5, 5, 5, 5, 5).build();
    UfmObjective objective = UfmObjective.full(backend, List.of(p, p));
    try (objective; TrustRegionState s = solve(objective, 3, 0.5, new MaxIterations(2000))) {
      for (int l = 0; l < 2; l++) {
        assertEquals(Outcome.STALLED, s.outcome(l), s.reason(l));
        assertTrue(s.reason(l).startsWith("gradient at rounding level"), s.reason(l));
        assertTrue(s.gradientNorm(l) <= 1.5e-14 * s.gradientScale(l), s.reason(l));
        assertEquals(0.146621683630, s.value(l), 1e-12);
      }
    }
  }
}

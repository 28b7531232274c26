package ufm.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.objective.ClassMeanReduction;
import ufm.objective.UfmObjective;
import ufm.problem.UfmProblem;
import ufm.random.StartKind;

/** L-BFGS alone, without a polish, on the known optima of the one-layer model. */
class LbfgsVectorsTest {
  private static final int[] STARTS = {0, 1, 2, 3, 4, 5};

  /** The gradient falls to 1e-14 of its terms from every start, far below what a search on values alone can reach, and the best is f*. */
  @TestFactory
  Stream<DynamicTest> reachesTheKnownOptima() {
    return VectorCase.ofKind("optimum").stream().map(c -> DynamicTest.dynamicTest(c.id(), () -> solve(c)));
  }

  private static void solve(VectorCase c) {
    int n = STARTS.length;
    List<UfmProblem> copies = Collections.nCopies(n, c.problem());
    boolean reduce = ClassMeanReduction.keepsMinimum(c.problem());
    try (Backend b = SolverContract.backend(1);
        UfmObjective o = reduce ? UfmObjective.reduced(b, copies) : UfmObjective.full(b, copies);
        LaneBuffer x = b.allocate(n, o.layout().size())) {
      o.randomize(Lanes.all(n), x, StartKind.GAUSSIAN, 1, 11, STARTS);
      StoppingCriterion stop = new RelativeGradient(1e-14).or(new MaxIterations(5000));
      try (LbfgsState s = SolverLoop.run(Problem.unconstrained(o), Lbfgs.defaults(), x, Lanes.all(n), stop, Recorder.none())) {
        double best = Double.POSITIVE_INFINITY;
        for (int l = 0; l < n; l++) {
          assertEquals(Outcome.CONVERGED, s.outcome(l), "start " + l + ": " + s.reason(l));
          best = Math.min(best, s.value(l));
        }
        assertEquals(c.expected("f_star"), best, 1e-12 * (1 + Math.abs(c.expected("f_star"))));
      }
    }
  }
}

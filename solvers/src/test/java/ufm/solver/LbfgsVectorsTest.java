package ufm.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.objective.ClassMeanReduction;
import ufm.objective.UfmObjective;
import ufm.problem.Loss;
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

  /** K=4, d=64 with mean square error, and K=10, d=20 in two groups with cross-entropy, both without bias and lambda = 5e-4. */
  @Test
  void recipesOfTheLiterature() {
    UfmProblem.Builder square = UfmProblem.builder(4, 64).counts(200, 100, 50, 50).loss(new Loss.MeanSquaredError());
    assertEquals(0.018942135623731, best(square.lambdaW(5e-4).lambdaH(5e-4).build(), 1, 1e-13), 1e-13);
    UfmProblem.Builder groups = UfmProblem.builder(10, 20).counts(50, 50, 50, 50, 50, 5, 5, 5, 5, 5);
    assertEquals(0.146621683630, best(groups.lambdaW(5e-4).lambdaH(5e-4).build(), 1, 1e-13), 1e-12);
  }

  /** Close to the saddle at the origin the value is flat to rounding: only the slopes show the way out. */
  @Test
  void leavesTheSaddleAtTheOrigin() {
    UfmProblem p = UfmProblem.builder(4, 5).samplesPerClass(3).lambdaW(5e-3).lambdaH(5e-3).build();
    double rho = 5e-3 * 3 * Math.sqrt(3);
    double t = Math.log(3 * (1 - rho) / rho);
    assertEquals(Math.log1p(3 * Math.exp(-t)) + rho * t, best(p, 1e-10, 1e-12), 1e-14);
  }

  /** The value after a run from one Gaussian start. */
  private static double best(UfmProblem p, double scale, double tolerance) {
    try (Backend b = SolverContract.backend(1);
        UfmObjective o = UfmObjective.reduced(b, List.of(p));
        LaneBuffer x = b.allocate(1, o.layout().size())) {
      o.randomize(Lanes.all(1), x, StartKind.GAUSSIAN, scale, 11, STARTS);
      StoppingCriterion stop = new RelativeGradient(tolerance).or(new MaxIterations(5000));
      try (LbfgsState s = SolverLoop.run(Problem.unconstrained(o), Lbfgs.defaults(), x, Lanes.all(1), stop, Recorder.none())) {
        assertEquals(Outcome.CONVERGED, s.outcome(0), s.reason(0));
        return s.value(0);
      }
    }
  }
}

package ufm.solver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import ufm.manifold.Euclidean;
import ufm.objective.UfmObjective;
import ufm.problem.UfmProblem;
import ufm.random.StartKind;

class ProjectedLbfgsTest {
  private final Backend backend = CpuBackend.create();

  private static Problem nonNegative(UfmObjective objective) {
    return new Problem(objective, new Euclidean(), ConvexSet.nonNegative(objective.layout(), "H"));
  }

  private LaneBuffer starts(UfmObjective objective, int seed) {
    int n = objective.lanes();
    int[] start = new int[n];
    for (int l = 0; l < n; l++) {
      start[l] = l;
    }
    LaneBuffer x = backend.allocate(n, objective.layout().size());
    objective.randomize(Lanes.all(n), x, StartKind.GAUSSIAN, 0.5, seed, start);
    return x;
  }

  @TestFactory
  List<DynamicTest> findsTheNonNegativeOptimaAndTheirLastDigits() {
    return VectorCase.ofKind("relu").stream().map(c -> DynamicTest.dynamicTest(c.id(), () -> {
      int n = 24;
      UfmObjective objective = UfmObjective.full(backend, Collections.nCopies(n, c.problem()));
      Problem problem = nonNegative(objective);
      double optimum = c.expected("f_star");
      try (objective; LaneBuffer x = starts(objective, 21);
          ProjectedLbfgsState s = SolverLoop.run(problem, ProjectedLbfgs.standard(), x, Lanes.all(n),
              new RelativeGradient(1e-8).or(new MaxIterations(3000)), Recorder.none());
          TrustRegionState t = SolverLoop.run(problem, TrustRegion.standard(), s.x(), Lanes.all(n),
              new RelativeGradient(1e-12).or(new MaxIterations(300)), Recorder.none())) {
        int best = 0;
        for (int l = 0; l < n; l++) {
          if (t.value(l) < t.value(best)) {
            best = l;
          }
        }
        for (int l = 0; l < n; l++) {
          assertEquals(Outcome.CONVERGED, s.outcome(l), s.reason(l));
          assertEquals(Outcome.CONVERGED, t.outcome(l), t.reason(l));
          assertTrue(t.value(l) <= s.value(l) + 1e-14);
          for (double h : objective.read(t.x(), l).h()) {
            assertTrue(h >= 0, "feasible");
          }
        }
        assertEquals(optimum, s.value(best), 1e-9 * optimum);
        assertEquals(optimum, t.value(best), 1e-12 * optimum);
      }
    })).toList();
  }

  @Test
  void solvesABoundedQuadraticWhoseSolutionIsKnown() {
    // min |x - c|^2 / 2 with coupling, x >= 0: KKT by hand. H = [[2,1],[1,2]], b = (1,-4): x = (1/2, 0), multiplier 1/2 + 4.
    FamilyObjective f = new FamilyObjective(backend, new QuadraticForm(new double[][] {{2, 1}, {1, 2}}, new double[] {1, -4}), 2, 0);
    Problem problem = new Problem(f, new Euclidean(), ConvexSet.nonNegative(f.layout(), "x"));
    try (LaneBuffer x = new HostPoints(f).write(new double[] {3, 5});
        ProjectedLbfgsState s = SolverLoop.run(problem, ProjectedLbfgs.standard(), x, Lanes.all(1),
            new GradientBelow(1e-13).or(new MaxIterations(200)), Recorder.none());
        TrustRegionState t = SolverLoop.run(problem, TrustRegion.standard(), x, Lanes.all(1),
            new GradientBelow(1e-14).or(new MaxIterations(200)), Recorder.none())) {
      assertEquals(Outcome.CONVERGED, s.outcome(0), s.reason(0));
      assertArrayEquals(new double[] {0.5, 0}, new HostPoints(f).read(s.x(), 0), 1e-13);
      assertEquals(Outcome.CONVERGED, t.outcome(0), t.reason(0));
      assertArrayEquals(new double[] {0.5, 0}, new HostPoints(f).read(t.x(), 0), 1e-14);
    }
  }

  @Test
  void tinyPenaltiesCostNoDigits() {
    // |P(x - g) - x| taken literally would end at eps |x|, eight digits above the rounding of this gradient.
    double lambda = 1e-8;
    int[] counts = {10, 5, 2, 1};
    UfmProblem p = UfmProblem.builder(4, 6).counts(counts).lambdaW(lambda).lambdaH(lambda).nonNegativeFeatures(true).build();
    double optimum = 0;
    for (int n : counts) {
      // Theory sheet E8.
      double rho = lambda * 18 * Math.sqrt(3.0 / (4 * n));
      double t = Math.log(3 * (1 / rho - 1));
      optimum += n / 18.0 * Math.log1p(3 * Math.exp(-t)) + lambda * Math.sqrt(n * 0.75) * t;
    }
    UfmObjective objective = UfmObjective.full(backend, Collections.nCopies(6, p));
    Problem problem = nonNegative(objective);
    try (objective; LaneBuffer x = starts(objective, 7);
        ProjectedLbfgsState s = SolverLoop.run(problem, ProjectedLbfgs.standard(), x, Lanes.all(6),
            new RelativeGradient(1e-7).or(new MaxIterations(3000)), Recorder.none());
        TrustRegionState t = SolverLoop.run(problem, TrustRegion.standard(), s.x(), Lanes.all(6),
            new RelativeGradient(1e-12).or(new MaxIterations(300)), Recorder.none())) {
      double best = Double.POSITIVE_INFINITY;
      for (int l = 0; l < 6; l++) {
        assertEquals(Outcome.CONVERGED, s.outcome(l), s.reason(l));
        assertEquals(Outcome.CONVERGED, t.outcome(l), t.reason(l));
        best = Math.min(best, t.value(l));
      }
      assertEquals(optimum, best, 1e-12 * optimum);
    }
  }

  @Test
  void theMeasureOfOptimalityIsTheProjectedStep() {
    // |P(x - g) - x| at x = (2, 0.25, 0) with g = (1, 1, 3): components -1, -0.25, 0.
    double[][] identity = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    FamilyObjective f = new FamilyObjective(backend, new QuadraticForm(identity, new double[] {1, -0.75, -3}), 3, 0);
    Problem problem = new Problem(f, new Euclidean(), ConvexSet.nonNegative(f.layout(), "x"));
    try (LaneBuffer x = new HostPoints(f).write(new double[] {2, 0.25, 0}); ProjectedLbfgsState s = ProjectedLbfgs.standard().init(problem, x, Lanes.all(1))) {
      assertEquals(Math.sqrt(1 + 0.0625), s.gradientNorm(0), 1e-15);
    }
  }

  @Test
  void aBatchGivesTheBitsOfItsLanesAndANotFiniteLaneHurtsNobody() {
    VectorCase c = VectorCase.ofKind("relu").get(1);
    StoppingCriterion stop = new RelativeGradient(1e-8).or(new MaxIterations(3000));
    UfmObjective three = UfmObjective.full(backend, Collections.nCopies(3, c.problem()));
    UfmObjective one = UfmObjective.full(backend, List.of(c.problem()));
    int size = Math.toIntExact(one.layout().size());
    try (three; one; LaneBuffer x = starts(three, 4); LaneBuffer y = backend.allocate(1, size)) {
      backend.write(x, 1, 3, new double[] {Double.NaN}, 0, 1);
      try (ProjectedLbfgsState s = SolverLoop.run(nonNegative(three), ProjectedLbfgs.standard(), x, Lanes.all(3), stop, Recorder.none())) {
        assertEquals(Outcome.DIVERGED, s.outcome(1));
        for (int l = 0; l < 3; l += 2) {
          one.randomize(Lanes.all(1), y, StartKind.GAUSSIAN, 0.5, 4, new int[] {l});
          try (ProjectedLbfgsState t = SolverLoop.run(nonNegative(one), ProjectedLbfgs.standard(), y, Lanes.all(1), stop, Recorder.none())) {
            double[] a = new double[size];
            double[] b = new double[size];
            backend.read(s.x(), l, 0, a, 0, size);
            backend.read(t.x(), 0, 0, b, 0, size);
            assertArrayEquals(b, a);
            assertEquals(t.evaluations(0), s.evaluations(l));
          }
        }
      }
    }
  }

  @Test
  void refusesWhatItCanNotHandle() {
    FamilyObjective f = new FamilyObjective(backend, new QuadraticForm(new double[2][2], new double[2]), 2, 0);
    try (LaneBuffer x = new HostPoints(f).write(new double[] {0.6, 0.8})) {
      Problem sphere = new Problem(f, new UnitSphere(1), new ConvexSet.Whole());
      assertThrows(IllegalArgumentException.class, () -> ProjectedLbfgs.standard().init(sphere, x, Lanes.all(1)));
      assertThrows(IllegalArgumentException.class, () -> new ProjectedLbfgs(0, 1e-3));
      assertThrows(IllegalArgumentException.class, () -> new ProjectedLbfgs(5, -1));
      Problem both = new Problem(f, new UnitSphere(1), ConvexSet.nonNegative(f.layout(), "x"));
      assertThrows(IllegalArgumentException.class, () -> TrustRegion.standard().init(both, x, Lanes.all(1)));
    }
  }
}

package ufm.solver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
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

  @Test
  void polishesWhatLbfgsLeavesToTheRoundingOfTheGradient() {
    UfmProblem p = UfmProblem.builder(10, 20).counts(50, 50, 50, 50, 50, 5, 5, 5, 5, 5).build();
    UfmObjective objective = UfmObjective.full(backend, List.of(p, p, p));
    Problem problem = Problem.unconstrained(objective);
    try (objective; LaneBuffer x = backend.allocate(3, objective.layout().size())) {
      objective.randomize(Lanes.all(3), x, StartKind.GAUSSIAN, 1, 7, new int[] {0, 1, 2});
      try (LbfgsState s = SolverLoop.run(problem, Lbfgs.defaults(), x, Lanes.all(3), new RelativeGradient(1e-7), Recorder.none());
          TrustRegionState t = SolverLoop.run(problem, TrustRegion.standard(), s.x(), Lanes.all(3), new MaxIterations(50), Recorder.none())) {
        for (int l = 0; l < 3; l++) {
          assertTrue(t.gradientNorm(l) <= 1e-14 * t.gradientScale(l), t.reason(l));
          assertEquals(0.146621683630, t.value(l), 1e-12);
          assertTrue(t.hessianProducts(l) < 400, "products " + t.hessianProducts(l));
        }
      }
    }
  }

  @Test
  void finishesWherePenaltiesAreTiny() {
    UfmProblem p = UfmProblem.builder(4, 6).samplesPerClass(3).lambdaW(1e-8).lambdaH(1e-8).build();
    UfmObjective objective = UfmObjective.full(backend, List.of(p, p));
    try (objective; TrustRegionState s = solve(objective, 5, 0.5, new RelativeGradient(1e-12).or(new MaxIterations(2000)))) {
      // Theory sheet A2 and A3: t = log(1/(lz sqrt n) - (K-1)), f = log(1 + (K-1) e^-t) + lz (K-1) sqrt(n) t.
      double margin = Math.log(1 / (1e-8 * Math.sqrt(3)) - 3);
      double optimum = Math.log1p(3 * Math.exp(-margin)) + 3e-8 * Math.sqrt(3) * margin;
      for (int l = 0; l < 2; l++) {
        assertEquals(Outcome.CONVERGED, s.outcome(l), s.reason(l));
        assertEquals(optimum, s.value(l), 1e-12 * optimum);
      }
    }
  }

  @Test
  void convergesQuadratically() {
    UfmProblem p = UfmProblem.builder(3, 4).counts(6, 3, 1).lambdaW(0.02).lambdaH(0.02).build();
    List<Double> norms = new ArrayList<>();
    Recorder norm = new Recorder() {
      @Override
      public boolean due(long iteration) {
        return true;
      }

      @Override
      public void record(Problem problem, SolverState state, Lanes due) {
        norms.add(state.gradientNorm(0));
      }
    };
    UfmObjective objective = UfmObjective.full(backend, List.of(p));
    try (objective; LaneBuffer x = backend.allocate(1, objective.layout().size())) {
      objective.randomize(Lanes.all(1), x, StartKind.GAUSSIAN, 0.5, 2, new int[1]);
      SolverLoop.run(Problem.unconstrained(objective), TrustRegion.standard(), x, Lanes.all(1), new MaxIterations(200), norm).close();
    }
    // |g_next| <= C |g|^2 up to the rounding of the gradient, although the Hessian is singular.
    int quadratic = 0;
    for (int i = 1; i < norms.size(); i++) {
      double last = norms.get(i - 1);
      if (last < 1e-2 && last > 1e-9) {
        assertTrue(norms.get(i) <= 100 * last * last + 1e-15, norms.toString());
        quadratic++;
      }
    }
    assertTrue(quadratic >= 2, norms.toString());
  }

  @Test
  void leavesTheSaddleOfPartialCollapse() {
    VectorCase c = VectorCase.ofKind("landscape").stream().filter(v -> v.id().equals("land07")).findFirst().orElseThrow();
    UfmObjective objective = UfmObjective.full(backend, List.of(c.problem()));
    try (objective; LaneBuffer x = backend.allocate(1, objective.layout().size())) {
      Point saddle = c.point();
      for (int i = 0; i < saddle.w().length; i++) {
        saddle.w()[i] += 1e-6 * Math.sin(i + 1);
      }
      objective.write(x, 0, saddle);
      StoppingCriterion stop = new RelativeGradient(1e-12).or(new MaxIterations(500));
      try (TrustRegionState s =
          SolverLoop.run(Problem.unconstrained(objective), TrustRegion.standard(), x, Lanes.all(1), stop, Recorder.none())) {
        assertEquals(Outcome.CONVERGED, s.outcome(0), s.reason(0));
        // Theory sheet A2, A3: the global minimum of this balanced problem, far below the saddle at 0.8887.
        double rho = Math.sqrt(2e-4) * 3 * Math.sqrt(3);
        double t = Math.log(3 * (1 - rho) / rho);
        assertEquals(Math.log1p(3 * Math.exp(-t)) + rho * t, s.value(0), 1e-12);
      }
    }
  }

  @Test
  void aSingularConsistentQuadraticIsSolvedInTheRange() {
    // Rank 2 of 3; the component of x along the null vector (1,1,1)/sqrt 3 must stay where it was.
    double[][] h = {{2, -1, -1}, {-1, 2, -1}, {-1, -1, 2}};
    FamilyObjective f = new FamilyObjective(backend, new QuadraticForm(h, new double[] {1, 2, -3}), 3, 0);
    try (LaneBuffer x = new HostPoints(f).write(new double[] {4, -1, 0});
        TrustRegionState s = SolverLoop.run(Problem.unconstrained(f), TrustRegion.standard(), x, Lanes.all(1),
            new RelativeGradient(1e-14).or(new MaxIterations(100)), Recorder.none())) {
      assertEquals(Outcome.CONVERGED, s.outcome(0), s.reason(0));
      assertArrayEquals(new double[] {1 + 1.0 / 3, 1 + 2.0 / 3, 0}, new HostPoints(f).read(s.x(), 0), 1e-14);
    }
  }

  @Test
  void findsTheSmallestEigenvalueOnTheSphere() {
    // Minimum of <x, A x>/2 on the unit sphere; eigenvalues of A are 1, 2, 4.
    double[][] a = {{2.5, -1.5, 0}, {-1.5, 2.5, 0}, {0, 0, 2}};
    FamilyObjective f = new FamilyObjective(backend, new QuadraticForm(a, new double[3]), 3, 0, 1);
    Problem problem = new Problem(f, new UnitSphere(2), new ConvexSet.Whole());
    try (LaneBuffer x = new HostPoints(f).write(new double[] {0.6, 0, 0.8}, new double[] {0.6, -0.64, 0.48});
        TrustRegionState s = SolverLoop.run(problem, TrustRegion.standard(), x, Lanes.all(2),
            new RelativeGradient(1e-13).or(new MaxIterations(100)), Recorder.none())) {
      for (int l = 0; l < 2; l++) {
        assertEquals(Outcome.CONVERGED, s.outcome(l), s.reason(l));
        assertEquals(0.5, s.value(l), 1e-14);
        double[] v = new HostPoints(f).read(s.x(), l);
        assertEquals(1, HostPoints.norm(v), 1e-14);
        assertEquals(Math.sqrt(0.5), Math.abs(v[0]), 1e-12);
        assertEquals(v[0], v[1], 1e-12);
      }
    }
  }

  @Test
  void aBatchGivesTheBitsOfItsLanes() {
    UfmProblem p = UfmProblem.builder(3, 3).counts(6, 3, 1).lambdaW(0.02).lambdaH(0.01).loss(new Loss.Focal(2)).build();
    StoppingCriterion stop = new RelativeGradient(1e-11).or(new MaxIterations(500));
    UfmObjective three = UfmObjective.full(backend, List.of(p, p, p));
    UfmObjective one = UfmObjective.full(backend, List.of(p));
    int size = Math.toIntExact(one.layout().size());
    try (three; one; TrustRegionState s = solve(three, 9, 0.7, stop); LaneBuffer x = backend.allocate(1, size)) {
      for (int l = 0; l < 3; l++) {
        one.randomize(Lanes.all(1), x, StartKind.GAUSSIAN, 0.7, 9, new int[] {l});
        try (TrustRegionState t = SolverLoop.run(Problem.unconstrained(one), TrustRegion.standard(), x, Lanes.all(1), stop, Recorder.none())) {
          double[] a = new double[size];
          double[] b = new double[size];
          backend.read(s.x(), l, 0, a, 0, size);
          backend.read(t.x(), 0, 0, b, 0, size);
          assertArrayEquals(b, a);
          assertEquals(t.hessianProducts(0), s.hessianProducts(l));
          assertEquals(t.reason(0), s.reason(l));
        }
      }
    }
  }

  @Test
  void aLaneThatIsNotFiniteLeavesTheOthersAlone() {
    // Lane 1 starts at NaN; lane 2 has a wall of NaN between its start and the minimum.
    FamilyObjective.Family wall = new FamilyObjective.Family() {
      @Override
      public double valueGradient(int lane, double[] x, double[] g) {
        g[0] = lane == 2 && x[0] < 3 ? Double.NaN : x[0] - 1;
        return lane == 2 && x[0] < 3 ? Double.NaN : 0.5 * (x[0] - 1) * (x[0] - 1);
      }

      @Override
      public void hessian(int lane, double[] x, double[] v, double[] out) {
        out[0] = v[0];
      }
    };
    FamilyObjective f = new FamilyObjective(backend, wall, 1, 0, 1, 2);
    try (LaneBuffer x = new HostPoints(f).write(new double[] {5}, new double[] {Double.NaN}, new double[] {5});
        TrustRegionState s = SolverLoop.run(Problem.unconstrained(f), TrustRegion.standard(), x, Lanes.all(3),
            new GradientBelow(1e-12).or(new MaxIterations(100)), Recorder.none())) {
      assertEquals(Outcome.CONVERGED, s.outcome(0));
      assertEquals(1, new HostPoints(f).read(s.x(), 0)[0], 1e-14);
      assertEquals(Outcome.DIVERGED, s.outcome(1));
      assertTrue(s.outcome(2) != Outcome.CONVERGED && s.outcome(2) != Outcome.RUNNING, s.reason(2));
      assertTrue(new HostPoints(f).read(s.x(), 2)[0] >= 3 && Double.isFinite(s.value(2)), "keeps its last finite iterate");
    }
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> new TrustRegion(1, 1, 10, 1, 0.1));
    assertThrows(IllegalArgumentException.class, () -> new TrustRegion(0.1, -1, 10, 1, 0.1));
    assertThrows(IllegalArgumentException.class, () -> new TrustRegion(0.1, 1, 0, 1, 0.1));
    assertThrows(IllegalArgumentException.class, () -> new TrustRegion(0.1, 1, 10, 0, 0.1));
    assertThrows(IllegalArgumentException.class, () -> new TrustRegion(0.1, 1, 10, 1, 0.3));
  }
}

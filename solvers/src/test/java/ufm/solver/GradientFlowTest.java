package ufm.solver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.apache.commons.math3.ode.FirstOrderDifferentialEquations;
import org.apache.commons.math3.ode.FirstOrderIntegrator;
import org.apache.commons.math3.ode.nonstiff.DormandPrince54Integrator;
import org.apache.commons.math3.ode.nonstiff.DormandPrince853Integrator;
import org.junit.jupiter.api.Test;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.cpu.CpuBackend;
import ufm.manifold.ConvexSet;
import ufm.manifold.Euclidean;
import ufm.objective.UfmObjective;
import ufm.problem.UfmProblem;
import ufm.random.StartKind;

class GradientFlowTest {
  private static final StoppingCriterion LONG = new MaxIterations(100_000);
  private final Backend backend = CpuBackend.create();

  private static GradientFlowState run(Problem problem, GradientFlow flow, LaneBuffer x) {
    return SolverLoop.run(problem, flow, x, Lanes.all(x.lanes()), LONG, Recorder.none());
  }

  @Test
  void followsTheExponentialOfALinearField() {
    // f = (x^2 + 5 y^2 + 30 z^2)/2 less <b,x>: each component decays to b_i/a_i at its own rate.
    double[][] h = {{1, 0, 0}, {0, 5, 0}, {0, 0, 30}};
    double[] b = {0.5, -1, 3};
    FamilyObjective f = new FamilyObjective(backend, new QuadraticForm(h, b), 3, 0, 1);
    double[][] starts = {{1, 2, -1}, {-3, 0.1, 0.2}};
    try (LaneBuffer x = new HostPoints(f).write(starts); GradientFlowState s = run(Problem.unconstrained(f), new GradientFlow(1.7, 1e-10, 1e-12), x)) {
      for (int l = 0; l < 2; l++) {
        assertEquals(1.7, s.time(l));
        assertEquals(Outcome.BUDGET, s.outcome(l), s.reason(l));
        double[] at = new HostPoints(f).read(s.x(), l);
        for (int i = 0; i < 3; i++) {
          double limit = b[i] / h[i][i];
          assertEquals(limit + (starts[l][i] - limit) * Math.exp(-h[i][i] * 1.7), at[i], 1e-9);
        }
      }
    }
  }

  /** The one-layer model with cross-entropy in plain loops: the field -grad f of (W, H), column-major, W first. */
  private record NaiveField(int classes, int dimension, int[] labels, double lambdaW, double lambdaH) implements FirstOrderDifferentialEquations {
    @Override
    public int getDimension() {
      return dimension * (classes + labels.length);
    }

    @Override
    public void computeDerivatives(double t, double[] x, double[] dx) {
      int wSize = classes * dimension;
      for (int i = 0; i < x.length; i++) {
        dx[i] = -(i < wSize ? lambdaW : lambdaH) * x[i];
      }
      for (int i = 0; i < labels.length; i++) {
        double[] p = new double[classes];
        double total = 0;
        for (int k = 0; k < classes; k++) {
          double z = 0;
          for (int j = 0; j < dimension; j++) {
            z += x[k + classes * j] * x[wSize + j + dimension * i];
          }
          p[k] = Math.exp(z);
          total += p[k];
        }
        for (int k = 0; k < classes; k++) {
          double g = (p[k] / total - (k == labels[i] ? 1 : 0)) / labels.length;
          for (int j = 0; j < dimension; j++) {
            dx[k + classes * j] -= g * x[wSize + j + dimension * i];
            dx[wSize + j + dimension * i] -= g * x[k + classes * j];
          }
        }
      }
    }
  }

  @Test
  void agreesWithCommonsMathOnASmallModel() {
    UfmProblem p = UfmProblem.builder(3, 4).counts(3, 2, 1).lambdaW(0.01).lambdaH(0.02).build();
    FirstOrderDifferentialEquations field = new NaiveField(3, 4, p.labels(), 0.01, 0.02);
    int size = field.getDimension();
    UfmObjective f = UfmObjective.full(backend, List.of(p, p));
    double end = 25;
    try (f; LaneBuffer x = backend.allocate(2, size)) {
      f.randomize(Lanes.all(2), x, StartKind.GAUSSIAN, 0.4, 6, new int[] {0, 1});
      try (GradientFlowState s = run(Problem.unconstrained(f), new GradientFlow(end, 1e-11, 1e-13), x)) {
        for (int l = 0; l < 2; l++) {
          assertEquals(end, s.time(l));
          double[] start = new double[size];
          double[] at = new double[size];
          backend.read(x, l, 0, start, 0, size);
          backend.read(s.x(), l, 0, at, 0, size);
          for (FirstOrderIntegrator oracle : List.of(
              new DormandPrince853Integrator(1e-8, 1, 1e-13, 1e-12), new DormandPrince54Integrator(1e-8, 1, 1e-13, 1e-12))) {
            double[] there = new double[size];
            oracle.integrate(field, 0, start, end, there);
            assertArrayEquals(there, at, 1e-9, oracle.getName());
          }
        }
      }
    }
  }

  @Test
  void staysOnTheSphereAndFollowsTheNormalisedExponential() {
    // Flow of <x, A x>/2 on the unit sphere: x(t) = exp(-A t) x0 / |exp(-A t) x0|.
    double[][] a = {{0.5, 0, 0}, {0, 1.5, 0}, {0, 0, 4}};
    FamilyObjective f = new FamilyObjective(backend, new QuadraticForm(a, new double[3]), 3, 0);
    Problem problem = new Problem(f, new UnitSphere(1), new ConvexSet.Whole());
    double[] start = {0.48, 0.6, 0.64};
    try (LaneBuffer x = new HostPoints(f).write(start); GradientFlowState s = run(problem, new GradientFlow(2, 1e-10, 1e-12), x)) {
      double[] exact = new double[3];
      for (int i = 0; i < 3; i++) {
        exact[i] = Math.exp(-a[i][i] * 2) * start[i];
      }
      double norm = HostPoints.norm(exact);
      double[] at = new HostPoints(f).read(s.x(), 0);
      assertEquals(1, HostPoints.norm(at), 1e-14);
      for (int i = 0; i < 3; i++) {
        assertEquals(exact[i] / norm, at[i], 1e-9);
      }
    }
  }

  @Test
  void theErrorFollowsTheTolerance() {
    double[][] h = {{1, 0.5}, {0.5, 3}};
    FamilyObjective f = new FamilyObjective(backend, new QuadraticForm(h, new double[2]), 2, 0);
    double[] error = new double[2];
    long[] steps = new long[2];
    double[] reference = new double[2];
    try (LaneBuffer x = new HostPoints(f).write(new double[] {1, -1})) {
      // Exact: eigenvalues 2 -+ sqrt(5)/2.
      double lo = 2 - Math.sqrt(1.25);
      double hi = 2 + Math.sqrt(1.25);
      double el = Math.exp(-lo * 3);
      double eh = Math.exp(-hi * 3);
      for (int i = 0; i < 2; i++) {
        // exp(-H t) x = el P_lo x + eh P_hi x with P_lo = (hi I - H)/(hi - lo).
        double hx = h[i][0] - h[i][1];
        double x0 = i == 0 ? 1 : -1;
        reference[i] = (el * (hi * x0 - hx) + eh * (hx - lo * x0)) / (hi - lo);
      }
      for (int k = 0; k < 2; k++) {
        double tolerance = k == 0 ? 1e-5 : 1e-10;
        try (GradientFlowState s = run(Problem.unconstrained(f), new GradientFlow(3, tolerance, tolerance), x)) {
          double[] at = new HostPoints(f).read(s.x(), 0);
          error[k] = Math.hypot(at[0] - reference[0], at[1] - reference[1]);
          steps[k] = s.iterations(0);
        }
      }
    }
    assertTrue(error[0] <= 1e-4 && error[1] <= 1e-9 && error[1] < 1e-3 * error[0], error[0] + " " + error[1]);
    // Order five: a tolerance 1e5 times smaller costs about ten times as many steps.
    assertTrue(steps[1] >= 4 * steps[0] && steps[1] <= 20 * steps[0], steps[0] + " " + steps[1]);
  }

  @Test
  void aRejectedStepOfOneLaneDoesNotTouchTheOthers() {
    // Lane 0: x' = -x^3. Lane 1: x' = -1 above 3/2, then suddenly stiff, with y = 3/2 - x and y' = 1 - 300 y. Lane 2 is not finite.
    FamilyObjective.Family fields = new FamilyObjective.Family() {
      @Override
      public double valueGradient(int lane, double[] x, double[] g) {
        g[0] = lane == 0 ? x[0] * x[0] * x[0] : lane == 1 ? 1 - 300 * Math.max(0, 1.5 - x[0]) : Double.NaN;
        double y = Math.max(0, 1.5 - x[0]);
        return lane == 0 ? 0.25 * x[0] * x[0] * x[0] * x[0] : lane == 1 ? x[0] + 150 * y * y : Double.NaN;
      }

      @Override
      public void hessian(int lane, double[] x, double[] v, double[] out) {
        out[0] = lane == 0 ? 3 * x[0] * x[0] * v[0] : x[0] < 1.5 ? 300 * v[0] : 0;
      }
    };
    GradientFlow flow = new GradientFlow(0.52, 1e-9, 1e-11);
    FamilyObjective three = new FamilyObjective(backend, fields, 1, 0, 1, 2);
    FamilyObjective one = new FamilyObjective(backend, fields, 1, 0);
    try (LaneBuffer x = new HostPoints(three).write(new double[] {2}); LaneBuffer y = new HostPoints(one).write(new double[] {2});
        GradientFlowState s = run(Problem.unconstrained(three), flow, x); GradientFlowState t = run(Problem.unconstrained(one), flow, y)) {
      assertEquals(0.52, s.time(0));
      assertEquals(0.52, s.time(1));
      assertEquals(2 / Math.sqrt(1 + 2 * 0.52 * 4), new HostPoints(three).read(s.x(), 0)[0], 1e-8);
      assertEquals(1.5 - (1 - Math.exp(-300 * 0.02)) / 300, new HostPoints(three).read(s.x(), 1)[0], 1e-8);
      assertTrue(s.evaluations(1) > s.iterations(1) * 6 + 1, "the lane that turns stiff had rejected steps");
      assertEquals(new HostPoints(one).read(t.x(), 0)[0], new HostPoints(three).read(s.x(), 0)[0]);
      assertEquals(t.evaluations(0), s.evaluations(0));
      assertEquals(Outcome.DIVERGED, s.outcome(2));
    }
  }

  @Test
  void aWallOfNotFiniteValuesEndsTheLaneAtItsLastFinitePoint() {
    FamilyObjective.Family wall = new FamilyObjective.Family() {
      @Override
      public double valueGradient(int lane, double[] x, double[] g) {
        g[0] = x[0] < 0 ? Double.NaN : 1;
        return x[0] < 0 ? Double.NaN : x[0];
      }

      @Override
      public void hessian(int lane, double[] x, double[] v, double[] out) {
        out[0] = 0;
      }
    };
    FamilyObjective f = new FamilyObjective(backend, wall, 1, 0);
    try (LaneBuffer x = new HostPoints(f).write(new double[] {1}); GradientFlowState s = run(Problem.unconstrained(f), GradientFlow.until(3), x)) {
      assertEquals(Outcome.DIVERGED, s.outcome(0), s.reason(0));
      assertEquals(1, s.time(0), 1e-9);
      assertTrue(new HostPoints(f).read(s.x(), 0)[0] >= 0);
    }
  }

  @Test
  void refusesWhatItCanNotHandle() {
    assertThrows(IllegalArgumentException.class, () -> new GradientFlow(0, 1e-8, 1e-8));
    assertThrows(IllegalArgumentException.class, () -> new GradientFlow(1, 0, 1e-8));
    assertThrows(IllegalArgumentException.class, () -> new GradientFlow(1, 1e-8, Double.POSITIVE_INFINITY));
    FamilyObjective f = new FamilyObjective(backend, new QuadraticForm(new double[2][2], new double[2]), 2, 0);
    try (LaneBuffer x = new HostPoints(f).write(new double[] {1, 1})) {
      Problem constrained = new Problem(f, new Euclidean(), ConvexSet.nonNegative(f.layout(), "x"));
      assertThrows(IllegalArgumentException.class, () -> GradientFlow.until(1).init(constrained, x, Lanes.all(1)));
    }
  }
}

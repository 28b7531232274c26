package ufm.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.objective.Objective;
import ufm.random.Philox;

/** Gradient descent and Adam against plain loops over PyTorch's update rules, step by step. */
class PyTorchFormulasTest {
  private static final int N = 12;
  private static final int STEPS = 40;
  private static final FamilyObjective.Family FAMILY = new TestFamilies.Rosenbrock();

  /** One update of x from its gradient; state is kept by the implementation. */
  private interface Update {
    void apply(int step, double[] x, double[] g);
  }

  private static double[] start(int member) {
    double[] x = new double[N];
    for (int i = 0; i < N; i++) {
      x[i] = 0.5 * Philox.gaussian(5, member, 0, i);
    }
    return x;
  }

  private static <S extends SolverState> void compare(Solver<S> solver, java.util.function.Supplier<Update> reference) {
    int lanes = 3;
    try (Backend b = SolverContract.backend(1);
        Objective o = new FamilyObjective(b, FAMILY, N, 0, 1, 2);
        LaneBuffer x0 = b.allocate(lanes, N)) {
      double[][] x = new double[lanes][];
      Update[] update = new Update[lanes];
      for (int l = 0; l < lanes; l++) {
        x[l] = start(l);
        update[l] = reference.get();
        b.write(x0, l, 0, x[l], 0, N);
      }
      Problem problem = Problem.unconstrained(o);
      double[] g = new double[N];
      double[] ours = new double[N];
      try (S s = solver.init(problem, x0, Lanes.all(lanes))) {
        for (int k = 0; k < STEPS; k++) {
          solver.step(problem, s);
          for (int l = 0; l < lanes; l++) {
            FAMILY.valueGradient(l, x[l], g);
            update[l].apply(k, x[l], g);
            b.read(s.x(), l, 0, ours, 0, N);
            for (int i = 0; i < N; i++) {
              assertEquals(x[l][i], ours[i], 1e-14 * (1 + k) * (1 + Math.abs(x[l][i])), "step " + k + ", lane " + l + ", element " + i);
            }
          }
        }
        assertTrue(s.iterations(0) == STEPS && s.evaluations(0) == STEPS + 1);
      }
    }
  }

  private static Update sgd(double lr, double mu, double damp, boolean nesterov) {
    double[] buffer = new double[N];
    return (k, x, g) -> {
      for (int i = 0; i < N; i++) {
        double d = g[i];
        if (mu != 0) {
          buffer[i] = k == 0 ? d : mu * buffer[i] + (1 - damp) * d;
          d = nesterov ? d + mu * buffer[i] : buffer[i];
        }
        x[i] -= lr * d;
      }
    };
  }

  @Test
  void plainGradientDescent() {
    compare(GradientDescent.plain(2e-3), () -> sgd(2e-3, 0, 0, false));
  }

  @Test
  void momentum() {
    compare(GradientDescent.momentum(1e-3, 0.9), () -> sgd(1e-3, 0.9, 0, false));
  }

  @Test
  void dampening() {
    compare(new GradientDescent(Schedule.constant(1e-3), 0.9, 0.25, false), () -> sgd(1e-3, 0.9, 0.25, false));
  }

  @Test
  void nesterov() {
    compare(GradientDescent.nesterov(1e-3, 0.9), () -> sgd(1e-3, 0.9, 0, true));
  }

  @Test
  void adam() {
    compare(new Adam(Schedule.constant(1e-2), 0.9, 0.999, 1e-8), () -> {
      double[] m = new double[N];
      double[] v = new double[N];
      return (k, x, g) -> {
        double bias1 = 1 - Math.pow(0.9, k + 1);
        double bias2 = 1 - Math.pow(0.999, k + 1);
        for (int i = 0; i < N; i++) {
          m[i] += (g[i] - m[i]) * (1 - 0.9);
          v[i] = v[i] * 0.999 + (1 - 0.999) * g[i] * g[i];
          double denominator = Math.sqrt(v[i]) / Math.sqrt(bias2) + 1e-8;
          x[i] -= 1e-2 / bias1 * m[i] / denominator;
        }
      };
    });
  }

  @Test
  void aScheduleSetsTheRateOfEachStep() {
    Schedule schedule = new Schedule.StepDecay(2e-3, 10, 0.5);
    compare(new GradientDescent(schedule, 0, 0, false), () -> (k, x, g) -> {
      double lr = k < 10 ? 2e-3 : k < 20 ? 1e-3 : k < 30 ? 5e-4 : 2.5e-4;
      for (int i = 0; i < N; i++) {
        x[i] -= lr * g[i];
      }
    });
  }

  @Test
  void schedulesFollowTheirFormulas() {
    assertEquals(0.1, Schedule.constant(0.1).rate(1000));
    Schedule step = new Schedule.StepDecay(0.8, 3, 0.1);
    assertEquals(0.8, step.rate(2), 1e-16);
    assertEquals(0.08, step.rate(3), 1e-16);
    assertEquals(0.008, step.rate(8), 1e-16);
    Schedule linear = new Schedule.Linear(1, 0.2, 4);
    assertEquals(1, linear.rate(0));
    assertEquals(0.6, linear.rate(2), 1e-16);
    assertEquals(0.2, linear.rate(4), 1e-16);
    assertEquals(0.2, linear.rate(5), 1e-16);
    Schedule cosine = new Schedule.Cosine(1, 0.1, 3);
    assertEquals(1, cosine.rate(0), 1e-16);
    assertEquals(0.1 + 0.9 * 0.75, cosine.rate(1), 1e-15);
    assertEquals(0.1 + 0.9 * 0.25, cosine.rate(2), 1e-15);
    assertEquals(0.1, cosine.rate(3), 1e-16);
    assertEquals(0.1, cosine.rate(50), 1e-16);
  }

  @Test
  void settingsThatMakeNoSenseAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> Schedule.constant(-1));
    assertThrows(IllegalArgumentException.class, () -> Schedule.constant(Double.NaN));
    assertThrows(IllegalArgumentException.class, () -> new Schedule.StepDecay(1, 0, 0.5));
    assertThrows(IllegalArgumentException.class, () -> new Schedule.Linear(1, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> new Schedule.Cosine(1, Double.POSITIVE_INFINITY, 5));
    assertThrows(IllegalArgumentException.class, () -> GradientDescent.momentum(0.1, -0.5));
    assertThrows(IllegalArgumentException.class, () -> GradientDescent.nesterov(0.1, 0));
    assertThrows(IllegalArgumentException.class, () -> new GradientDescent(Schedule.constant(1), 0.9, 0.5, true));
    assertThrows(IllegalArgumentException.class, () -> new Adam(Schedule.constant(1), 1, 0.9, 1e-8));
    assertThrows(IllegalArgumentException.class, () -> new Adam(Schedule.constant(1), 0.9, 0.9, -1));
    assertThrows(IllegalArgumentException.class, () -> Lbfgs.withMemory(0));
    assertThrows(IllegalArgumentException.class, () -> new Lbfgs(5, 0, 1e-4, 0.9));
    assertThrows(IllegalArgumentException.class, () -> new Lbfgs(5, 1, 0.6, 0.9));
  }
}

package ufm.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.manifold.ConvexSet;
import ufm.objective.Objective;
import ufm.random.Philox;

/** Every method on a manifold that is not flat: the smallest eigenvalue of a diagonal matrix as the minimum of a Rayleigh quotient. */
class FirstOrderOnSphereTest {
  private static final int N = 8;
  @TempDir Path folder;

  /** {@code 2 + sum_i (i + 1 + member) x_i^2 / 2}; on the sphere the minimum is 2 + (1 + member)/2. */
  private static final FamilyObjective.Family RAYLEIGH = new FamilyObjective.Family() {
    @Override
    public double valueGradient(int member, double[] x, double[] g) {
      double f = 2;
      for (int i = 0; i < x.length; i++) {
        g[i] = (i + 1 + member) * x[i];
        f += g[i] * x[i] / 2;
      }
      return f;
    }

    @Override
    public void hessian(int member, double[] x, double[] v, double[] out) {
      for (int i = 0; i < x.length; i++) {
        out[i] = (i + 1 + member) * v[i];
      }
    }
  };

  private static LaneBuffer start(Backend b, int lanes) {
    LaneBuffer x = b.allocate(lanes, N);
    for (int l = 0; l < lanes; l++) {
      double[] v = new double[N];
      double norm = 0;
      for (int i = 0; i < N; i++) {
        v[i] = Philox.gaussian(2, l, 0, i);
        norm += v[i] * v[i];
      }
      for (int i = 0; i < N; i++) {
        v[i] /= Math.sqrt(norm);
      }
      b.write(x, l, 0, v, 0, N);
    }
    return x;
  }

  @TestFactory
  Stream<DynamicTest> findTheSmallestEigenvalue() {
    return Stream.<Solver<?>>of(
            GradientDescent.plain(0.15), GradientDescent.momentum(0.05, 0.8), GradientDescent.nesterov(0.05, 0.8),
            Adam.of(new Schedule.Cosine(0.05, 1e-6, 3000)), Lbfgs.defaults(), Lbfgs.withMemory(2))
        .map(s -> DynamicTest.dynamicTest(s.description(), () -> minimise(s)));
  }

  private static <S extends SolverState> void minimise(Solver<S> solver) {
    try (Backend b = SolverContract.backend(1);
        Objective o = new FamilyObjective(b, RAYLEIGH, N, 0, 1, 2);
        LaneBuffer x = start(b, 3)) {
      Problem problem = new Problem(o, new UnitSphere(3), new ConvexSet.Whole());
      try (S s = SolverLoop.run(
          problem, solver, x, Lanes.all(3), new GradientBelow(1e-8).or(new MaxIterations(5000)), Recorder.none())) {
        double[] v = new double[N];
        for (int l = 0; l < 3; l++) {
          assertEquals(Outcome.CONVERGED, s.outcome(l), s.reason(l));
          assertEquals(2 + (1 + l) / 2.0, s.value(l), 1e-14);
          b.read(s.x(), l, 0, v, 0, N);
          assertEquals(1, Math.abs(v[0]), 1e-14);
        }
        if (solver instanceof Lbfgs lbfgs) {
          assertTrue(s.iterations(0) < 60 && lbfgs.memory() > 0, "iterations " + s.iterations(0));
        }
      }
    }
  }

  @Test
  void aTransportedHistorySurvivesAStateFile() throws IOException {
    Path file = folder.resolve("sphere.state");
    Lbfgs solver = Lbfgs.withMemory(3);
    StoppingCriterion stop = new GradientBelow(1e-10);
    try (Backend b = SolverContract.backend(1);
        Objective o = new FamilyObjective(b, RAYLEIGH, N, 0, 1);
        LaneBuffer x = start(b, 2)) {
      Problem problem = new Problem(o, new UnitSphere(2), new ConvexSet.Whole());
      SolverContract.Run whole;
      try (LbfgsState s = SolverLoop.run(problem, solver, x, Lanes.all(2), stop, Recorder.none())) {
        whole = SolverContract.Run.of(o, s);
      }
      try (LbfgsState s = SolverLoop.run(problem, solver, x, Lanes.all(2), stop, Recorder.none(), (p, state) -> state.rounds() < 8)) {
        StateFile.write(file, problem, solver, s);
      }
      try (LbfgsState s = StateFile.read(file, problem, solver)) {
        SolverLoop.resume(problem, solver, s, stop, Recorder.none());
        for (int l = 0; l < 2; l++) {
          SolverContract.Run.of(o, s).assertSame("lane " + l, l, whole, l);
        }
      }
    }
  }
}

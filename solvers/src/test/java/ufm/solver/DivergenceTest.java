package ufm.solver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.objective.Objective;

/** Lanes that explode or run into a wall end alone, at their last finite iterate. */
class DivergenceTest {
  private static final List<Solver<? extends DescentState>> METHODS =
      List.of(GradientDescent.plain(0.01), GradientDescent.momentum(0.005, 0.9), Adam.of(new Schedule.Linear(0, 1, 60)));

  /** Members 0 and 1 are bowls; member 2 is a bowl that is not a number where |x|^2 > 4; member 3 explodes. */
  private static final FamilyObjective.Family FAMILY = new FamilyObjective.Family() {
    @Override
    public double valueGradient(int member, double[] x, double[] g) {
      double r = 0;
      for (double v : x) {
        r += v * v;
      }
      double sign = member < 2 ? 1 : -1;
      double power = member == 3 ? 1e80 : 1;
      for (int i = 0; i < x.length; i++) {
        g[i] = sign * (1 + member) * power * x[i];
      }
      return member == 2 && r > 4 ? Double.NaN : sign * (1 + member) * power * r / 2;
    }

    @Override
    public void hessian(int member, double[] x, double[] v, double[] out) {
      double sign = member < 2 ? 1 : -1;
      for (int i = 0; i < x.length; i++) {
        out[i] = sign * (1 + member) * v[i];
      }
    }
  };

  private static <S extends SolverState> SolverContract.Run run(Solver<S> solver, int... members) {
    return run(solver, new GradientBelow(1e-9).or(new MaxIterations(2000)), members);
  }

  private static <S extends SolverState> SolverContract.Run run(Solver<S> solver, StoppingCriterion stop, int... members) {
    try (Backend b = SolverContract.backend(1);
        Objective o = new FamilyObjective(b, FAMILY, 3, members);
        LaneBuffer x = b.allocate(members.length, 3)) {
      for (int l = 0; l < members.length; l++) {
        b.write(x, l, 0, new double[] {0.3, -0.2, 0.1}, 0, 3);
      }
      try (S s = SolverLoop.run(
          Problem.unconstrained(o), solver, x, Lanes.all(members.length), stop, Recorder.none())) {
        for (int l = 0; l < members.length; l++) {
          double[] at = new double[3];
          double[] g = new double[3];
          double[] ours = new double[3];
          b.read(s.x(), l, 0, at, 0, 3);
          b.read(s.gradient(), l, 0, ours, 0, 3);
          assertEquals(FAMILY.valueGradient(members[l], at, g), s.value(l), 0, "lane " + l);
          assertArrayEquals(g, ours, "lane " + l);
          assertTrue(Double.isFinite(s.value(l)) && Double.isFinite(s.gradientNorm(l)), "lane " + l);
        }
        return SolverContract.Run.of(o, s);
      }
    }
  }

  @Test
  void aLaneEndsAtItsLastFiniteIterateAndLeavesTheOthersAlone() {
    for (Solver<? extends DescentState> solver : METHODS) {
      SolverContract.Run all = run(solver, 0, 2, 1, 3, 0);
      assertEquals(Outcome.DIVERGED, all.outcome()[1], solver.description());
      assertTrue(all.reason()[1].contains("leads to value NaN"), all.reason()[1]);
      double r = 0;
      for (double v : all.x()[1]) {
        r += v * v;
      }
      assertTrue(r > 0.14 && r <= 4, "last finite iterate, |x|^2 = " + r);
      run(solver, 0).assertSame(solver.description(), 0, all, 0);
      run(solver, 1).assertSame(solver.description(), 0, all, 2);
      run(solver, 0).assertSame(solver.description(), 0, all, 4);
      run(solver, 3).assertSame(solver.description(), 0, all, 3);
    }
  }

  @Test
  void lbfgsStaysInsideTheWall() {
    SolverContract.Run all = run(Lbfgs.defaults(), 0, 2, 1);
    assertEquals(Outcome.STALLED, all.outcome()[1], all.reason()[1]);
    assertEquals(Outcome.CONVERGED, all.outcome()[0]);
    run(Lbfgs.defaults(), 1).assertSame("lane 2", 0, all, 2);
  }

  /** With a budget alone, steps are made in stretches; one that meets a wall is made again step by step. */
  @Test
  void aStretchEndsWhereSingleStepsEnd() {
    StoppingCriterion budget = new MaxIterations(700);
    for (Solver<? extends DescentState> solver : METHODS) {
      SolverContract.Run single = run(solver, budget.or(new GradientBelow(0)), 0, 2, 1, 3, 0);
      SolverContract.Run stretched = run(solver, budget, 0, 2, 1, 3, 0);
      assertEquals(Outcome.DIVERGED, stretched.outcome()[1], solver.description());
      assertEquals(Outcome.BUDGET, stretched.outcome()[0], solver.description());
      for (int l = 0; l < 5; l++) {
        single.assertSame(solver.description() + ", lane " + l, l, stretched, l);
      }
    }
  }
}

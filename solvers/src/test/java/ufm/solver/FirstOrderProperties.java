package ufm.solver;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.objective.UfmObjective;
import ufm.problem.Bias;
import ufm.problem.Loss;
import ufm.problem.UfmProblem;
import ufm.random.StartKind;

/** What holds for every one-layer model: small steps go down, accepted L-BFGS steps satisfy the Wolfe conditions. */
class FirstOrderProperties {
  private static final List<Loss> LOSSES = List.of(
      new Loss.CrossEntropy(), new Loss.MeanSquaredError(), new Loss.Focal(2), new Loss.LabelSmoothing(0.1, Loss.Smoothing.TUTORIAL));

  private static UfmObjective objective(Backend b, int loss, int classes, int dimension, double lambda, boolean bias) {
    int[] counts = new int[classes];
    for (int k = 0; k < classes; k++) {
      counts[k] = 1 + 2 * (k % 3);
    }
    return UfmObjective.full(
        b,
        List.of(UfmProblem.builder(classes, dimension).counts(counts).loss(LOSSES.get(loss)).lambdaW(lambda).lambdaH(lambda / 3)
            .bias(bias ? new Bias.Ridge(0.02) : new Bias.None()).build()));
  }

  @Property(tries = 40)
  void gradientDescentWithASmallStepNeverIncreasesTheValue(
      @ForAll @IntRange(max = 3) int loss, @ForAll @IntRange(min = 2, max = 5) int classes,
      @ForAll @IntRange(min = 1, max = 6) int dimension,
      @ForAll @DoubleRange(min = -5, max = -0.5) double logLambda, @ForAll boolean bias, @ForAll @IntRange(max = 1000) int seed) {
    try (Backend b = SolverContract.backend(1);
        UfmObjective o = objective(b, loss, classes, dimension, Math.pow(10, logLambda), bias);
        LaneBuffer x = b.allocate(1, o.layout().size())) {
      o.randomize(Lanes.all(1), x, StartKind.GAUSSIAN, 1, seed, new int[] {0});
      GradientDescent solver = GradientDescent.plain(0.02);
      Problem problem = Problem.unconstrained(o);
      try (GradientDescent.State s = solver.init(problem, x, Lanes.all(1))) {
        for (int k = 0; k < 60; k++) {
          double before = s.value(0);
          solver.step(problem, s);
          assertTrue(s.value(0) <= before * (1 + 0x1p-50), "step " + k + ": " + before + " -> " + s.value(0));
        }
      }
    }
  }

  /**
   * With s = x' - x: {@code f' <= f + c1 <g,s>} and {@code |<g',s>| <= c2 |<g,s>|} wherever the value changes by more than rounding.
   */
  @Property(tries = 40)
  void acceptedStepsSatisfyTheStrongWolfeConditions(
      @ForAll @IntRange(max = 3) int loss, @ForAll @IntRange(min = 2, max = 5) int classes,
      @ForAll @IntRange(min = 1, max = 6) int dimension,
      @ForAll @DoubleRange(min = -5, max = -0.5) double logLambda, @ForAll boolean bias, @ForAll @IntRange(max = 1000) int seed) {
    Lanes lane = Lanes.all(1);
    double[] minusOne = {-1};
    double[] one = {1};
    double[] before = new double[1];
    double[] after = new double[1];
    try (Backend b = SolverContract.backend(1);
        UfmObjective o = objective(b, loss, classes, dimension, Math.pow(10, logLambda), bias);
        LaneBuffer x = b.allocate(1, o.layout().size());
        LaneBuffer g = b.allocate(1, o.layout().size());
        LaneBuffer step = b.allocate(1, o.layout().size())) {
      o.randomize(lane, x, StartKind.GAUSSIAN, 1, seed, new int[] {0});
      Problem problem = Problem.unconstrained(o);
      Lbfgs solver = Lbfgs.defaults();
      try (LbfgsState s = solver.init(problem, x, lane)) {
        double f = s.value(0);
        b.copy(lane, s.gradient(), g);
        for (int k = 0; k < 80; k++) {
          solver.step(problem, s);
          if (!s.iterated(0)) {
            continue;
          }
          if (Math.abs(s.value(0) - f) <= 1e-12 * f) {
            break;
          }
          b.combine(lane, one, s.x(), minusOne, x, step);
          b.dot(lane, g, step, before);
          b.dot(lane, s.gradient(), step, after);
          double rounding = 1e-13 * f;
          String where = "iteration " + s.iterations(0);
          assertTrue(before[0] < 0, where);
          assertTrue(s.value(0) <= f + solver.c1() * before[0] + rounding, where);
          assertTrue(Math.abs(after[0]) <= -solver.c2() * before[0] * (1 + 1e-9), where);
          f = s.value(0);
          b.copy(lane, s.x(), x);
          b.copy(lane, s.gradient(), g);
        }
      }
    }
  }
}

package ufm.solver;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.cpu.CpuBackend;
import ufm.objective.UfmObjective;
import ufm.problem.Bias;
import ufm.problem.UfmProblem;
import ufm.random.StartKind;

class GradientFlowProperties {

  /** Along the flow df/dt = -|grad f|^2: the value never rises, and over a step it falls by about the mean of the rates at its ends. */
  @Property(tries = 15)
  void theValueFallsAtTheRateOfTheSquaredGradient(
      @ForAll @IntRange(min = 2, max = 4) int classes, @ForAll @IntRange(min = 1, max = 4) int dimension,
      @ForAll @Scale(4) @DoubleRange(min = 1e-3, max = 0.2) double lambdaW, @ForAll @DoubleRange(min = 0.1, max = 1.5) double scale,
      @ForAll @IntRange(max = 1000) int seed) {
    Backend backend = CpuBackend.create();
    UfmProblem p = UfmProblem.builder(classes, dimension).samplesPerClass(2).lambdaW(lambdaW).lambdaH(0.01).bias(new Bias.Ridge(0.05)).build();
    UfmObjective f = UfmObjective.full(backend, List.of(p));
    try (backend; f; LaneBuffer x = backend.allocate(1, f.layout().size())) {
      f.randomize(Lanes.all(1), x, StartKind.GAUSSIAN, scale, seed, new int[1]);
      double[] last = {Double.NaN, 0, 0};
      Recorder falls = new Recorder() {
        @Override
        public boolean due(long iteration) {
          return true;
        }

        @Override
        public void record(Problem problem, SolverState state, Lanes due) {
          double rate = state.gradientNorm(0) * state.gradientNorm(0);
          if (!Double.isNaN(last[0])) {
            double dt = state.time(0) - last[2];
            double fall = last[0] - state.value(0);
            assertTrue(dt > 0 && fall >= -1e-14, "value rises by " + -fall);
            // The rate itself falls or rises smoothly within a step: the mean lies within a factor of the ends.
            assertTrue(fall <= 2 * dt * Math.max(rate, last[1]) + 1e-12 && fall >= 0.5 * dt * Math.min(rate, last[1]) - 1e-12,
                fall + " in " + dt + " at rates " + last[1] + ", " + rate);
          }
          last[0] = state.value(0);
          last[1] = rate;
          last[2] = state.time(0);
        }
      };
      SolverLoop.run(Problem.unconstrained(f), GradientFlow.until(20), x, Lanes.all(1), new MaxIterations(100_000), falls).close();
    }
  }
}

package ufm.examples;

import java.util.ArrayList;
import java.util.List;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.cpu.CpuBackend;
import ufm.metric.CollapseMetrics;
import ufm.objective.UfmObjective;
import ufm.problem.UfmProblem;
import ufm.random.StartKind;
import ufm.solver.GradientDescent;
import ufm.solver.MaxIterations;
import ufm.solver.Problem;
import ufm.solver.Recorder;
import ufm.solver.Solver;
import ufm.solver.SolverLoop;
import ufm.solver.SolverState;

/**
 * Lesson 3: to simulate is not to solve. Here gradient descent with momentum runs exactly as asked for, on all N feature vectors, and a
 * recorder watches NC1 (within-class scatter) fall.
 *
 * <p>The pieces fit together in one way: an objective on a backend, a solver that holds only settings, a state that holds everything that
 * changes, a stopping criterion, a recorder. The loop joins them. Other dynamics (Adam, L-BFGS, the gradient flow) go in the solver's
 * place.
 */
public final class E03WatchCollapse {
  private E03WatchCollapse() {}

  /**
   * What was seen at one iteration.
   *
   * @param iteration number of steps taken
   * @param value f
   * @param nc1 within-class scatter relative to the scatter of the class means
   */
  public record Observation(long iteration, double value, double nc1) {}

  /** Prints the observations. */
  public static void main(String[] args) {
    System.out.println("iteration   value        NC1");
    simulate(2000).forEach(o -> System.out.printf("%9d   %.8f   %.2e%n", o.iteration(), o.value(), o.nc1()));
  }

  static List<Observation> simulate(long iterations) {
    UfmProblem problem = UfmProblem.builder(3, 5).samplesPerClass(4).lambdaW(5e-3).lambdaH(5e-3).build();
    Solver<GradientDescent.State> descent = GradientDescent.momentum(0.5, 0.9);
    try (Backend backend = CpuBackend.create();
        UfmObjective objective = UfmObjective.full(backend, List.of(problem));
        LaneBuffer start = backend.allocate(1, objective.layout().size())) {
      objective.randomize(Lanes.all(1), start, StartKind.GAUSSIAN, 0.1, 1, new int[] {0});
      Watcher watcher = new Watcher(objective, problem, iterations / 10);
      SolverLoop.run(Problem.unconstrained(objective), descent, start, Lanes.all(1), new MaxIterations(iterations), watcher).close();
      return watcher.seen;
    }
  }

  /** Looks at every so many iterations; the loop shows it the first and the last one in any case. */
  private static final class Watcher implements Recorder {
    private final UfmObjective objective;
    private final UfmProblem problem;
    private final long every;
    private final List<Observation> seen = new ArrayList<>();

    Watcher(UfmObjective objective, UfmProblem problem, long every) {
      this.objective = objective;
      this.problem = problem;
      this.every = every;
    }

    @Override
    public boolean due(long iteration) {
      return iteration % every == 0;
    }

    @Override
    public void record(Problem loopProblem, SolverState state, Lanes due) {
      CollapseMetrics metrics = CollapseMetrics.of(problem, objective.read(state.x(), 0));
      seen.add(new Observation(state.iterations(0), state.value(0), metrics.nc1()));
    }
  }
}

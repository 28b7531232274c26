package ufm.lab.simulate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.lab.UnusableFile;
import ufm.lab.io.PointFile;
import ufm.lab.spec.SimulatePlan;
import ufm.manifold.ConvexSet;
import ufm.manifold.Euclidean;
import ufm.objective.UfmObjective;
import ufm.problem.Point;
import ufm.problem.UfmProblem;
import ufm.solver.LoopControl;
import ufm.solver.MaxIterations;
import ufm.solver.Outcome;
import ufm.solver.Problem;
import ufm.solver.RecordSchedule;
import ufm.solver.RelativeGradient;
import ufm.solver.Solver;
import ufm.solver.SolverLoop;
import ufm.solver.SolverState;
import ufm.solver.StateFile;
import ufm.solver.StateFileException;
import ufm.solver.StoppingCriterion;

/**
 * Follows exactly the dynamics asked for, on the full problem with all N columns; penalties may be 0.
 *
 * @param model the problem
 * @param plan dynamics, length, records, start
 */
public record Simulation(UfmProblem model, SimulatePlan plan) {

  /** Seconds between two states that are saved while a run goes on. */
  private static final Duration SAVE = Duration.ofSeconds(5);

  /**
   * Where a run goes.
   *
   * @param csv table of the records, null for none
   * @param checkpoint file that the state is saved to every few seconds and at the end, null for none
   * @param resume whether to go on from the checkpoint
   */
  public record Files(Path csv, Path checkpoint, boolean resume) {
    /** Keeps everything in memory. */
    public static Files none() {
      return new Files(null, null, false);
    }
  }

  /**
   * What came of a run.
   *
   * @param trajectory the records
   * @param point last iterate, N columns
   * @param outcome how it ended; {@link Outcome#RUNNING} if it was interrupted
   * @param reason why it ended, null if it was interrupted
   * @param iterations accepted iterations
   * @param evaluations evaluations of value and gradient
   * @param dynamics name and settings of the solver
   * @param formula what was minimised
   * @param uncertified why no bound was computed at the last iterate, null if one was tried
   * @param seconds wall time of this part of the run
   */
  public record Result(
      Trajectory trajectory,
      Point point,
      Outcome outcome,
      String reason,
      long iterations,
      long evaluations,
      String dynamics,
      String formula,
      String uncertified,
      double seconds) {}

  /**
   * Runs.
   *
   * @param backend where to compute; not closed
   * @param files outputs
   * @param control asked between two rounds whether to go on; an interrupted run leaves its unfinished table and its checkpoint
   * @throws UnusableFile if a file can't be read or written
   */
  public Result run(Backend backend, Files files, LoopControl control) {
    return run(backend, files, control, Dynamics.of(plan.optimizer(), plan.iterations(), model));
  }

  private <S extends SolverState> Result run(Backend backend, Files files, LoopControl control, Solver<S> solver) {
    long began = System.nanoTime();
    try (UfmObjective objective = UfmObjective.full(backend, List.of(model))) {
      ConvexSet set = model.nonNegativeFeatures() ? ConvexSet.nonNegative(objective.layout(), "H") : new ConvexSet.Whole();
      Problem problem = new Problem(objective, new Euclidean(), set);
      try (S state = files.resume() ? restored(files.checkpoint(), problem, solver) : begun(problem, objective, solver)) {
        Trajectory trajectory = new Trajectory();
        follow(problem, solver, state, trajectory, files, control);
        Point last = objective.read(state.x(), 0);
        return new Result(
            trajectory,
            last,
            state.outcome(0),
            state.reason(0),
            state.iterations(0),
            state.evaluations(0),
            solver.description(),
            objective.formula(),
            MetricsRecorder.uncertified(model, last),
            (System.nanoTime() - began) / 1e9);
      }
    }
  }

  private <S extends SolverState> void follow(
      Problem problem, Solver<S> solver, S state, Trajectory trajectory, Files files, LoopControl control) {
    if (files.csv() == null) {
      SolverLoop.resume(problem, solver, state, stop(), new MetricsRecorder(model, schedule(), trajectory::add), control);
      return;
    }
    TrajectoryCsv table = files.resume() ? TrajectoryCsv.resume(files.csv(), state.iterations(0), trajectory) : TrajectoryCsv.begin(files.csv());
    try (table) {
      LoopControl saving = files.checkpoint() == null ? control : control.and(saving(files.checkpoint(), solver));
      MetricsRecorder recorder = new MetricsRecorder(model, schedule(), row -> {
        trajectory.add(row);
        table.add(row);
      });
      SolverLoop.resume(problem, solver, state, stop(), recorder, saving);
      if (files.checkpoint() != null) {
        save(files.checkpoint(), problem, solver, state);
      }
      if (state.outcome(0) != Outcome.RUNNING) {
        table.complete();
      }
    }
  }

  private <S extends SolverState> S begun(Problem problem, UfmObjective objective, Solver<S> solver) {
    Backend backend = objective.backend();
    try (LaneBuffer start = backend.allocate(1, objective.layout().size())) {
      Lanes one = Lanes.all(1);
      if (plan.point() == null) {
        objective.randomize(one, start, plan.start(), plan.scale(), plan.seed(), new int[] {0});
      } else {
        double[][] fixed =
            model.classifier().learned()
                ? null
                : Point.rows(model.classifier().fixedMatrix(model.classes(), model.dimension()), model.classes(), model.dimension());
        PointFile file = PointFile.read(plan.point());
        if (file.labels() != null && !Arrays.equals(file.labels(), model.labels())) {
          throw new UnusableFile(plan.point() + " has other labels than the experiment, but must have the same (give them there as labels).");
        }
        objective.write(start, 0, file.point(model, fixed));
      }
      return solver.init(problem, start, one);
    }
  }

  private static <S extends SolverState> S restored(Path checkpoint, Problem problem, Solver<S> solver) {
    try {
      S state = StateFile.read(checkpoint, problem, solver);
      // A run that used up its budget goes on where the new one is larger.
      state.reopen();
      return state;
    } catch (StateFileException e) {
      throw new UnusableFile(e.getMessage() + ".");
    } catch (IOException e) {
      throw UnusableFile.reading(checkpoint, e);
    }
  }

  private static LoopControl saving(Path checkpoint, Solver<?> solver) {
    LoopControl every = StateFile.every(SAVE, checkpoint, solver);
    return (problem, state) -> {
      try {
        return every.proceed(problem, state);
      } catch (UncheckedIOException e) {
        throw UnusableFile.writing(checkpoint, e.getCause());
      }
    };
  }

  private static void save(Path checkpoint, Problem problem, Solver<?> solver, SolverState state) {
    try {
      StateFile.write(checkpoint, problem, solver, state);
    } catch (IOException e) {
      throw UnusableFile.writing(checkpoint, e);
    }
  }

  private StoppingCriterion stop() {
    StoppingCriterion budget = new MaxIterations(plan.iterations());
    return plan.tolerance() > 0 ? new RelativeGradient(plan.tolerance()).or(budget) : budget;
  }

  private RecordSchedule schedule() {
    return plan.record().every() > 0 ? RecordSchedule.every(plan.record().every()) : RecordSchedule.logarithmic(plan.record().perDecade());
  }
}

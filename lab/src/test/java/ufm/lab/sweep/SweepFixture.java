package ufm.lab.sweep;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import ufm.lab.db.Identity;
import ufm.lab.db.Results;
import ufm.lab.db.ResultsDatabase;
import ufm.lab.db.Run;
import ufm.lab.spec.Experiment;

/** Small sweeps for tests. */
final class SweepFixture {
  static final Map<String, String> PROVENANCE = Map.of("backend", "test");

  private SweepFixture() {}

  /** lambda.W x lambda.H on log axes, balanced cross-entropy, K = 4, N = 40. */
  static Experiment collapse(int points, int starts, String... sets) {
    return Experiment.parse(
        """
        schema: ufm/1
        name: collapse
        classes: 4
        dimension: 4
        samples-per-class: 10
        sweep:
          axes:
            - {field: lambda.W, from: 1e-3, to: 1, points: %d, scale: log}
            - {field: lambda.H, from: 2e-3, to: 2, points: %d, scale: log}
          starts: %d
          quantity: margin
          theory: zero-collapse
        """.formatted(points, points, starts),
        "fixture", List.of(sets));
  }

  /** Runs what is missing into a database, as the command does; returns the number of cells that were missing. */
  static int run(Experiment e, Path file, int threads, Supplier<CellSolver> solvers) {
    Grid grid = Grid.of(e);
    try (ResultsDatabase db = open(e, file)) {
      Schedule schedule = new Schedule(grid, e.sweep().starts(), db.finished(), threads, 1e9);
      boolean complete = new SweepEngine(schedule, threads, solvers).run(new DatabaseSink(db, Progress.silent()));
      db.commit();
      if (complete) {
        db.finish();
      }
      return schedule.cells();
    }
  }

  static ResultsDatabase open(Experiment e, Path file) {
    return ResultsDatabase.open(file, e.sweep().axes(), Identity.of(e.cellJson(), e.sweep().axes()), PROVENANCE, e.canonicalJson());
  }

  /** All runs without their times, which are never the same twice. */
  static List<Map<String, Object>> table(Path file, String name) {
    try (Results results = Results.open(file)) {
      List<Map<String, Object>> out = new ArrayList<>();
      for (Map<String, Object> row : results.table(name)) {
        Map<String, Object> kept = new LinkedHashMap<>(row);
        kept.remove("seconds");
        out.add(kept);
      }
      return out;
    }
  }

  /** A row without its time, numbers by their bits. */
  static String bits(Run run) {
    StringBuilder s = new StringBuilder(run.axes() + " " + run.firstStart() + " " + run.outcome() + " " + run.regime() + " " + run.zero() + " "
        + run.bestStart() + " " + run.startsAtBest() + " " + run.iterations());
    for (double x : run.numbers()) {
      s.append(' ').append(Long.toHexString(Double.doubleToLongBits(x)));
    }
    for (double x : run.startValues()) {
      s.append(' ').append(Long.toHexString(Double.doubleToLongBits(x)));
    }
    return s.toString();
  }
}

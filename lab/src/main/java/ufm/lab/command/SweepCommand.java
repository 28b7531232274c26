package ufm.lab.command;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ufm.backend.Backend;
import ufm.lab.Backends;
import ufm.lab.db.CellRow;
import ufm.lab.db.Identity;
import ufm.lab.db.Results;
import ufm.lab.db.ResultsDatabase;
import ufm.lab.db.Run;
import ufm.lab.io.WholeFile;
import ufm.lab.plot.Figure;
import ufm.lab.spec.Axis;
import ufm.lab.spec.Experiment;
import ufm.lab.spec.SweepPlan;
import ufm.lab.sweep.BoundarySearch;
import ufm.lab.sweep.CellSolver;
import ufm.lab.sweep.CertifiedCells;
import ufm.lab.sweep.DatabaseSink;
import ufm.lab.sweep.Diagram;
import ufm.lab.sweep.Grid;
import ufm.lab.sweep.Progress;
import ufm.lab.sweep.Schedule;
import ufm.lab.sweep.Shape;
import ufm.lab.sweep.Summary;
import ufm.lab.sweep.SweepEngine;

/** {@code ufm sweep}: a phase diagram, computed, certified, stored and drawn. */
@Command(
    name = "sweep",
    description = {
      "Solve an experiment over a grid of one or two axes, from several starts each, certify every cell and draw the phase diagram.",
      "",
      "Finished cells land in DIR/NAME.duckdb. A sweep that was stopped, even by kill -9, goes on where it was when the same command is given"
          + " again; so does one with a finer grid or more starts. While it runs, ufm plot and ufm sweep --status read the finished part.",
      ""
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./ufm sweep examples/collapse-threshold.yaml                              # the diagram, as PNG, SVG and PDF in runs/",
      "  ./ufm sweep examples/collapse-threshold.yaml --set sweep.starts=16        # more starts, keeping the old ones",
      "  ./ufm sweep examples/collapse-threshold.yaml --boundary margin=1e-6       # where does the phase end, to 6 digits?",
      "  ./ufm sweep examples/collapse-threshold.yaml --export cells.parquet       # all cells for other programs",
      "  ./ufm sweep examples/collapse-threshold.yaml --status                     # how far is it?"
    })
public final class SweepCommand implements Callable<Integer> {
  /** Share of the machine's memory that all batches together may take. */
  private static final double MEMORY_SHARE = 0.25;

  @Parameters(index = "0", paramLabel = "FILE", description = "Experiment file with a sweep section.")
  private Path file;

  @Option(names = "--set", paramLabel = "FIELD=VALUE", description = "Override a field, for example --set sweep.starts=8; may be repeated.")
  private List<String> sets = List.of();

  @Option(names = "--out", paramLabel = "DIR", description = "Folder for database and figures. Default: ${DEFAULT-VALUE}.", defaultValue = "runs")
  private Path out;

  @Option(names = "--threads", paramLabel = "N", description = "Workers, at most 1024; 0, the default, is one per processor. The results do not depend on it.", defaultValue = "0")
  private int threads;

  @Option(names = "--backend", paramLabel = "NAME", description = "auto, cpu or cuda. Default: ${DEFAULT-VALUE}.", defaultValue = Backends.AUTO)
  private String backend;

  @Option(names = "--quantity", paramLabel = "NAME", description = "What to draw, for example margin, nc2_H, value, relative_gap. Default: the file's.")
  private String quantity;

  @Option(names = "--export", paramLabel = "FILE", description = "Also write all cells to FILE, .csv or .parquet.")
  private Path export;

  @Option(names = "--boundary", paramLabel = "QUANTITY=LEVEL", description = "Bisect each row along the first axis to where QUANTITY crosses LEVEL.")
  private String boundary;

  @Option(names = "--tolerance", paramLabel = "T", description = "Relative width at which the bisection of --boundary ends. Default: 1e-6.")
  private Double tolerance;

  @Option(names = "--status", description = "Only say how much is finished.")
  private boolean status;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    long began = System.nanoTime();
    PrintWriter print = spec.commandLine().getOut();
    Experiment experiment = Experiment.read(file, sets);
    SweepPlan plan = experiment.sweep();
    BoundaryOption wanted = BoundaryOption.parse(boundary, tolerance, plan, spec);
    String shown = quantity == null ? plan.quantity() : quantity;
    Diagram.check(plan.quantity());
    Diagram.check(shown);
    Backends.checkThreads(threads);
    Figures.notEmpty("--out", out, spec);
    Figures.notEmpty("--export", export, spec);
    Path database = out.resolve(experiment.name() + ".duckdb");
    if (status) {
      return status(print, database, plan);
    }
    Grid grid = Grid.of(experiment);
    int workers = workers();
    List<Path> figures = Figures.files(out, experiment.name(), shown, plan.quantity());
    Path table = out.resolve(experiment.name() + ".boundary.csv");
    checkOutputs(figures, database, wanted == null ? null : table);
    Diagram.withoutCurve(experiment, grid).ifPresent(print::println);
    print.flush();
    if (!solve(print, experiment, plan, grid, workers, database)) {
      return 1;
    }
    try (Results results = Results.open(database)) {
      List<CellRow> cells = Diagram.onGrid(results.cells(plan.axes()), plan.axes());
      Summary.of(cells).print(print);
      print.printf(Locale.ROOT, "%-12s%.1f s on %d thread%s%n", "time", (System.nanoTime() - began) * 1e-9, workers, workers == 1 ? "" : "s");
      print.printf("%-12s%s%n", "database", database);
      Figure figure = Diagram.of(experiment, cells, shown);
      Figures.write(figure, figures, print);
      if (export != null) {
        results.export(export, plan.axes());
        print.printf("%-12s%s%n", "export", export);
      }
      if (wanted != null) {
        BoundarySearch search = new BoundarySearch(experiment, wanted.quantity(), wanted.level(), wanted.tolerance());
        BoundaryTable.print(print, search.run(cells, workers, solvers(plan)), experiment, wanted, table);
      }
    }
    print.flush();
    return 0;
  }

  /** Everything that will be written can be written, before anything is computed. */
  private void checkOutputs(List<Path> figures, Path database, Path table) {
    Figures.checkExport(export);
    WholeFile.checkFolder(out);
    WholeFile.check(database, out);
    Figures.check(figures, out);
    if (export != null) {
      WholeFile.check(export, out);
    }
    if (table != null) {
      WholeFile.check(table, out);
    }
    WholeFile.folder(out);
  }

  /** Solves what is missing; false if interrupted. */
  private boolean solve(PrintWriter print, Experiment experiment, SweepPlan plan, Grid grid, int workers, Path database) {
    List<Axis> axes = plan.axes();
    CountDownLatch flushed = new CountDownLatch(1);
    try (ResultsDatabase db = ResultsDatabase.open(database, axes, Identity.of(experiment.cellJson(), axes), provenance(grid), experiment.canonicalJson())) {
      Schedule schedule = new Schedule(grid, plan.starts(), db.finished(), workers, MEMORY_SHARE * memory() / workers);
      if (schedule.cells() < grid.cells().size()) {
        print.printf("%s holds %d of %d cells already.%n", database, grid.cells().size() - schedule.cells(), grid.cells().size());
        print.flush();
      }
      SweepEngine engine = new SweepEngine(schedule, workers, solvers(plan));
      Thread hook = new Thread(() -> stop(engine, flushed), "sweep-interrupted");
      Runtime.getRuntime().addShutdownHook(hook);
      boolean complete;
      try (Progress progress = new Progress(schedule.cells(), terminal(), new PrintStream(System.err, true), schedule::secondsLeft)) {
        complete = run(engine, db, progress);
      }
      db.finish();
      if (complete) {
        removeHook(hook);
      } else {
        System.err.println("interrupted: the finished cells are in " + database + "; the same command goes on from there.");
      }
      return complete;
    } finally {
      flushed.countDown();
    }
  }

  /** Whatever happens to the run, what it has finished is kept. */
  private static boolean run(SweepEngine engine, ResultsDatabase db, Progress progress) {
    try {
      return engine.run(new DatabaseSink(db, progress));
    } catch (RuntimeException e) {
      try {
        db.commit();
      } catch (RuntimeException f) {
        e.addSuppressed(f);
      }
      throw e;
    }
  }

  private static void stop(SweepEngine engine, CountDownLatch flushed) {
    engine.stop();
    try {
      boolean done = flushed.await(10, TimeUnit.SECONDS);
      assert done;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The program is being ended at this very moment: the hook runs and finds everything flushed.
    }
  }

  private int status(PrintWriter print, Path database, SweepPlan plan) {
    try (Results results = Results.open(database)) {
      List<CellRow> cells = Diagram.onGrid(results.cells(plan.axes()), plan.axes());
      print.printf("%s: %d of %d cells%s%n", database, cells.size(), plan.cells(), results.live() ? ", still running" : "");
      Summary.of(cells).print(print);
      print.flush();
    }
    return 0;
  }

  private int workers() {
    // A device has lanes enough for one worker.
    return !Backends.cpu(backend) ? 1 : threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
  }

  private Supplier<CellSolver> solvers(SweepPlan plan) {
    return () -> new CertifiedCells(Backends.open(backend, 1), plan.theory());
  }

  /** What the bits of the rows depend on, the library that the largest problems need included. */
  private Map<String, String> provenance(Grid grid) {
    try (Backend b = Backends.open(backend, 1)) {
      grid.cells().stream().map(c -> Shape.of(c.problem(), c.options())).distinct().forEach(shape -> shape.probe(b));
      return b.provenance();
    }
  }

  private static boolean terminal() {
    return System.console() != null && System.console().isTerminal();
  }

  private static double memory() {
    return java.lang.management.ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean os
        ? os.getTotalMemorySize()
        : Runtime.getRuntime().maxMemory();
  }

  /**
   * What {@code --boundary} asks for.
   *
   * @param quantity column
   * @param level the value that it crosses
   * @param tolerance relative width at which the bisection ends
   */
  record BoundaryOption(String quantity, double level, double tolerance) {
    static BoundaryOption parse(String text, Double width, SweepPlan plan, CommandSpec spec) {
      if (text == null && width != null) {
        throw new ParameterException(spec.commandLine(), "--tolerance is given without --boundary, but is the width at which its bisection ends.");
      }
      if (text == null) {
        return null;
      }
      double tolerance = width == null ? 1e-6 : width;
      String[] parts = text.split("=", 2);
      double level;
      try {
        level = Double.parseDouble(parts.length == 2 ? parts[1] : "");
      } catch (NumberFormatException e) {
        throw new ParameterException(spec.commandLine(), "--boundary is " + text + ", but must be QUANTITY=LEVEL, for example margin=1e-6.", e);
      }
      if (!Run.NUMBERS.contains(parts[0])) {
        throw new ParameterException(
            spec.commandLine(), "--boundary is over " + parts[0] + ", but must be over one of " + String.join(", ", Run.NUMBERS) + ".");
      }
      if (!(tolerance >= 1e-14 && tolerance < 1)) {
        throw new ParameterException(spec.commandLine(), "--tolerance is " + tolerance + ", but must be between 1e-14 and 1.");
      }
      if (!plan.axes().getFirst().numeric()) {
        throw new ParameterException(
            spec.commandLine(), "--boundary bisects the first axis, but " + plan.axes().getFirst().field() + " has names, not numbers.");
      }
      return new BoundaryOption(parts[0], level, tolerance);
    }
  }
}

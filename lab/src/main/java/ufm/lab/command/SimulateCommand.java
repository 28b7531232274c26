package ufm.lab.command;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import ufm.backend.Backend;
import ufm.lab.Ufm;
import ufm.lab.UnusableFile;
import ufm.lab.io.PointFile;
import ufm.lab.io.WholeFile;
import ufm.lab.simulate.Simulation;
import ufm.lab.simulate.Trajectory;
import ufm.lab.simulate.TrajectoryPlot;
import ufm.lab.spec.Experiment;
import ufm.solver.LoopControl;
import ufm.solver.Outcome;

/** {@code ufm simulate}: the dynamics of an optimiser on the full problem. */
@Command(
    name = "simulate",
    mixinStandardHelpOptions = true,
    description = {
      "Follows an optimiser or the gradient flow on the full problem and records the collapse metrics.",
      "",
      "Writes trajectory.csv (a row for each record), trajectory.png and point.json. While it runs, the rows so far are in trajectory.csv.partial.",
      "Penalties may be 0: the normalised margin and the change of direction are recorded.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  ./ufm simulate examples/gradient-descent.yaml",
      "  ./ufm simulate examples/gradient-descent.yaml --set simulate.optimizer=adam --out runs/adam --plot nc.svg",
      "  ./ufm simulate examples/gradient-flow.yaml --set lambda.W=0 --set lambda.H=0",
      "  ./ufm simulate examples/gradient-descent.yaml --checkpoint run.state",
      "  ./ufm simulate examples/gradient-descent.yaml --checkpoint run.state --resume --set simulate.iterations=20000"
    })
public final class SimulateCommand implements Callable<Integer> {
  @Mixin private ExperimentOptions experiment;
  @Mixin private BackendOptions backend;

  @Option(names = "--out", paramLabel = "FOLDER", description = "Folder of the outputs (default: runs/ and the experiment's name).")
  private Path out;

  @Option(names = "--plot", paramLabel = "FILE", description = "Plot in the output folder, .png, .svg or .pdf; may be repeated (default: trajectory.png).")
  private List<Path> plots = new ArrayList<>();

  @Option(names = "--checkpoint", paramLabel = "FILE", description = "Saves the state every few seconds and at the end.")
  private Path checkpoint;

  @Option(names = "--resume", description = {
      "Goes on from the checkpoint, with the bits of an uninterrupted run. Only the change of direction is not known in the first new record."})
  private boolean resume;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Experiment e = experiment.read(List.of());
    if (resume && checkpoint == null) {
      throw new ParameterException(spec.commandLine(), "--resume is given without --checkpoint, but needs the file to go on from.");
    }
    Path folder = out == null ? Path.of("runs", e.name().replaceAll("[^A-Za-z0-9._-]+", "-")) : out;
    plots.forEach(TrajectoryPlot::check);
    List<Path> figures = (plots.isEmpty() ? List.of(Path.of("trajectory.png")) : plots).stream().map(folder::resolve).toList();
    Path csv = folder.resolve("trajectory.csv");
    Path last = folder.resolve("point.json");
    check(folder, csv, last, figures);
    Simulation.Result result = run(e, new Simulation.Files(csv, checkpoint, resume));
    PrintWriter text = spec.commandLine().getOut();
    if (result.outcome() == Outcome.RUNNING) {
      spec.commandLine().getErr().println(
          "interrupted at iteration " + result.iterations() + "; the records so far are in " + WholeFile.partial(csv)
              + (checkpoint == null ? "." : ", and --resume goes on."));
      return Ufm.FAILED;
    }
    Map<String, Object> point = PointFile.tree(result.point());
    point.put("labels", e.problem().labels());
    WholeFile.write(last, JsonDocument.text(point) + "\n");
    boolean logTime = e.simulate().record().perDecade() > 0;
    figures.forEach(f -> TrajectoryPlot.write(result.trajectory(), e.name() + " (" + e.simulate().optimizer().name() + ")", logTime, f));
    print(text, e, result, csv, figures);
    text.flush();
    return result.outcome() == Outcome.DIVERGED ? Ufm.FAILED : 0;
  }

  /** Looks at all outputs and makes none: the folder is made when the run begins, after its start was read. */
  private void check(Path folder, Path csv, Path last, List<Path> figures) {
    WholeFile.checkFolder(folder);
    figures.forEach(f -> WholeFile.check(f, folder));
    WholeFile.check(csv, folder);
    WholeFile.check(last, folder);
    if (checkpoint != null) {
      if (WholeFile.special(checkpoint)) {
        throw new UnusableFile("--checkpoint is " + checkpoint + ", but must be a regular file, because it is replaced every few seconds.");
      }
      if (resume && !Files.exists(checkpoint)) {
        throw new UnusableFile(checkpoint + " can't be read: there is no such file, but --resume goes on from it.");
      }
      WholeFile.check(checkpoint, folder);
    }
  }

  /** Runs; a signal (Ctrl-C) ends the run between two iterations and leaves its files in order. */
  private Simulation.Result run(Experiment e, Simulation.Files files) {
    AtomicBoolean cancelled = new AtomicBoolean();
    CountDownLatch finished = new CountDownLatch(1);
    Thread onSignal =
        new Thread(() -> {
          cancelled.set(true);
          try {
            finished.await(10, TimeUnit.SECONDS);
          } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
          }
        });
    Runtime.getRuntime().addShutdownHook(onSignal);
    try (Backend opened = backend.open();
        ProgressBar bar = bar(e.simulate().iterations())) {
      LoopControl control =
          LoopControl.unless(cancelled::get)
              .and((problem, state) -> {
                if (bar != null) {
                  bar.stepTo(state.iterations(0));
                  bar.setExtraMessage(String.format(Locale.ROOT, "f %.6g", state.value(0)));
                }
                return true;
              });
      return new Simulation(e.problem(), e.simulate()).run(opened, files, control);
    } finally {
      finished.countDown();
      if (!cancelled.get()) {
        Runtime.getRuntime().removeShutdownHook(onSignal);
      }
    }
  }

  private static ProgressBar bar(long iterations) {
    boolean terminal = System.console() != null && System.console().isTerminal();
    return terminal
        ? new ProgressBarBuilder()
            .setTaskName("simulate")
            .setInitialMax(iterations)
            .setUpdateIntervalMillis(200)
            .setStyle(ProgressBarStyle.UNICODE_BLOCK)
            .setConsumer(new ConsoleProgressBarConsumer(System.err))
            .build()
        : null;
  }

  private static void print(PrintWriter text, Experiment e, Simulation.Result r, Path csv, List<Path> figures) {
    Trajectory t = r.trajectory();
    text.println(e.problem());
    text.println();
    TextTable table = new TextTable("quantity", "first record", "last record");
    for (String name :
        List.of(
            "iteration", "time", "value", "gradient_norm", "nc1", "nc2_H", "nc2_W", "nc3", "nc4_agreement", "margin", "normalized_margin", "gap")) {
      double[] column = t.column(name);
      table.row(name, TextTable.number(column[0]), TextTable.number(column[column.length - 1]));
    }
    table.print(text);
    text.println();
    text.println("dynamics    " + r.dynamics());
    text.println("stopped     " + r.outcome().name().toLowerCase(Locale.ROOT) + ": " + r.reason());
    text.println(
        String.format(Locale.ROOT, "time        %.3f s; %d iterations, %d evaluations, %d records", r.seconds(), r.iterations(), r.evaluations(), t.size()));
    if (r.uncertified() != null) {
      text.println("bound       " + r.uncertified());
    }
    text.println("convention  " + r.formula());
    text.println("written     " + csv);
    figures.forEach(f -> text.println("            " + f));
    text.println("            " + csv.resolveSibling("point.json"));
  }
}

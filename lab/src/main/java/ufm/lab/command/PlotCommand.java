package ufm.lab.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import ufm.lab.db.CellRow;
import ufm.lab.db.Results;
import ufm.lab.io.WholeFile;
import ufm.lab.plot.Figure;
import ufm.lab.spec.Experiment;
import ufm.lab.sweep.Diagram;
import ufm.lab.sweep.Grid;

/** {@code ufm plot}: the figure of a sweep from its database, also while the sweep is running. */
@Command(
    name = "plot",
    description = "Draw the phase diagram of a sweep from its database; also of one that is still running.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./ufm sweep examples/collapse-threshold.yaml                               # makes the database",
      "  ./ufm plot runs/collapse-threshold.duckdb                                  # PNG, SVG and PDF beside the database",
      "  ./ufm plot runs/collapse-threshold.duckdb --quantity nc2_H                 # collapse-threshold.nc2_H.png, .svg, .pdf",
      "  ./ufm plot runs/collapse-threshold.duckdb --quantity nc2_H --out nc2.pdf   # one file",
      "  ./ufm plot runs/collapse-threshold.duckdb --export cells.csv               # all cells for other programs"
    })
public final class PlotCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "DATABASE", description = "Results of a sweep, NAME.duckdb.")
  private Path database;

  @Option(names = "--quantity", paramLabel = "NAME", description = "What to draw, for example margin, nc2_H, value, relative_gap. Default: the experiment's.")
  private String quantity;

  @Option(names = "--out", paramLabel = "FILE", description = "Figure, .png, .svg or .pdf; may be repeated. Default: all three beside the database, NAME.QUANTITY.png where it is not the experiment's own.")
  private List<Path> files = List.of();

  @Option(names = "--export", paramLabel = "FILE", description = "Also write all cells to FILE, .csv or .parquet.")
  private Path export;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    PrintWriter print = spec.commandLine().getOut();
    if (quantity != null) {
      Diagram.check(quantity);
    }
    files.forEach(f -> Figures.notEmpty("--out", f, spec));
    Figures.notEmpty("--export", export, spec);
    Figures.check(files, Path.of(""));
    Figures.checkExport(export);
    if (export != null) {
      WholeFile.check(export);
    }
    try (Results results = Results.open(database)) {
      Experiment experiment = Experiment.parse(results.source(), database.toString(), List.of());
      var axes = experiment.sweep().axes();
      String shown = quantity == null ? experiment.sweep().quantity() : quantity;
      List<Path> figures = files;
      if (files.isEmpty()) {
        String name = database.getFileName().toString().replaceFirst("\\.duckdb$", "");
        figures = Figures.files(database.toAbsolutePath().getParent(), name, shown, experiment.sweep().quantity());
        Figures.check(figures, figures.getFirst().getParent());
      }
      List<CellRow> cells = Diagram.onGrid(results.cells(axes), axes);
      if (results.live()) {
        print.printf("%s is still being written: drawing the %d cells of its live copy.%n", database, cells.size());
      }
      Figure figure = Diagram.of(experiment, cells, shown);
      Diagram.withoutCurve(experiment, Grid.of(experiment)).ifPresent(print::println);
      Figures.write(figure, figures, print);
      if (export != null) {
        results.export(export, axes);
        print.printf("%-12s%s%n", "export", export);
      }
    }
    print.flush();
    return 0;
  }
}

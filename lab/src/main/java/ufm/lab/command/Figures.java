package ufm.lab.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import ufm.lab.UnusableFile;
import ufm.lab.io.WholeFile;
import ufm.lab.plot.Figure;
import ufm.lab.plot.FigureFile;

/** The files that {@code sweep} and {@code plot} write: checked before the work, written after it. */
final class Figures {
  private static final List<String> ENDINGS = List.of(".png", ".svg", ".pdf");

  private Figures() {}

  /** DIR/NAME.png, .svg and .pdf; another quantity than the experiment's own is part of the name, so that it replaces no other figure. */
  static List<Path> files(Path folder, String name, String quantity, String own) {
    String stem = quantity.equals(own) ? name : name + "." + quantity;
    return ENDINGS.stream().map(e -> folder.resolve(stem + e)).toList();
  }

  /**
   * Checks files of figures.
   *
   * @param folder may be missing, to be made later
   * @throws UnusableFile if an ending is none of a figure, or a file can't be written
   */
  static void check(List<Path> files, Path folder) {
    for (Path file : files) {
      if (!FigureFile.supports(file)) {
        throw new UnusableFile(file + " has no ending of a figure, but must end in .png, .svg or .pdf.");
      }
      WholeFile.check(file, folder);
    }
  }

  /**
   * Checks the ending of {@code --export}.
   *
   * @param file null for none
   * @throws UnusableFile if its ending is not known
   */
  static void checkExport(Path file) {
    if (file == null) {
      return;
    }
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (!name.endsWith(".csv") && !name.endsWith(".parquet")) {
      throw new UnusableFile("--export is " + file + ", but must end in .csv or .parquet.");
    }
  }

  /** Refuses an empty path, which would mean the current folder. */
  static void notEmpty(String option, Path path, CommandSpec spec) {
    if (path != null && path.toString().isBlank()) {
      throw new ParameterException(spec.commandLine(), option + " is empty, but must be the name of a file or folder.");
    }
  }

  /** Writes a figure to files and says so. */
  static void write(Figure figure, List<Path> files, PrintWriter print) {
    System.setProperty("java.awt.headless", "true");
    files.parallelStream().forEach(f -> FigureFile.write(figure, f));
    print.printf("%-12s%s%n", files.size() == 1 ? "figure" : "figures", String.join(", ", files.stream().map(Path::toString).toList()));
  }
}

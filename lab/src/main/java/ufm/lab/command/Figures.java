package ufm.lab.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import ufm.lab.plot.Figure;
import ufm.lab.plot.FigureFile;

/** Writes a figure in all its formats. */
final class Figures {
  private static final List<String> ENDINGS = List.of(".png", ".svg", ".pdf");

  private Figures() {}

  /** Writes DIR/NAME.png, .svg and .pdf and says so. */
  static void writeAll(Figure figure, Path folder, String name, PrintWriter print) {
    List<Path> files = ENDINGS.stream().map(e -> folder.resolve(name + e)).toList();
    System.setProperty("java.awt.headless", "true");
    files.parallelStream().forEach(f -> FigureFile.write(figure, f));
    print.printf("%-12s%s%n", "figures", String.join(", ", files.stream().map(Path::toString).toList()));
  }
}

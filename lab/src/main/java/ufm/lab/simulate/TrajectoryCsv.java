package ufm.lab.simulate;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import ufm.lab.UnusableFile;
import ufm.lab.io.WholeFile;

/**
 * A trajectory on disk as CSV: a head, then a row for each record with full precision; an empty cell is not defined. While the run goes
 * on the rows are in {@code <name>.partial}, each one handed to the system at once, so that a killed run loses nothing that was recorded;
 * the file gets its name when the run is done.
 */
final class TrajectoryCsv implements AutoCloseable {
  private final Path file;
  private final Path partial;
  private final Writer out;

  private TrajectoryCsv(Path file, Path partial, Writer out) {
    this.file = file;
    this.partial = partial;
    this.out = out;
  }

  /**
   * Begins a file, in a folder that is made where there is none.
   *
   * @throws UnusableFile if it can't be written
   */
  static TrajectoryCsv begin(Path file) {
    return open(file, List.of());
  }

  /**
   * Goes on with a file that a run left behind.
   *
   * @param file its final name; the rows are taken from the unfinished file, or from the finished one
   * @param iteration rows at and after this iteration are dropped, because the run comes to them again
   * @param trajectory gets the rows that stay
   */
  static TrajectoryCsv resume(Path file, long iteration, Trajectory trajectory) {
    Path partial = WholeFile.partial(file);
    Path source = Files.exists(partial) ? partial : file;
    if (!Files.exists(source)) {
      return begin(file);
    }
    try {
      List<String> lines = Files.readAllLines(source);
      if (lines.isEmpty() || !lines.getFirst().equals(String.join(",", Trajectory.COLUMNS))) {
        throw new UnusableFile(source + " is no trajectory of this version: its first line is another one.");
      }
      // A row that was cut off by a kill has too few cells.
      List<String> kept =
          lines.subList(1, lines.size()).stream()
              .filter(l -> l.chars().filter(c -> c == ',').count() == Trajectory.COLUMNS.size() - 1)
              .filter(l -> cell(l.substring(0, l.indexOf(','))) < iteration)
              .toList();
      for (String line : kept) {
        trajectory.add(parse(line));
      }
      return open(file, kept);
    } catch (IOException e) {
      throw UnusableFile.reading(source, e);
    }
  }

  private static TrajectoryCsv open(Path file, List<String> rows) {
    Path partial = WholeFile.partial(file);
    WholeFile.folder(file.toAbsolutePath().getParent());
    try {
      Writer out = Files.newBufferedWriter(partial, StandardCharsets.UTF_8);
      TrajectoryCsv csv = new TrajectoryCsv(file, partial, out);
      out.write(String.join(",", Trajectory.COLUMNS) + "\n");
      for (String row : rows) {
        out.write(row + "\n");
      }
      out.flush();
      return csv;
    } catch (IOException e) {
      throw UnusableFile.writing(partial, e);
    }
  }

  /** Adds a row. */
  void add(double[] row) {
    StringBuilder line = new StringBuilder();
    for (int c = 0; c < row.length; c++) {
      line.append(c == 0 ? "" : ",").append(text(row[c]));
    }
    try {
      out.write(line.append('\n').toString());
      out.flush();
    } catch (IOException e) {
      throw UnusableFile.writing(partial, e);
    }
  }

  /** The run is done: the file gets its name. */
  void complete() {
    try {
      out.close();
      WholeFile.rename(partial, file);
    } catch (IOException e) {
      throw UnusableFile.writing(file, e);
    }
  }

  /** Closes the unfinished file and leaves it there. */
  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw UnusableFile.writing(partial, e);
    }
  }

  private static String text(double x) {
    return Double.isNaN(x) ? "" : x == Math.rint(x) && Math.abs(x) < 1e15 ? Long.toString((long) x) : Double.toString(x);
  }

  private static double[] parse(String line) {
    String[] cells = line.split(",", -1);
    double[] row = new double[cells.length];
    for (int c = 0; c < row.length; c++) {
      row[c] = cell(cells[c]);
    }
    return row;
  }

  private static double cell(String text) {
    return text.isEmpty() ? Double.NaN : Double.parseDouble(text);
  }
}

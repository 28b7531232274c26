package ufm.lab.db;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import ufm.lab.UnusableFile;
import ufm.lab.io.WholeFile;
import ufm.lab.spec.Axis;

/**
 * The reading end of a results database. Where the file is being written by another process, its live copy (some seconds old) is read.
 *
 * <p>Every method throws {@link ResultsError} where the file can't be read.
 */
public final class Results implements AutoCloseable {
  private final Path file;
  private final boolean live;
  private final Connection connection;

  private Results(Path file, boolean live, Connection connection) {
    this.file = file;
    this.live = live;
    this.connection = connection;
  }

  /** Opens a database for reading. */
  public static Results open(Path file) {
    if (!Files.isReadable(file)) {
      throw new ResultsError(file + " can't be read: there is no such file, or no permission.");
    }
    try {
      return new Results(file, false, connect(file));
    } catch (SQLException e) {
      Path copy = ResultsDatabase.live(file);
      if (ResultsDatabase.locked(e) && Files.isReadable(copy)) {
        try {
          return new Results(copy, true, connect(copy));
        } catch (SQLException f) {
          throw new ResultsError(copy + " can't be read: " + ResultsDatabase.firstLine(f) + ".", f);
        }
      }
      throw new ResultsError(
          ResultsDatabase.locked(e)
              ? file + " is being written by another process, which has not published a first copy yet; try again in a few seconds."
              : file + " can't be read: " + ResultsDatabase.firstLine(e) + ".", e);
    }
  }

  private static Connection connect(Path file) throws SQLException {
    Properties p = new Properties();
    p.setProperty("duckdb.read_only", "true");
    return DriverManager.getConnection("jdbc:duckdb:" + file, p);
  }

  /** Whether this is the live copy of a sweep that is still running. */
  public boolean live() {
    return live;
  }

  /** The experiment with its axes, in canonical form. */
  public String source() {
    return text("SELECT source FROM experiment");
  }

  /** Hash of the definition. */
  public String identity() {
    return text("SELECT identity FROM experiment");
  }

  private String text(String query) {
    try (Statement s = connection.createStatement(); ResultSet r = s.executeQuery(query)) {
      if (!r.next()) {
        throw new ResultsError(file + " is a database without an experiment.");
      }
      return r.getString(1);
    } catch (SQLException e) {
      throw new ResultsError(file + " is not a results database of a sweep (" + ResultsDatabase.firstLine(e) + ").", e);
    }
  }

  /**
   * All rows of the view {@code cells}, ordered by the axes.
   *
   * @param axes the axes, for the order
   */
  public List<CellRow> cells(List<Axis> axes) {
    return rows("SELECT * FROM cells ORDER BY " + Schema.key(axes)).stream().map(m -> new CellRow(key(m, axes), m)).toList();
  }

  /** All rows of a table or view, as column name -> value, ordered by all columns. */
  public List<Map<String, Object>> table(String name) {
    return rows("SELECT * FROM " + Schema.quoted(name) + " ORDER BY ALL");
  }

  private List<Map<String, Object>> rows(String query) {
    try (Statement s = connection.createStatement(); ResultSet r = s.executeQuery(query)) {
      ResultSetMetaData meta = r.getMetaData();
      List<Map<String, Object>> out = new ArrayList<>();
      while (r.next()) {
        Map<String, Object> row = new LinkedHashMap<>();
        for (int c = 1; c <= meta.getColumnCount(); c++) {
          row.put(meta.getColumnName(c), r.getObject(c));
        }
        out.add(row);
      }
      return out;
    } catch (SQLException e) {
      throw new ResultsError(file + " can't be read: " + ResultsDatabase.firstLine(e) + ".", e);
    }
  }

  private static List<Object> key(Map<String, Object> row, List<Axis> axes) {
    return axes.stream().map(a -> row.get(a.field())).toList();
  }

  /**
   * Writes the view {@code cells} to a CSV or Parquet file, whole or not at all.
   *
   * @param target ends in {@code .csv} or {@code .parquet}; replaced if it exists
   * @throws UnusableFile if it can't be written
   */
  public void export(Path target, List<Axis> axes) {
    String name = target.getFileName().toString().toLowerCase(Locale.ROOT);
    String format = name.endsWith(".csv") ? "FORMAT csv, HEADER" : name.endsWith(".parquet") ? "FORMAT parquet" : null;
    if (format == null) {
      throw new ResultsError("--export is " + target + ", but must end in .csv or .parquet.");
    }
    WholeFile.folder(target.toAbsolutePath().getParent());
    WholeFile.make(target, partial -> {
      try (Statement s = connection.createStatement()) {
        s.execute("COPY (SELECT * FROM cells ORDER BY " + Schema.key(axes) + ") TO " + Schema.literal(partial) + " (" + format + ")");
      } catch (SQLException e) {
        throw UnusableFile.writing(target, ResultsDatabase.firstLine(e));
      }
    });
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // A read-only connection holds nothing that could be lost.
    }
  }
}

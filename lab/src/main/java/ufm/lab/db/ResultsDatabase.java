package ufm.lab.db;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import ufm.lab.spec.Axis;

/**
 * The writing end of a results database. One process may have it open; others read {@linkplain #live the live copy} meanwhile.
 *
 * <p>Rows are {@linkplain #append appended} to a transaction in memory and are on disk after {@link #commit}: a process that is killed
 * loses the rows since the last commit and nothing else.
 *
 * <p>For use by one thread. Every method throws {@link ResultsError} where the file can't be read or written.
 */
public final class ResultsDatabase implements AutoCloseable {
  /** The database wraps some of its messages in JSON. */
  private static final Pattern JSON_MESSAGE = Pattern.compile("\"exception_message\":\"((?:[^\"\\\\]|\\\\.)*)\"");

  private final Path file;
  private final List<Axis> axes;
  private final DuckDBConnection connection;
  private DuckDBAppender runs;
  private DuckDBAppender starts;

  private ResultsDatabase(Path file, List<Axis> axes, DuckDBConnection connection) {
    this.file = file;
    this.axes = axes;
    this.connection = connection;
  }

  /**
   * Opens the database of a sweep, or makes it.
   *
   * @param file the database, for example {@code runs/collapse-threshold.duckdb}
   * @param axes the sweep's axes
   * @param identity what its rows are results of
   * @param provenance what the bits of a row depend on besides: program, backend, library, kernel family
   * @param source the experiment in canonical form with its axes, kept for drawing
   * @throws ResultsError if the file holds results of something else (naming the first field that differs), is open in another process, or
   *     can't be written
   */
  public static ResultsDatabase open(Path file, List<Axis> axes, Identity identity, Map<String, String> provenance, String source) {
    DuckDBConnection connection = connect(file);
    ResultsDatabase db = new ResultsDatabase(file, List.copyOf(axes), connection);
    try {
      connection.setAutoCommit(false);
      if (db.empty()) {
        db.create(identity, provenance, source);
      } else {
        db.remember(source, db.check(identity, provenance));
      }
      connection.commit();
      db.runs = connection.createAppender("main", "runs");
      db.starts = connection.createAppender("main", "starts");
      return db;
    } catch (SQLException e) {
      db.close();
      throw db.unwritable(e);
    } catch (ResultsError e) {
      db.close();
      throw e;
    }
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /** Name of the copy that others may read while this process writes. */
  public static Path live(Path file) {
    return file.resolveSibling(file.getFileName().toString().replaceFirst("\\.duckdb$", "") + ".live.duckdb");
  }

  /** The ranges of starts that are finished, for every cell that has any. */
  public FinishedStarts finished() {
    try (Statement s = connection.createStatement();
        ResultSet r = s.executeQuery("SELECT " + Schema.key(axes) + ", first_start, starts FROM runs")) {
      FinishedStarts done = new FinishedStarts();
      while (r.next()) {
        Object[] key = new Object[axes.size()];
        for (int a = 0; a < key.length; a++) {
          key[a] = r.getObject(a + 1);
        }
        done.add(List.of(key), r.getInt(key.length + 1), r.getInt(key.length + 2));
      }
      return done;
    } catch (SQLException e) {
      throw unwritable(e);
    }
  }

  /** Adds rows to the transaction. */
  public void append(List<Run> rows) {
    try {
      for (Run run : rows) {
        append(run);
      }
    } catch (SQLException e) {
      throw unwritable(e);
    }
  }

  /** Makes all rows appended so far durable. */
  public void commit() {
    try {
      runs.flush();
      starts.flush();
      connection.commit();
    } catch (SQLException e) {
      throw unwritable(e);
    }
  }

  /** Replaces the live copy by the committed rows, atomically. */
  public void publish() {
    Path live = live(file);
    Path part = live.resolveSibling(live.getFileName() + ".part");
    try {
      Files.deleteIfExists(part);
      connection.setAutoCommit(true);
      try (Statement s = connection.createStatement()) {
        s.execute("ATTACH " + Schema.literal(part) + " AS live_copy");
        try {
          s.execute("COPY FROM DATABASE " + Schema.quoted(connection.getCatalog()) + " TO live_copy");
          s.execute("CHECKPOINT live_copy");
        } finally {
          s.execute("DETACH live_copy");
        }
      } finally {
        connection.setAutoCommit(false);
      }
      Files.move(part, live, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (SQLException | IOException e) {
      throw unwritable(e);
    }
  }

  /** Commits, folds the log into the file and removes the live copy. */
  public void finish() {
    commit();
    try (Statement s = connection.createStatement()) {
      connection.setAutoCommit(true);
      s.execute("CHECKPOINT");
      Files.deleteIfExists(live(file));
    } catch (SQLException | IOException e) {
      throw unwritable(e);
    }
  }

  /** Closes the file; rows that are not committed are lost. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      // Nothing is lost: what is committed is on disk, and the first failure has been reported.
    }
  }

  private void append(Run run) throws SQLException {
    runs.beginRow();
    appendKey(runs, run.axes());
    runs.append(run.firstStart()).append(run.starts());
    for (double x : run.numbers()) {
      append(runs, x);
    }
    runs.append(run.outcome());
    if (run.regime() == null) {
      runs.appendNull();
    } else {
      runs.append(run.regime());
    }
    runs.append(run.restricted()).append(run.zero()).append(run.bestStart()).append(run.startsAtBest()).append(run.iterations());
    runs.append(run.seconds());
    runs.endRow();
    for (int i = 0; i < run.starts(); i++) {
      starts.beginRow();
      appendKey(starts, run.axes());
      starts.append(run.firstStart() + i);
      append(starts, run.startValues()[i]);
      starts.endRow();
    }
  }

  private static void append(DuckDBAppender to, double x) throws SQLException {
    if (Double.isNaN(x)) {
      to.appendNull();
    } else {
      to.append(x);
    }
  }

  private void appendKey(DuckDBAppender to, List<Object> key) throws SQLException {
    for (int a = 0; a < key.size(); a++) {
      if (axes.get(a).numeric()) {
        to.append(((Number) key.get(a)).doubleValue());
      } else {
        to.append(key.get(a).toString());
      }
    }
  }

  private boolean empty() throws SQLException {
    try (Statement s = connection.createStatement(); ResultSet r = s.executeQuery("SELECT count(*) FROM information_schema.tables")) {
      r.next();
      return r.getLong(1) == 0;
    }
  }

  private void create(Identity identity, Map<String, String> provenance, String source) throws SQLException {
    try (Statement s = connection.createStatement()) {
      s.execute(Schema.experiment());
      s.execute(Schema.runs(axes));
      s.execute(Schema.starts(axes));
      s.execute(Schema.cells(axes));
    }
    try (PreparedStatement p = connection.prepareStatement("INSERT INTO experiment VALUES (?, ?, ?, ?, ?, ?, ?, ?)")) {
      p.setInt(1, Schema.FORMAT);
      p.setString(2, identity.hash());
      p.setString(3, identity.definition());
      p.setString(4, Identity.json(provenance));
      p.setString(5, source);
      String version = ResultsDatabase.class.getPackage().getImplementationVersion();
      p.setString(6, version == null ? "development" : version);
      p.setString(7, Runtime.version().toString());
      p.setTimestamp(8, Timestamp.from(Instant.now()));
      p.executeUpdate();
    }
  }

  /**
   * Refuses what must not be mixed; the virtual machine's version is noted but does not decide any bits. A part of the provenance that only
   * one side has (a library that only larger problems need) is no contradiction.
   *
   * @return both provenances together
   */
  private String check(Identity identity, Map<String, String> provenance) throws SQLException {
    try (Statement s = connection.createStatement();
        ResultSet r = s.executeQuery("SELECT format, identity, definition, provenance FROM experiment")) {
      if (!r.next()) {
        throw new ResultsError(file + " is a database without an experiment; choose another --out.");
      }
      if (r.getInt(1) != Schema.FORMAT) {
        throw new ResultsError(file + " has format " + r.getInt(1) + ", but this program writes format " + Schema.FORMAT + "; choose another --out.");
      }
      if (!r.getString(2).equals(identity.hash())) {
        throw new ResultsError(
            file + " holds results of another specification (" + Identity.difference(r.getString(3), identity.definition())
                + "); choose another --out or delete the file.");
      }
      Map<String, String> before = Identity.map(r.getString(4));
      for (Map.Entry<String, String> e : before.entrySet()) {
        String now = provenance.get(e.getKey());
        if (now != null && !now.equals(e.getValue()) && !e.getKey().equals("java")) {
          throw new ResultsError(
              file + " holds results that this program would not reproduce bit for bit here (" + e.getKey() + " was " + e.getValue() + " and is now "
                  + now + "); choose another --out or delete the file.");
        }
      }
      Map<String, String> all = new TreeMap<>(provenance);
      all.putAll(before);
      return Identity.json(all);
    } catch (SQLException e) {
      throw new ResultsError(file + " is not a results database of a sweep (" + firstLine(e) + "); choose another --out.", e);
    }
  }

  private void remember(String source, String provenance) throws SQLException {
    try (PreparedStatement p = connection.prepareStatement("UPDATE experiment SET source = ?, provenance = ? WHERE source <> ? OR provenance <> ?")) {
      p.setString(1, source);
      p.setString(2, provenance);
      p.setString(3, source);
      p.setString(4, provenance);
      p.executeUpdate();
    }
  }

  private static DuckDBConnection connect(Path file) {
    try {
      Path parent = file.toAbsolutePath().getParent();
      Files.createDirectories(parent);
    } catch (IOException e) {
      throw new ResultsError(file + " can't be written: " + reason(e) + ".", e);
    }
    try {
      Connection c = DriverManager.getConnection("jdbc:duckdb:" + file);
      return c.unwrap(DuckDBConnection.class);
    } catch (SQLException e) {
      if (locked(e)) {
        throw new ResultsError(file + " is being written by another process; wait for it, or choose another --out.", e);
      }
      throw new ResultsError(file + " can't be opened: " + firstLine(e) + ".", e);
    }
  }

  /** Whether the file is open in another process. */
  static boolean locked(SQLException e) {
    return String.valueOf(e.getMessage()).contains("lock");
  }

  private ResultsError unwritable(Exception e) {
    return new ResultsError(
        file + " can't be written (" + (e instanceof SQLException s ? firstLine(s) : reason((IOException) e))
            + "); the rows finished before are safe, and the same command goes on from there.", e);
  }

  private static String reason(IOException e) {
    return e instanceof java.nio.file.FileSystemException f
        ? (f.getReason() == null ? e.getClass().getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(java.util.Locale.ROOT).replace(" exception", "") + " " + f.getFile() : f.getReason() + ": " + f.getFile())
        : e.getMessage();
  }

  static String firstLine(SQLException e) {
    Matcher json = JSON_MESSAGE.matcher(String.valueOf(e.getMessage()));
    String message = json.find() ? json.group(1).replace("\\n", "\n").replaceAll("\\\\(.)", "$1") : String.valueOf(e.getMessage());
    return message.lines().findFirst().orElse("").replaceAll("[.!]$", "");
  }
}

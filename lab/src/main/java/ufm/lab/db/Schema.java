package ufm.lab.db;

import java.util.List;
import java.util.stream.Collectors;
import ufm.lab.spec.Axis;

/**
 * The SQL of the results database.
 *
 * <p>Each axis is a column under its own name, {@code DOUBLE} for numbers (whole ones too: they are exact below 2^53) and {@code VARCHAR}
 * for names. A cell is identified by the exact values of these columns.
 */
final class Schema {
  /** Version of the layout of the file; raised when an older program could misread it. */
  static final int FORMAT = 1;

  /** Two starts reached the same value if they agree to this, relative to the larger of 1 and the value's size. */
  static final double SAME_VALUE = 1e-9;

  private Schema() {}

  static String experiment() {
    return "CREATE TABLE experiment (format INTEGER, identity VARCHAR, definition VARCHAR, provenance VARCHAR, source VARCHAR, version VARCHAR,"
        + " java VARCHAR, started TIMESTAMP)";
  }

  static String runs(List<Axis> axes) {
    return "CREATE TABLE runs (" + declared(axes) + ", first_start INTEGER, starts INTEGER, "
        + Run.NUMBERS.stream().map(n -> quoted(n) + " DOUBLE").collect(Collectors.joining(", "))
        + ", outcome VARCHAR, regime VARCHAR, restricted BOOLEAN, zero BOOLEAN, best_start INTEGER, starts_at_best INTEGER, iterations BIGINT,"
        + " seconds DOUBLE)";
  }

  static String starts(List<Axis> axes) {
    return "CREATE TABLE starts (" + declared(axes) + ", start INTEGER, value DOUBLE)";
  }

  /** One row per cell: the run with the lowest value, and the counters of all runs. */
  static String cells(List<Axis> axes) {
    String cell = "(PARTITION BY " + key(axes) + ")";
    String numbers = Run.NUMBERS.stream().map(Schema::quoted).collect(Collectors.joining(", "));
    return "CREATE VIEW cells AS WITH ranked AS (SELECT *, min(\"value\") OVER " + cell + " AS best, row_number() OVER (PARTITION BY " + key(axes)
        + " ORDER BY \"value\" NULLS LAST, first_start) AS place FROM runs), merged AS (SELECT *, sum(starts) OVER " + cell
        + " AS all_starts, sum(iterations) OVER " + cell + " AS all_iterations, sum(seconds) OVER " + cell
        + " AS all_seconds, sum(CASE WHEN \"value\" <= best + " + SAME_VALUE + " * greatest(1, abs(best)) THEN starts_at_best ELSE 0 END) OVER "
        + cell + " AS all_at_best FROM ranked) SELECT " + key(axes) + ", CAST(all_starts AS INTEGER) AS starts, " + numbers
        + ", \"value\" - f_star AS difference, outcome, regime, restricted, zero, best_start, CAST(all_at_best AS INTEGER) AS starts_at_best,"
        + " CAST(all_iterations AS BIGINT) AS iterations, all_seconds AS seconds FROM merged WHERE place = 1";
  }

  /** The axis columns, quoted and separated by commas. */
  static String key(List<Axis> axes) {
    return axes.stream().map(a -> quoted(a.field())).collect(Collectors.joining(", "));
  }

  private static String declared(List<Axis> axes) {
    return axes.stream().map(a -> quoted(a.field()) + (a.numeric() ? " DOUBLE" : " VARCHAR")).collect(Collectors.joining(", "));
  }

  static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  static String literal(Object text) {
    return "'" + text.toString().replace("'", "''") + "'";
  }
}

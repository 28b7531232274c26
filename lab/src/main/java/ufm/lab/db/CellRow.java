package ufm.lab.db;

import java.util.List;
import java.util.Map;

/**
 * One row of the view {@code cells}: a cell of the grid with the best of all its starts.
 *
 * @param axes value of each axis: Double or String
 * @param columns all columns by name; null where a value is not available
 */
public record CellRow(List<Object> axes, Map<String, Object> columns) {

  /** Certified means a relative gap of at most this. */
  public static final double CERTIFIED = 1e-8;

  /** A column as a number, NaN where it is not available or there is no such column. */
  public double number(String column) {
    return columns.get(column) instanceof Number n ? n.doubleValue() : Double.NaN;
  }

  /** A column as text, or null. */
  public String text(String column) {
    return columns.get(column) == null ? null : columns.get(column).toString();
  }

  /** A column as a truth value, false where it is not available. */
  public boolean flag(String column) {
    return Boolean.TRUE.equals(columns.get(column));
  }

  /** Whether the optimum is W = H = 0. */
  public boolean zero() {
    return flag("zero");
  }

  /** Whether the duality gap closes: relative gap at most {@link #CERTIFIED}. */
  public boolean certified() {
    return number("relative_gap") <= CERTIFIED;
  }
}

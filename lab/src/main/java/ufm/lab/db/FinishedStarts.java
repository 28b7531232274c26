package ufm.lab.db;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which starts of which cells are finished; a cell is identified by the exact values of its axes. */
public final class FinishedStarts {
  private final Map<List<Object>, BitSet> cells = new HashMap<>();

  /** A range of starts, from {@code first} to {@code first + count - 1}. */
  public record Range(int first, int count) {}

  /** Notes a finished range. */
  public void add(List<Object> axes, int first, int count) {
    cells.computeIfAbsent(key(axes), k -> new BitSet()).set(first, first + count);
  }

  /** The ranges of the starts {@code 0 .. starts-1} of a cell that are still to be done, in order. */
  public List<Range> missing(List<Object> axes, int starts) {
    BitSet done = cells.getOrDefault(key(axes), new BitSet());
    List<Range> out = new ArrayList<>();
    for (int i = done.nextClearBit(0); i < starts; i = done.nextClearBit(i)) {
      int next = done.nextSetBit(i);
      int end = next < 0 ? starts : Math.min(next, starts);
      out.add(new Range(i, end - i));
      i = end;
    }
    return out;
  }

  /** Number of cells with a finished start. */
  public int cells() {
    return cells.size();
  }

  /** Whole numbers and floating-point ones of the same size are the same cell, as they are in the database. */
  private static List<Object> key(List<Object> axes) {
    return axes.stream().map(v -> v instanceof Number n ? (Object) (n.doubleValue() + 0.0) : v).toList();
  }
}

package ufm.lab.spec;

import java.util.List;

/**
 * What a sweep does: the experiment's problem at every cell of a grid of one or two axes, from several starts.
 *
 * @param axes one or two; the first is drawn horizontally
 * @param starts random starts of each cell
 * @param quantity what the heat map shows
 * @param theory name of the threshold drawn over it, null for none
 */
public record SweepPlan(List<Axis> axes, int starts, String quantity, String theory) {
  /** The largest grid: all cells are held in memory. */
  public static final long MOST_CELLS = 4_000_000;

  /** Copies the list. */
  public SweepPlan {
    axes = List.copyOf(axes);
  }

  /** Number of cells. */
  public long cells() {
    return axes.stream().mapToLong(Axis::points).reduce(1, Math::multiplyExact);
  }
}

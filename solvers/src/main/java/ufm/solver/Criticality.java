package ufm.solver;

import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.manifold.ConvexSet;
import ufm.manifold.NonNegative;

/**
 * The first-order measure of optimality of a batch of lanes: {@code |g|} without a constraint, {@code |P(x - g) - x|} on a convex set.
 *
 * <p>Taken literally, {@code P(x - g) - x} loses everything below {@code eps |x|}, which for a penalty of 1e-8 is eight digits of the
 * gradient. For x inside the set the projected difference is {@code -min(g, x)} on the constrained elements and {@code -g} on the others,
 * and {@code min(g, x) = g - max(g - x, 0)} is exact wherever the constraint is not in play.
 */
final class Criticality {
  private final double[] one;
  private final double[] minusOne;
  private final double[] part;

  /** Room for so many lanes. */
  Criticality(int lanes) {
    one = new double[lanes];
    minusOne = new double[lanes];
    part = new double[lanes];
    java.util.Arrays.fill(one, 1);
    java.util.Arrays.fill(minusOne, -1);
  }

  /**
   * The measure.
   *
   * @param set constraint
   * @param x points inside the set; not modified
   * @param g gradient at x, tangent; not modified
   * @param scratch modified where the set constrains
   * @param out per lane; modified
   */
  void measure(Backend backend, ConvexSet set, Lanes lanes, LaneBuffer x, LaneBuffer g, LaneBuffer scratch, double[] out) {
    switch (set) {
      case ConvexSet.Whole whole -> backend.dot(lanes, g, g, out);
      case NonNegative(long offset, long count) -> {
        backend.combine(lanes, one, g, minusOne, x, scratch);
        set.project(backend, lanes, scratch);
        backend.combine(lanes, minusOne, scratch, one, g, scratch);
        backend.dot(lanes, scratch, scratch, offset, count, out);
        addSquares(backend, lanes, g, 0, offset, out);
        addSquares(backend, lanes, g, offset + count, g.length() - offset - count, out);
      }
    }
    for (int i = 0; i < lanes.count(); i++) {
      out[lanes.at(i)] = Math.sqrt(out[lanes.at(i)]);
    }
  }

  private void addSquares(Backend backend, Lanes lanes, LaneBuffer g, long offset, long count, double[] out) {
    if (count == 0) {
      return;
    }
    backend.dot(lanes, g, g, offset, count, part);
    for (int i = 0; i < lanes.count(); i++) {
      out[lanes.at(i)] += part[lanes.at(i)];
    }
  }
}

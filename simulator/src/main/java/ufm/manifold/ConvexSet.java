package ufm.manifold;

import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.Layout;

/**
 * A closed convex set that constrains some blocks of the variables. A boundary is no manifold: the solvers for it are projected ones,
 * and its measure of optimality is {@code |P(x - g) - x|}.
 */
public sealed interface ConvexSet permits ConvexSet.Whole, NonNegative {

  /** No constraint. */
  record Whole() implements ConvexSet {
    @Override
    public void project(Backend backend, Lanes lanes, LaneBuffer x) {
      // Every point is inside.
    }

    @Override
    public boolean constrains() {
      return false;
    }
  }

  /** The entries of one block are at least 0. */
  static ConvexSet nonNegative(Layout layout, String block) {
    return new NonNegative(layout.block(block).offset(), layout.block(block).size());
  }

  /** Projects x to the set; x modified. */
  void project(Backend backend, Lanes lanes, LaneBuffer x);

  /** Whether there is a constraint at all. */
  default boolean constrains() {
    return true;
  }
}

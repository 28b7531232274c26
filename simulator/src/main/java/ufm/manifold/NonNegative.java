package ufm.manifold;

import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;

/**
 * {@code x_i >= 0} for the elements {@code offset .. offset+count-1} of a lane.
 *
 * @param offset first constrained element
 * @param count how many
 */
public record NonNegative(long offset, long count) implements ConvexSet {
  @Override
  public void project(Backend backend, Lanes lanes, LaneBuffer x) {
    backend.clampNonNegative(lanes, x, offset, count);
  }
}

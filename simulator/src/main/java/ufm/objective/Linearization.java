package ufm.objective;

import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;

/** The Hessian of an objective at one point of each lane, as a product with vectors. */
public interface Linearization extends AutoCloseable {

  /**
   * Moves to the points x of the active lanes and stores their curvature; the points of other lanes stay. x must stay unchanged until the
   * next call for these lanes.
   *
   * @param x variables; not modified
   */
  void at(Lanes lanes, LaneBuffer x);

  /**
   * {@code out = Hessian(x) v}, Euclidean.
   *
   * @param v direction; not modified
   * @param out modified, must not be v
   */
  void apply(Lanes lanes, LaneBuffer v, LaneBuffer out);

  @Override
  void close();
}

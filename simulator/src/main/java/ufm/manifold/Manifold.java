package ufm.manifold;

import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;

/** A Riemannian submanifold of the space of a lane's variables, acting on batches of lanes. Not safe for use by several threads. */
public interface Manifold {

  /** Name for outputs. */
  String name();

  /**
   * Orthogonal projection to the tangent space at x; takes a Euclidean gradient to the Riemannian one.
   *
   * @param x point; not modified
   * @param v ambient vector; not modified unless it is {@code out}
   * @param out modified, may be v
   */
  void project(Backend backend, Lanes lanes, LaneBuffer x, LaneBuffer v, LaneBuffer out);

  /**
   * {@code out = R_x(t_l v)}, a point.
   *
   * @param x point; not modified unless it is {@code out}
   * @param t step of each lane
   * @param v tangent vector; not modified
   * @param out modified, may be x
   */
  void retract(Backend backend, Lanes lanes, LaneBuffer x, double[] t, LaneBuffer v, LaneBuffer out);

  /**
   * Vector transport of the tangent vector v from x to y.
   *
   * @param out modified, may be v
   */
  void transport(Backend backend, Lanes lanes, LaneBuffer x, LaneBuffer y, LaneBuffer v, LaneBuffer out);

  /**
   * Riemannian Hessian along v from the Euclidean gradient and the Euclidean Hessian-vector product.
   *
   * @param x point; not modified
   * @param euclideanGradient at x; not modified
   * @param v tangent vector; not modified
   * @param hv on entry the Euclidean product, on exit the Riemannian one; modified
   */
  void hessian(Backend backend, Lanes lanes, LaneBuffer x, LaneBuffer euclideanGradient, LaneBuffer v, LaneBuffer hv);

  /** Whether the manifold is the whole space, so that projections and transports do nothing. */
  default boolean flat() {
    return false;
  }
}

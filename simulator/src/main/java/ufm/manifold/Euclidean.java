package ufm.manifold;

import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;

/** The whole space: retraction is addition, everything else the identity. */
public final class Euclidean implements Manifold {
  private double[] one = new double[0];

  @Override
  public String name() {
    return "euclidean";
  }

  @Override
  public void project(Backend backend, Lanes lanes, LaneBuffer x, LaneBuffer v, LaneBuffer out) {
    if (v != out) {
      backend.copy(lanes, v, out);
    }
  }

  @Override
  public void retract(Backend backend, Lanes lanes, LaneBuffer x, double[] t, LaneBuffer v, LaneBuffer out) {
    if (one.length < x.lanes()) {
      one = new double[x.lanes()];
      java.util.Arrays.fill(one, 1.0);
    }
    backend.combine(lanes, t, v, one, x, out);
  }

  @Override
  public void transport(Backend backend, Lanes lanes, LaneBuffer x, LaneBuffer y, LaneBuffer v, LaneBuffer out) {
    if (v != out) {
      backend.copy(lanes, v, out);
    }
  }

  @Override
  public void hessian(Backend backend, Lanes lanes, LaneBuffer x, LaneBuffer euclideanGradient, LaneBuffer v, LaneBuffer hv) {
    // The space has no curvature: the Euclidean product is the Riemannian one.
  }

  @Override
  public boolean flat() {
    return true;
  }
}

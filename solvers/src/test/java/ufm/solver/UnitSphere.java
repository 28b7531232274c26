package ufm.solver;

import java.util.Arrays;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.manifold.Manifold;

/** The vectors of norm 1, for tests of what a solver does on a curved manifold. */
final class UnitSphere implements Manifold {
  private final double[] one;
  private final double[] a;

  UnitSphere(int lanes) {
    one = new double[lanes];
    a = new double[lanes];
    Arrays.fill(one, 1);
  }

  @Override
  public String name() {
    return "sphere";
  }

  @Override
  public void project(Backend backend, Lanes lanes, LaneBuffer x, LaneBuffer v, LaneBuffer out) {
    backend.dot(lanes, x, v, a);
    negate(lanes);
    backend.combine(lanes, a, x, one, v, out);
  }

  @Override
  public void retract(Backend backend, Lanes lanes, LaneBuffer x, double[] t, LaneBuffer v, LaneBuffer out) {
    backend.combine(lanes, t, v, one, x, out);
    backend.dot(lanes, out, out, a);
    for (int i = 0; i < lanes.count(); i++) {
      a[lanes.at(i)] = 1 / Math.sqrt(a[lanes.at(i)]);
    }
    backend.scale(lanes, a, out);
  }

  @Override
  public void transport(Backend backend, Lanes lanes, LaneBuffer x, LaneBuffer y, LaneBuffer v, LaneBuffer out) {
    project(backend, lanes, y, v, out);
  }

  @Override
  public void hessian(Backend backend, Lanes lanes, LaneBuffer x, LaneBuffer euclideanGradient, LaneBuffer v, LaneBuffer hv) {
    backend.dot(lanes, x, euclideanGradient, a);
    negate(lanes);
    backend.axpy(lanes, a, v, hv);
    project(backend, lanes, x, hv, hv);
  }

  private void negate(Lanes lanes) {
    for (int i = 0; i < lanes.count(); i++) {
      a[lanes.at(i)] = -a[lanes.at(i)];
    }
  }
}

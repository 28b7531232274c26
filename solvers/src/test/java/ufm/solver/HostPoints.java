package ufm.solver;

import ufm.backend.LaneBuffer;
import ufm.objective.Objective;

/**
 * Points of an objective as plain arrays.
 *
 * @param objective whose points
 */
record HostPoints(Objective objective) {

  /** A buffer with these points, one for each lane, repeated where there are fewer. */
  LaneBuffer write(double[]... points) {
    LaneBuffer x = objective.backend().allocate(objective.lanes(), objective.layout().size());
    for (int l = 0; l < objective.lanes(); l++) {
      double[] p = points[l % points.length];
      objective.backend().write(x, l, 0, p, 0, p.length);
    }
    return x;
  }

  /** The point of a lane. */
  double[] read(LaneBuffer x, int lane) {
    double[] p = new double[Math.toIntExact(x.length())];
    objective.backend().read(x, lane, 0, p, 0, p.length);
    return p;
  }

  static double norm(double[] a) {
    double s = 0;
    for (double e : a) {
      s += e * e;
    }
    return Math.sqrt(s);
  }
}

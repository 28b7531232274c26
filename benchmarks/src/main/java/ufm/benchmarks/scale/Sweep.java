package ufm.benchmarks.scale;

import java.util.ArrayList;
import java.util.List;
import ufm.benchmarks.Shape;

/**
 * Sizes along which one number grows and the others stay.
 *
 * @param name what grows: K, d, n or lanes
 * @param fixed the others, in words
 * @param points the sizes
 */
record Sweep(String name, String fixed, List<Point> points) {

  /**
   * One size.
   *
   * @param at the number that grows
   * @param shape of each lane
   * @param lanes how many
   */
  record Point(long at, Shape shape, int lanes) {
    /** Bytes of the vectors that a momentum run holds: iterate, next iterate, gradient, two velocities, and the start. */
    double bytes() {
      return 6 * 8.0 * shape.variables() * lanes;
    }
  }

  /**
   * The four sweeps, each until an evaluation takes too many operations or its vectors too much memory.
   *
   * @param operations of one evaluation, at most
   * @param bytes of its vectors, at most
   */
  static List<Sweep> all(double operations, double bytes) {
    List<Sweep> sweeps = new ArrayList<>();
    sweeps.add(grow("K", "d = 128, n = 10", 4, operations, bytes, v -> new Point(v, new Shape((int) v, 128, 10), 1)));
    sweeps.add(grow("d", "K = 100, n = 100", 8, operations, bytes, v -> new Point(v, new Shape(100, (int) v, 100), 1)));
    sweeps.add(grow("n", "K = 100, d = 128", 4, operations, bytes, v -> new Point(v, new Shape(100, 128, (int) v), 1)));
    sweeps.add(grow("lanes", "10x16x10", 1, operations, bytes, v -> new Point(v, new Shape(10, 16, 10), (int) v)));
    return sweeps;
  }

  private static Sweep grow(String name, String fixed, long from, double operations, double bytes, java.util.function.LongFunction<Point> point) {
    List<Point> points = new ArrayList<>();
    for (long v = from; v <= 1 << 24; v *= 2) {
      Point p = point.apply(v);
      if (p.shape().flops() * p.lanes() > operations || p.bytes() > bytes) {
        break;
      }
      points.add(p);
    }
    return new Sweep(name, fixed, points);
  }
}

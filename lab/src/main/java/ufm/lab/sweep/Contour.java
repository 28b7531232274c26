package ufm.lab.sweep;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ufm.lab.plot.Curve;

/**
 * The zero level set of a function on a grid, by marching squares: the crossings on the edges of the grid, joined inside each square and
 * chained to lines. A square with a value that is not a number is left out.
 */
final class Contour {
  private final double[] u;
  private final double[] v;
  private final boolean logX;
  private final boolean logY;
  private final double[][] f;
  private final Map<Long, List<Long>> joined = new HashMap<>();

  /**
   * @param x increasing
   * @param y increasing
   * @param logX whether to interpolate in log x
   * @param logY whether to interpolate in log y
   * @param f {@code f[i][j]} at {@code x[i], y[j]}
   */
  Contour(double[] x, double[] y, boolean logX, boolean logY, double[][] f) {
    this.logX = logX;
    this.logY = logY;
    this.f = f;
    u = java.util.Arrays.stream(x).map(t -> logX ? Math.log(t) : t).toArray();
    v = java.util.Arrays.stream(y).map(t -> logY ? Math.log(t) : t).toArray();
  }

  List<Curve> lines() {
    for (int i = 0; i + 1 < u.length; i++) {
      for (int j = 0; j + 1 < v.length; j++) {
        square(i, j);
      }
    }
    List<Curve> out = new ArrayList<>();
    // Open lines first, from an end; what is left are closed ones.
    for (int degree = 1; degree <= 2; degree++) {
      for (Long start : joined.keySet().stream().sorted().toList()) {
        if (joined.get(start).size() == degree) {
          out.add(walk(start));
        }
      }
    }
    return out;
  }

  private void square(int i, int j) {
    double a = f[i][j];
    double b = f[i + 1][j];
    double c = f[i + 1][j + 1];
    double d = f[i][j + 1];
    if (Double.isNaN(a + b + c + d)) {
      return;
    }
    // Edges in order around the square: bottom, right, top, left.
    List<Long> cut = new ArrayList<>(4);
    if (a < 0 != b < 0) {
      cut.add(edge(i, j, 0));
    }
    if (b < 0 != c < 0) {
      cut.add(edge(i + 1, j, 1));
    }
    if (c < 0 != d < 0) {
      cut.add(edge(i, j + 1, 0));
    }
    if (d < 0 != a < 0) {
      cut.add(edge(i, j, 1));
    }
    if (cut.size() == 2) {
      join(cut.get(0), cut.get(1));
    } else if (cut.size() == 4) {
      // A saddle: the mean decides which corners are connected.
      boolean low = a + b + c + d < 0;
      boolean around = low == a < 0;
      join(cut.get(0), cut.get(around ? 1 : 3));
      join(cut.get(2), cut.get(around ? 3 : 1));
    }
  }

  private long edge(int i, int j, int direction) {
    return ((long) i * v.length + j) * 2 + direction;
  }

  private void join(long a, long b) {
    joined.computeIfAbsent(a, k -> new ArrayList<>(2)).add(b);
    joined.computeIfAbsent(b, k -> new ArrayList<>(2)).add(a);
  }

  private Curve walk(long start) {
    Deque<Long> line = new ArrayDeque<>();
    long at = start;
    line.add(at);
    while (!joined.get(at).isEmpty()) {
      long next = joined.get(at).removeFirst();
      joined.get(next).remove(at);
      line.add(next);
      at = next;
    }
    double[] xs = new double[line.size()];
    double[] ys = new double[line.size()];
    int k = 0;
    for (long e : line) {
      point(e, xs, ys, k++);
    }
    return new Curve(xs, ys);
  }

  private void point(long edge, double[] xs, double[] ys, int k) {
    boolean along = edge % 2 == 0;
    int j = (int) (edge / 2 % v.length);
    int i = (int) (edge / 2 / v.length);
    double from = f[i][j];
    double to = along ? f[i + 1][j] : f[i][j + 1];
    double t = from / (from - to);
    double x = along ? u[i] + t * (u[i + 1] - u[i]) : u[i];
    double y = along ? v[j] : v[j] + t * (v[j + 1] - v[j]);
    xs[k] = logX ? Math.exp(x) : x;
    ys[k] = logY ? Math.exp(y) : y;
  }
}

package ufm.solver;

import java.util.List;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.Layout;
import ufm.objective.Linearization;
import ufm.objective.Objective;

/** A small objective in plain Java on the host, the same function in every lane unless the function looks at the lane. */
final class HostObjective implements Objective {

  /** A function with its derivatives; n variables. */
  interface Function {
    double value(int lane, double[] x);

    void gradient(int lane, double[] x, double[] g);

    void hessian(int lane, double[] x, double[] v, double[] out);
  }

  private final Backend backend;
  private final int lanes;
  private final Layout layout;
  private final Function function;
  private final double[] x;
  private final double[] v;
  private final double[] out;

  HostObjective(Backend backend, int lanes, int size, Function function) {
    this.backend = backend;
    this.lanes = lanes;
    this.layout = Layout.builder().add("x", size, 1).build();
    this.function = function;
    x = new double[size];
    v = new double[size];
    out = new double[size];
  }

  /** {@code f = |A x|^2/2 - <b, x>}, the Hessian given as A^T A by rows. */
  static Function quadratic(double[][] h, double[] b) {
    return new Function() {
      @Override
      public double value(int lane, double[] x) {
        double f = 0;
        for (int i = 0; i < x.length; i++) {
          double hx = 0;
          for (int j = 0; j < x.length; j++) {
            hx += h[i][j] * x[j];
          }
          f += x[i] * (0.5 * hx - b[i]);
        }
        return f;
      }

      @Override
      public void gradient(int lane, double[] x, double[] g) {
        hessian(lane, x, x, g);
        for (int i = 0; i < x.length; i++) {
          g[i] -= b[i];
        }
      }

      @Override
      public void hessian(int lane, double[] x, double[] v, double[] out) {
        for (int i = 0; i < x.length; i++) {
          out[i] = 0;
          for (int j = 0; j < x.length; j++) {
            out[i] += h[i][j] * v[j];
          }
        }
      }
    };
  }

  /** A buffer with these points, one for each lane. */
  LaneBuffer points(double[]... points) {
    LaneBuffer b = backend.allocate(lanes, layout.size());
    for (int l = 0; l < lanes; l++) {
      backend.write(b, l, 0, points[l % points.length], 0, x.length);
    }
    return b;
  }

  double[] read(LaneBuffer b, int lane) {
    double[] p = new double[x.length];
    backend.read(b, lane, 0, p, 0, p.length);
    return p;
  }

  @Override
  public String formula() {
    return "a test function";
  }

  @Override
  public Backend backend() {
    return backend;
  }

  @Override
  public Layout layout() {
    return layout;
  }

  @Override
  public int lanes() {
    return lanes;
  }

  @Override
  public List<String> termNames() {
    return List.of("value");
  }

  @Override
  public void value(Lanes active, LaneBuffer at, double[] f) {
    for (int i = 0; i < active.count(); i++) {
      int l = active.at(i);
      backend.read(at, l, 0, x, 0, x.length);
      f[l] = function.value(l, x);
    }
  }

  @Override
  public void valueGradient(Lanes active, LaneBuffer at, double[] f, LaneBuffer g) {
    value(active, at, f);
    for (int i = 0; i < active.count(); i++) {
      int l = active.at(i);
      backend.read(at, l, 0, x, 0, x.length);
      function.gradient(l, x, out);
      backend.write(g, l, 0, out, 0, out.length);
    }
  }

  @Override
  public void terms(Lanes active, LaneBuffer at, double[][] terms) {
    value(active, at, terms[0]);
  }

  /** Here |Hess x| + |g|: the terms of a gradient H x - b cancel from that size. */
  @Override
  public void gradientScale(Lanes active, LaneBuffer at, LaneBuffer g, double[] scale) {
    for (int i = 0; i < active.count(); i++) {
      int l = active.at(i);
      backend.read(at, l, 0, x, 0, x.length);
      function.hessian(l, x, x, out);
      backend.read(g, l, 0, v, 0, v.length);
      scale[l] = norm(out) + norm(v);
    }
  }

  static double norm(double[] a) {
    double s = 0;
    for (double e : a) {
      s += e * e;
    }
    return Math.sqrt(s);
  }

  @Override
  public Linearization linearize() {
    return new Linearization() {
      private LaneBuffer point;

      @Override
      public void at(Lanes active, LaneBuffer at) {
        point = at;
      }

      @Override
      public void apply(Lanes active, LaneBuffer direction, LaneBuffer product) {
        for (int i = 0; i < active.count(); i++) {
          int l = active.at(i);
          backend.read(point, l, 0, x, 0, x.length);
          backend.read(direction, l, 0, v, 0, v.length);
          function.hessian(l, x, v, out);
          backend.write(product, l, 0, out, 0, out.length);
        }
      }

      @Override
      public void close() {
        // Nothing is stored.
      }
    };
  }

  @Override
  public void close() {
    // Nothing is stored.
  }
}

package ufm.solver;

import java.util.List;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.Layout;
import ufm.objective.Linearization;
import ufm.objective.Objective;

/** A test function that is computed on the host, lane by lane, with its Hessian; lanes are cut from a family by their numbers. */
final class FamilyObjective implements Objective {

  /** A family of functions of n variables, one member for each number. */
  interface Family {
    /** Value; the gradient is written. */
    double valueGradient(int member, double[] x, double[] gradient);

    /** Hessian times v. */
    void hessian(int member, double[] x, double[] v, double[] out);
  }

  private final Backend backend;
  private final Family family;
  private final int[] members;
  private final int n;
  private final Layout layout;
  private final double[] point;
  private final double[] gradient;
  private final double[] direction;
  private final double[] out;

  FamilyObjective(Backend backend, Family family, int n, int... members) {
    this.backend = backend;
    this.family = family;
    this.members = members.clone();
    this.n = n;
    layout = Layout.builder().add("x", n, 1).build();
    point = new double[n];
    gradient = new double[n];
    direction = new double[n];
    out = new double[n];
  }

  @Override
  public String formula() {
    return "test function of " + n + " variables";
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
    return members.length;
  }

  @Override
  public List<String> termNames() {
    return List.of("f");
  }

  @Override
  public void value(Lanes lanes, LaneBuffer x, double[] f) {
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      backend.read(x, l, 0, point, 0, n);
      f[l] = family.valueGradient(members[l], point, gradient);
    }
  }

  @Override
  public void valueGradient(Lanes lanes, LaneBuffer x, double[] f, LaneBuffer g) {
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      backend.read(x, l, 0, point, 0, n);
      f[l] = family.valueGradient(members[l], point, gradient);
      backend.write(g, l, 0, gradient, 0, n);
    }
  }

  @Override
  public void terms(Lanes lanes, LaneBuffer x, double[][] terms) {
    value(lanes, x, terms[0]);
  }

  /** A yardstick for the tests: 1 + |x|. */
  @Override
  public void gradientScale(Lanes lanes, LaneBuffer x, LaneBuffer g, double[] scale) {
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      backend.read(x, l, 0, point, 0, n);
      double sum = 0;
      for (double v : point) {
        sum += v * v;
      }
      scale[l] = 1 + Math.sqrt(sum);
    }
  }

  @Override
  public Linearization linearize() {
    double[][] at = new double[members.length][n];
    return new Linearization() {
      @Override
      public void at(Lanes lanes, LaneBuffer x) {
        for (int i = 0; i < lanes.count(); i++) {
          backend.read(x, lanes.at(i), 0, at[lanes.at(i)], 0, n);
        }
      }

      @Override
      public void apply(Lanes lanes, LaneBuffer v, LaneBuffer hv) {
        for (int i = 0; i < lanes.count(); i++) {
          int l = lanes.at(i);
          backend.read(v, l, 0, direction, 0, n);
          family.hessian(members[l], at[l], direction, out);
          backend.write(hv, l, 0, out, 0, n);
        }
      }

      @Override
      public void close() {
        // Nothing on the device.
      }
    };
  }

  @Override
  public void close() {
    // Nothing on the device.
  }
}

package ufm.solver;

/** Families of functions with known minima. */
final class TestFamilies {
  private TestFamilies() {}

  /**
   * {@code f = 1 + sum_i a_i (x_i - i/n)^2 / 2} with {@code a_i = 10^(k i/(n-1))}, k the member's number modulo 4: condition numbers 1 to
   * 1000. Minimum 1.
   */
  static final class Quadratic implements FamilyObjective.Family {
    private static double curvature(int member, int i, int n) {
      return Math.pow(10, (double) (member % 4) * i / (n - 1));
    }

    @Override
    public double valueGradient(int member, double[] x, double[] g) {
      double f = 1;
      for (int i = 0; i < x.length; i++) {
        double a = curvature(member, i, x.length);
        double r = x[i] - (double) i / x.length;
        g[i] = a * r;
        f += 0.5 * a * r * r;
      }
      return f;
    }

    @Override
    public void hessian(int member, double[] x, double[] v, double[] out) {
      for (int i = 0; i < x.length; i++) {
        out[i] = curvature(member, i, x.length) * v[i];
      }
    }
  }

  /** Rosenbrock's valley in pairs (u, v): {@code 1 + sum (1-u)^2 + c (v - u^2)^2}, {@code c = 10 (1 + member)}. Minimum 1 at ones. */
  static final class Rosenbrock implements FamilyObjective.Family {
    @Override
    public double valueGradient(int member, double[] x, double[] g) {
      double c = 10 * (1 + member);
      double f = 1;
      for (int i = 0; i < x.length; i += 2) {
        double a = 1 - x[i];
        double b = x[i + 1] - x[i] * x[i];
        f += a * a + c * b * b;
        g[i] = -2 * a - 4 * c * b * x[i];
        g[i + 1] = 2 * c * b;
      }
      return f;
    }

    @Override
    public void hessian(int member, double[] x, double[] v, double[] out) {
      double c = 10 * (1 + member);
      for (int i = 0; i < x.length; i += 2) {
        double uu = 2 - 4 * c * (x[i + 1] - 3 * x[i] * x[i]);
        double uv = -4 * c * x[i];
        out[i] = uu * v[i] + uv * v[i + 1];
        out[i + 1] = uv * v[i] + 2 * c * v[i + 1];
      }
    }
  }

  /** A minimum without curvature: {@code 1 + sum_i (x_i - 1)^4 / 4}, times 1 + member. Minimum 1 + member at ones. */
  static final class Quartic implements FamilyObjective.Family {
    @Override
    public double valueGradient(int member, double[] x, double[] g) {
      double c = 1 + member;
      double f = c;
      for (int i = 0; i < x.length; i++) {
        double r = x[i] - 1;
        f += c * r * r * r * r / 4;
        g[i] = c * r * r * r;
      }
      return f;
    }

    @Override
    public void hessian(int member, double[] x, double[] v, double[] out) {
      for (int i = 0; i < x.length; i++) {
        double r = x[i] - 1;
        out[i] = 3 * (1 + member) * r * r * v[i];
      }
    }
  }
}

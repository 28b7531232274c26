package ufm.backend.cpu;

import static java.lang.Math.fma;
import static ufm.backend.cpu.Memory.get;
import static ufm.backend.cpu.Memory.set;

/** Plain loops; the definition of what every kernel computes. Stateless. */
final class ScalarKernels implements ElementKernels {
  static final ScalarKernels INSTANCE = new ScalarKernels();

  private ScalarKernels() {}

  @Override
  public void fill(double value, long x, long n) {
    for (long i = 0; i < 8 * n; i += 8) {
      set(x + i, value);
    }
  }

  @Override
  public void scale(double alpha, long x, long n) {
    for (long i = 0; i < 8 * n; i += 8) {
      set(x + i, alpha * get(x + i));
    }
  }

  @Override
  public void axpy(double alpha, long x, long y, long n) {
    for (long i = 0; i < 8 * n; i += 8) {
      set(y + i, fma(alpha, get(x + i), get(y + i)));
    }
  }

  @Override
  public void combine(double alpha, long x, double beta, long y, long out, long n) {
    for (long i = 0; i < 8 * n; i += 8) {
      set(out + i, fma(alpha, get(x + i), beta * get(y + i)));
    }
  }

  @Override
  public void multiply(long x, long y, long out, long n) {
    for (long i = 0; i < 8 * n; i += 8) {
      set(out + i, get(x + i) * get(y + i));
    }
  }

  /** Sixteen running sums, element i in sum i mod 16, added pairwise at the end: sums 8 apart, then 4, 2 and 1. */
  @Override
  public double dot(long x, long y, long n) {
    double a0 = 0;
    double a1 = 0;
    double a2 = 0;
    double a3 = 0;
    double a4 = 0;
    double a5 = 0;
    double a6 = 0;
    double a7 = 0;
    double b0 = 0;
    double b1 = 0;
    double b2 = 0;
    double b3 = 0;
    double b4 = 0;
    double b5 = 0;
    double b6 = 0;
    double b7 = 0;
    long i = 0;
    for (; i + 16 <= n; i += 16) {
      long p = x + 8 * i;
      long q = y + 8 * i;
      a0 = fma(get(p), get(q), a0);
      a1 = fma(get(p + 8), get(q + 8), a1);
      a2 = fma(get(p + 16), get(q + 16), a2);
      a3 = fma(get(p + 24), get(q + 24), a3);
      a4 = fma(get(p + 32), get(q + 32), a4);
      a5 = fma(get(p + 40), get(q + 40), a5);
      a6 = fma(get(p + 48), get(q + 48), a6);
      a7 = fma(get(p + 56), get(q + 56), a7);
      b0 = fma(get(p + 64), get(q + 64), b0);
      b1 = fma(get(p + 72), get(q + 72), b1);
      b2 = fma(get(p + 80), get(q + 80), b2);
      b3 = fma(get(p + 88), get(q + 88), b3);
      b4 = fma(get(p + 96), get(q + 96), b4);
      b5 = fma(get(p + 104), get(q + 104), b5);
      b6 = fma(get(p + 112), get(q + 112), b6);
      b7 = fma(get(p + 120), get(q + 120), b7);
    }
    double main = (((a0 + b0) + (a4 + b4)) + ((a2 + b2) + (a6 + b6))) + (((a1 + b1) + (a5 + b5)) + ((a3 + b3) + (a7 + b7)));
    double tail = 0;
    for (; i < n; i++) {
      tail = fma(get(x + 8 * i), get(y + 8 * i), tail);
    }
    return main + tail;
  }

  @Override
  public double distance2(long x, double alpha, long y, long n) {
    double a0 = 0;
    double a1 = 0;
    double a2 = 0;
    double a3 = 0;
    double a4 = 0;
    double a5 = 0;
    double a6 = 0;
    double a7 = 0;
    double b0 = 0;
    double b1 = 0;
    double b2 = 0;
    double b3 = 0;
    double b4 = 0;
    double b5 = 0;
    double b6 = 0;
    double b7 = 0;
    long i = 0;
    for (; i + 16 <= n; i += 16) {
      long p = x + 8 * i;
      long q = y + 8 * i;
      double d = fma(alpha, get(q), get(p));
      a0 = fma(d, d, a0);
      d = fma(alpha, get(q + 8), get(p + 8));
      a1 = fma(d, d, a1);
      d = fma(alpha, get(q + 16), get(p + 16));
      a2 = fma(d, d, a2);
      d = fma(alpha, get(q + 24), get(p + 24));
      a3 = fma(d, d, a3);
      d = fma(alpha, get(q + 32), get(p + 32));
      a4 = fma(d, d, a4);
      d = fma(alpha, get(q + 40), get(p + 40));
      a5 = fma(d, d, a5);
      d = fma(alpha, get(q + 48), get(p + 48));
      a6 = fma(d, d, a6);
      d = fma(alpha, get(q + 56), get(p + 56));
      a7 = fma(d, d, a7);
      d = fma(alpha, get(q + 64), get(p + 64));
      b0 = fma(d, d, b0);
      d = fma(alpha, get(q + 72), get(p + 72));
      b1 = fma(d, d, b1);
      d = fma(alpha, get(q + 80), get(p + 80));
      b2 = fma(d, d, b2);
      d = fma(alpha, get(q + 88), get(p + 88));
      b3 = fma(d, d, b3);
      d = fma(alpha, get(q + 96), get(p + 96));
      b4 = fma(d, d, b4);
      d = fma(alpha, get(q + 104), get(p + 104));
      b5 = fma(d, d, b5);
      d = fma(alpha, get(q + 112), get(p + 112));
      b6 = fma(d, d, b6);
      d = fma(alpha, get(q + 120), get(p + 120));
      b7 = fma(d, d, b7);
    }
    double main = (((a0 + b0) + (a4 + b4)) + ((a2 + b2) + (a6 + b6))) + (((a1 + b1) + (a5 + b5)) + ((a3 + b3) + (a7 + b7)));
    double tail = 0;
    for (; i < n; i++) {
      double d = fma(alpha, get(y + 8 * i), get(x + 8 * i));
      tail = fma(d, d, tail);
    }
    return main + tail;
  }

  @Override
  public double maxAbs(long x, long n) {
    double max = 0;
    for (long i = 0; i < n; i++) {
      double a = Math.abs(get(x + 8 * i));
      if (a != a) {
        return Double.NaN;
      }
      max = a > max ? a : max;
    }
    return max;
  }

  @Override
  public void momentum(double mu, double damp, double eta, boolean nesterov, long g, long v, long x, long n) {
    double keep = 1 - damp;
    for (long i = 0; i < 8 * n; i += 8) {
      double gi = get(g + i);
      double vi = fma(mu, get(v + i), keep * gi);
      set(v + i, vi);
      set(x + i, fma(-eta, nesterov ? fma(mu, vi, gi) : vi, get(x + i)));
    }
  }

  @Override
  public void adam(double beta1, double beta2, double epsilon, double eta, double c1, double c2, long g, long m, long s, long x, long n) {
    double d1 = 1 - beta1;
    double d2 = 1 - beta2;
    for (long i = 0; i < 8 * n; i += 8) {
      double gi = get(g + i);
      double mi = fma(beta1, get(m + i), d1 * gi);
      double si = fma(beta2, get(s + i), d2 * gi * gi);
      set(m + i, mi);
      set(s + i, si);
      set(x + i, fma(-eta, mi / c1 / (Math.sqrt(si / c2) + epsilon), get(x + i)));
    }
  }

  @Override
  public void clamp(long x, long n) {
    for (long i = 0; i < 8 * n; i += 8) {
      double xi = get(x + i);
      set(x + i, xi < 0 ? 0 : xi);
    }
  }

  @Override
  public void freeMask(long x, long g, double tolerance, long mask, long n) {
    for (long i = 0; i < 8 * n; i += 8) {
      set(mask + i, get(x + i) <= tolerance && get(g + i) > 0 ? 0 : 1);
    }
  }

  @Override
  public void affineMax(long z, int ld, int rows, int classes, long scale, long bias, long max) {
    affine(z, ld, rows, classes, scale, bias);
    for (int i = 0; i < rows; i++) {
      double m = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < classes; k++) {
        double v = get(z + 8L * (i + (long) ld * k));
        m = v > m ? v : m;
      }
      set(max + 8L * i, m);
    }
  }

  @Override
  public void offsetSum(long z, int ld, int rows, int classes, long max, long sum) {
    for (int i = 0; i < rows; i++) {
      double m = get(max + 8L * i);
      double s = 0;
      for (int k = 0; k < classes; k++) {
        s += get(z + 8L * (i + (long) ld * k)) - m;
      }
      set(sum + 8L * i, s);
    }
  }

  @Override
  public void expSum(long z, int ld, int rows, int classes, long max, long sum) {
    for (int i = 0; i < rows; i++) {
      double m = get(max + 8L * i);
      double s = 0;
      for (int k = 0; k < classes; k++) {
        long at = z + 8L * (i + (long) ld * k);
        double e = ElementaryFunctions.exp(get(at) - m);
        set(at, e);
        s += e;
      }
      set(sum + 8L * i, s);
    }
  }

  @Override
  public void scaleRows(long z, int ld, int rows, int classes, long factor, long shift, long out, int ldOut) {
    for (int k = 0; k < classes; k++) {
      for (int i = 0; i < rows; i++) {
        double f = get(factor + 8L * i) * get(z + 8L * (i + (long) ld * k));
        set(out + 8L * (i + (long) ldOut * k), shift == 0 ? f : f + get(shift + 8L * i));
      }
    }
  }

  @Override
  public void crossEntropy(int rows, long zy, long max, long s, long u, long py, long loss, long inverse, long work) {
    for (long i = 0; i < 8L * rows; i += 8) {
      double below = get(max + i) - get(zy + i);
      double others = get(s + i);
      double ey = ElementaryFunctions.exp(-below);
      double total = others + ey;
      double inv = 1 / total;
      set(u + i, others * inv);
      set(py + i, ey * inv);
      set(loss + i, below + ElementaryFunctions.log1p(below == 0 ? others : total - 1));
      set(inverse + i, inv);
    }
  }

  @Override
  public void affine(long z, int ld, int rows, int classes, long scale, long bias) {
    for (int k = 0; k < classes; k++) {
      double b = bias == 0 ? 0 : get(bias + 8L * k);
      for (int i = 0; i < rows; i++) {
        long at = z + 8L * (i + (long) ld * k);
        set(at, fma(get(at), get(scale + 8L * i), b));
      }
    }
  }

  @Override
  public void columnSums(long z, int ld, int n, int classes, long ones, long sum) {
    for (int k = 0; k < classes; k++) {
      set(sum + 8L * k, dot(z + 8L * ld * k, ones, n));
    }
  }

  @Override
  public void centre(long r, int ld, int rows, int classes, long centre, long p, int ldp, long a) {
    for (int i = 0; i < rows; i++) {
      double c = get(centre + 8L * i);
      double s = 0;
      for (int k = 0; k < classes; k++) {
        long at = r + 8L * (i + (long) ld * k);
        double v = get(at) - c;
        set(at, v);
        s = fma(get(p + 8L * (i + (long) ldp * k)), v, s);
      }
      set(a + 8L * i, s);
    }
  }

  @Override
  public void curve(long r, int ld, int rows, int classes, long p, int ldp, long alpha, long beta) {
    for (int k = 0; k < classes; k++) {
      for (int i = 0; i < rows; i++) {
        long at = r + 8L * (i + (long) ld * k);
        double v = fma(get(alpha + 8L * i), get(at), -get(beta + 8L * i));
        set(at, get(p + 8L * (i + (long) ldp * k)) * v);
      }
    }
  }

  @Override
  public void squaredNorms(long z, int ld, int rows, int classes, long out) {
    for (int i = 0; i < rows; i++) {
      double s = 0;
      for (int k = 0; k < classes; k++) {
        double v = get(z + 8L * (i + (long) ld * k));
        s = fma(v, v, s);
      }
      set(out + 8L * i, s);
    }
  }

  @Override
  public void focal(double gamma, int rows, long u, long py, long loss, long chi, long chi1, long c) {
    for (long i = 0; i < 8L * rows; i += 8) {
      double ui = get(u + i);
      double p = get(py + i);
      double l = get(loss + i);
      double power = ElementaryFunctions.power(ui, gamma);
      double ratio = p * (ui > 0 ? l / ui : 1);
      set(chi + i, power * l);
      set(chi1 + i, power * fma(gamma, ratio, 1));
      set(c + i, gamma * power * p * (fma(gamma - 1, ratio, 2) - l));
    }
  }
}

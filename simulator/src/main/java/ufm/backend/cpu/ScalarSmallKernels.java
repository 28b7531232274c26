package ufm.backend.cpu;

import static java.lang.Math.fma;
import static ufm.backend.cpu.Memory.get;
import static ufm.backend.cpu.Memory.set;

/** Plain loops; the definition of what every kernel of a small layer computes. Stateless. */
final class ScalarSmallKernels implements SmallKernels {
  static final ScalarSmallKernels INSTANCE = new ScalarSmallKernels();

  private ScalarSmallKernels() {}

  @Override
  public void gather(long from, long apart, int columns, int n, int stride, long to) {
    gather(from, apart, 0, columns, 0, n, stride, to);
    for (int i = 0; i < columns; i += ROWS) {
      for (int j = 0; j < stride; j++) {
        for (int r = j < n ? Math.min(ROWS, columns - i) : 0; r < ROWS; r++) {
          set(to + 64L * j + 8L * stride * i + 8L * r, 0);
        }
      }
    }
  }

  /** Elements {@code firstRow} .. {@code n - 1} of columns {@code first .. columns - 1}. */
  static void gather(long from, long apart, int first, int columns, int firstRow, int n, int stride, long to) {
    for (int i = first; i < columns; i++) {
      long column = from + i * apart;
      long row = to + 8L * stride * (i & -ROWS) + 8L * (i % ROWS);
      for (int j = firstRow; j < n; j++) {
        set(row + 64L * j, get(column + 8L * j));
      }
    }
  }

  @Override
  public void scatter(long from, int columns, int n, int stride, long to, long apart) {
    scatter(from, 0, columns, 0, n, stride, to, apart);
  }

  /** As {@link #gather(long, long, int, int, int, int, int, long)} the other way. */
  static void scatter(long from, int first, int columns, int firstRow, int n, int stride, long to, long apart) {
    for (int i = first; i < columns; i++) {
      long row = from + 8L * stride * (i & -ROWS) + 8L * (i % ROWS);
      long column = to + i * apart;
      for (int j = firstRow; j < n; j++) {
        set(column + 8L * j, get(row + 64L * j));
      }
    }
  }

  @Override
  public void logits(int blocks, int d, int stride, int classes, long h, long w, long z, int ld) {
    product(blocks, d, classes, 64L * stride, 64, h, 8L * classes, 8, w, 64, 8L * ld, z);
  }

  @Override
  public void features(int blocks, int d, int stride, int classes, long w, long g, int ld, long out) {
    product(blocks, classes, d, 64, 8L * ld, g, 8, 8L * classes, w, 64L * stride, 64, out);
  }

  @Override
  public void laneLogits(int samples, int d, int classes, long h, long w, long z, int ld) {
    laneProduct(samples, d, classes, 64L * d, 64, h, 64L * classes, 64, w, 64, 8L * ld, z);
  }

  @Override
  public void laneFeatures(int samples, int d, int classes, long w, long g, int ld, long out) {
    laneProduct(samples, classes, d, 64, 8L * ld, g, 64, 64L * classes, w, 64L * d, 64, out);
  }

  /** {@code out_bq = sum_p a_bp c_pq} in each row, two q and four rows at a time; c is the same in all rows. */
  private static void product(
      int blocks, int inner, int outer, long aBlock, long aInner, long a, long cInner, long cOuter, long c, long outBlock, long outOuter,
      long out) {
    for (int b = 0; b < blocks; b++) {
      for (int q = 0; q < outer; q += 2) {
        int other = Math.min(1, outer - 1 - q);
        for (long r = 0; r < 64; r += 32) {
          tile(
              inner, a + b * aBlock + r, aInner, c + q * cOuter, cInner, cOuter * other, out + b * outBlock + q * outOuter + r,
              outOuter * other);
        }
      }
    }
  }

  private static void tile(int n, long x, long stepX, long y, long stepY, long otherY, long to, long otherTo) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double t0 = 0;
    double t1 = 0;
    double t2 = 0;
    double t3 = 0;
    for (int p = 0; p < n; p++) {
      double e = get(y);
      double f = get(y + otherY);
      double u = get(x);
      s0 = fma(u, e, s0);
      t0 = fma(u, f, t0);
      u = get(x + 8);
      s1 = fma(u, e, s1);
      t1 = fma(u, f, t1);
      u = get(x + 16);
      s2 = fma(u, e, s2);
      t2 = fma(u, f, t2);
      u = get(x + 24);
      s3 = fma(u, e, s3);
      t3 = fma(u, f, t3);
      x += stepX;
      y += stepY;
    }
    four(s0, s1, s2, s3, to);
    four(t0, t1, t2, t3, to + otherTo);
  }

  private static void four(double a, double b, double c, double d, long to) {
    set(to, a);
    set(to + 8, b);
    set(to + 16, c);
    set(to + 24, d);
  }

  /** As {@link #product} with a c of each row. */
  private static void laneProduct(
      int samples, int inner, int outer, long aBlock, long aInner, long a, long cInner, long cOuter, long c, long outBlock, long outOuter,
      long out) {
    for (int b = 0; b < samples; b++) {
      for (int q = 0; q < outer; q++) {
        chains(inner, a + b * aBlock, aInner, c + q * cOuter, cInner, out + b * outBlock + q * outOuter);
      }
    }
  }

  /** {@code to_r = sum_i x_ir y_ir} for the eight rows. */
  private static void chains(int n, long x, long stepX, long y, long stepY, long to) {
    for (long r = 0; r < 64; r += 32) {
      double s0 = 0;
      double s1 = 0;
      double s2 = 0;
      double s3 = 0;
      long p = x + r;
      long q = y + r;
      for (int i = 0; i < n; i++) {
        s0 = fma(get(p), get(q), s0);
        s1 = fma(get(p + 8), get(q + 8), s1);
        s2 = fma(get(p + 16), get(q + 16), s2);
        s3 = fma(get(p + 24), get(q + 24), s3);
        p += stepX;
        q += stepY;
      }
      four(s0, s1, s2, s3, to + r);
    }
  }

  /** Two classes, two features and two rows at a time. */
  @Override
  public void outer(int blocks, int d, int stride, int classes, long g, int ld, long h, long sums) {
    for (int j = 0; j < d; j += 2) {
      int otherFeature = Math.min(1, d - 1 - j);
      for (int k = 0; k < classes; k += 2) {
        int otherClass = Math.min(1, classes - 1 - k);
        for (long r = 0; r < 64; r += 16) {
          outerTile(
              blocks, g + 8L * ld * k + r, 8L * ld * otherClass, h + 64L * j + r, 64L * stride, 64L * otherFeature,
              sums + 64 * (k + (long) classes * j) + r, 64L * otherClass, 64L * classes * otherFeature);
        }
      }
    }
  }

  private static void outerTile(
      int blocks, long g, long otherG, long h, long block, long otherH, long to, long otherClass, long otherFeature) {
    double a0 = 0;
    double a1 = 0;
    double b0 = 0;
    double b1 = 0;
    double c0 = 0;
    double c1 = 0;
    double d0 = 0;
    double d1 = 0;
    for (int b = 0; b < blocks; b++) {
      double x = get(g);
      double y = get(g + otherG);
      double u = get(h);
      double v = get(h + otherH);
      a0 = fma(x, u, a0);
      b0 = fma(y, u, b0);
      c0 = fma(x, v, c0);
      d0 = fma(y, v, d0);
      x = get(g + 8);
      y = get(g + otherG + 8);
      u = get(h + 8);
      v = get(h + otherH + 8);
      a1 = fma(x, u, a1);
      b1 = fma(y, u, b1);
      c1 = fma(x, v, c1);
      d1 = fma(y, v, d1);
      g += 64;
      h += block;
    }
    set(to, a0);
    set(to + 8, a1);
    set(to + otherClass, b0);
    set(to + otherClass + 8, b1);
    set(to + otherFeature, c0);
    set(to + otherFeature + 8, c1);
    set(to + otherClass + otherFeature, d0);
    set(to + otherClass + otherFeature + 8, d1);
  }

  @Override
  public void weighted(int blocks, long x, long y, long sums) {
    chains(blocks, x, 64, y, 64, sums);
  }

  @Override
  public void reduce(long sums, int n, boolean add, long out) {
    for (int i = 0; i < n; i++) {
      long at = sums + 64L * i;
      double s = 0;
      for (int r = 0; r < ROWS; r++) {
        s += get(at + 8L * r);
      }
      set(out + 8L * i, add ? get(out + 8L * i) + s : s);
    }
  }

  @Override
  public void laneOuter(int samples, int d, int classes, long g, int ld, long h, long out) {
    for (int j = 0; j < d; j++) {
      for (int k = 0; k < classes; k++) {
        for (int r = 0; r < ROWS; r++) {
          long to = out + 64 * (k + (long) classes * j) + 8L * r;
          set(to, laneSum(samples, g + 8L * ld * k + 8L * r, h + 64L * j + 8L * r, 64L * d));
        }
      }
    }
  }

  private static double laneSum(int samples, long x, long y, long stepY) {
    double sum = 0;
    for (int c = 0; c < ROWS; c++) {
      double s = 0;
      for (int i = c; i < samples; i += ROWS) {
        s = fma(get(x + 64L * i), get(y + i * stepY), s);
      }
      sum += s;
    }
    return sum;
  }

  @Override
  public void move(int blocks, int n, int stride, double eta, boolean nesterov, long parameters, long g, long v, long h) {
    for (int block = 0; block < blocks; block++) {
      long b = 64L * stride * block;
      for (long r = 0; r < 64; r += 8) {
        double lambda = get(parameters + r);
        double mu = get(parameters + 64 + r);
        double keep = get(parameters + 128 + r);
        for (long i = b + r; i < b + 64L * n; i += 64) {
          double hi = get(h + i);
          double step = fma(lambda, hi, get(g + i));
          if (v != 0) {
            double gi = step;
            double vi = fma(mu, get(v + i), keep * gi);
            set(v + i, vi);
            step = nesterov ? fma(mu, vi, gi) : vi;
          }
          set(h + i, fma(-eta, step, hi));
        }
      }
    }
  }

  @Override
  public void maxima(long z, int ld, int rows, int classes, long scale, long bias, long label, long max, long zy) {
    for (int i = 0; i < rows; i++) {
      double s = get(scale + 8L * i);
      double y = get(label + 8L * i);
      double m = Double.NEGATIVE_INFINITY;
      double own = 0;
      for (int k = 0; k < classes; k++) {
        long at = z + 8L * (i + (long) ld * k);
        double v = fma(get(at), s, get(bias + 64L * k + 8L * (i % ROWS)));
        set(at, v);
        m = v > m ? v : m;
        own = y == k ? v : own;
      }
      set(max + 8L * i, m);
      set(zy + 8L * i, own);
    }
  }

  @Override
  public void exponentials(long z, int ld, int rows, int classes, long max, long label, long sum) {
    for (int i = 0; i < rows; i++) {
      double m = get(max + 8L * i);
      double y = get(label + 8L * i);
      double s = 0;
      for (int k = 0; k < classes; k++) {
        long at = z + 8L * (i + (long) ld * k);
        double e = y == k ? 0 : ElementaryFunctions.exp(get(at) - m);
        set(at, e);
        s += e;
      }
      set(sum + 8L * i, s);
    }
  }

  @Override
  public void shares(
      int rows, long zy, long max, long s, long omega, long u, long py, long inverse, long factor, long gy, long argument) {
    for (long i = 0; i < 8L * rows; i += 8) {
      double above = get(zy + i) - get(max + i);
      double others = get(s + i);
      double own = ElementaryFunctions.exp(above);
      double total = others + own;
      double inv = 1 / total;
      double share = others * inv;
      double o = get(omega + i);
      set(u + i, share);
      set(py + i, own * inv);
      set(inverse + i, inv);
      set(factor + i, o * inv);
      set(gy + i, o * share);
      set(argument + i, above == 0 ? others : total - 1);
    }
  }

  @Override
  public void logarithms(int rows, long zy, long max, long loss) {
    for (long i = 0; i < 8L * rows; i += 8) {
      set(loss + i, get(max + i) - get(zy + i) + ElementaryFunctions.log1p(get(loss + i)));
    }
  }

  @Override
  public void squares(long z, int ld, int rows, int classes, long scale, long bias, long label, long norms) {
    for (int i = 0; i < rows; i++) {
      double s = get(scale + 8L * i);
      double y = get(label + 8L * i);
      double sum = 0;
      for (int k = 0; k < classes; k++) {
        long at = z + 8L * (i + (long) ld * k);
        double v = fma(get(at), s, get(bias + 64L * k + 8L * (i % ROWS)));
        v = y == k ? v - 1 : v;
        set(at, v);
        sum = fma(v, v, sum);
      }
      set(norms + 8L * i, sum);
    }
  }

  @Override
  public void residuals(long z, int ld, int rows, int classes, long factor, long shift, long gy, long label, long scale, long sums) {
    for (int k = 0; k < classes; k++) {
      for (int r = 0; r < ROWS; r++) {
        double s = 0;
        for (int i = r; i < rows; i += ROWS) {
          long at = z + 8L * (i + (long) ld * k);
          double v = get(label + 8L * i) == k ? -get(gy + 8L * i) : get(factor + 8L * i) * get(at) + get(shift + 8L * i);
          s += v;
          set(at, v * get(scale + 8L * i));
        }
        set(sums + 64L * k + 8L * r, s);
      }
    }
  }
}

package ufm.backend.cpu;

import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static ufm.backend.cpu.VectorFunctions.L;
import static ufm.backend.cpu.VectorFunctions.BIAS;
import static ufm.backend.cpu.VectorFunctions.DIRECT;
import static ufm.backend.cpu.VectorFunctions.E10;
import static ufm.backend.cpu.VectorFunctions.E11;
import static ufm.backend.cpu.VectorFunctions.E2;
import static ufm.backend.cpu.VectorFunctions.E3;
import static ufm.backend.cpu.VectorFunctions.E4;
import static ufm.backend.cpu.VectorFunctions.E5;
import static ufm.backend.cpu.VectorFunctions.E6;
import static ufm.backend.cpu.VectorFunctions.E7;
import static ufm.backend.cpu.VectorFunctions.E8;
import static ufm.backend.cpu.VectorFunctions.E9;
import static ufm.backend.cpu.VectorFunctions.EXPONENT;
import static ufm.backend.cpu.VectorFunctions.HALF;
import static ufm.backend.cpu.VectorFunctions.L1;
import static ufm.backend.cpu.VectorFunctions.L2;
import static ufm.backend.cpu.VectorFunctions.L3;
import static ufm.backend.cpu.VectorFunctions.L4;
import static ufm.backend.cpu.VectorFunctions.L5;
import static ufm.backend.cpu.VectorFunctions.L6;
import static ufm.backend.cpu.VectorFunctions.L7;
import static ufm.backend.cpu.VectorFunctions.LN2_HIGH;
import static ufm.backend.cpu.VectorFunctions.LN2_LOW;
import static ufm.backend.cpu.VectorFunctions.LOG2_E;
import static ufm.backend.cpu.VectorFunctions.LOWEST;
import static ufm.backend.cpu.VectorFunctions.MINUS_LN2_HIGH;
import static ufm.backend.cpu.VectorFunctions.MINUS_LN2_LOW;
import static ufm.backend.cpu.VectorFunctions.ONE;
import static ufm.backend.cpu.VectorFunctions.P52;
import static ufm.backend.cpu.VectorFunctions.SHIFTER;
import static ufm.backend.cpu.VectorFunctions.SQRT_HALF;
import static ufm.backend.cpu.VectorFunctions.TWO;
import static ufm.backend.cpu.VectorFunctions.TWO_52;
import static ufm.backend.cpu.VectorFunctions.ZERO;
import static ufm.backend.cpu.VectorFunctions.all;
import static ufm.backend.cpu.VectorFunctions.fma;
import static ufm.backend.cpu.VectorFunctions.load;
import static ufm.backend.cpu.VectorFunctions.store;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * {@link ElementKernels} on the Vector API, bit for bit as {@link ScalarKernels}, which also does what is left behind the last full
 * register. This class must be loaded only where the module {@code jdk.incubator.vector} is present.
 */
final class VectorKernels implements ElementKernels {
  private static final long STEP = 8L * L;
  private final ScalarKernels rest = ScalarKernels.INSTANCE;

  private static long full(long n) {
    return n & -L;
  }

  @Override
  public void fill(double value, long x, long n) {
    long m = full(n);
    DoubleVector v = all(value);
    for (long i = 0; i < 8 * m; i += STEP) {
      store(v, x + i);
    }
    rest.fill(value, x + 8 * m, n - m);
  }

  @Override
  public void scale(double alpha, long x, long n) {
    long m = full(n);
    DoubleVector a = all(alpha);
    for (long i = 0; i < 8 * m; i += STEP) {
      store(a.mul(load(x + i)), x + i);
    }
    rest.scale(alpha, x + 8 * m, n - m);
  }

  @Override
  public void axpy(double alpha, long x, long y, long n) {
    long m = full(n);
    DoubleVector a = all(alpha);
    for (long i = 0; i < 8 * m; i += STEP) {
      store(a.lanewise(FMA, load(x + i), load(y + i)), y + i);
    }
    rest.axpy(alpha, x + 8 * m, y + 8 * m, n - m);
  }

  @Override
  public void combine(double alpha, long x, double beta, long y, long out, long n) {
    long m = full(n);
    DoubleVector a = all(alpha);
    DoubleVector b = all(beta);
    for (long i = 0; i < 8 * m; i += STEP) {
      store(a.lanewise(FMA, load(x + i), b.mul(load(y + i))), out + i);
    }
    rest.combine(alpha, x + 8 * m, beta, y + 8 * m, out + 8 * m, n - m);
  }

  @Override
  public void multiply(long x, long y, long out, long n) {
    long m = full(n);
    for (long i = 0; i < 8 * m; i += STEP) {
      store(load(x + i).mul(load(y + i)), out + i);
    }
    rest.multiply(x + 8 * m, y + 8 * m, out + 8 * m, n - m);
  }

  @Override
  public double dot(long x, long y, long n) {
    return L == 8 ? WideSums.dot8(x, y, n) : L == 4 ? WideSums.dot4(x, y, n) : rest.dot(x, y, n);
  }

  @Override
  public double distance2(long x, double alpha, long y, long n) {
    return L == 8 ? WideSums.distance8(x, alpha, y, n) : L == 4 ? WideSums.distance4(x, alpha, y, n) : rest.distance2(x, alpha, y, n);
  }

  @Override
  public double maxAbs(long x, long n) {
    long m = full(n);
    DoubleVector max = all(0);
    DoubleVector spoilt = all(0);
    for (long i = 0; i < 8 * m; i += STEP) {
      DoubleVector a = load(x + i).abs();
      // 0 times a number is 0, and NaN once an element was NaN or infinite.
      spoilt = fma(a, ZERO, spoilt);
      max = max.blend(a, a.compare(VectorOperators.GT, max));
    }
    double tail = rest.maxAbs(x + 8 * m, n - m);
    for (int i = 0; i < L; i++) {
      if (spoilt.lane(i) != 0) {
        return rest.maxAbs(x, n);
      }
      double a = max.lane(i);
      tail = a > tail ? a : tail;
    }
    return tail;
  }

  @Override
  public void momentum(double mu, double damp, double eta, boolean nesterov, long g, long v, long x, long n) {
    long m = full(n);
    DoubleVector keep = all(1 - damp);
    DoubleVector friction = all(mu);
    DoubleVector step = all(-eta);
    for (long i = 0; i < 8 * m; i += STEP) {
      DoubleVector gi = load(g + i);
      DoubleVector vi = friction.lanewise(FMA, load(v + i), keep.mul(gi));
      store(vi, v + i);
      DoubleVector along = nesterov ? friction.lanewise(FMA, vi, gi) : vi;
      store(step.lanewise(FMA, along, load(x + i)), x + i);
    }
    rest.momentum(mu, damp, eta, nesterov, g + 8 * m, v + 8 * m, x + 8 * m, n - m);
  }

  @Override
  public void adam(double beta1, double beta2, double epsilon, double eta, double c1, double c2, long g, long m, long s, long x, long n) {
    long full = full(n);
    DoubleVector b1 = all(beta1);
    DoubleVector b2 = all(beta2);
    DoubleVector d1 = all(1 - beta1);
    DoubleVector d2 = all(1 - beta2);
    DoubleVector step = all(-eta);
    for (long i = 0; i < 8 * full; i += STEP) {
      DoubleVector gi = load(g + i);
      DoubleVector mi = b1.lanewise(FMA, load(m + i), d1.mul(gi));
      DoubleVector si = b2.lanewise(FMA, load(s + i), d2.mul(gi).mul(gi));
      store(mi, m + i);
      store(si, s + i);
      DoubleVector along = mi.div(c1).div(si.div(c2).lanewise(VectorOperators.SQRT).add(epsilon));
      store(step.lanewise(FMA, along, load(x + i)), x + i);
    }
    long o = 8 * full;
    rest.adam(beta1, beta2, epsilon, eta, c1, c2, g + o, m + o, s + o, x + o, n - full);
  }

  @Override
  public void clamp(long x, long n) {
    long m = full(n);
    for (long i = 0; i < 8 * m; i += STEP) {
      DoubleVector v = load(x + i);
      store(v.blend(0, v.compare(VectorOperators.LT, 0)), x + i);
    }
    rest.clamp(x + 8 * m, n - m);
  }

  @Override
  public void freeMask(long x, long g, double tolerance, long mask, long n) {
    long m = full(n);
    for (long i = 0; i < 8 * m; i += STEP) {
      VectorMask<Double> bound = load(x + i).compare(VectorOperators.LE, tolerance).and(load(g + i).compare(VectorOperators.GT, 0));
      store(ONE.blend(ZERO, bound), mask + i);
    }
    rest.freeMask(x + 8 * m, g + 8 * m, tolerance, mask + 8 * m, n - m);
  }

  // ---- panels: rows are a multiple of 8, so there is no rest ------------------------------------------------------------

  @Override
  public void affineMax(long z, int ld, int rows, int classes, long scale, long bias, long max) {
    long column = 8L * ld;
    for (long i = 0; i < 8L * rows; i += STEP) {
      DoubleVector s = load(scale + i);
      DoubleVector m = all(Double.NEGATIVE_INFINITY);
      long at = z + i;
      for (int k = 0; k < classes; k++) {
        DoubleVector v = load(at).lanewise(FMA, s, all(bias == 0 ? 0 : Memory.get(bias + 8L * k)));
        store(v, at);
        m = m.blend(v, v.compare(VectorOperators.GT, m));
        at += column;
      }
      store(m, max + i);
    }
  }

  @Override
  public void offsetSum(long z, int ld, int rows, int classes, long max, long sum) {
    long column = 8L * ld;
    for (long i = 0; i < 8L * rows; i += STEP) {
      DoubleVector m = load(max + i);
      DoubleVector s = all(0);
      long at = z + i;
      for (int k = 0; k < classes; k++) {
        s = s.add(load(at).sub(m));
        at += column;
      }
      store(s, sum + i);
    }
  }

  /**
   * With {@link ElementaryFunctions#exp} written out, for arguments that are not above 0: a method of its own is sometimes compiled before
   * its callers, is then not inlined any more, and every vector would go through the heap.
   */
  @Override
  public void expSum(long z, int ld, int rows, int classes, long max, long sum) {
    long column = 8L * ld;
    for (long i = 0; i < 8L * rows; i += STEP) {
      DoubleVector m = load(max + i);
      DoubleVector s = all(0);
      long at = z + i;
      for (int k = 0; k < classes; k++) {
        DoubleVector x = load(at).sub(m);
        DoubleVector c = x.blend(LOWEST, x.compare(VectorOperators.LT, LOWEST));
        DoubleVector t = fma(c, LOG2_E, SHIFTER);
        DoubleVector n = t.sub(SHIFTER);
        DoubleVector r = fma(n, MINUS_LN2_LOW, fma(n, MINUS_LN2_HIGH, c));
        DoubleVector q = fma(E11, r, E10);
        q = fma(q, r, E9);
        q = fma(q, r, E8);
        q = fma(q, r, E7);
        q = fma(q, r, E6);
        q = fma(q, r, E5);
        q = fma(q, r, E4);
        q = fma(q, r, E3);
        q = fma(q, r, E2);
        DoubleVector e = fma(q, r.mul(r), r).add(ONE);
        LongVector n1 = fma(n, HALF, SHIFTER).reinterpretAsLongs();
        LongVector n2 = t.reinterpretAsLongs().sub(n1);
        DoubleVector y = e.mul(n1.add(BIAS).lanewise(LSHL, 52).reinterpretAsDoubles()).mul(n2.add(BIAS).lanewise(LSHL, 52).reinterpretAsDoubles());
        store(y, at);
        s = s.add(y);
        at += column;
      }
      store(s, sum + i);
    }
  }

  @Override
  public void scaleRows(long z, int ld, int rows, int classes, long factor, long shift, long out, int ldOut) {
    for (long i = 0; i < 8L * rows; i += STEP) {
      DoubleVector f = load(factor + i);
      long at = z + i;
      long to = out + i;
      if (shift == 0) {
        for (int k = 0; k < classes; k++) {
          store(f.mul(load(at)), to);
          at += 8L * ld;
          to += 8L * ldOut;
        }
      } else {
        DoubleVector add = load(shift + i);
        for (int k = 0; k < classes; k++) {
          store(f.mul(load(at)).add(add), to);
          at += 8L * ld;
          to += 8L * ldOut;
        }
      }
    }
  }

  /**
   * Four loops, each behind a call with four receivers: the compiler never inlines such a call. In one method they would exhaust its inlining
   * budget, and what is then not inlined passes its vectors through the heap.
   */
  @Override
  public void crossEntropy(int rows, long zy, long max, long s, long u, long py, long loss, long inverse, long work) {
    for (RowStep step : entropySteps) {
      step.run(rows, zy, max, s, u, py, loss, inverse, work);
    }
  }

  private final RowStep[] entropySteps = {
    (rows, zy, max, s, u, py, loss, inverse, work) -> ownExponential(rows, zy, max, py, work),
    (rows, zy, max, s, u, py, loss, inverse, work) -> shares(rows, zy, max, s, u, py, loss, inverse),
    (rows, zy, max, s, u, py, loss, inverse, work) -> reduce(rows, loss, s, work),
    (rows, zy, max, s, u, py, loss, inverse, work) -> logarithms(rows, zy, max, s, work, loss)
  };

  /** One loop of {@link #crossEntropy}, with its arguments. */
  private interface RowStep {
    void run(int rows, long zy, long max, long s, long u, long py, long loss, long inverse, long work);
  }

  /** {@code py = exp(z_y - max)}. */
  private void ownExponential(int rows, long zy, long max, long py, long work) {
    for (long i = 0; i < 8L * rows; i += STEP) {
      store(load(zy + i), work + i);
    }
    expSum(work, rows, rows, 1, max, py);
  }

  /** All but the logarithm, whose argument goes to where the loss will be. */
  static void shares(int rows, long zy, long max, long s, long u, long py, long argument, long inverse) {
    for (long i = 0; i < 8L * rows; i += STEP) {
      DoubleVector below = load(max + i).sub(load(zy + i));
      DoubleVector others = load(s + i);
      DoubleVector ey = load(py + i);
      DoubleVector total = others.add(ey);
      DoubleVector inv = ONE.div(total);
      store(others.mul(inv), u + i);
      store(ey.mul(inv), py + i);
      store(inv, inverse + i);
      store(total.sub(ONE).blend(others, below.compare(VectorOperators.EQ, ZERO)), argument + i);
    }
  }

  /** First half of {@link ElementaryFunctions#log1p}, for finite arguments: reduced argument, small part of the sum, exponent. */
  static void reduce(int rows, long argument, long low, long exponent) {
    for (long i = 0; i < 8L * rows; i += STEP) {
      DoubleVector x = load(argument + i);
      DoubleVector sum = x.add(ONE);
      DoubleVector back = sum.sub(ONE);
      DoubleVector lost = x.sub(back).add(ONE.sub(sum.sub(back))).div(sum);
      LongVector bits = sum.reinterpretAsLongs();
      LongVector k = bits.sub(SQRT_HALF).and(EXPONENT);
      DoubleVector e = k.lanewise(LSHR, 52).or(TWO_52).reinterpretAsDoubles().sub(P52);
      VectorMask<Double> direct = x.compare(VectorOperators.LT, DIRECT);
      store(bits.sub(k).reinterpretAsDoubles().sub(ONE).blend(x, direct), argument + i);
      store(fma(e, LN2_LOW, lost.blend(ZERO, direct)), low + i);
      store(e, exponent + i);
    }
  }

  /** Second half: loss = (max - z_y) + log1p. */
  static void logarithms(int rows, long zy, long max, long low, long exponent, long loss) {
    for (long i = 0; i < 8L * rows; i += STEP) {
      DoubleVector f = load(loss + i);
      DoubleVector e = load(exponent + i);
      DoubleVector s = f.div(f.add(TWO));
      DoubleVector s2 = s.mul(s);
      DoubleVector q = fma(L7, s2, L6);
      q = fma(q, s2, L5);
      q = fma(q, s2, L4);
      q = fma(q, s2, L3);
      q = fma(q, s2, L2);
      q = fma(q, s2, L1);
      DoubleVector h = f.mul(f).mul(HALF);
      DoubleVector log = fma(e, LN2_HIGH, f.sub(h.sub(fma(s, fma(q, s2, h), load(low + i)))));
      store(load(max + i).sub(load(zy + i)).add(log), loss + i);
    }
  }

  @Override
  public void affine(long z, int ld, int rows, int classes, long scale, long bias) {
    for (int k = 0; k < classes; k++) {
      DoubleVector b = all(bias == 0 ? 0 : Memory.get(bias + 8L * k));
      long at = z + 8L * ld * k;
      for (long i = 0; i < 8L * rows; i += STEP) {
        store(load(at + i).lanewise(FMA, load(scale + i), b), at + i);
      }
    }
  }

  @Override
  public void columnSums(long z, int ld, int n, int classes, long ones, long sum) {
    for (int k = 0; k < classes; k++) {
      Memory.set(sum + 8L * k, dot(z + 8L * ld * k, ones, n));
    }
  }

  @Override
  public void centre(long r, int ld, int rows, int classes, long centre, long p, int ldp, long a) {
    for (long i = 0; i < 8L * rows; i += STEP) {
      DoubleVector c = load(centre + i);
      DoubleVector s = all(0);
      long at = r + i;
      long from = p + i;
      for (int k = 0; k < classes; k++) {
        DoubleVector v = load(at).sub(c);
        store(v, at);
        s = load(from).lanewise(FMA, v, s);
        at += 8L * ld;
        from += 8L * ldp;
      }
      store(s, a + i);
    }
  }

  @Override
  public void curve(long r, int ld, int rows, int classes, long p, int ldp, long alpha, long beta) {
    for (long i = 0; i < 8L * rows; i += STEP) {
      DoubleVector a = load(alpha + i);
      DoubleVector b = load(beta + i).neg();
      long at = r + i;
      long from = p + i;
      for (int k = 0; k < classes; k++) {
        store(load(from).mul(a.lanewise(FMA, load(at), b)), at);
        at += 8L * ld;
        from += 8L * ldp;
      }
    }
  }

  @Override
  public void squaredNorms(long z, int ld, int rows, int classes, long out) {
    for (long i = 0; i < 8L * rows; i += STEP) {
      DoubleVector s = all(0);
      long at = z + i;
      for (int k = 0; k < classes; k++) {
        DoubleVector v = load(at);
        s = v.lanewise(FMA, v, s);
        at += 8L * ld;
      }
      store(s, out + i);
    }
  }

  @Override
  public void focal(double gamma, int rows, long u, long py, long loss, long chi, long chi1, long c) {
    if (!ElementaryFunctions.plainExponent(gamma)) {
      rest.focal(gamma, rows, u, py, loss, chi, chi1, c);
      return;
    }
    for (long i = 0; i < 8L * rows; i += STEP) {
      DoubleVector ui = load(u + i);
      DoubleVector p = load(py + i);
      DoubleVector l = load(loss + i);
      DoubleVector power = VectorFunctions.plainPower(ui, gamma);
      DoubleVector ratio = p.mul(ONE.blend(l.div(ui), ui.compare(VectorOperators.GT, ZERO)));
      store(power.mul(l), chi + i);
      store(power.mul(all(gamma).lanewise(FMA, ratio, ONE)), chi1 + i);
      store(power.mul(gamma).mul(p).mul(all(gamma - 1).lanewise(FMA, ratio, TWO).sub(l)), c + i);
    }
  }
}

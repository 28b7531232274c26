package ufm.backend.cpu;

import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
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
import static ufm.backend.cpu.VectorFunctions.L;
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
import static ufm.backend.cpu.VectorFunctions.S;
import static ufm.backend.cpu.VectorFunctions.SHIFTER;
import static ufm.backend.cpu.VectorFunctions.SQRT_HALF;
import static ufm.backend.cpu.VectorFunctions.TWO;
import static ufm.backend.cpu.VectorFunctions.TWO_52;
import static ufm.backend.cpu.VectorFunctions.ZERO;
import static ufm.backend.cpu.VectorFunctions.all;
import static ufm.backend.cpu.VectorFunctions.fma;
import static ufm.backend.cpu.VectorFunctions.load;
import static ufm.backend.cpu.VectorFunctions.store;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** {@link SmallKernels} on the Vector API, bit for bit as {@link ScalarSmallKernels}; only where the module is present. */
final class VectorSmallKernels implements SmallKernels {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final long STEP = 8L * L;
  private final ScalarSmallKernels plain = ScalarSmallKernels.INSTANCE;

  @Override
  public void gather(long from, long apart, int columns, int n, int stride, long to) {
    if (L != ROWS) {
      plain.gather(from, apart, columns, n, stride, to);
      return;
    }
    VectorTranspose.gather(from, apart, columns, n, stride, to);
    int full = columns & -ROWS;
    if ((n & 7) != 0 || stride > n) {
      ScalarSmallKernels.gather(from, apart, 0, full, n & -ROWS, n, stride, to);
      for (int i = 0; i < full; i += ROWS) {
        for (int j = n; j < stride; j++) {
          store(all(0), to + 8L * stride * i + 64L * j);
        }
      }
    }
    if (full < columns) {
      plain.gather(from + full * apart, apart, columns - full, n, stride, to + 8L * stride * full);
    }
  }

  @Override
  public void scatter(long from, int columns, int n, int stride, long to, long apart) {
    int full = L == ROWS ? columns & -ROWS : 0;
    if (full > 0) {
      VectorTranspose.scatter(from, full, n, stride, to, apart);
      ScalarSmallKernels.scatter(from, 0, full, n & -ROWS, n, stride, to, apart);
    }
    ScalarSmallKernels.scatter(from, full, columns, 0, n, stride, to, apart);
  }

  @Override
  public void logits(int blocks, int d, int stride, int classes, long h, long w, long z, int ld) {
    VectorSmallProducts.logits(blocks, d, stride, classes, h, w, z, ld);
  }

  @Override
  public void features(int blocks, int d, int stride, int classes, long w, long g, int ld, long out) {
    VectorSmallProducts.features(blocks, d, stride, classes, w, g, ld, out);
  }

  @Override
  public void outer(int blocks, int d, int stride, int classes, long g, int ld, long h, long sums) {
    VectorSmallProducts.outer(blocks, d, stride, classes, g, ld, h, sums);
  }

  @Override
  public void laneLogits(int samples, int d, int classes, long h, long w, long z, int ld) {
    VectorLaneProducts.laneLogits(samples, d, classes, h, w, z, ld);
  }

  @Override
  public void laneFeatures(int samples, int d, int classes, long w, long g, int ld, long out) {
    VectorLaneProducts.laneFeatures(samples, d, classes, w, g, ld, out);
  }

  @Override
  public void laneOuter(int samples, int d, int classes, long g, int ld, long h, long out) {
    VectorLaneProducts.laneOuter(samples, d, classes, g, ld, h, out);
  }

  @Override
  public void weighted(int blocks, long x, long y, long sums) {
    for (long c = 0; c < 64; c += STEP) {
      DoubleVector s = all(0);
      for (long i = c; i < 64L * blocks; i += 64) {
        s = load(x + i).lanewise(FMA, load(y + i), s);
      }
      store(s, sums + c);
    }
  }

  @Override
  public void reduce(long sums, int n, boolean add, long out) {
    int full = L == ROWS ? n & -ROWS : 0;
    for (int i = 0; i < full; i += ROWS) {
      VectorTranspose.reduce(sums + 64L * i, add, out + 8L * i);
    }
    plain.reduce(sums + 64L * full, n - full, add, out + 8L * full);
  }

  @Override
  public void move(int blocks, int n, int stride, double eta, boolean nesterov, long parameters, long g, long v, long h) {
    for (long c = 0; c < 64; c += STEP) {
      DoubleVector lambda = load(parameters + c);
      DoubleVector mu = load(parameters + 64 + c);
      DoubleVector keep = load(parameters + 128 + c);
      DoubleVector down = all(-eta);
      for (int b = 0; b < blocks; b++) {
        long from = 64L * stride * b + c;
        long end = from + 64L * n;
        if (v == 0) {
          for (long i = from; i < end; i += 64) {
            DoubleVector x = load(h + i);
            store(down.lanewise(FMA, lambda.lanewise(FMA, x, load(g + i)), x), h + i);
          }
        } else {
          for (long i = from; i < end; i += 64) {
            DoubleVector x = load(h + i);
            DoubleVector gi = lambda.lanewise(FMA, x, load(g + i));
            DoubleVector vi = mu.lanewise(FMA, load(v + i), keep.mul(gi));
            store(vi, v + i);
            DoubleVector step = nesterov ? mu.lanewise(FMA, vi, gi) : vi;
            store(down.lanewise(FMA, step, x), h + i);
          }
        }
      }
    }
  }

  @Override
  public void maxima(long z, int ld, int rows, int classes, long scale, long bias, long label, long max, long zy) {
    long column = 8L * ld;
    for (long i = 0; i < 8L * rows; i += STEP) {
      DoubleVector s = load(scale + i);
      DoubleVector y = load(label + i);
      DoubleVector m = all(Double.NEGATIVE_INFINITY);
      DoubleVector own = all(0);
      long at = z + i;
      long b = bias + (i & 63);
      for (int k = 0; k < classes; k++) {
        DoubleVector v = load(at).lanewise(FMA, s, load(b));
        store(v, at);
        m = m.blend(v, v.compare(VectorOperators.GT, m));
        own = own.blend(v, y.compare(VectorOperators.EQ, all(k)));
        at += column;
        b += 64;
      }
      store(m, max + i);
      store(own, zy + i);
    }
  }

  /** With the exponential written out, for the reason told at {@link VectorKernels#expSum}. */
  @Override
  public void exponentials(long z, int ld, int rows, int classes, long max, long label, long sum) {
    long column = 8L * ld;
    for (long i = 0; i < 8L * rows; i += STEP) {
      DoubleVector m = load(max + i);
      DoubleVector own = load(label + i);
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
        DoubleVector y =
            e.mul(n1.add(BIAS).lanewise(LSHL, 52).reinterpretAsDoubles()).mul(n2.add(BIAS).lanewise(LSHL, 52).reinterpretAsDoubles());
        y = y.blend(ZERO, own.compare(VectorOperators.EQ, all(k)));
        store(y, at);
        s = s.add(y);
        at += column;
      }
      store(s, sum + i);
    }
  }

  /** As {@link #exponentials}, with what comes after; so much that only the library's own calls are inlined to the end. */
  @Override
  public void shares(
      int rows, long zy, long max, long s, long omega, long u, long py, long inverse, long factor, long gy, long argument) {
    for (long i = 0; i < 8L * rows; i += STEP) {
      DoubleVector x =
          DoubleVector.fromMemorySegment(S, Memory.ALL, zy + i, ORDER).sub(DoubleVector.fromMemorySegment(S, Memory.ALL, max + i, ORDER));
      DoubleVector c = x.blend(LOWEST, x.compare(VectorOperators.LT, LOWEST));
      DoubleVector t = c.lanewise(FMA, LOG2_E, SHIFTER);
      DoubleVector n = t.sub(SHIFTER);
      DoubleVector r = n.lanewise(FMA, MINUS_LN2_LOW, n.lanewise(FMA, MINUS_LN2_HIGH, c));
      DoubleVector q = E11.lanewise(FMA, r, E10);
      q = q.lanewise(FMA, r, E9);
      q = q.lanewise(FMA, r, E8);
      q = q.lanewise(FMA, r, E7);
      q = q.lanewise(FMA, r, E6);
      q = q.lanewise(FMA, r, E5);
      q = q.lanewise(FMA, r, E4);
      q = q.lanewise(FMA, r, E3);
      q = q.lanewise(FMA, r, E2);
      DoubleVector e = q.lanewise(FMA, r.mul(r), r).add(ONE);
      LongVector n1 = n.lanewise(FMA, HALF, SHIFTER).reinterpretAsLongs();
      LongVector n2 = t.reinterpretAsLongs().sub(n1);
      DoubleVector own =
          e.mul(n1.add(BIAS).lanewise(LSHL, 52).reinterpretAsDoubles()).mul(n2.add(BIAS).lanewise(LSHL, 52).reinterpretAsDoubles());
      DoubleVector others = DoubleVector.fromMemorySegment(S, Memory.ALL, s + i, ORDER);
      DoubleVector total = others.add(own);
      DoubleVector inv = ONE.div(total);
      DoubleVector share = others.mul(inv);
      DoubleVector o = DoubleVector.fromMemorySegment(S, Memory.ALL, omega + i, ORDER);
      share.intoMemorySegment(Memory.ALL, u + i, ORDER);
      own.mul(inv).intoMemorySegment(Memory.ALL, py + i, ORDER);
      inv.intoMemorySegment(Memory.ALL, inverse + i, ORDER);
      o.mul(inv).intoMemorySegment(Memory.ALL, factor + i, ORDER);
      o.mul(share).intoMemorySegment(Memory.ALL, gy + i, ORDER);
      total.sub(ONE).blend(others, x.compare(VectorOperators.EQ, ZERO)).intoMemorySegment(Memory.ALL, argument + i, ORDER);
    }
  }

  /** With {@link ElementaryFunctions#log1p} written out, for finite arguments. */
  @Override
  public void logarithms(int rows, long zy, long max, long loss) {
    for (long i = 0; i < 8L * rows; i += STEP) {
      DoubleVector x = DoubleVector.fromMemorySegment(S, Memory.ALL, loss + i, ORDER);
      DoubleVector sum = x.add(ONE);
      DoubleVector back = sum.sub(ONE);
      DoubleVector lost = x.sub(back).add(ONE.sub(sum.sub(back))).div(sum);
      LongVector bits = sum.reinterpretAsLongs();
      LongVector k = bits.sub(SQRT_HALF).and(EXPONENT);
      DoubleVector e = k.lanewise(LSHR, 52).or(TWO_52).reinterpretAsDoubles().sub(P52);
      VectorMask<Double> direct = x.compare(VectorOperators.LT, DIRECT);
      DoubleVector f = bits.sub(k).reinterpretAsDoubles().sub(ONE).blend(x, direct);
      DoubleVector low = e.lanewise(FMA, LN2_LOW, lost.blend(ZERO, direct));
      DoubleVector s = f.div(f.add(TWO));
      DoubleVector s2 = s.mul(s);
      DoubleVector q = L7.lanewise(FMA, s2, L6);
      q = q.lanewise(FMA, s2, L5);
      q = q.lanewise(FMA, s2, L4);
      q = q.lanewise(FMA, s2, L3);
      q = q.lanewise(FMA, s2, L2);
      q = q.lanewise(FMA, s2, L1);
      DoubleVector h = f.mul(f).mul(HALF);
      DoubleVector log = e.lanewise(FMA, LN2_HIGH, f.sub(h.sub(s.lanewise(FMA, q.lanewise(FMA, s2, h), low))));
      DoubleVector below =
          DoubleVector.fromMemorySegment(S, Memory.ALL, max + i, ORDER).sub(DoubleVector.fromMemorySegment(S, Memory.ALL, zy + i, ORDER));
      below.add(log).intoMemorySegment(Memory.ALL, loss + i, ORDER);
    }
  }

  @Override
  public void squares(long z, int ld, int rows, int classes, long scale, long bias, long label, long norms) {
    long column = 8L * ld;
    for (long i = 0; i < 8L * rows; i += STEP) {
      DoubleVector s = load(scale + i);
      DoubleVector y = load(label + i);
      DoubleVector sum = all(0);
      long at = z + i;
      long b = bias + (i & 63);
      for (int k = 0; k < classes; k++) {
        DoubleVector v = load(at).lanewise(FMA, s, load(b));
        v = v.blend(v.sub(ONE), y.compare(VectorOperators.EQ, all(k)));
        store(v, at);
        sum = v.lanewise(FMA, v, sum);
        at += column;
        b += 64;
      }
      store(sum, norms + i);
    }
  }

  @Override
  public void residuals(long z, int ld, int rows, int classes, long factor, long shift, long gy, long label, long scale, long sums) {
    for (int k = 0; k < classes; k++) {
      long at = z + 8L * ld * k;
      DoubleVector own = all(k);
      for (long c = 0; c < 64; c += STEP) {
        DoubleVector s = all(0);
        for (long i = c; i < 8L * rows; i += 64) {
          DoubleVector v = load(factor + i).mul(load(at + i)).add(load(shift + i));
          v = v.blend(load(gy + i).neg(), load(label + i).compare(VectorOperators.EQ, own));
          s = s.add(v);
          store(v.mul(load(scale + i)), at + i);
        }
        store(s, sums + 64L * k + c);
      }
    }
  }
}

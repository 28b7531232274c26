package ufm.backend.cpu;

import static jdk.incubator.vector.VectorOperators.FMA;
import static ufm.backend.cpu.VectorFunctions.all;
import static ufm.backend.cpu.VectorFunctions.load;

import jdk.incubator.vector.DoubleVector;

/**
 * Sums in the order of {@link ScalarKernels#dot}: sixteen running sums, held in two registers of eight or four of four, added at the end
 * by hand; what is left behind the last sixteen is one more running sum.
 */
final class WideSums {
  private WideSums() {}

  private static double pairwise(double s0, double s1, double s2, double s3, double s4, double s5, double s6, double s7) {
    return ((s0 + s4) + (s2 + s6)) + ((s1 + s5) + (s3 + s7));
  }

  private static double pairwise(DoubleVector s) {
    return pairwise(s.lane(0), s.lane(1), s.lane(2), s.lane(3), s.lane(4), s.lane(5), s.lane(6), s.lane(7));
  }

  private static double pairwise(DoubleVector low, DoubleVector high) {
    return pairwise(low.lane(0), low.lane(1), low.lane(2), low.lane(3), high.lane(0), high.lane(1), high.lane(2), high.lane(3));
  }

  private static double tail(long x, long y, long from, long n) {
    double tail = 0;
    for (long i = from; i < n; i++) {
      tail = Math.fma(Memory.get(x + 8 * i), Memory.get(y + 8 * i), tail);
    }
    return tail;
  }

  private static double tail(long x, double alpha, long y, long from, long n) {
    double tail = 0;
    for (long i = from; i < n; i++) {
      double d = Math.fma(alpha, Memory.get(y + 8 * i), Memory.get(x + 8 * i));
      tail = Math.fma(d, d, tail);
    }
    return tail;
  }

  static double dot8(long x, long y, long n) {
    long m = n & -16;
    DoubleVector a = all(0);
    DoubleVector b = all(0);
    for (long i = 0; i < 8 * m; i += 128) {
      a = load(x + i).lanewise(FMA, load(y + i), a);
      b = load(x + i + 64).lanewise(FMA, load(y + i + 64), b);
    }
    return pairwise(a.add(b)) + tail(x, y, m, n);
  }

  static double dot4(long x, long y, long n) {
    long m = n & -16;
    DoubleVector a = all(0);
    DoubleVector b = all(0);
    DoubleVector c = all(0);
    DoubleVector d = all(0);
    for (long i = 0; i < 8 * m; i += 128) {
      a = load(x + i).lanewise(FMA, load(y + i), a);
      b = load(x + i + 32).lanewise(FMA, load(y + i + 32), b);
      c = load(x + i + 64).lanewise(FMA, load(y + i + 64), c);
      d = load(x + i + 96).lanewise(FMA, load(y + i + 96), d);
    }
    return pairwise(a.add(c), b.add(d)) + tail(x, y, m, n);
  }

  static double distance8(long x, double alpha, long y, long n) {
    long m = n & -16;
    DoubleVector t = all(alpha);
    DoubleVector a = all(0);
    DoubleVector b = all(0);
    for (long i = 0; i < 8 * m; i += 128) {
      DoubleVector e = t.lanewise(FMA, load(y + i), load(x + i));
      a = e.lanewise(FMA, e, a);
      e = t.lanewise(FMA, load(y + i + 64), load(x + i + 64));
      b = e.lanewise(FMA, e, b);
    }
    return pairwise(a.add(b)) + tail(x, alpha, y, m, n);
  }

  static double distance4(long x, double alpha, long y, long n) {
    long m = n & -16;
    DoubleVector t = all(alpha);
    DoubleVector a = all(0);
    DoubleVector b = all(0);
    DoubleVector c = all(0);
    DoubleVector d = all(0);
    for (long i = 0; i < 8 * m; i += 128) {
      DoubleVector e = t.lanewise(FMA, load(y + i), load(x + i));
      a = e.lanewise(FMA, e, a);
      e = t.lanewise(FMA, load(y + i + 32), load(x + i + 32));
      b = e.lanewise(FMA, e, b);
      e = t.lanewise(FMA, load(y + i + 64), load(x + i + 64));
      c = e.lanewise(FMA, e, c);
      e = t.lanewise(FMA, load(y + i + 96), load(x + i + 96));
      d = e.lanewise(FMA, e, d);
    }
    return pairwise(a.add(c), b.add(d)) + tail(x, alpha, y, m, n);
  }
}

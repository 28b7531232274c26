package ufm.backend.cpu;

import static jdk.incubator.vector.VectorOperators.FMA;
import static ufm.backend.cpu.VectorFunctions.L;
import static ufm.backend.cpu.VectorFunctions.all;
import static ufm.backend.cpu.VectorFunctions.load;
import static ufm.backend.cpu.VectorFunctions.store;

import jdk.incubator.vector.DoubleVector;

/**
 * The tile on the Vector API. With eight doubles in a register two strips go together, two registers by four columns; with fewer, a strip
 * is worked on register by register.
 */
final class VectorTile implements TileKernel {
  @Override
  public String name() {
    return "vector";
  }

  @Override
  public void multiply(
      int strips, int n, int k, double alpha, long packedA, long b, long stepB, long columnB, double beta, long c, int ldc) {
    int t = 0;
    if (L == ROWS) {
      for (; t + 2 <= strips; t += 2) {
        pair(n, k, alpha, packedA + 64L * k * t, 64L * k, b, stepB, columnB, beta, c + 64L * t, 64, ldc);
      }
    }
    for (; t < strips; t++) {
      long a = packedA + 64L * k * t;
      long to = c + 64L * t;
      if (L == ROWS) {
        single(n, k, alpha, a, b, stepB, columnB, beta, to, ldc);
      } else {
        for (int i = 0; i < ROWS; i += 2 * L) {
          pair(n, k, alpha, a + 8L * i, 8L * L, b, stepB, columnB, beta, to + 8L * i, 8L * L, ldc);
        }
      }
    }
  }

  private static void put(DoubleVector s, double alpha, double beta, long at) {
    DoubleVector v = beta == 0 ? s.mul(alpha) : s.lanewise(FMA, all(alpha), load(at).mul(beta));
    store(v, at);
  }

  /** Two registers of rows, {@code apart} bytes apart in A and {@code below} in C. */
  private static void pair(
      int n, int k, double alpha, long a, long apart, long b, long stepB, long columnB, double beta, long c, long below, int ldc) {
    long column = 8L * ldc;
    int j = 0;
    for (; j + 4 <= n; j += 4) {
      DoubleVector s0 = all(0);
      DoubleVector s1 = all(0);
      DoubleVector s2 = all(0);
      DoubleVector s3 = all(0);
      DoubleVector t0 = all(0);
      DoubleVector t1 = all(0);
      DoubleVector t2 = all(0);
      DoubleVector t3 = all(0);
      long at = a;
      long from = b + j * columnB;
      for (int p = 0; p < k; p++) {
        DoubleVector x = load(at);
        DoubleVector y = load(at + apart);
        DoubleVector e = all(Memory.get(from));
        s0 = x.lanewise(FMA, e, s0);
        t0 = y.lanewise(FMA, e, t0);
        e = all(Memory.get(from + columnB));
        s1 = x.lanewise(FMA, e, s1);
        t1 = y.lanewise(FMA, e, t1);
        e = all(Memory.get(from + 2 * columnB));
        s2 = x.lanewise(FMA, e, s2);
        t2 = y.lanewise(FMA, e, t2);
        e = all(Memory.get(from + 3 * columnB));
        s3 = x.lanewise(FMA, e, s3);
        t3 = y.lanewise(FMA, e, t3);
        at += 64;
        from += stepB;
      }
      long to = c + j * column;
      put(s0, alpha, beta, to);
      put(t0, alpha, beta, to + below);
      put(s1, alpha, beta, to + column);
      put(t1, alpha, beta, to + column + below);
      put(s2, alpha, beta, to + 2 * column);
      put(t2, alpha, beta, to + 2 * column + below);
      put(s3, alpha, beta, to + 3 * column);
      put(t3, alpha, beta, to + 3 * column + below);
    }
    for (; j < n; j++) {
      DoubleVector s = all(0);
      DoubleVector t = all(0);
      long from = b + j * columnB;
      for (int p = 0; p < k; p++) {
        DoubleVector e = all(Memory.get(from + p * stepB));
        s = load(a + 64L * p).lanewise(FMA, e, s);
        t = load(a + apart + 64L * p).lanewise(FMA, e, t);
      }
      put(s, alpha, beta, c + j * column);
      put(t, alpha, beta, c + j * column + below);
    }
  }

  /** One register of rows. */
  private static void single(
      int n, int k, double alpha, long a, long b, long stepB, long columnB, double beta, long c, int ldc) {
    long column = 8L * ldc;
    int j = 0;
    for (; j + 4 <= n; j += 4) {
      DoubleVector s0 = all(0);
      DoubleVector s1 = all(0);
      DoubleVector s2 = all(0);
      DoubleVector s3 = all(0);
      long at = a;
      long from = b + j * columnB;
      for (int p = 0; p < k; p++) {
        DoubleVector x = load(at);
        s0 = x.lanewise(FMA, all(Memory.get(from)), s0);
        s1 = x.lanewise(FMA, all(Memory.get(from + columnB)), s1);
        s2 = x.lanewise(FMA, all(Memory.get(from + 2 * columnB)), s2);
        s3 = x.lanewise(FMA, all(Memory.get(from + 3 * columnB)), s3);
        at += 64;
        from += stepB;
      }
      long to = c + j * column;
      put(s0, alpha, beta, to);
      put(s1, alpha, beta, to + column);
      put(s2, alpha, beta, to + 2 * column);
      put(s3, alpha, beta, to + 3 * column);
    }
    for (; j < n; j++) {
      DoubleVector s = all(0);
      long from = b + j * columnB;
      for (int p = 0; p < k; p++) {
        s = load(a + 64L * p).lanewise(FMA, all(Memory.get(from + p * stepB)), s);
      }
      put(s, alpha, beta, c + j * column);
    }
  }
}

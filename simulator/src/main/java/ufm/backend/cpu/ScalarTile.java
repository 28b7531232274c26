package ufm.backend.cpu;

import static java.lang.Math.fma;
import static ufm.backend.cpu.Memory.get;
import static ufm.backend.cpu.Memory.set;

/** Plain loops: one column of a strip at a time, eight sums in registers. */
final class ScalarTile implements TileKernel {
  @Override
  public void sums(int k, long a, long apart, long b, long step, long b1, long b2, long b3, long sums) {
    column(k, a, b, step, sums);
    column(k, a, b + b1, step, sums + 128);
    column(k, a, b + b2, step, sums + 256);
    column(k, a, b + b3, step, sums + 384);
    if (apart != 0) {
      column(k, a + apart, b, step, sums + 64);
      column(k, a + apart, b + b1, step, sums + 192);
      column(k, a + apart, b + b2, step, sums + 320);
      column(k, a + apart, b + b3, step, sums + 448);
    }
  }

  private static void column(int k, long a, long b, long step, long sums) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    double s4 = 0;
    double s5 = 0;
    double s6 = 0;
    double s7 = 0;
    for (int p = 0; p < k; p++) {
      double e = get(b + p * step);
      long at = a + 64L * p;
      s0 = fma(get(at), e, s0);
      s1 = fma(get(at + 8), e, s1);
      s2 = fma(get(at + 16), e, s2);
      s3 = fma(get(at + 24), e, s3);
      s4 = fma(get(at + 32), e, s4);
      s5 = fma(get(at + 40), e, s5);
      s6 = fma(get(at + 48), e, s6);
      s7 = fma(get(at + 56), e, s7);
    }
    set(sums, s0);
    set(sums + 8, s1);
    set(sums + 16, s2);
    set(sums + 24, s3);
    set(sums + 32, s4);
    set(sums + 40, s5);
    set(sums + 48, s6);
    set(sums + 56, s7);
  }

  @Override
  public void put(int n, double alpha, long sums, double beta, long c) {
    for (long i = 0; i < 8L * n; i += 8) {
      double s = get(sums + i);
      set(c + i, beta == 0 ? alpha * s : fma(alpha, s, beta * get(c + i)));
    }
  }
}

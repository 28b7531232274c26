package ufm.backend.cpu;

import static java.lang.Math.fma;
import static ufm.backend.cpu.Memory.get;

/** Plain loops: one column of a strip at a time, eight sums in registers. */
final class ScalarTile implements TileKernel {
  @Override
  public String name() {
    return "scalar";
  }

  @Override
  public void multiply(
      int strips, int n, int k, double alpha, long packedA, long b, long stepB, long columnB, double beta, long c, int ldc) {
    for (int t = 0; t < strips; t++) {
      long a = packedA + 64L * k * t;
      for (int j = 0; j < n; j++) {
        double s0 = 0;
        double s1 = 0;
        double s2 = 0;
        double s3 = 0;
        double s4 = 0;
        double s5 = 0;
        double s6 = 0;
        double s7 = 0;
        for (int p = 0; p < k; p++) {
          double e = get(b + p * stepB + j * columnB);
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
        long to = c + 8L * (8L * t + (long) ldc * j);
        put(to, alpha, s0, beta);
        put(to + 8, alpha, s1, beta);
        put(to + 16, alpha, s2, beta);
        put(to + 24, alpha, s3, beta);
        put(to + 32, alpha, s4, beta);
        put(to + 40, alpha, s5, beta);
        put(to + 48, alpha, s6, beta);
        put(to + 56, alpha, s7, beta);
      }
    }
  }

  private static void put(long at, double alpha, double s, double beta) {
    Memory.set(at, beta == 0 ? alpha * s : fma(alpha, s, beta * get(at)));
  }
}

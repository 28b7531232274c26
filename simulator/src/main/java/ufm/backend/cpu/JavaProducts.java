package ufm.backend.cpu;

import static ufm.backend.cpu.Memory.get;
import static ufm.backend.cpu.Memory.set;

/** Products in plain Java: each element is one chain of fused multiply-adds over the inner index. */
final class JavaProducts implements Products {

  @Override
  public String description() {
    return "java";
  }

  @Override
  public void gemm(
      boolean transA, boolean transB, int m, int n, int k, double alpha, long a, int lda, long b, int ldb, double beta, long c, int ldc) {
    long rowA = transA ? 8L * lda : 8L;
    long stepA = transA ? 8L : 8L * lda;
    long stepB = transB ? 8L * ldb : 8L;
    long colB = transB ? 8L : 8L * ldb;
    for (int j = 0; j < n; j++) {
      for (int i = 0; i < m; i++) {
        double s = 0;
        for (int p = 0; p < k; p++) {
          s = Math.fma(get(a + i * rowA + p * stepA), get(b + p * stepB + j * colB), s);
        }
        long at = c + 8L * (i + (long) ldc * j);
        set(at, beta == 0 ? alpha * s : Math.fma(alpha, s, beta * get(at)));
      }
    }
  }
}

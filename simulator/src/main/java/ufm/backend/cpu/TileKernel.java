package ufm.backend.cpu;

/**
 * The innermost part of the Java product: a strip of rows of C times a few columns. Each element is one chain of fused multiply-adds in
 * the order of the inner index, so that its bits do not depend on how tiles are cut or how wide registers are.
 */
interface TileKernel {
  /** Rows of a strip; packed A holds strips of that many rows, inner index by inner index. */
  int ROWS = 8;

  /** Name for provenance. */
  String name();

  /**
   * {@code C_ij = alpha sum_p A_ip B_pj + (first ? beta C_ij : C_ij)} for the rows of {@code strips} strips and n columns.
   *
   * @param k inner length
   * @param packedA {@code A_ip} of strip t at {@code 8 (t k + p) + i}
   * @param b {@code B_pj} at {@code b + p stepB + j columnB} (bytes)
   * @param beta factor of C, not read where it is 0
   * @param c C of full strips
   * @param ldc leading dimension of C
   */
  void multiply(int strips, int n, int k, double alpha, long packedA, long b, long stepB, long columnB, double beta, long c, int ldc);
}

package ufm.backend.cpu;

/**
 * The innermost part of the Java product: sums for 16 rows and 4 columns. Each is one chain of fused multiply-adds in the order of the
 * inner index, so that its bits do not depend on how tiles are cut or how wide registers are.
 */
interface TileKernel {
  /** Rows of a strip; packed A holds strips of that many rows, inner index by inner index. */
  int ROWS = 8;
  /** Columns of a tile. */
  int COLUMNS = 4;

  /**
   * {@code sums_ij = sum_p A_ip B_pj}: 16 x 4, column-major.
   *
   * @param k inner length
   * @param a first strip, {@code A_ip} at {@code 8 p + i}
   * @param apart bytes from there to the second strip; 0 where there is none, whose sums then mean nothing
   * @param b {@code B_p0} at {@code b + p step}
   * @param b1 bytes from column 0 to column 1 of B
   * @param b2 to column 2
   * @param b3 to column 3; 0 for a column that is not there, whose sums then mean nothing
   * @param sums modified
   */
  void sums(int k, long a, long apart, long b, long step, long b1, long b2, long b3, long sums);

  /** {@code c_i = alpha sums_i + beta c_i} for n elements; with beta 0, c is not read. */
  void put(int n, double alpha, long sums, double beta, long c);
}

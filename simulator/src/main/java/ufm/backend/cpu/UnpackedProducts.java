package ufm.backend.cpu;

/**
 * Products of OpenBLAS cut into blocks that it computes from where the matrices lie. Its kernels for 512-bit registers have a second form
 * without packing, which it takes up to a million multiply-adds; on blocks that stay in cache that form is 1.2 to 1.4 times as fast as the
 * packed one on the whole product. Cut are products of two transposed matrices, which is how panels are multiplied.
 *
 * <p>The cut depends on the shape alone: blocks of the inner index are added in order.
 */
final class UnpackedProducts implements Products {
  /** Multiply-adds up to which the library does not pack. */
  static final long MOST = 1_000_000;

  private static final int INNER = 256;
  private static final int COLUMNS = 96;
  private static final long BLOCK = 32L * COLUMNS * INNER;
  private static final int DEEP = 4096;
  private static final long CACHED = 1 << 17;

  private final Products library;

  /**
   * @param library OpenBLAS on a processor for which {@link #fits}
   */
  UnpackedProducts(Products library) {
    this.library = library;
  }

  /** Whether OpenBLAS has these kernels on the core that its description ends with. */
  static boolean fits(String description) {
    return description.endsWith(" SkylakeX") || description.endsWith(" Cooperlake") || description.endsWith(" SapphireRapids");
  }

  @Override
  public boolean unpacked() {
    return true;
  }

  @Override
  public String description() {
    return library.description();
  }

  @Override
  public void gemm(
      boolean transA, boolean transB, int m, int n, int k, double alpha, long a, int lda, long b, int ldb, double beta, long c, int ldc) {
    if (!transA || !transB || (long) m * n * k <= MOST) {
      library.gemm(transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
      return;
    }
    int inner = part(k, INNER, 8);
    int columns = part(n, COLUMNS, 32);
    int rows = (int) Math.min(m, BLOCK / ((long) inner * columns) & -8);
    // Where C stays in cache and the factors do not, they are walked through once, a block of the inner index at a time. Same bits.
    boolean once = k >= DEEP && (long) m * n <= CACHED;
    int stretch = once ? inner : k;
    for (int from = 0; from < k; from += stretch) {
      int to = Math.min(k, from + stretch);
      for (int j = 0; j < n; j += columns) {
        int wide = Math.min(columns, n - j);
        for (int i = 0; i < m; i += rows) {
          int high = Math.min(rows, m - i);
          for (int p = from; p < to; p += inner) {
            library.gemm(
                true, true, high, wide, Math.min(inner, to - p), alpha, a + 8 * (p + (long) lda * i), lda, b + 8 * (j + (long) ldb * p), ldb,
                p == 0 ? beta : 1, c + 8 * (i + (long) ldc * j), ldc);
          }
        }
      }
    }
  }

  /** The length of nearly equal parts of n, of which none is longer than {@code most}: a multiple of {@code grain}. */
  private static int part(int n, int most, int grain) {
    int even = Math.ceilDiv(n, Math.ceilDiv(n, most));
    return Math.min(most, Math.ceilDiv(even, grain) * grain);
  }
}

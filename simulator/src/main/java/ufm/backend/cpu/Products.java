package ufm.backend.cpu;

/** Matrix products by address, column-major. Bits depend on the arguments alone. */
interface Products extends AutoCloseable {

  /** What runs, for the log and for provenance. */
  String description();

  /** {@code C = alpha op(A) op(B) + beta C}; with beta 0, C is not read. */
  void gemm(
      boolean transA, boolean transB, int m, int n, int k, double alpha, long a, int lda, long b, int ldb, double beta, long c, int ldc);

  /** Whether products of up to {@link UnpackedProducts#MOST} multiply-adds are computed from where the matrices lie. */
  default boolean unpacked() {
    return false;
  }

  /** Frees what it works with; a library stays loaded. */
  @Override
  default void close() {}
}

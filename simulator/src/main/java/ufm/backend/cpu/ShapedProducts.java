package ufm.backend.cpu;

/** Sends a product to the Java kernel or to the library, by shape alone: a call of the library costs more than a tiny product. */
final class ShapedProducts implements Products {
  /** Products of fewer multiply-adds stay in Java. */
  static final long TINY = 256;

  private final JavaProducts small;
  private final LibraryChoice choice;

  ShapedProducts(JavaProducts small, LibraryChoice choice) {
    this.small = small;
    this.choice = choice;
  }

  @Override
  public void gemm(
      boolean transA, boolean transB, int m, int n, int k, double alpha, long a, int lda, long b, int ldb, double beta, long c, int ldc) {
    Products library = (long) m * n * k < TINY ? null : choice.library();
    if (library == null) {
      small.gemm(transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    } else {
      library.gemm(transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    }
  }

  @Override
  public String description() {
    return choice.description();
  }

  @Override
  public boolean unpacked() {
    Products library = choice.library();
    return library != null && library.unpacked();
  }

  @Override
  public void close() {
    small.close();
  }
}

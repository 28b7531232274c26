package ufm.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A product cut into blocks is the product. */
class UnpackedProductsTest {

  /** Passes products on, counts them, and refuses those that the library would pack. */
  private static final class Counting implements Products {
    private final Products products = new JavaProducts(new KernelFamily(CpuOptions.Kernels.SCALAR));
    private int calls;

    @Override
    public String description() {
      return products.description();
    }

    @Override
    public void gemm(
        boolean transA, boolean transB, int m, int n, int k, double alpha, long a, int lda, long b, int ldb, double beta, long c, int ldc) {
      assertTrue((long) m * n * k <= UnpackedProducts.MOST, m + " x " + n + " x " + k + " in one piece");
      calls++;
      products.gemm(transA, transB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    }
  }

  /** Against sums in plain order, whose rounding is bounded; what lies between the columns of C stays as it is. */
  @ParameterizedTest
  @CsvSource({"33, 97, 513, 1.5, -0.5", "130, 101, 257, 1, 0", "1, 3000, 400, 2, 1", "2100, 1, 600, 1, 1", "40, 70, 4500, 1, 0.5", "100, 100, 100, 1, 0"})
  void blocksAddUpToTheProduct(int m, int n, int k, double alpha, double beta) {
    Random random = new Random(m + n + k);
    int lda = k + 3;
    int ldb = n + 1;
    int ldc = m + 2;
    Counting library = new Counting();
    Products products = new UnpackedProducts(library);
    try (Scratch memory = new Scratch()) {
      memory.reset((long) lda * m + (long) ldb * k + (long) ldc * n + 24);
      long a = numbers(memory, random, lda * m);
      long b = numbers(memory, random, ldb * k);
      long c = numbers(memory, random, ldc * n);
      double[] before = new double[ldc * n];
      for (int i = 0; i < before.length; i++) {
        before[i] = Memory.get(c + 8L * i);
      }
      products.gemm(true, true, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
      for (int j = 0; j < n; j++) {
        for (int i = 0; i < ldc; i++) {
          double expected = before[i + ldc * j];
          double size = 0;
          if (i < m) {
            expected *= beta;
            for (int p = 0; p < k; p++) {
              double term = alpha * Memory.get(a + 8L * (p + (long) lda * i)) * Memory.get(b + 8L * (j + (long) ldb * p));
              expected += term;
              size += Math.abs(term);
            }
          }
          assertEquals(expected, Memory.get(c + 8L * (i + (long) ldc * j)), 2 * (k + 2) * 0x1p-53 * (size + Math.abs(expected)), i + ", " + j);
        }
      }
    }
    assertEquals((long) m * n * k > UnpackedProducts.MOST, library.calls > 1, library.calls + " calls");
  }

  private static long numbers(Scratch memory, Random random, int n) {
    long at = memory.take(Memory.roundUp(n));
    for (int i = 0; i < n; i++) {
      Memory.set(at + 8L * i, random.nextGaussian());
    }
    return at;
  }
}

package ufm.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import ufm.backend.Backend;
import ufm.backend.BackendContract;

/** The contract, and the independence of threads, with waves of panels even where W is small. */
class CpuWavesTest extends BackendContract {
  private static Backend open(int threads) {
    return CpuBackend.create(new CpuOptions(threads, CpuOptions.Blas.AUTO, CpuOptions.Kernels.SCALAR), 1);
  }

  @Override
  protected Backend open() {
    return open(2);
  }

  /** The last shape takes several waves. */
  @Test
  void threadsDoNotMatter() {
    int[][] shapes = {{3, 2, 5}, {70, 33, 600}, {60, 40, 4700}};
    try (Backend one = open(1); Backend two = open(2); Backend five = open(5)) {
      long expected = CpuBitsTest.fingerprint(one, shapes, 1);
      assertEquals(expected, CpuBitsTest.fingerprint(two, shapes, 1));
      assertEquals(expected, CpuBitsTest.fingerprint(five, shapes, 1));
    }
  }
}

package ufm.backend.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A panel of logits that fits into the first-level cache, and the softmax kernel's exponentials of it, to measure how many a second the
 * backend makes. In this package because the kernel is private to it. Not safe for use by several threads.
 */
public final class ExponentialPanel implements AutoCloseable {
  private static final int ROWS = 128;
  private static final int CLASSES = 16;

  private final Arena arena = Arena.ofShared();
  private final ElementKernels kernels = new KernelFamily(kind()).elements();
  private final long z;
  private final long max;
  private final long sum;

  /** A panel whose entries stay between 0 and 1 when exponentials are taken again and again. */
  public ExponentialPanel() {
    MemorySegment panel = arena.allocate(8L * ROWS * (CLASSES + 2), 64);
    z = panel.address();
    max = z + 8L * ROWS * CLASSES;
    sum = max + 8L * ROWS;
    for (int i = 0; i < ROWS; i++) {
      panel.setAtIndex(ValueLayout.JAVA_DOUBLE, (long) ROWS * CLASSES + i, 1);
    }
  }

  private static CpuOptions.Kernels kind() {
    boolean vector = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    return vector ? CpuOptions.Kernels.VECTOR : CpuOptions.Kernels.SCALAR;
  }

  /** Exponentials of one {@link #take}. */
  public static int count() {
    return ROWS * CLASSES;
  }

  /** {@code z = exp(z - 1)} in all of the panel, with the sums of its rows. */
  public void take() {
    kernels.expSum(z, ROWS, ROWS, CLASSES, max, sum);
  }

  @Override
  public void close() {
    arena.close();
  }
}

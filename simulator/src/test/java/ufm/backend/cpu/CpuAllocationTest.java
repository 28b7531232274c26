package ufm.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ufm.backend.Backend;
import ufm.backend.ClassifierLayer;
import ufm.backend.ClassifierLayer.Kind;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.LayerCase;

/**
 * Calls allocate nothing on the Java heap, on no thread. Plain loops at once; the vector family once it is compiled, since only then do
 * vectors stay in registers.
 */
class CpuAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** This thread and the backend's workers. */
  private static long[] threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t == Thread.currentThread() || t.getName().startsWith("ufm-worker")).mapToLong(Thread::threadId).toArray();
  }

  private static long allocated(long[] ids) {
    long sum = 0;
    for (long id : ids) {
      sum += THREADS.getThreadAllocatedBytes(id);
    }
    return sum;
  }

  @Test
  void plainLoopsAllocateNothing() {
    callsAllocateNothing(CpuOptions.Kernels.SCALAR, Kind.SOFTMAX, 8);
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void compiledVectorKernelsAllocateNothing(Kind kind) {
    assumeTrue(ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(), "the Vector API's module is absent");
    callsAllocateNothing(CpuOptions.Kernels.VECTOR, kind, 400);
  }

  /** A small layer in several panels, one whose lanes are bundled, and one that is not small. */
  private static void callsAllocateNothing(CpuOptions.Kernels kernels, Kind kind, int rounds) {
    callsAllocateNothing(kernels, kind, rounds, 4, 4, 6, 1100);
    callsAllocateNothing(kernels, kind, rounds, 11, 4, 8, 20);
    callsAllocateNothing(kernels, kind, rounds, 3, 40, 9, 300);
  }

  private static void callsAllocateNothing(CpuOptions.Kernels kernels, Kind kind, int rounds, int count, int classes, int d, int columns) {
    try (Backend b = CpuBackend.create(new CpuOptions(2, CpuOptions.Blas.AUTO, kernels));
        LayerCase c = new LayerCase(b, count, 0, classes, d, columns, kind, 0, true, true, 1, 3)) {
      ClassifierLayer layer = c.layer();
      if (kind == Kind.FOCAL) {
        Arrays.fill(c.parameter, 2);
      }
      Lanes all = Lanes.all(count);
      Lanes one = Lanes.single(2);
      double[] f = new double[count];
      double[] t = new double[count];
      Arrays.fill(t, 0.1);
      try (LaneBuffer x = c.upload(c.x);
          LaneBuffer v = c.upload(c.v);
          LaneBuffer g = b.allocate(count, c.size());
          LaneBuffer store = b.allocate(count, b.curvatureLength(layer))) {
        long[] ids = threads();
        int calls = 50;
        long used = Long.MAX_VALUE;
        for (int round = 0; round < rounds && used > 1024; round++) {
          long before = allocated(ids);
          for (int i = 0; i < calls; i++) {
            for (int n = 0; n < 2; n++) {
              Lanes lanes = n == 0 ? all : one;
              b.fit(lanes, layer, x, f);
              b.fitGradient(lanes, layer, x, f, g);
              b.descend(lanes, layer, 2, t, t, t, false, x, v, g, f);
              b.curvature(lanes, layer, x, store);
              b.hessian(lanes, layer, x, store, v, g);
              b.dot(lanes, g, v, f);
              b.axpy(lanes, t, g, v);
              b.maxAbs(lanes, g, f);
            }
          }
          used = allocated(ids) - before;
        }
        assertTrue(ids.length > 1, "no worker to watch");
        assertTrue(used < 1024, classes + " classes: " + used + " bytes in " + calls + " rounds of 16 calls");
      }
    }
  }
}

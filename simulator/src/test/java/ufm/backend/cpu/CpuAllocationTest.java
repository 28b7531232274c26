package ufm.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
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

  private static void callsAllocateNothing(CpuOptions.Kernels kernels, Kind kind, int rounds) {
    try (Backend b = CpuBackend.create(new CpuOptions(2, CpuOptions.Blas.AUTO, kernels));
        LayerCase c = new LayerCase(b, 4, 0, 4, 6, 1100, kind, kind == Kind.FOCAL ? 2 : 0, true, true, 1, 3)) {
      ClassifierLayer layer = c.layer();
      Lanes all = Lanes.all(4);
      Lanes one = Lanes.single(2);
      double[] f = new double[4];
      double[] t = {0.1, 0.1, 0.1, 0.1};
      try (LaneBuffer x = c.upload(c.x);
          LaneBuffer v = c.upload(c.v);
          LaneBuffer g = b.allocate(4, c.size());
          LaneBuffer store = b.allocate(4, b.curvatureLength(layer))) {
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
        assertTrue(used < 1024, used + " bytes in " + calls + " rounds of 16 calls");
      }
    }
  }
}

package ufm.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;

/** Evaluations allocate nothing: neither the thread that calls them nor the backend's own. */
class AllocationTest {
  private static final com.sun.management.ThreadMXBean THREADS =
      (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static final int ROUNDS = 100;

  private static OneLayer model(int threads) {
    OneLayer model = new OneLayer();
    model.shape = "10x16x10";
    model.lanes = 3;
    model.threads = threads;
    model.open();
    return model;
  }

  /** Bytes per call, the smallest of several measurements, so that what the JVM itself allocates now and then does not count. */
  private static double bytes(int calls, Runnable before, Runnable measured) {
    double least = Double.POSITIVE_INFINITY;
    for (int round = 0; round < ROUNDS; round++) {
      before.run();
      long start = THREADS.getTotalThreadAllocatedBytes();
      measured.run();
      least = Math.min(least, (THREADS.getTotalThreadAllocatedBytes() - start) / (double) calls);
    }
    return least;
  }

  @Test
  void anEvaluationAllocatesNothing() {
    for (int threads : new int[] {1, 2}) {
      OneLayer model = model(threads);
      double[] value = new double[model.lanes];
      LaneBuffer gradient = model.backend().allocate(model.lanes, model.start().length());
      Lanes all = model.all();
      double bytes =
          bytes(
              StepLoop.ROUNDS,
              () -> {},
              () -> {
                for (int i = 0; i < StepLoop.ROUNDS; i++) {
                  model.objective().valueGradient(all, model.start(), value, gradient);
                }
              });
      assertEquals(0.0, bytes, "bytes per evaluation with " + threads + " threads");
      gradient.close();
      model.close();
    }
  }
}

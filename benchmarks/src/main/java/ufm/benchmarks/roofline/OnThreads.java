package ufm.benchmarks.roofline;

import java.util.function.IntConsumer;

/** The same on several threads, each with its own data; it lasts until the last is through. */
final class OnThreads {
  private OnThreads() {}

  /** Runs {@code part} with 0 .. threads-1, the first on the caller's thread. */
  static void run(int threads, IntConsumer part) {
    Thread[] others = new Thread[threads - 1];
    for (int t = 1; t < threads; t++) {
      int number = t;
      others[t - 1] = Thread.ofPlatform().daemon().start(() -> part.accept(number));
    }
    part.accept(0);
    for (Thread t : others) {
      try {
        t.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while a rate was measured", e);
      }
    }
  }
}

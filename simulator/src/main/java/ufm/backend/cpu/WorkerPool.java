package ufm.backend.cpu;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs the items of a region on the calling thread and on daemon threads that wait for it: they spin briefly, since the next region
 * usually follows at once, then park. What an item computes must not depend on who runs it. Nothing is allocated per region.
 */
final class WorkerPool implements AutoCloseable {
  /** Work that is cut into independent items. */
  interface Region {
    /**
     * @param item number of the item
     * @param worker number of the thread, 0 being the caller: which scratch to use
     */
    void run(int item, int worker);
  }

  /** Regions of fewer nanoseconds stay on the calling thread. */
  private static final double SMALL = 30_000;
  /** Nanoseconds of work that are claimed at once. */
  private static final double GRAIN = 10_000;
  private static final int SPINS = 4_000;

  private final Thread[] threads;
  /** High half: number of the region; low half: blocks that nobody has claimed. Claiming is one compare-and-set on both. */
  private final AtomicLong ticket = new AtomicLong();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger parked = new AtomicInteger();
  private volatile Throwable failure;
  private volatile boolean closed;
  private Region region;
  private int items;
  private int block;

  WorkerPool(int count) {
    threads = new Thread[count - 1];
    for (int i = 0; i < threads.length; i++) {
      int worker = i + 1;
      threads[i] = new Thread(() -> serve(worker), "ufm-worker-" + worker);
      threads[i].setDaemon(true);
      threads[i].start();
    }
  }

  /** Threads, the caller included. */
  int size() {
    return threads.length + 1;
  }

  /**
   * Runs items {@code 0 .. items-1} and returns when all are done.
   *
   * @param nanoseconds rough estimate of one item's time
   */
  void run(Region region, int items, double nanoseconds) {
    if (threads.length == 0 || items < 2 || items * nanoseconds < SMALL) {
      for (int i = 0; i < items; i++) {
        region.run(i, 0);
      }
      return;
    }
    this.region = region;
    this.items = items;
    block = (int) Math.clamp(GRAIN / nanoseconds, 1, Math.ceilDiv(items, 2 * size()));
    int blocks = Math.ceilDiv(items, block);
    open.set(blocks);
    ticket.set(((ticket.get() >>> 32) + 1) << 32 | blocks);
    if (parked.get() > 0) {
      for (Thread t : threads) {
        LockSupport.unpark(t);
      }
    }
    work(0);
    for (int spins = 0; open.get() > 0; spins++) {
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        // Somebody else may hold the processor that a worker needs.
        Thread.yield();
      }
    }
    this.region = null;
    if (failure != null) {
      Throwable t = failure;
      failure = null;
      throw t instanceof RuntimeException e ? e : new IllegalStateException(t);
    }
  }

  /** Claims and runs blocks until none is left. */
  private void work(int worker) {
    for (long t = ticket.get(); (int) t > 0; t = ticket.get()) {
      // Whoever claims a block of this region holds the region open, so what is read here cannot be of another one.
      Region r = region;
      int all = items;
      int size = block;
      if (ticket.compareAndSet(t, t - 1)) {
        int first = ((int) t - 1) * size;
        try {
          for (int i = first; i < Math.min(all, first + size); i++) {
            r.run(i, worker);
          }
        } catch (Throwable e) {
          failure = e;
        } finally {
          open.decrementAndGet();
        }
      }
    }
  }

  private void serve(int worker) {
    int idle = 0;
    while (!closed) {
      if ((int) ticket.get() > 0) {
        work(worker);
        idle = 0;
      } else if (idle++ < SPINS) {
        Thread.onSpinWait();
      } else {
        parked.incrementAndGet();
        if ((int) ticket.get() == 0 && !closed) {
          LockSupport.park(this);
        }
        parked.decrementAndGet();
        idle = 0;
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    for (Thread t : threads) {
      LockSupport.unpark(t);
    }
  }
}

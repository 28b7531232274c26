package ufm.backend.cpu;

import ufm.backend.Lanes;

/**
 * The two-loop recursion of limited-memory BFGS (Nocedal and Wright, algorithm 7.4) in every active lane. Threads share the lanes, or the
 * chunks of one long lane after the other; the sums of chunks are added in chunk order either way.
 *
 * <p>The recursion is cut into stages between which a sum over all elements is needed. A stage takes up the sum before it and forms the
 * terms of the next one in the same pass over a chunk, so that each stored vector is read twice and the direction passes through memory
 * {@code 2k + 1} times for k pairs.
 */
final class LbfgsOperation implements WorkerPool.Region {
  private static final int CHUNK = VectorOperation.CHUNK;

  /** A lane on its way through the stages. */
  private static final class Progress {
    double[] alpha = new double[0];
    double[] partial = new double[0];
    double[] norm = new double[0];
    int lane;
    int stage;
    /** What the next stage adds its vector with. */
    double factor;
    /** The initial matrix. */
    double scale;
  }

  private final WorkerPool pool;
  private final Progress[] progress;
  private ElementKernels kernels;
  private Lanes lanes;
  private int memory;
  private int[] newest;
  private int[] stored;
  private CpuBuffer pairs;
  private double[] rho;
  private CpuBuffer g;
  private CpuBuffer out;
  private int chunks;
  private boolean byChunk;

  LbfgsOperation(WorkerPool pool) {
    this.pool = pool;
    progress = new Progress[pool.size()];
    for (int i = 0; i < progress.length; i++) {
      progress[i] = new Progress();
    }
  }

  /** See {@link ufm.backend.Backend#lbfgsDirection}. */
  void run(
      ElementKernels kernels, Lanes lanes, int memory, int[] newest, int[] stored, CpuBuffer pairs, double[] rho, CpuBuffer g,
      CpuBuffer out) {
    this.kernels = kernels;
    this.lanes = lanes;
    this.memory = memory;
    this.newest = newest;
    this.stored = stored;
    this.pairs = pairs;
    this.rho = rho;
    this.g = g;
    this.out = out;
    chunks = Math.max(1, Math.toIntExact(Math.ceilDiv(g.length(), (long) CHUNK)));
    byChunk = chunks > 1 && lanes.count() < pool.size();
    for (Progress p : progress) {
      if (p.alpha.length < memory) {
        p.alpha = new double[memory];
      }
      if (p.partial.length < chunks) {
        p.partial = new double[chunks];
        p.norm = new double[chunks];
      }
    }
    if (!byChunk) {
      pool.run(this, lanes.count(), 100 + 0.4 * memory * g.length());
      return;
    }
    Progress p = progress[0];
    for (int i = 0; i < lanes.count(); i++) {
      p.lane = lanes.at(i);
      for (p.stage = 0; p.stage <= 2 * stored[p.lane]; p.stage++) {
        pool.run(this, chunks, 0.4 * CHUNK);
        sum(p);
      }
    }
  }

  @Override
  public void run(int item, int worker) {
    if (byChunk) {
      chunk(progress[0], item);
      return;
    }
    Progress p = progress[worker];
    p.lane = lanes.at(item);
    for (p.stage = 0; p.stage <= 2 * stored[p.lane]; p.stage++) {
      for (int c = 0; c < chunks; c++) {
        chunk(p, c);
      }
      sum(p);
    }
  }

  /** Slot of the pair that is {@code age} steps old. */
  private int slot(int lane, int age) {
    return Math.floorMod(newest[lane] - age, memory);
  }

  /**
   * One stage on one chunk. With k pairs, stages 1 .. k take the pairs from the newest to the oldest, stages k+1 .. 2k back again.
   */
  private void chunk(Progress p, int c) {
    long from = (long) c * CHUNK;
    long n = Math.min(CHUNK, g.length() - from);
    long q = out.address(p.lane, from, n);
    int k = stored[p.lane];
    if (p.stage == 0) {
      long gradient = g.address(p.lane, from, n);
      kernels.combine(-1, gradient, -0.0, gradient, q, n);
      if (k > 0) {
        p.partial[c] = kernels.dot(s(p.lane, 0, from, n), q, n);
        long y = y(p.lane, 0, from, n);
        p.norm[c] = kernels.dot(y, y, n);
      }
    } else if (p.stage <= k) {
      long y = y(p.lane, p.stage - 1, from, n);
      kernels.axpy(p.factor, y, q, n);
      if (p.stage == k) {
        kernels.scale(p.scale, q, n);
      }
      p.partial[c] = kernels.dot(p.stage < k ? s(p.lane, p.stage, from, n) : y, q, n);
    } else {
      int age = 2 * k - p.stage;
      kernels.axpy(p.factor, s(p.lane, age, from, n), q, n);
      if (age > 0) {
        p.partial[c] = kernels.dot(y(p.lane, age - 1, from, n), q, n);
      }
    }
  }

  private long s(int lane, int age, long from, long n) {
    return pairs.address(lane, slot(lane, age) * g.length() + from, n);
  }

  private long y(int lane, int age, long from, long n) {
    return pairs.address(lane, (memory + slot(lane, age)) * g.length() + from, n);
  }

  /** What follows from the sums of a stage. */
  private void sum(Progress p) {
    int k = stored[p.lane];
    if (p.stage < k) {
      p.alpha[p.stage] = rho(p.lane, p.stage) * total(p.partial);
      p.factor = -p.alpha[p.stage];
      if (p.stage == 0) {
        p.scale = 1 / (rho(p.lane, 0) * total(p.norm));
      }
    } else if (p.stage < 2 * k) {
      int age = 2 * k - 1 - p.stage;
      p.factor = p.alpha[age] - rho(p.lane, age) * total(p.partial);
    }
  }

  private double rho(int lane, int age) {
    return rho[lane * memory + slot(lane, age)];
  }

  private double total(double[] terms) {
    double sum = terms[0];
    for (int c = 1; c < chunks; c++) {
      sum += terms[c];
    }
    return sum;
  }
}

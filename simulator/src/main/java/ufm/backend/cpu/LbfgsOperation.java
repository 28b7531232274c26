package ufm.backend.cpu;

import ufm.backend.Lanes;

/**
 * The two-loop recursion of limited-memory BFGS (Nocedal and Wright, algorithm 7.4) in every active lane; threads share the lanes. A lane
 * is worked on by one thread, so its sums have one order.
 */
final class LbfgsOperation implements WorkerPool.Region {
  private final WorkerPool pool;
  private double[][] alpha;
  private ElementKernels kernels;
  private Lanes lanes;
  private int memory;
  private int[] newest;
  private int[] stored;
  private CpuBuffer pairs;
  private double[] rho;
  private CpuBuffer g;
  private CpuBuffer out;

  LbfgsOperation(WorkerPool pool) {
    this.pool = pool;
    alpha = new double[pool.size()][0];
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
    if (alpha[0].length < memory) {
      alpha = new double[pool.size()][memory];
    }
    pool.run(this, lanes.count(), 100 + 0.4 * memory * g.length());
  }

  @Override
  public void run(int item, int worker) {
    int l = lanes.at(item);
    long n = g.length();
    long q = out.address(l, 0, n);
    long s = pairs.address(l, 0, 2 * memory * n);
    long y = s + 8 * memory * n;
    double[] a = alpha[worker];
    kernels.combine(-1, g.address(l, 0, n), -0.0, g.address(l, 0, n), q, n);
    for (int t = 0; t < stored[l]; t++) {
      int j = Math.floorMod(newest[l] - t, memory);
      a[j] = rho[l * memory + j] * kernels.dot(s + 8 * j * n, q, n);
      kernels.axpy(-a[j], y + 8 * j * n, q, n);
    }
    if (stored[l] > 0) {
      long last = y + 8 * newest[l] * n;
      kernels.scale(1 / (rho[l * memory + newest[l]] * kernels.dot(last, last, n)), q, n);
    }
    for (int t = stored[l] - 1; t >= 0; t--) {
      int j = Math.floorMod(newest[l] - t, memory);
      kernels.axpy(a[j] - rho[l * memory + j] * kernels.dot(y + 8 * j * n, q, n), s + 8 * j * n, q, n);
    }
  }
}

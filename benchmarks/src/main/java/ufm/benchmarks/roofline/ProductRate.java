package ufm.benchmarks.roofline;

import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.cpu.CpuBackend;
import ufm.backend.cpu.CpuOptions;

/** Matrix products {@code C = A B} through the backend, one on each thread: m x k times k x n, {@code 2 m n k} operations each. */
public final class ProductRate implements Rate {
  private final int m;
  private final int n;
  private final int k;
  private final int repeats;
  private final Backend backend;
  private final LaneBuffer a;
  private final LaneBuffer b;
  private final LaneBuffer c;
  private final Lanes lanes;

  /** Products of one shape. */
  public ProductRate(int threads, int m, int n, int k) {
    this.m = m;
    this.n = n;
    this.k = k;
    backend = CpuBackend.create(CpuOptions.defaults().withThreads(threads));
    lanes = Lanes.all(threads);
    a = filled((long) m * k);
    b = filled((long) k * n);
    c = backend.allocate(threads, (long) m * n);
    repeats = (int) Math.ceil(2e8 / (2.0 * m * n * k));
  }

  private LaneBuffer filled(long length) {
    LaneBuffer x = backend.allocate(lanes.count(), length);
    backend.fill(lanes, 0.5, x);
    return x;
  }

  @Override
  public void run() {
    for (int i = 0; i < repeats; i++) {
      backend.gemm(lanes, false, false, m, n, k, 1, a, 0, m, b, 0, k, 0, c, 0, m);
    }
  }

  @Override
  public double amount() {
    return 2.0 * m * n * k * lanes.count() * repeats;
  }

  @Override
  public void close() {
    c.close();
    b.close();
    a.close();
    backend.close();
  }
}

package ufm.backend.cpu;

import ufm.backend.Lanes;

/** One matrix product in every active lane; threads share the lanes. One object is filled in and reused for every call. */
final class ProductOperation implements WorkerPool.Region {
  private final WorkerPool pool;
  private final PanelWorker[] workers;
  private Lanes lanes;
  private boolean transA;
  private boolean transB;
  private int m;
  private int n;
  private int k;
  private double alpha;
  private double beta;
  private CpuBuffer a;
  private CpuBuffer b;
  private CpuBuffer c;
  private long offsetA;
  private long offsetB;
  private long offsetC;
  private int lda;
  private int ldb;
  private int ldc;

  ProductOperation(WorkerPool pool, PanelWorker[] workers) {
    this.pool = pool;
    this.workers = workers;
  }

  /** See {@link ufm.backend.Backend#gemm}. */
  void run(
      Lanes lanes, boolean transA, boolean transB, int m, int n, int k, double alpha, CpuBuffer a, long offsetA, int lda, CpuBuffer b,
      long offsetB, int ldb, double beta, CpuBuffer c, long offsetC, int ldc) {
    this.lanes = lanes;
    this.transA = transA;
    this.transB = transB;
    this.m = m;
    this.n = n;
    this.k = k;
    this.alpha = alpha;
    this.a = a;
    this.offsetA = offsetA;
    this.lda = lda;
    this.b = b;
    this.offsetB = offsetB;
    this.ldb = ldb;
    this.beta = beta;
    this.c = c;
    this.offsetC = offsetC;
    this.ldc = ldc;
    pool.run(this, lanes.count(), 100 + 0.04 * m * n * k);
  }

  @Override
  public void run(int item, int worker) {
    int l = lanes.at(item);
    workers[worker].products().gemm(
        transA, transB, m, n, k, alpha, a.address(l, offsetA, transA ? span(k, m, lda) : span(m, k, lda)), lda,
        b.address(l, offsetB, transB ? span(n, k, ldb) : span(k, n, ldb)), ldb, beta, c.address(l, offsetC, span(m, n, ldc)), ldc);
  }

  private static long span(int rows, int cols, int ld) {
    if (rows > ld) {
      throw new IllegalArgumentException("leading dimension " + ld + " of a matrix with " + rows + " rows");
    }
    return rows == 0 || cols == 0 ? 0 : (long) ld * (cols - 1) + rows;
  }
}

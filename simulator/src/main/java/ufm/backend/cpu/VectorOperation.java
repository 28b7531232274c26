package ufm.backend.cpu;

import java.lang.foreign.MemorySegment;
import ufm.backend.Lanes;

/**
 * One elementwise operation on the active lanes, cut into chunks of elements that are fixed by the length alone; the sums of chunks are
 * added in chunk order. One object is filled in and reused for every call.
 */
final class VectorOperation implements WorkerPool.Region {
  /** What is done. */
  enum Code {
    FILL, COPY, SCALE, AXPY, COMBINE, MULTIPLY, DOT, DISTANCE2, MAX_ABS, MOMENTUM, ADAM, CLAMP, FREE_MASK
  }

  /** Elements of a chunk, a multiple of 16. */
  static final int CHUNK = 16384;

  private final WorkerPool pool;
  private ElementKernels kernels;
  private Code code;
  private Lanes lanes;
  private int chunks;
  private long offset;
  private long count;
  private double[] partial = new double[16];

  /** Operands; which are used depends on the code. */
  CpuBuffer x;

  CpuBuffer y;
  CpuBuffer z;
  CpuBuffer w;
  double[] alpha;
  double[] beta;
  double[] gamma;
  double value;
  double value1;
  double value2;
  boolean flag;
  long[] targetOffset;

  VectorOperation(WorkerPool pool) {
    this.pool = pool;
  }

  /** Runs the operation on elements {@code offset .. offset+count-1} of the operands. */
  void run(ElementKernels kernels, Code code, Lanes lanes, long offset, long count) {
    this.kernels = kernels;
    this.code = code;
    this.lanes = lanes;
    this.offset = offset;
    this.count = count;
    chunks = Math.max(1, Math.toIntExact(Math.ceilDiv(count, (long) CHUNK)));
    if (partial.length < chunks * lanes.count()) {
      partial = new double[2 * chunks * lanes.count()];
    }
    pool.run(this, chunks * lanes.count(), 20 + 0.3 * Math.min(count, CHUNK));
  }

  /** The sums of the lanes after {@link Code#DOT} or {@link Code#DISTANCE2}; out modified. */
  void sums(double[] out) {
    for (int i = 0; i < lanes.count(); i++) {
      double s = partial[i * chunks];
      for (int c = 1; c < chunks; c++) {
        s += partial[i * chunks + c];
      }
      out[lanes.at(i)] = s;
    }
  }

  /** The largest of each lane after {@link Code#MAX_ABS}, NaN if a chunk had one; out modified. */
  void maxima(double[] out) {
    for (int i = 0; i < lanes.count(); i++) {
      double m = 0;
      for (int c = 0; c < chunks; c++) {
        m = Math.max(m, partial[i * chunks + c]);
      }
      out[lanes.at(i)] = m;
    }
  }

  @Override
  public void run(int item, int worker) {
    int l = lanes.at(item / chunks);
    long start = (long) (item % chunks) * CHUNK;
    long n = Math.min(CHUNK, count - start);
    long ax = x.address(l, offset + start, n);
    switch (code) {
      case FILL -> kernels.fill(value, ax, n);
      case COPY -> {
        long to = targetOffset == null ? y.address(l, offset + start, n) : y.address(l, targetOffset[l] + start, n);
        MemorySegment.copy(Memory.ALL, ax, Memory.ALL, to, 8 * n);
      }
      case SCALE -> kernels.scale(alpha[l], ax, n);
      case AXPY -> kernels.axpy(alpha[l], ax, y.address(l, offset + start, n), n);
      case COMBINE -> kernels.combine(alpha[l], ax, beta[l], y.address(l, offset + start, n), z.address(l, offset + start, n), n);
      case MULTIPLY -> kernels.multiply(ax, y.address(l, offset + start, n), z.address(l, offset + start, n), n);
      case DOT -> partial[item] = kernels.dot(ax, y.address(l, offset + start, n), n);
      case DISTANCE2 -> partial[item] = kernels.distance2(ax, alpha[l], y.address(l, offset + start, n), n);
      case MAX_ABS -> partial[item] = kernels.maxAbs(ax, n);
      case MOMENTUM -> kernels.momentum(
          alpha[l], beta[l], gamma[l], flag, ax, y.address(l, offset + start, n), z.address(l, offset + start, n), n);
      case ADAM -> kernels.adam(
          value, value1, value2, alpha[l], beta[l], gamma[l], ax, y.address(l, offset + start, n), z.address(l, offset + start, n),
          w.address(l, offset + start, n), n);
      case CLAMP -> kernels.clamp(ax, n);
      case FREE_MASK -> kernels.freeMask(ax, y.address(l, offset + start, n), alpha[l], z.address(l, offset + start, n), n);
    }
  }
}

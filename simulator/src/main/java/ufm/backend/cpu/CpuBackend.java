package ufm.backend.cpu;

import java.util.Map;
import java.util.TreeMap;
import ufm.backend.Backend;
import ufm.backend.ClassifierLayer;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.cpu.VectorOperation.Code;

/**
 * The backend of the processor, float64.
 *
 * <p>For given inputs the bits depend on the shapes, on the library of matrix products and on nothing else: neither on the number of
 * threads, nor on the other lanes, nor on the kernel family or the width of the vector registers.
 */
public final class CpuBackend implements Backend {
  private final SpareMemory spare = new SpareMemory();
  private final KernelFamily family;
  private final LibraryChoice choice;
  private final WorkerPool pool;
  private final PanelWorker[] workers;
  private final VectorOperation vector;
  private final LayerOperation layers;
  private final ProductOperation product;
  private final LbfgsOperation lbfgs;
  private boolean closed;

  private CpuBackend(CpuOptions options, long waves) {
    family = new KernelFamily(options.kernels());
    choice = new LibraryChoice(options.blas(), "java");
    workers = new PanelWorker[options.threads()];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new PanelWorker(new ShapedProducts(new JavaProducts(family), choice));
    }
    pool = new WorkerPool(options.threads());
    vector = new VectorOperation(pool);
    layers = new LayerOperation(pool, workers, new SmallOperation(pool, family), waves);
    product = new ProductOperation(pool, workers);
    lbfgs = new LbfgsOperation(pool);
  }

  /** All cores, the best implementations that are there. */
  public static CpuBackend create() {
    return create(CpuOptions.defaults());
  }

  /**
   * A backend with the given choices.
   *
   * @throws IllegalStateException if something is demanded that is not there
   */
  public static CpuBackend create(CpuOptions options) {
    return new CpuBackend(options, WaveOperation.LARGE);
  }

  /** For tests: with waves from that many elements of W on. */
  static CpuBackend create(CpuOptions options, long waves) {
    return new CpuBackend(options, waves);
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public String description() {
    return "cpu, " + pool.size() + (pool.size() == 1 ? " thread" : " threads") + ", kernels: " + family.description() + ", products: "
        + choice.description();
  }

  @Override
  public Map<String, String> provenance() {
    Map<String, String> p = new TreeMap<>();
    p.put("backend", name());
    p.put("kernels", family.description());
    p.put("products", choice.java());
    if (choice.loaded() != null) {
      p.put("blas", choice.loaded());
    }
    p.put("java", System.getProperty("java.vm.version"));
    return p;
  }

  @Override
  public LaneBuffer allocate(int lanes, long length) {
    return new CpuBuffer(lanes, length, spare);
  }

  @Override
  public void write(LaneBuffer dst, int lane, long offset, double[] src, int from, int count) {
    long to = CpuBuffer.of(dst).address(lane, offset, count);
    for (int i = 0; i < count; i++) {
      Memory.set(to + 8L * i, src[from + i]);
    }
  }

  @Override
  public void read(LaneBuffer src, int lane, long offset, double[] dst, int from, int count) {
    long at = CpuBuffer.of(src).address(lane, offset, count);
    for (int i = 0; i < count; i++) {
      dst[from + i] = Memory.get(at + 8L * i);
    }
  }

  @Override
  public void fill(Lanes lanes, double value, LaneBuffer x) {
    vector.x = CpuBuffer.of(x);
    vector.value = value;
    vector.run(kernels(), Code.FILL, lanes, 0, x.length());
  }

  @Override
  public void copy(Lanes lanes, LaneBuffer src, LaneBuffer dst) {
    vector.x = CpuBuffer.of(src);
    vector.y = CpuBuffer.of(dst);
    vector.targetOffset = null;
    vector.run(kernels(), Code.COPY, lanes, 0, same(src, dst));
  }

  @Override
  public void scale(Lanes lanes, double[] alpha, LaneBuffer x) {
    vector.x = CpuBuffer.of(x);
    vector.alpha = alpha;
    vector.run(kernels(), Code.SCALE, lanes, 0, x.length());
  }

  @Override
  public void axpy(Lanes lanes, double[] alpha, LaneBuffer x, LaneBuffer y) {
    vector.x = CpuBuffer.of(x);
    vector.y = CpuBuffer.of(y);
    vector.alpha = alpha;
    vector.run(kernels(), Code.AXPY, lanes, 0, same(x, y));
  }

  @Override
  public void combine(Lanes lanes, double[] alpha, LaneBuffer x, double[] beta, LaneBuffer y, LaneBuffer out) {
    vector.x = CpuBuffer.of(x);
    vector.y = CpuBuffer.of(y);
    vector.z = CpuBuffer.of(out);
    vector.alpha = alpha;
    vector.beta = beta;
    same(x, y);
    vector.run(kernels(), Code.COMBINE, lanes, 0, same(x, out));
  }

  @Override
  public void multiply(Lanes lanes, LaneBuffer x, LaneBuffer y, LaneBuffer out) {
    vector.x = CpuBuffer.of(x);
    vector.y = CpuBuffer.of(y);
    vector.z = CpuBuffer.of(out);
    same(x, y);
    vector.run(kernels(), Code.MULTIPLY, lanes, 0, same(x, out));
  }

  @Override
  public void dot(Lanes lanes, LaneBuffer x, LaneBuffer y, long offset, long count, double[] out) {
    vector.x = CpuBuffer.of(x);
    vector.y = CpuBuffer.of(y);
    vector.run(kernels(), Code.DOT, lanes, offset, count);
    vector.sums(out);
  }

  @Override
  public void distance2(Lanes lanes, LaneBuffer x, double[] alpha, LaneBuffer y, long offset, long count, double[] out) {
    vector.x = CpuBuffer.of(x);
    vector.y = CpuBuffer.of(y);
    vector.alpha = alpha;
    vector.run(kernels(), Code.DISTANCE2, lanes, offset, count);
    vector.sums(out);
  }

  @Override
  public void maxAbs(Lanes lanes, LaneBuffer x, double[] out) {
    vector.x = CpuBuffer.of(x);
    vector.run(kernels(), Code.MAX_ABS, lanes, 0, x.length());
    vector.maxima(out);
  }

  @Override
  public void gemm(
      Lanes lanes, boolean transA, boolean transB, int m, int n, int k, double alpha, LaneBuffer a, long aOffset, int lda, LaneBuffer b,
      long bOffset, int ldb, double beta, LaneBuffer c, long cOffset, int ldc) {
    checkOpen();
    product.run(
        lanes, transA, transB, m, n, k, alpha, CpuBuffer.of(a), aOffset, lda, CpuBuffer.of(b), bOffset, ldb, beta, CpuBuffer.of(c), cOffset,
        ldc);
  }

  @Override
  public void fit(Lanes lanes, ClassifierLayer layer, LaneBuffer x, double[] fit) {
    layers.run(kernels(), LayerCall.Code.FIT, lanes, layer, of(layer, x), fit, null, null, null);
  }

  @Override
  public void fitGradient(Lanes lanes, ClassifierLayer layer, LaneBuffer x, double[] fit, LaneBuffer gradient) {
    layers.run(kernels(), LayerCall.Code.GRADIENT, lanes, layer, of(layer, x), fit, of(layer, gradient), null, null);
  }

  @Override
  public void logitGradient(Lanes lanes, ClassifierLayer layer, LaneBuffer x, LaneBuffer out) {
    layers.run(kernels(), LayerCall.Code.LOGIT_GRADIENT, lanes, layer, of(layer, x), null, CpuBuffer.of(out), null, null);
  }

  @Override
  public long curvatureLength(ClassifierLayer layer) {
    return PanelWorker.curvatureLength(layer);
  }

  @Override
  public void curvature(Lanes lanes, ClassifierLayer layer, LaneBuffer x, LaneBuffer curvature) {
    layers.run(kernels(), LayerCall.Code.CURVATURE, lanes, layer, of(layer, x), null, null, CpuBuffer.of(curvature), null);
  }

  @Override
  public void hessian(Lanes lanes, ClassifierLayer layer, LaneBuffer x, LaneBuffer curvature, LaneBuffer v, LaneBuffer out) {
    layers.run(
        kernels(), LayerCall.Code.HESSIAN, lanes, layer, of(layer, x), null, of(layer, out), CpuBuffer.of(curvature),
        of(layer, v));
  }

  @Override
  public void momentumStep(Lanes lanes, double[] mu, double[] damp, double[] eta, boolean nesterov, LaneBuffer g, LaneBuffer v, LaneBuffer x) {
    vector.x = CpuBuffer.of(g);
    vector.y = CpuBuffer.of(v);
    vector.z = CpuBuffer.of(x);
    vector.alpha = mu;
    vector.beta = damp;
    vector.gamma = eta;
    vector.flag = nesterov;
    same(g, v);
    vector.run(kernels(), Code.MOMENTUM, lanes, 0, same(g, x));
  }

  @Override
  public void descend(
      Lanes lanes, ClassifierLayer layer, int steps, double[] mu, double[] damp, double[] eta, boolean nesterov, LaneBuffer x, LaneBuffer v,
      LaneBuffer gradient, double[] check) {
    layers.descend(kernels(), lanes, layer, steps, mu, damp, eta, nesterov, of(layer, x), v == null ? null : of(layer, v), of(layer, gradient),
        check);
  }

  @Override
  public void adamStep(
      Lanes lanes, double beta1, double beta2, double epsilon, double[] eta, double[] c1, double[] c2, LaneBuffer g, LaneBuffer m,
      LaneBuffer s, LaneBuffer x) {
    vector.x = CpuBuffer.of(g);
    vector.y = CpuBuffer.of(m);
    vector.z = CpuBuffer.of(s);
    vector.w = CpuBuffer.of(x);
    vector.value = beta1;
    vector.value1 = beta2;
    vector.value2 = epsilon;
    vector.alpha = eta;
    vector.beta = c1;
    vector.gamma = c2;
    same(g, m);
    same(g, s);
    vector.run(kernels(), Code.ADAM, lanes, 0, same(g, x));
  }

  @Override
  public void lbfgsDirection(
      Lanes lanes, int memory, int[] newest, int[] stored, LaneBuffer pairs, double[] rho, LaneBuffer g, LaneBuffer out) {
    same(g, out);
    lbfgs.run(
        kernels(), lanes, memory, newest, stored, CpuBuffer.of(pairs), rho, CpuBuffer.of(g), CpuBuffer.of(out));
  }

  @Override
  public void store(Lanes lanes, LaneBuffer x, long[] offset, LaneBuffer dst) {
    vector.x = CpuBuffer.of(x);
    vector.y = CpuBuffer.of(dst);
    vector.targetOffset = offset;
    vector.run(kernels(), Code.COPY, lanes, 0, x.length());
  }

  @Override
  public void clampNonNegative(Lanes lanes, LaneBuffer x, long offset, long count) {
    vector.x = CpuBuffer.of(x);
    vector.run(kernels(), Code.CLAMP, lanes, offset, count);
  }

  @Override
  public void freeMask(Lanes lanes, LaneBuffer x, LaneBuffer g, double[] tolerance, long offset, long count, LaneBuffer mask) {
    same(x, g);
    same(x, mask);
    fill(lanes, 1, mask);
    vector.x = CpuBuffer.of(x);
    vector.y = CpuBuffer.of(g);
    vector.z = CpuBuffer.of(mask);
    vector.alpha = tolerance;
    vector.run(kernels(), Code.FREE_MASK, lanes, offset, count);
  }

  /** Kernels of the next operation, after checking that there may be one. */
  private ElementKernels kernels() {
    checkOpen();
    return family.elements();
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("the backend has been closed");
    }
  }

  private static long same(LaneBuffer a, LaneBuffer b) {
    if (a.length() != b.length()) {
      throw new IllegalArgumentException("buffers of lengths " + a.length() + " and " + b.length() + " where equal ones are needed");
    }
    return a.length();
  }

  private static CpuBuffer of(ClassifierLayer layer, LaneBuffer x) {
    if (x.length() < layer.size()) {
      throw new IllegalArgumentException("a lane of length " + x.length() + " where the layer has " + layer.size() + " variables");
    }
    return CpuBuffer.of(x);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      pool.close();
      layers.close();
    }
  }
}

package ufm.backend.cpu;

import java.util.Map;
import java.util.TreeMap;
import ufm.backend.Backend;
import ufm.backend.ClassifierLayer;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;

/**
 * The backend of the processor, float64.
 *
 * <p>For given inputs the bits depend on the shapes, on the library of matrix products and on nothing else: neither on the number of
 * threads, nor on the other lanes, nor on the kernel family or the width of the vector registers.
 */
public final class CpuBackend implements Backend {
  private final CpuOptions options;
  private final KernelFamily family;
  private final ElementKernels kernels;
  private final LibraryChoice choice;
  private final Products products;
  private final PanelWorker worker;

  private CpuBackend(CpuOptions options) {
    this.options = options;
    family = new KernelFamily(options.kernels());
    kernels = family.elements();
    choice = new LibraryChoice(options.blas(), "java " + family.tile().name());
    products = new ShapedProducts(new JavaProducts(family.tile()), choice);
    worker = new PanelWorker(kernels, products);
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
    return new CpuBackend(options);
  }

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public String description() {
    return "cpu, " + options.threads() + " threads, products: " + products.description() + ", kernels: " + kernels.name();
  }

  @Override
  public Map<String, String> provenance() {
    Map<String, String> p = new TreeMap<>();
    p.put("backend", name());
    p.put("products", products.description());
    return p;
  }

  @Override
  public LaneBuffer allocate(int lanes, long length) {
    return new CpuBuffer(lanes, length);
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

  private static long same(CpuBuffer a, CpuBuffer b) {
    if (a.length() != b.length()) {
      throw new IllegalArgumentException("buffers of lengths " + a.length() + " and " + b.length() + " where equal ones are needed");
    }
    return a.length();
  }

  @Override
  public void fill(Lanes lanes, double value, LaneBuffer x) {
    CpuBuffer cx = CpuBuffer.of(x);
    for (int i = 0; i < lanes.count(); i++) {
      kernels.fill(value, cx.address(lanes.at(i)), cx.length());
    }
  }

  @Override
  public void copy(Lanes lanes, LaneBuffer src, LaneBuffer dst) {
    CpuBuffer from = CpuBuffer.of(src);
    CpuBuffer to = CpuBuffer.of(dst);
    long n = same(from, to);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      java.lang.foreign.MemorySegment.copy(Memory.ALL, from.address(l), Memory.ALL, to.address(l), 8 * n);
    }
  }

  @Override
  public void scale(Lanes lanes, double[] alpha, LaneBuffer x) {
    CpuBuffer cx = CpuBuffer.of(x);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      kernels.scale(alpha[l], cx.address(l), cx.length());
    }
  }

  @Override
  public void axpy(Lanes lanes, double[] alpha, LaneBuffer x, LaneBuffer y) {
    CpuBuffer cx = CpuBuffer.of(x);
    CpuBuffer cy = CpuBuffer.of(y);
    long n = same(cx, cy);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      kernels.axpy(alpha[l], cx.address(l), cy.address(l), n);
    }
  }

  @Override
  public void combine(Lanes lanes, double[] alpha, LaneBuffer x, double[] beta, LaneBuffer y, LaneBuffer out) {
    CpuBuffer cx = CpuBuffer.of(x);
    CpuBuffer cy = CpuBuffer.of(y);
    CpuBuffer co = CpuBuffer.of(out);
    long n = same(cx, cy);
    same(cx, co);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      kernels.combine(alpha[l], cx.address(l), beta[l], cy.address(l), co.address(l), n);
    }
  }

  @Override
  public void multiply(Lanes lanes, LaneBuffer x, LaneBuffer y, LaneBuffer out) {
    CpuBuffer cx = CpuBuffer.of(x);
    CpuBuffer cy = CpuBuffer.of(y);
    CpuBuffer co = CpuBuffer.of(out);
    long n = same(cx, cy);
    same(cx, co);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      kernels.multiply(cx.address(l), cy.address(l), co.address(l), n);
    }
  }

  @Override
  public void dot(Lanes lanes, LaneBuffer x, LaneBuffer y, long offset, long count, double[] out) {
    CpuBuffer cx = CpuBuffer.of(x);
    CpuBuffer cy = CpuBuffer.of(y);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      out[l] = kernels.dot(cx.address(l, offset, count), cy.address(l, offset, count), count);
    }
  }

  @Override
  public void distance2(Lanes lanes, LaneBuffer x, double[] alpha, LaneBuffer y, long offset, long count, double[] out) {
    CpuBuffer cx = CpuBuffer.of(x);
    CpuBuffer cy = CpuBuffer.of(y);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      out[l] = kernels.distance2(cx.address(l, offset, count), alpha[l], cy.address(l, offset, count), count);
    }
  }

  @Override
  public void maxAbs(Lanes lanes, LaneBuffer x, double[] out) {
    CpuBuffer cx = CpuBuffer.of(x);
    for (int i = 0; i < lanes.count(); i++) {
      out[lanes.at(i)] = kernels.maxAbs(cx.address(lanes.at(i)), cx.length());
    }
  }

  @Override
  public void gemm(
      Lanes lanes, boolean transA, boolean transB, int m, int n, int k, double alpha, LaneBuffer a, long aOffset, int lda, LaneBuffer b,
      long bOffset, int ldb, double beta, LaneBuffer c, long cOffset, int ldc) {
    CpuBuffer ca = CpuBuffer.of(a);
    CpuBuffer cb = CpuBuffer.of(b);
    CpuBuffer cc = CpuBuffer.of(c);
    long sizeA = span(transA ? k : m, transA ? m : k, lda);
    long sizeB = span(transB ? n : k, transB ? k : n, ldb);
    long sizeC = span(m, n, ldc);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      products.gemm(
          transA, transB, m, n, k, alpha, ca.address(l, aOffset, sizeA), lda, cb.address(l, bOffset, sizeB), ldb, beta,
          cc.address(l, cOffset, sizeC), ldc);
    }
  }

  private static long span(int rows, int cols, int ld) {
    if (rows > ld) {
      throw new IllegalArgumentException("leading dimension " + ld + " of a matrix with " + rows + " rows");
    }
    return rows == 0 || cols == 0 ? 0 : (long) ld * (cols - 1) + rows;
  }

  @Override
  public void fit(Lanes lanes, ClassifierLayer layer, LaneBuffer x, double[] fit) {
    CpuBuffer cx = CpuBuffer.of(x);
    int width = Panels.width(layer);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      worker.bind(layer, l, cx);
      double sum = 0;
      for (int q = 0; q < Panels.groups(layer); q++) {
        double group = 0;
        for (int p = Panels.firstPanel(layer, q); p < Panels.firstPanel(layer, q + 1); p++) {
          group += worker.fit(p * width, Math.min(width, layer.columns() - p * width));
        }
        sum += group;
      }
      fit[l] = sum;
    }
  }

  @Override
  public void fitGradient(Lanes lanes, ClassifierLayer layer, LaneBuffer x, double[] fit, LaneBuffer gradient) {
    CpuBuffer cx = CpuBuffer.of(x);
    CpuBuffer cg = CpuBuffer.of(gradient);
    int width = Panels.width(layer);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      worker.bind(layer, l, cx);
      long dw = layer.wOffset() < 0 ? 0 : cg.address(l) + 8 * layer.wOffset();
      long dh = cg.address(l) + 8 * layer.hOffset();
      long db = layer.bOffset() < 0 ? 0 : cg.address(l) + 8 * layer.bOffset();
      double sum = 0;
      for (int p = 0; p < Panels.count(layer); p++) {
        sum += worker.gradient(p * width, Math.min(width, layer.columns() - p * width), dw, dh, db, p > 0, layer.lambdaH()[l]);
      }
      fit[l] = sum;
      penalties(layer, l, cx, cg);
    }
  }

  private void penalties(ClassifierLayer layer, int l, CpuBuffer x, CpuBuffer out) {
    if (layer.wOffset() >= 0) {
      long n = (long) layer.classes() * layer.dimension();
      kernels.axpy(layer.lambdaW()[l], x.address(l, layer.wOffset(), n), out.address(l, layer.wOffset(), n), n);
    }
    if (layer.bOffset() >= 0) {
      long n = layer.classes();
      kernels.axpy(layer.lambdaB()[l], x.address(l, layer.bOffset(), n), out.address(l, layer.bOffset(), n), n);
    }
  }

  @Override
  public void logitGradient(Lanes lanes, ClassifierLayer layer, LaneBuffer x, LaneBuffer out) {
    CpuBuffer cx = CpuBuffer.of(x);
    CpuBuffer co = CpuBuffer.of(out);
    int width = Panels.width(layer);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      worker.bind(layer, l, cx);
      long to = co.address(l, 0, (long) layer.columns() * layer.classes());
      for (int p = 0; p < Panels.count(layer); p++) {
        worker.logitGradient(p * width, Math.min(width, layer.columns() - p * width), to, layer.columns(), true);
      }
    }
  }

  @Override
  public long curvatureLength(ClassifierLayer layer) {
    return (long) Memory.leadingDimension(layer.columns()) * PanelWorker.curvatureColumns(layer);
  }

  @Override
  public void curvature(Lanes lanes, ClassifierLayer layer, LaneBuffer x, LaneBuffer curvature) {
    CpuBuffer cx = CpuBuffer.of(x);
    CpuBuffer store = CpuBuffer.of(curvature);
    int width = Panels.width(layer);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      worker.bind(layer, l, cx);
      long at = store.address(l, 0, curvatureLength(layer));
      for (int p = 0; p < Panels.count(layer); p++) {
        worker.curvature(p * width, Math.min(width, layer.columns() - p * width), at);
      }
    }
  }

  @Override
  public void hessian(Lanes lanes, ClassifierLayer layer, LaneBuffer x, LaneBuffer curvature, LaneBuffer v, LaneBuffer out) {
    CpuBuffer cx = CpuBuffer.of(x);
    CpuBuffer store = CpuBuffer.of(curvature);
    CpuBuffer cv = CpuBuffer.of(v);
    CpuBuffer co = CpuBuffer.of(out);
    same(cv, co);
    int width = Panels.width(layer);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      worker.bind(layer, l, cx);
      long at = store.address(l, 0, curvatureLength(layer));
      long from = cv.address(l);
      long to = co.address(l);
      boolean learned = layer.wOffset() >= 0;
      boolean bias = layer.bOffset() >= 0;
      for (int p = 0; p < Panels.count(layer); p++) {
        worker.hessian(
            p * width, Math.min(width, layer.columns() - p * width), at, learned ? from + 8 * layer.wOffset() : 0,
            from + 8 * layer.hOffset(), bias ? from + 8 * layer.bOffset() : 0, learned ? to + 8 * layer.wOffset() : 0,
            to + 8 * layer.hOffset(), bias ? to + 8 * layer.bOffset() : 0, p > 0, layer.lambdaH()[l]);
      }
      penalties(layer, l, cv, co);
    }
  }

  @Override
  public void momentumStep(Lanes lanes, double[] mu, double[] damp, double[] eta, boolean nesterov, LaneBuffer g, LaneBuffer v, LaneBuffer x) {
    CpuBuffer cg = CpuBuffer.of(g);
    CpuBuffer cv = CpuBuffer.of(v);
    CpuBuffer cx = CpuBuffer.of(x);
    long n = same(cg, cv);
    same(cg, cx);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      kernels.momentum(mu[l], damp[l], eta[l], nesterov, cg.address(l), cv.address(l), cx.address(l), n);
    }
  }

  @Override
  public void adamStep(
      Lanes lanes, double beta1, double beta2, double epsilon, double[] eta, double[] c1, double[] c2, LaneBuffer g, LaneBuffer m,
      LaneBuffer s, LaneBuffer x) {
    CpuBuffer cg = CpuBuffer.of(g);
    CpuBuffer cm = CpuBuffer.of(m);
    CpuBuffer cs = CpuBuffer.of(s);
    CpuBuffer cx = CpuBuffer.of(x);
    long n = same(cg, cx);
    same(cg, cm);
    same(cg, cs);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      kernels.adam(beta1, beta2, epsilon, eta[l], c1[l], c2[l], cg.address(l), cm.address(l), cs.address(l), cx.address(l), n);
    }
  }

  @Override
  public void lbfgsDirection(
      Lanes lanes, int memory, int[] newest, int[] stored, LaneBuffer pairs, double[] rho, LaneBuffer g, LaneBuffer out) {
    CpuBuffer cp = CpuBuffer.of(pairs);
    CpuBuffer cg = CpuBuffer.of(g);
    CpuBuffer co = CpuBuffer.of(out);
    long n = same(cg, co);
    double[] alpha = new double[memory];
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      long q = co.address(l);
      long base = cp.address(l, 0, 2 * memory * n);
      kernels.combine(-1, cg.address(l), 0, cg.address(l), q, n);
      for (int t = 0; t < stored[l]; t++) {
        int j = Math.floorMod(newest[l] - t, memory);
        alpha[j] = rho[l * memory + j] * kernels.dot(base + 8 * j * n, q, n);
        kernels.axpy(-alpha[j], base + 8 * (memory + j) * n, q, n);
      }
      if (stored[l] > 0) {
        long y = base + 8 * (memory + newest[l]) * n;
        kernels.scale(1 / (rho[l * memory + newest[l]] * kernels.dot(y, y, n)), q, n);
      }
      for (int t = stored[l] - 1; t >= 0; t--) {
        int j = Math.floorMod(newest[l] - t, memory);
        double beta = rho[l * memory + j] * kernels.dot(base + 8 * (memory + j) * n, q, n);
        kernels.axpy(alpha[j] - beta, base + 8 * j * n, q, n);
      }
    }
  }

  @Override
  public void store(Lanes lanes, LaneBuffer x, long[] offset, LaneBuffer dst) {
    CpuBuffer cx = CpuBuffer.of(x);
    CpuBuffer cd = CpuBuffer.of(dst);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      java.lang.foreign.MemorySegment.copy(
          Memory.ALL, cx.address(l), Memory.ALL, cd.address(l, offset[l], cx.length()), 8 * cx.length());
    }
  }

  @Override
  public void clampNonNegative(Lanes lanes, LaneBuffer x, long offset, long count) {
    CpuBuffer cx = CpuBuffer.of(x);
    for (int i = 0; i < lanes.count(); i++) {
      kernels.clamp(cx.address(lanes.at(i), offset, count), count);
    }
  }

  @Override
  public void freeMask(Lanes lanes, LaneBuffer x, LaneBuffer g, double[] tolerance, long offset, long count, LaneBuffer mask) {
    CpuBuffer cx = CpuBuffer.of(x);
    CpuBuffer cg = CpuBuffer.of(g);
    CpuBuffer cm = CpuBuffer.of(mask);
    same(cx, cg);
    same(cx, cm);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      kernels.fill(1, cm.address(l), cm.length());
      kernels.freeMask(cx.address(l, offset, count), cg.address(l, offset, count), tolerance[l], cm.address(l, offset, count), count);
    }
  }

  @Override
  public void close() {
    worker.close();
  }
}

package ufm.backend.cpu;

import static ufm.backend.cpu.Memory.get;
import static ufm.backend.cpu.Memory.set;

import ufm.backend.ClassifierLayer;
import ufm.backend.ClassifierLayer.Kind;

/**
 * Evaluates the classifier layer on panels of columns with the scratch of one thread.
 *
 * <p>The logits of a panel of p columns are held transposed, Z^T (p x K); see {@link ElementKernels}. Nothing that is small is computed as
 * a difference of two large numbers: {@code 1 - p_y} is the sum of the other probabilities, {@code -log p_y} is a log1p of that sum.
 */
final class PanelWorker implements AutoCloseable {
  private final Products products;
  private final Scratch scratch = new Scratch();
  private final Scratch matrices = new Scratch();

  private ElementKernels kernels;
  private ClassifierLayer layer;
  private int classes;
  private int dimension;
  private int ld;
  private int length;
  private double parameter;
  private long w;
  private long h;
  private long b;
  private long weight;
  private long scale;

  private long z;
  private long g;
  private long max;
  private long zy;
  private long others;
  private long u;
  private long py;
  private long loss;
  private long inverse;
  private long factor;
  private long shift;
  private long gy;
  private long extra;
  private long ones;
  private long sums;
  private final Scratch panel = new Scratch();
  private long panelGradient;

  PanelWorker(Products products) {
    this.products = products;
  }

  /**
   * Points the worker at one lane of a layer whose panels have at most {@code width} columns, with matrices of its own.
   *
   * @param second whether a Hessian product needs the second one
   */
  void bind(ElementKernels kernels, ClassifierLayer layer, int width, int lane, CpuBuffer x, boolean second) {
    ld = Memory.leadingDimension(Math.min(width, layer.columns()));
    long size = (long) ld * layer.classes();
    matrices.reset(second ? 2 * size : size);
    z = matrices.take(size);
    g = second ? matrices.take(size) : 0;
    bind(kernels, layer, width, lane, x);
  }

  /** The same with panels of logits at the given addresses (the second one read by Hessian products only) and leading dimension. */
  void bind(ElementKernels kernels, ClassifierLayer layer, int width, int lane, CpuBuffer x, long z, long g, int ld) {
    this.z = z;
    this.g = g;
    this.ld = ld;
    bind(kernels, layer, width, lane, x);
  }

  private void bind(ElementKernels kernels, ClassifierLayer layer, int width, int lane, CpuBuffer x) {
    this.kernels = kernels;
    this.layer = layer;
    classes = layer.classes();
    dimension = layer.dimension();
    long wSize = (long) classes * dimension;
    w = layer.wOffset() >= 0 ? x.address(lane, layer.wOffset(), wSize) : CpuBuffer.of(layer.fixedW()).address(lane, 0, wSize);
    h = x.address(lane, layer.hOffset(), (long) dimension * layer.columns());
    b = layer.bOffset() >= 0 ? x.address(lane, layer.bOffset(), classes) : 0;
    weight = CpuBuffer.of(layer.weight()).address(lane, 0, layer.columns());
    scale = CpuBuffer.of(layer.scale()).address(lane, 0, layer.columns());
    parameter = layer.loss() == Kind.SQUARED ? 0 : layer.lossParameter()[lane];
    length = Memory.roundUp(Math.min(width, layer.columns()));
    scratch.reset(12L * length + Memory.roundUp(classes));
    max = scratch.take(length);
    zy = scratch.take(length);
    others = scratch.take(length);
    u = scratch.take(length);
    py = scratch.take(length);
    loss = scratch.take(length);
    inverse = scratch.take(length);
    factor = scratch.take(length);
    shift = scratch.take(length);
    gy = scratch.take(length);
    extra = scratch.take(length);
    ones = scratch.take(length);
    sums = scratch.take(Memory.roundUp(classes));
    kernels.fill(1, ones, length);
  }

  /** Fit of columns {@code first .. first+p-1}. */
  double fit(int first, int p) {
    logits(first, p);
    return losses(first, p);
  }

  /**
   * Fit of a panel and its gradient.
   *
   * @param dw sum of G D_s H^T (K x d) or 0 where W is fixed; overwritten or added to
   * @param dh gradient of the first column of H of the whole layer; the panel's columns are overwritten, penalty included
   * @param db sum of G 1 (K) or 0 without bias; overwritten or added to
   * @param add whether to add to dw and db
   */
  double gradient(int first, int p, long dw, long dh, long db, boolean add, double lambdaH) {
    logits(first, p);
    double fit = losses(first, p);
    toLogitGradient(first, p);
    sumAndScale(first, p, z, db, add);
    if (dw != 0) {
      products.gemm(true, true, classes, dimension, p, 1, z, ld, column(h, first), dimension, add ? 1 : 0, dw, classes);
    }
    long out = column(dh, first);
    products.gemm(true, true, dimension, p, classes, 1, w, classes, z, ld, 0, out, dimension);
    kernels.axpy(lambdaH, column(h, first), out, (long) dimension * p);
    return fit;
  }

  /** As {@link #gradient}, but the gradient of the panel's columns goes to {@link #panelGradient}. */
  double gradientApart(int first, int p, long dw, long db, boolean add, double lambdaH) {
    panel.reset((long) dimension * length);
    panelGradient = panel.take((long) dimension * length);
    return gradient(first, p, dw, panelGradient - 8L * dimension * first, db, add, lambdaH);
  }

  /** The gradient of the columns (d x p) that {@link #gradientApart} saw last. */
  long panelGradient() {
    return panelGradient;
  }

  /** Writes the panel's rows of G^T (C x K) to out with leading dimension ldOut. */
  void logitGradient(int first, int p, long out, int ldOut) {
    logits(first, p);
    losses(first, p);
    toLogitGradient(first, p);
    for (int k = 0; k < classes; k++) {
      long to = out + 8L * (first + (long) ldOut * k);
      long from = z + 8L * ld * k;
      for (long i = 0; i < 8L * p; i += 8) {
        set(to + i, get(from + i));
      }
    }
  }

  /** {@code Z^T = H_panel^T W^T}, padding set to 0. */
  private void logits(int first, int p) {
    products.gemm(true, true, p, classes, dimension, 1, column(h, first), dimension, w, classes, 0, z, ld);
    clearPadding(z, p);
  }

  private void clearPadding(long a, int p) {
    int rows = Memory.roundUp(p);
    for (int k = 0; k < classes && p < rows; k++) {
      kernels.fill(0, a + 8L * (p + (long) ld * k), rows - p);
    }
  }

  private long column(long matrix, int i) {
    return matrix + 8L * dimension * i;
  }

  /** From products to sample losses and what the gradient needs: z becomes exp(z - max), or the residual of the squared loss. */
  private double losses(int first, int p) {
    int rows = Memory.roundUp(p);
    long omega = weight + 8L * first;
    if (layer.loss() == Kind.SQUARED) {
      kernels.affine(z, ld, rows, classes, scale + 8L * first, b);
      for (int i = 0; i < p; i++) {
        long at = label(z, ld, first, i);
        set(at, get(at) - 1);
      }
      kernels.squaredNorms(z, ld, rows, classes, loss);
      return 0.5 * kernels.dot(omega, loss, p);
    }
    boolean smooth = layer.loss() == Kind.SOFTMAX && parameter != 0;
    kernels.affineMax(z, ld, rows, classes, scale + 8L * first, b, max);
    if (smooth) {
      kernels.offsetSum(z, ld, rows, classes, max, extra);
    }
    for (int i = 0; i < p; i++) {
      long at = label(z, ld, first, i);
      set(zy + 8L * i, get(at));
      set(at, Double.NEGATIVE_INFINITY);
    }
    for (int i = p; i < rows; i++) {
      set(zy + 8L * i, 0);
    }
    kernels.expSum(z, ld, rows, classes, max, others);
    kernels.crossEntropy(rows, zy, max, others, u, py, loss, inverse, factor);
    if (layer.loss() == Kind.FOCAL) {
      kernels.focal(parameter, rows, u, py, loss, loss, shift, extra);
    } else if (smooth) {
      // loss + s (z_y - mean of the other logits), with every logit counted from the largest.
      double share = parameter / (classes - 1);
      for (int i = 0; i < p; i++) {
        double below = get(max + 8L * i) - get(zy + 8L * i);
        set(loss + 8L * i, get(loss + 8L * i) - (parameter * below + share * (get(extra + 8L * i) + below)));
      }
    }
    return kernels.dot(omega, loss, p);
  }

  /** From what {@link #losses} left to G^T, in place. */
  private void toLogitGradient(int first, int p) {
    int rows = Memory.roundUp(p);
    long omega = weight + 8L * first;
    if (layer.loss() == Kind.SQUARED) {
      kernels.scaleRows(z, ld, rows, classes, omega, 0, z, ld);
      return;
    }
    long shiftOrNone = 0;
    if (layer.loss() == Kind.FOCAL) {
      kernels.multiply(omega, shift, shift, rows);
      kernels.multiply(shift, u, gy, rows);
      kernels.multiply(shift, inverse, factor, rows);
    } else {
      kernels.multiply(omega, u, gy, rows);
      kernels.multiply(omega, inverse, factor, rows);
      if (parameter != 0) {
        kernels.axpy(-parameter, omega, gy, rows);
        kernels.fill(0, shift, rows);
        kernels.axpy(-parameter / (classes - 1), omega, shift, rows);
        shiftOrNone = shift;
      }
    }
    kernels.scaleRows(z, ld, rows, classes, factor, shiftOrNone, z, ld);
    for (int i = 0; i < p; i++) {
      set(label(z, ld, first, i), -get(gy + 8L * i));
    }
  }

  private long label(long a, int lda, int first, int i) {
    return a + 8L * (i + (long) lda * layer.labels()[first + i]);
  }

  /** Sums a panel's G over samples into db (if not 0), then multiplies row i by s_i. */
  private void sumAndScale(int first, int p, long a, long db, boolean add) {
    if (db != 0) {
      kernels.columnSums(a, ld, p, classes, ones, add ? sums : db);
      if (add) {
        kernels.axpy(1, sums, db, classes);
      }
    }
    long s = scale + 8L * first;
    if (!allOne(s, p)) {
      kernels.scaleRows(a, ld, Memory.roundUp(p), classes, s, 0, a, ld);
    }
  }

  /** The full model has s = 1 everywhere; a product with 1 changes no bit. */
  private static boolean allOne(long s, int p) {
    for (long i = 0; i < 8L * p; i += 8) {
      if (get(s + i) != 1) {
        return false;
      }
    }
    return true;
  }

  // ---- curvature: columns p_1 .. p_K, then per sample (softmax) factor, shift, gy; (focal) factor, gy, alpha, c, u ----------------

  /** Columns that the curvature holds, each of length {@code leadingDimension(C)}. */
  private static int curvatureColumns(ClassifierLayer layer) {
    return layer.classes() + switch (layer.loss()) {
      case SOFTMAX -> 3;
      case SQUARED -> 0;
      case FOCAL -> 5;
    };
  }

  /** Elements of the curvature of the bound layer. */
  long curvatureLength() {
    return curvatureLength(layer);
  }

  /** Elements of the curvature of a layer. */
  static long curvatureLength(ClassifierLayer layer) {
    return (long) Memory.leadingDimension(layer.columns()) * curvatureColumns(layer);
  }

  /** Stores the curvature of a panel. */
  void curvature(int first, int p, long store) {
    int rows = Memory.roundUp(p);
    int ldc = Memory.leadingDimension(layer.columns());
    long rowsAt = store + 8L * first;
    long omega = weight + 8L * first;
    long s = scale + 8L * first;
    logits(first, p);
    losses(first, p);
    if (layer.loss() == Kind.SQUARED) {
      kernels.multiply(omega, s, factor, rows);
      kernels.scaleRows(z, ld, rows, classes, factor, 0, rowsAt, ldc);
      return;
    }
    kernels.scaleRows(z, ld, rows, classes, inverse, 0, rowsAt, ldc);
    for (int i = 0; i < p; i++) {
      set(label(rowsAt, ldc, first, i), get(py + 8L * i));
    }
    long columns = rowsAt + 8L * ldc * classes;
    if (layer.loss() == Kind.FOCAL) {
      long alpha = columns + 16L * ldc;
      kernels.multiply(omega, shift, alpha, rows);
      kernels.multiply(alpha, s, columns, rows);
      kernels.multiply(columns, u, columns + 8L * ldc, rows);
      kernels.multiply(omega, extra, columns + 24L * ldc, rows);
      kernels.scaleRows(u, ld, rows, 1, ones, 0, columns + 32L * ldc, ldc);
    } else {
      kernels.multiply(omega, s, columns, rows);
      kernels.scaleRows(columns, ldc, rows, 1, ones, 0, columns + 8L * ldc, ldc);
      kernels.scale(-parameter / (classes - 1), columns + 8L * ldc, rows);
      kernels.multiply(columns, u, columns + 16L * ldc, rows);
      kernels.axpy(-parameter, columns, columns + 16L * ldc, rows);
    }
  }

  /**
   * Hessian times v on a panel; arguments as {@link #gradient}.
   *
   * @param vw W part of v, or 0
   * @param vh H part of v
   * @param vb b part of v, or 0
   */
  void hessian(int first, int p, long store, long vw, long vh, long vb, long dw, long dh, long db, boolean add, double lambdaH) {
    int rows = Memory.roundUp(p);
    int ldc = Memory.leadingDimension(layer.columns());
    long rowsAt = store + 8L * first;
    long omega = weight + 8L * first;
    products.gemm(true, true, p, classes, dimension, 1, column(vh, first), dimension, w, classes, 0, z, ld);
    if (vw != 0) {
      products.gemm(true, true, p, classes, dimension, 1, column(h, first), dimension, vw, classes, 1, z, ld);
    }
    clearPadding(z, p);
    kernels.affine(z, ld, rows, classes, scale + 8L * first, vb);
    long gradient = rowsAt;
    int ldGradient = ldc;
    if (layer.loss() == Kind.SQUARED) {
      kernels.scaleRows(z, ld, rows, classes, omega, 0, z, ld);
    } else {
      curve(first, p, rowsAt, ldc);
      gradient = g;
      ldGradient = ld;
    }
    sumAndScale(first, p, z, db, add);
    if (dw != 0) {
      products.gemm(true, true, classes, dimension, p, 1, z, ld, column(h, first), dimension, add ? 1 : 0, dw, classes);
      products.gemm(true, true, classes, dimension, p, 1, gradient, ldGradient, column(vh, first), dimension, 1, dw, classes);
    }
    long out = column(dh, first);
    products.gemm(true, true, dimension, p, classes, 1, w, classes, z, ld, 0, out, dimension);
    if (vw != 0) {
      products.gemm(true, true, dimension, p, classes, 1, vw, classes, gradient, ldGradient, 1, out, dimension);
    }
    kernels.axpy(lambdaH, column(vh, first), out, (long) dimension * p);
  }

  /** z becomes the curvature of the loss times z; g becomes G^T D_s. */
  private void curve(int first, int p, long rowsAt, int ldc) {
    int rows = Memory.roundUp(p);
    long columns = rowsAt + 8L * ldc * classes;
    boolean focal = layer.loss() == Kind.FOCAL;
    for (int i = 0; i < p; i++) {
      set(zy + 8L * i, get(label(z, ld, first, i)));
    }
    for (int i = p; i < rows; i++) {
      set(zy + 8L * i, 0);
    }
    // Counted from the logit of the true class, the mean of the direction is a sum over the other classes: nothing cancels.
    kernels.centre(z, ld, rows, classes, zy, rowsAt, ldc, others);
    long alpha = focal ? columns + 16L * ldc : weight + 8L * first;
    kernels.multiply(alpha, others, extra, rows);
    long gyAt = columns + (focal ? 8L : 16L) * ldc;
    if (focal) {
      long c = columns + 24L * ldc;
      long u1 = columns + 32L * ldc;
      for (int i = 0; i < p; i++) {
        double ui = get(u1 + 8L * i);
        double q = ui > 0 ? get(others + 8L * i) / ui : 0;
        double rank1 = get(c + 8L * i) * q;
        set(gy + 8L * i, -get(extra + 8L * i) * get(label(rowsAt, ldc, first, i)) - rank1 * ui);
        set(extra + 8L * i, get(extra + 8L * i) - rank1);
      }
    }
    kernels.curve(z, ld, rows, classes, rowsAt, ldc, alpha, extra);
    if (focal) {
      for (int i = 0; i < p; i++) {
        set(label(z, ld, first, i), get(gy + 8L * i));
      }
    }
    kernels.scaleRows(rowsAt, ldc, rows, classes, columns, focal ? 0 : columns + 8L * ldc, g, ld);
    for (int i = 0; i < p; i++) {
      set(label(g, ld, first, i), -get(gyAt + 8L * i));
    }
  }

  /** The products of this thread. */
  Products products() {
    return products;
  }

  @Override
  public void close() {
    scratch.close();
    matrices.close();
    panel.close();
    products.close();
  }
}

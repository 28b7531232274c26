package ufm.backend.cpu;

import static ufm.backend.cpu.Memory.get;
import static ufm.backend.cpu.Memory.set;

import ufm.backend.ClassifierLayer;
import ufm.backend.ClassifierLayer.Kind;

/**
 * Evaluates a layer whose W is so small that a call of a library costs more than its product, on panels of columns and with the scratch of
 * one thread: {@link SmallKernels} on blocks of eight samples.
 */
final class SmallPanel implements AutoCloseable {
  /** Columns of a full panel. */
  static final int WIDTH = 512;

  private static final int MOST_CLASSES = 32;
  private static final int MOST_WEIGHTS = 2048;
  private static final int MOST_FEATURES = 256;

  private final Scratch scratch = new Scratch();
  private final SmallLosses losses = new SmallLosses();
  private SmallKernels kernels;
  private ClassifierLayer layer;
  private int classes;
  private int dimension;
  private int stride;
  private long w;
  private long h;
  private long b;
  private long weight;
  private long scale;
  private int labelled;

  private long blocks;
  private long gradient;
  private long sums;
  private long bias;
  private long move;
  private long ones;

  /** Whether a layer is small: by its shape alone. */
  static boolean fits(ClassifierLayer layer) {
    return layer.classes() <= MOST_CLASSES && layer.dimension() <= MOST_FEATURES
        && layer.classes() * layer.dimension() <= MOST_WEIGHTS;
  }

  /** Number of panels. */
  static int count(ClassifierLayer layer) {
    return Panels.count(layer.columns(), WIDTH);
  }

  /** Number of groups of panels. */
  static int groups(ClassifierLayer layer) {
    return Panels.groups(count(layer));
  }

  /** Points the worker at one lane of a layer. */
  void bind(SmallKernels kernels, ElementKernels elements, ClassifierLayer layer, int lane, CpuBuffer x) {
    this.kernels = kernels;
    this.layer = layer;
    classes = layer.classes();
    dimension = layer.dimension();
    stride = SmallKernels.stride(dimension);
    labelled = -1;
    long wSize = (long) classes * dimension;
    w = layer.wOffset() >= 0 ? x.address(lane, layer.wOffset(), wSize) : CpuBuffer.of(layer.fixedW()).address(lane, 0, wSize);
    h = x.address(lane, layer.hOffset(), (long) dimension * layer.columns());
    b = layer.bOffset() >= 0 ? x.address(lane, layer.bOffset(), classes) : 0;
    weight = CpuBuffer.of(layer.weight()).address(lane, 0, layer.columns());
    scale = CpuBuffer.of(layer.scale()).address(lane, 0, layer.columns());
    int widest = Memory.roundUp(Math.min(WIDTH, layer.columns()));
    scratch.reset(SmallLosses.doubles(layer, widest) + (2L * stride + 1) * widest + 8 * (wSize + 2L * classes + 4));
    losses.bind(kernels, elements, layer, lane, widest, scratch);
    blocks = scratch.take((long) widest * stride);
    gradient = scratch.take((long) widest * stride);
    ones = scratch.take(widest);
    sums = scratch.take(8 * (wSize + classes + 1));
    bias = scratch.take(8L * classes);
    move = scratch.take(24);
  }

  /** Gathers columns {@code first .. first+p-1} of H into blocks of this worker; returns where they are. */
  long gather(int first, int p) {
    kernels.gather(h + 8L * dimension * first, 8L * dimension, p, dimension, stride, blocks);
    return blocks;
  }

  /** Where {@link #gradient} leaves the gradient of the panel's columns, in blocks. */
  long featureGradient() {
    return gradient;
  }

  /** Eight copies each of what {@link SmallKernels#move} needs to know; returns where they are. */
  long parameters(double lambda, double mu, double damp) {
    for (long r = 0; r < 64; r += 8) {
      set(move + r, lambda);
      set(move + 64 + r, mu);
      set(move + 128 + r, 1 - damp);
    }
    return move;
  }

  /**
   * Fit of a panel.
   *
   * @param hb the panel's columns in blocks
   */
  double fit(int first, int p, long hb) {
    for (int k = 0; k < classes; k++) {
      double v = b == 0 ? 0 : get(b + 8L * k);
      for (long r = 0; r < 64; r += 8) {
        set(bias + 64L * k + r, v);
      }
    }
    int rows = Memory.roundUp(p);
    if (first != labelled) {
      for (int i = 0; i < rows; i++) {
        set(losses.label() + 8L * i, i < p ? layer.labels()[first + i] : 0);
      }
      labelled = first;
    }
    kernels.logits(rows / 8, dimension, stride, classes, hb, w, losses.z(), losses.ld());
    losses.losses(rows, weight + 8L * first, scale + 8L * first, bias);
    SmallLosses.clear(losses.loss(), p, rows);
    kernels.weighted(rows / 8, weight + 8L * first, losses.loss(), sums);
    kernels.reduce(sums, 1, false, sums);
    return layer.loss() == Kind.SQUARED ? 0.5 * get(sums) : get(sums);
  }

  /**
   * Fit of a panel and its gradient; that of its columns, without penalty, is left in {@link #featureGradient}.
   *
   * @param hb the panel's columns in blocks
   * @param dw sum of G D_s H^T (K x d) or 0 where W is fixed; overwritten or added to
   * @param db sum of G 1 (K) or 0 without bias; overwritten or added to
   * @param add whether to add to dw and db
   */
  double gradient(int first, int p, long hb, long dw, long db, boolean add) {
    int rows = Memory.roundUp(p);
    double fit = fit(first, p, hb);
    losses.residuals(p, rows, weight + 8L * first, scale + 8L * first, sums);
    if (db != 0) {
      kernels.reduce(sums, classes, add, db);
    }
    if (dw != 0) {
      kernels.outer(rows / 8, dimension, stride, classes, losses.z(), losses.ld(), hb, sums);
      kernels.reduce(sums, classes * dimension, add, dw);
    }
    kernels.features(rows / 8, dimension, stride, classes, w, losses.z(), losses.ld(), gradient);
    return fit;
  }

  /** Writes the panel's rows of G^T (C x K) to out with leading dimension ldOut. */
  void logitGradient(int first, int p, long hb, long out, int ldOut) {
    int rows = Memory.roundUp(p);
    fit(first, p, hb);
    for (int i = 0; i < rows; i++) {
      set(ones + 8L * i, 1);
    }
    losses.residuals(p, rows, weight + 8L * first, ones, sums);
    for (int k = 0; k < classes; k++) {
      long to = out + 8L * (first + (long) ldOut * k);
      long from = losses.z() + 8L * losses.ld() * k;
      for (long i = 0; i < 8L * p; i += 8) {
        set(to + i, get(from + i));
      }
    }
  }

  @Override
  public void close() {
    scratch.close();
  }
}

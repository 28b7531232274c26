package ufm.backend.cpu;

import static ufm.backend.cpu.Memory.get;
import static ufm.backend.cpu.Memory.set;

import ufm.backend.ClassifierLayer;
import ufm.backend.ClassifierLayer.Kind;
import ufm.backend.Lanes;

/**
 * Evaluates eight lanes of a tiny layer at once: they are interleaved, element by element, and each is a row of {@link SmallKernels}, so
 * that no register has an unused place whatever the shape. Fewer lanes are filled up with copies of the last. With the scratch of one
 * thread.
 */
final class LaneBundle implements AutoCloseable {
  /** Lanes of a bundle. */
  static final int SIZE = SmallKernels.ROWS;

  /** A bundle of fewer lanes is slower than one lane after the other. */
  static final int WORTHWHILE = 4;

  /** Elements of Z of one lane above which the bundle no longer stays in the cache. */
  private static final int MOST_LOGITS = 2048;

  private final Scratch scratch = new Scratch();
  private final SmallLosses losses = new SmallLosses();
  private final int[] lane = new int[SIZE];
  private SmallKernels kernels;
  private ElementKernels elements;
  private ClassifierLayer layer;
  private int count;
  private int classes;
  private int dimension;
  private int columns;
  private long weights;
  private long features;
  private long w;
  private long h;
  private long b;
  private long omega;
  private long scale;
  private long ones;
  private long dw;
  private long dh;
  private long db;
  private long vw;
  private long vh;
  private long vb;
  private long fit;
  private long sums;
  private long parameters;

  /** Whether bundles of a layer are worth while: by its shape alone. No bit depends on it. */
  static boolean fits(ClassifierLayer layer) {
    return SmallPanel.fits(layer) && layer.classes() * layer.columns() <= MOST_LOGITS && SmallPanel.count(layer) == 1;
  }

  /** How many of the lanes from {@code first} on make a bundle: those with one parameter of the loss, at most eight. */
  static int count(ClassifierLayer layer, Lanes lanes, int first) {
    int n = 1;
    while (n < SIZE && first + n < lanes.count() && (layer.loss() == Kind.SQUARED
        || layer.lossParameter()[lanes.at(first + n)] == layer.lossParameter()[lanes.at(first)])) {
      n++;
    }
    return n;
  }

  /** Points the worker at lanes {@code first .. first+count-1} of the list, and interleaves their constants and variables. */
  void bind(SmallKernels kernels, ElementKernels elements, ClassifierLayer layer, Lanes lanes, int first, int count, CpuBuffer x) {
    this.kernels = kernels;
    this.elements = elements;
    this.layer = layer;
    this.count = count;
    for (int r = 0; r < SIZE; r++) {
      lane[r] = lanes.at(first + Math.min(r, count - 1));
    }
    classes = layer.classes();
    dimension = layer.dimension();
    columns = layer.columns();
    weights = (long) classes * dimension;
    features = (long) dimension * columns;
    int rows = SIZE * columns;
    scratch.reset(SmallLosses.doubles(layer, rows) + 3L * rows + SIZE * (3 * (weights + features + classes) + classes + 10));
    losses.bind(kernels, elements, layer, lane[0], rows, scratch);
    omega = scratch.take(rows);
    scale = scratch.take(rows);
    ones = scratch.take(rows);
    w = scratch.take(SIZE * weights);
    h = scratch.take(SIZE * features);
    b = scratch.take(SIZE * classes);
    dw = scratch.take(SIZE * weights);
    dh = scratch.take(SIZE * features);
    db = scratch.take(SIZE * classes);
    vw = scratch.take(SIZE * weights);
    vh = scratch.take(SIZE * features);
    vb = scratch.take(SIZE * classes);
    fit = scratch.take(SIZE);
    sums = scratch.take(SIZE * classes);
    parameters = scratch.take(9 * SIZE);
    elements.fill(1, ones, rows);
    elements.fill(0, b, SIZE * classes);
    for (int i = 0; i < columns; i++) {
      for (int r = 0; r < SIZE; r++) {
        set(losses.label() + 8L * (SIZE * i + r), layer.labels()[i]);
      }
    }
    gather(CpuBuffer.of(layer.weight()), 0, columns, omega);
    gather(CpuBuffer.of(layer.scale()), 0, columns, scale);
    if (layer.wOffset() < 0) {
      gather(CpuBuffer.of(layer.fixedW()), 0, weights, w);
    }
    interleave(x, w, h, b);
  }

  /** Interleaves the blocks of a buffer that has the layout of the variables. */
  private void interleave(CpuBuffer from, long w, long h, long b) {
    if (layer.wOffset() >= 0) {
      gather(from, layer.wOffset(), weights, w);
    }
    gather(from, layer.hOffset(), features, h);
    if (layer.bOffset() >= 0) {
      gather(from, layer.bOffset(), classes, b);
    }
  }

  private void gather(CpuBuffer from, long offset, long n, long to) {
    if (together()) {
      kernels.gather(from.address(lane[0], offset, n), 8 * from.stride(), SIZE, (int) n, (int) n, to);
      return;
    }
    for (int r = 0; r < SIZE; r++) {
      ScalarSmallKernels.gather(from.address(lane[r], offset, n), 0, r, r + 1, 0, (int) n, (int) n, to);
    }
  }

  /** Writes blocks in the layout of the variables. */
  private void separate(long w, long h, long b, CpuBuffer to) {
    if (layer.wOffset() >= 0) {
      scatter(w, layer.wOffset(), weights, to);
    }
    scatter(h, layer.hOffset(), features, to);
    if (layer.bOffset() >= 0) {
      scatter(b, layer.bOffset(), classes, to);
    }
  }

  private void scatter(long from, long offset, long n, CpuBuffer to) {
    if (together()) {
      kernels.scatter(from, SIZE, (int) n, (int) n, to.address(lane[0], offset, n), 8 * to.stride());
      return;
    }
    for (int r = 0; r < count; r++) {
      ScalarSmallKernels.scatter(from, r, r + 1, 0, (int) n, (int) n, to.address(lane[r], offset, n), 0);
    }
  }

  /** Whether the lanes are eight neighbours, so that they can be copied together. */
  private boolean together() {
    return count == SIZE && lane[SIZE - 1] - lane[0] == SIZE - 1;
  }

  /** Fit of every lane. */
  void fit(double[] out) {
    evaluate();
    keep(out, false);
  }

  /** Fit of every lane and the gradient, penalties included. */
  void gradient(CpuBuffer x, double[] out, CpuBuffer g) {
    evaluate();
    keep(out, false);
    differentiate();
    separate(dw, dh, db, g);
    for (int r = 0; r < count; r++) {
      int l = lane[r];
      if (layer.wOffset() >= 0) {
        elements.axpy(layer.lambdaW()[l], x.address(l, layer.wOffset(), weights), g.address(l, layer.wOffset(), weights), weights);
      }
      elements.axpy(layer.lambdaH()[l], x.address(l, layer.hOffset(), features), g.address(l, layer.hOffset(), features), features);
      if (layer.bOffset() >= 0) {
        elements.axpy(layer.lambdaB()[l], x.address(l, layer.bOffset(), classes), g.address(l, layer.bOffset(), classes), classes);
      }
    }
  }

  /** Steps of descent; arguments as in {@link ufm.backend.Backend#descend}. */
  void descend(
      int steps, double[] mu, double[] damp, double[] eta, boolean nesterov, CpuBuffer x, CpuBuffer v, double[] check) {
    for (int r = 0; r < SIZE; r++) {
      int l = lane[r];
      for (int block = 0; block < 3; block++) {
        double lambda = block == 1 ? layer.lambdaH()[l] : block == 2 ? layer.lambdaB()[l] : layer.wOffset() < 0 ? 0 : layer.lambdaW()[l];
        long at = parameters + 192L * block + 8L * r;
        set(at, lambda);
        set(at + 64, v == null ? 0 : mu[l]);
        set(at + 128, v == null ? 0 : 1 - damp[l]);
      }
    }
    if (v != null) {
      interleave(v, vw, vh, vb);
    }
    for (int j = 0; j < steps; j++) {
      evaluate();
      keep(check, j > 0);
      differentiate();
      if (layer.wOffset() >= 0) {
        kernels.move(1, (int) weights, 0, eta[j], nesterov, parameters, dw, v == null ? 0 : vw, w);
      }
      kernels.move(1, (int) features, 0, eta[j], nesterov, parameters + 192, dh, v == null ? 0 : vh, h);
      if (layer.bOffset() >= 0) {
        kernels.move(1, classes, 0, eta[j], nesterov, parameters + 384, db, v == null ? 0 : vb, b);
      }
    }
    separate(w, h, b, x);
    if (v != null) {
      separate(vw, vh, vb, v);
    }
  }

  private void evaluate() {
    kernels.laneLogits(columns, dimension, classes, h, w, losses.z(), losses.ld());
    losses.losses(SIZE * columns, omega, scale, b);
    kernels.laneOuter(columns, 1, 1, omega, 0, losses.loss(), fit);
  }

  private void keep(double[] out, boolean add) {
    for (int r = 0; r < count; r++) {
      double f = layer.loss() == Kind.SQUARED ? 0.5 * get(fit + 8L * r) : get(fit + 8L * r);
      out[lane[r]] = add ? out[lane[r]] + f : f;
    }
  }

  private void differentiate() {
    int rows = SIZE * columns;
    long z = losses.z();
    int ld = losses.ld();
    losses.residuals(rows, rows, omega, ones, sums);
    if (layer.bOffset() >= 0) {
      kernels.laneOuter(columns, 1, classes, z, ld, ones, db);
    }
    for (int k = 0; k < classes; k++) {
      elements.multiply(z + 8L * ld * k, scale, z + 8L * ld * k, rows);
    }
    if (layer.wOffset() >= 0) {
      kernels.laneOuter(columns, dimension, classes, z, ld, h, dw);
    }
    kernels.laneFeatures(columns, dimension, classes, w, z, ld, dh);
  }

  @Override
  public void close() {
    scratch.close();
  }
}

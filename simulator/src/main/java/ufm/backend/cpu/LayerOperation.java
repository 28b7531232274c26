package ufm.backend.cpu;

import ufm.backend.ClassifierLayer;
import ufm.backend.Lanes;

/**
 * One operation of the classifier layer on the active lanes. Threads share lanes where there are enough of them, else the groups of panels
 * of one lane after the other. Either way the first group writes to the result and every other group's share of the gradients of W
 * and b is summed apart and added in group order, so that bits do not depend on who did what.
 */
final class LayerOperation implements WorkerPool.Region, AutoCloseable {
  /** What is done. */
  enum Code {
    FIT, GRADIENT, LOGIT_GRADIENT, CURVATURE, HESSIAN, DESCEND
  }

  private final WorkerPool pool;
  private final PanelWorker[] workers;
  private final SmallOperation small;
  private final Scratch[] own;
  private final Scratch shared = new Scratch();
  private ElementKernels kernels;
  private Code code;
  private Lanes lanes;
  private ClassifierLayer layer;
  private int width;
  private int panels;
  private boolean byGroup;
  private int lane;
  private long sharedBase;
  private long share;
  private double[] groupFit = new double[8];
  private double[] fit;
  private CpuBuffer x;
  private CpuBuffer out;
  private CpuBuffer curvature;
  private CpuBuffer v;
  private int steps;
  private int step;
  private double[] mu;
  private double[] damp;
  private double[] eta;
  private boolean nesterov;

  LayerOperation(WorkerPool pool, PanelWorker[] workers, SmallOperation small) {
    this.pool = pool;
    this.small = small;
    this.workers = workers;
    own = new Scratch[workers.length];
    for (int i = 0; i < own.length; i++) {
      own[i] = new Scratch();
    }
  }

  /**
   * Runs the operation.
   *
   * @param x variables
   * @param fit per lane; modified by FIT and GRADIENT, may be null for the others
   * @param out gradient, logit gradient or product; modified
   * @param curvature modified by CURVATURE, read by HESSIAN
   * @param v direction of HESSIAN
   */
  void run(
      ElementKernels kernels, Code code, Lanes lanes, ClassifierLayer layer, CpuBuffer x, double[] fit, CpuBuffer out, CpuBuffer curvature,
      CpuBuffer v) {
    if (SmallOperation.takes(code, layer)) {
      small.run(kernels, code, lanes, layer, x, fit, out);
      return;
    }
    this.kernels = kernels;
    this.code = code;
    this.lanes = lanes;
    this.layer = layer;
    this.x = x;
    this.fit = fit;
    this.out = out;
    this.curvature = curvature;
    this.v = v;
    steps = 1;
    run();
  }

  /** Steps of momentum descent; arguments as in {@link ufm.backend.Backend#descend}. */
  void descend(
      ElementKernels kernels, Lanes lanes, ClassifierLayer layer, int steps, double[] mu, double[] damp, double[] eta, boolean nesterov,
      CpuBuffer x, CpuBuffer v, double[] check) {
    if (SmallOperation.takes(Code.DESCEND, layer)) {
      small.descend(kernels, lanes, layer, steps, mu, damp, eta, nesterov, x, v, check);
      return;
    }
    this.kernels = kernels;
    code = Code.DESCEND;
    this.lanes = lanes;
    this.layer = layer;
    this.steps = steps;
    this.mu = mu;
    this.damp = damp;
    this.eta = eta;
    this.nesterov = nesterov;
    this.x = x;
    this.v = v;
    fit = check;
    run();
  }

  private void run() {
    width = Panels.width(layer, workers[0].products());
    panels = Panels.count(layer.columns(), width);
    int groups = Panels.groups(panels);
    share = Memory.roundUp(layer.classes() * (layer.dimension() + 1));
    double cost = nanoseconds();
    byGroup = groups > 1 && lanes.count() < pool.size();
    if (!byGroup) {
      pool.run(this, lanes.count(), steps * cost);
      return;
    }
    if (summed()) {
      shared.reset(groups * share);
      sharedBase = shared.take(groups * share);
    }
    for (int i = 0; i < lanes.count(); i++) {
      lane = lanes.at(i);
      double sum = 0;
      for (step = 0; step < steps; step++) {
        pool.run(this, groups, cost / groups);
        for (int g = 0; g < groups; g++) {
          sum += groupFit[g];
          if (g > 0 && summed()) {
            addShare(lane, sharedBase, sharedBase + 8 * g * share);
          }
        }
        finish(lane, sharedBase, step);
      }
      keep(lane, sum);
    }
  }

  private boolean summed() {
    return code == Code.GRADIENT || code == Code.HESSIAN || code == Code.DESCEND;
  }

  private double nanoseconds() {
    double elements = (double) layer.classes() * layer.columns();
    double products = switch (code) {
      case FIT, LOGIT_GRADIENT, CURVATURE -> 1;
      case GRADIENT, DESCEND -> 3;
      case HESSIAN -> 6;
    };
    return 100 + elements * (1.5 + 0.04 * products * layer.dimension());
  }

  @Override
  public void run(int item, int worker) {
    PanelWorker w = workers[worker];
    if (byGroup) {
      w.bind(kernels, layer, width, lane, x);
      groupFit[item] = group(w, lane, item, step, sharedBase, sharedBase + 8 * item * share);
      return;
    }
    int l = lanes.at(item);
    w.bind(kernels, layer, width, l, x);
    int groups = Panels.groups(panels);
    long first = 0;
    long apart = 0;
    if (summed()) {
      boolean moves = code == Code.DESCEND;
      own[worker].reset((moves ? share : 0) + (groups > 1 ? share : 0));
      first = moves ? own[worker].take(share) : 0;
      apart = groups > 1 ? own[worker].take(share) : 0;
    }
    double sum = 0;
    for (int j = 0; j < steps; j++) {
      for (int g = 0; g < groups; g++) {
        sum += group(w, l, g, j, first, apart);
        if (g > 0 && summed()) {
          addShare(l, first, apart);
        }
      }
      finish(l, first, j);
    }
    keep(l, sum);
  }

  /** The panels of one group; the first group writes dW and db to the result (in steps of descent, to {@code own}), another to {@code apart}. */
  private double group(PanelWorker w, int l, int g, int step, long own, long apart) {
    int from = Panels.first(panels, g);
    int to = Panels.first(panels, g + 1);
    long base = summed() && code != Code.DESCEND ? out.address(l) : 0;
    long dw = !summed() || layer.wOffset() < 0 ? 0 : g == 0 ? sumW(l, own) : apart;
    long db = !summed() || layer.bOffset() < 0 ? 0 : g == 0 ? sumB(l, own) : apart + 8L * layer.classes() * layer.dimension();
    double sum = 0;
    for (int p = from; p < to; p++) {
      int first = p * width;
      int columns = Math.min(width, layer.columns() - first);
      boolean add = p > from;
      switch (code) {
        case FIT -> sum += w.fit(first, columns);
        case GRADIENT -> sum += w.gradient(first, columns, dw, base + 8 * layer.hOffset(), db, add, layer.lambdaH()[l]);
        case DESCEND -> {
          sum += w.gradientApart(first, columns, dw, db, add, layer.lambdaH()[l]);
          move(l, step, w.panelGradient(), layer.hOffset() + (long) layer.dimension() * first, (long) layer.dimension() * columns);
        }
        case LOGIT_GRADIENT -> w.logitGradient(
            first, columns, out.address(l, 0, (long) layer.columns() * layer.classes()), layer.columns());
        case CURVATURE -> w.curvature(first, columns, curvature.address(l, 0, w.curvatureLength()));
        case HESSIAN -> {
          long at = v.address(l);
          w.hessian(
              first, columns, curvature.address(l, 0, w.curvatureLength()), layer.wOffset() < 0 ? 0 : at + 8 * layer.wOffset(),
              at + 8 * layer.hOffset(), layer.bOffset() < 0 ? 0 : at + 8 * layer.bOffset(), dw, base + 8 * layer.hOffset(), db, add,
              layer.lambdaH()[l]);
        }
      }
    }
    return sum;
  }

  /** Where the gradient of W is summed. */
  private long sumW(int l, long own) {
    return code == Code.DESCEND ? own : out.address(l, layer.wOffset(), (long) layer.classes() * layer.dimension());
  }

  /** Where the gradient of b is summed. */
  private long sumB(int l, long own) {
    return code == Code.DESCEND
        ? own + 8L * layer.classes() * layer.dimension()
        : out.address(l, layer.bOffset(), layer.classes());
  }

  private void addShare(int l, long own, long apart) {
    long n = (long) layer.classes() * layer.dimension();
    if (layer.wOffset() >= 0) {
      kernels.axpy(1, apart, sumW(l, own), n);
    }
    if (layer.bOffset() >= 0) {
      kernels.axpy(1, apart + 8 * n, sumB(l, own), layer.classes());
    }
  }

  /** Adds the penalties of W and b to a gradient or product (that of H went in panel by panel), and moves W and b in a step of descent. */
  private void finish(int l, long own, int step) {
    if (!summed()) {
      return;
    }
    CpuBuffer of = code == Code.HESSIAN ? v : x;
    if (layer.wOffset() >= 0) {
      long n = (long) layer.classes() * layer.dimension();
      kernels.axpy(layer.lambdaW()[l], of.address(l, layer.wOffset(), n), sumW(l, own), n);
      if (code == Code.DESCEND) {
        move(l, step, own, layer.wOffset(), n);
      }
    }
    if (layer.bOffset() >= 0) {
      long n = layer.classes();
      kernels.axpy(layer.lambdaB()[l], of.address(l, layer.bOffset(), n), sumB(l, own), n);
      if (code == Code.DESCEND) {
        move(l, step, sumB(l, own), layer.bOffset(), n);
      }
    }
  }

  /** A step of descent of {@code n} variables from {@code offset}, whose gradient is at {@code g}. */
  private void move(int l, int step, long g, long offset, long n) {
    if (v == null) {
      kernels.axpy(-eta[step], g, x.address(l, offset, n), n);
    } else {
      kernels.momentum(mu[l], damp[l], eta[step], nesterov, g, v.address(l, offset, n), x.address(l, offset, n), n);
    }
  }

  private void keep(int l, double sum) {
    if (code == Code.FIT || code == Code.GRADIENT || code == Code.DESCEND) {
      fit[l] = sum;
    }
  }

  @Override
  public void close() {
    small.close();
    shared.close();
    for (Scratch s : own) {
      s.close();
    }
    for (PanelWorker w : workers) {
      w.close();
    }
  }
}

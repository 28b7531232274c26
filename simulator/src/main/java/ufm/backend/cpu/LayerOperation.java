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
    FIT, GRADIENT, LOGIT_GRADIENT, CURVATURE, HESSIAN
  }

  private final WorkerPool pool;
  private final PanelWorker[] workers;
  private final Scratch[] own;
  private final Scratch shared = new Scratch();
  private ElementKernels kernels;
  private Code code;
  private Lanes lanes;
  private ClassifierLayer layer;
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

  LayerOperation(WorkerPool pool, PanelWorker[] workers) {
    this.pool = pool;
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
    this.kernels = kernels;
    this.code = code;
    this.lanes = lanes;
    this.layer = layer;
    this.x = x;
    this.fit = fit;
    this.out = out;
    this.curvature = curvature;
    this.v = v;
    int groups = Panels.groups(layer);
    share = Memory.roundUp(layer.classes() * (layer.dimension() + 1));
    double cost = nanoseconds();
    byGroup = groups > 1 && lanes.count() < pool.size();
    if (!byGroup) {
      pool.run(this, lanes.count(), cost);
      return;
    }
    if (summed()) {
      shared.reset(groups * share);
      sharedBase = shared.take(groups * share);
    }
    for (int i = 0; i < lanes.count(); i++) {
      lane = lanes.at(i);
      pool.run(this, groups, cost / groups);
      double sum = 0;
      for (int g = 0; g < groups; g++) {
        sum += groupFit[g];
        if (g > 0 && summed()) {
          addShare(sharedBase + 8 * g * share);
        }
      }
      finish(lane, sum);
    }
  }

  private boolean summed() {
    return code == Code.GRADIENT || code == Code.HESSIAN;
  }

  private double nanoseconds() {
    double elements = (double) layer.classes() * layer.columns();
    double products = switch (code) {
      case FIT, LOGIT_GRADIENT, CURVATURE -> 1;
      case GRADIENT -> 3;
      case HESSIAN -> 6;
    };
    return 100 + elements * (1.5 + 0.04 * products * layer.dimension());
  }

  @Override
  public void run(int item, int worker) {
    PanelWorker w = workers[worker];
    if (byGroup) {
      w.bind(kernels, layer, lane, x);
      groupFit[item] = group(w, lane, item, sharedBase + 8 * item * share);
      return;
    }
    int l = lanes.at(item);
    w.bind(kernels, layer, l, x);
    int groups = Panels.groups(layer);
    long apart = 0;
    if (groups > 1 && summed()) {
      own[worker].reset(share);
      apart = own[worker].take(share);
    }
    double sum = 0;
    for (int g = 0; g < groups; g++) {
      sum += group(w, l, g, apart);
      if (g > 0 && summed()) {
        addShare(l, apart);
      }
    }
    finish(l, sum);
  }

  /** The panels of one group; the first group writes dW and db to the result, another to {@code apart}. */
  private double group(PanelWorker w, int l, int g, long apart) {
    int width = Panels.width(layer);
    int from = Panels.firstPanel(layer, g);
    int to = Panels.firstPanel(layer, g + 1);
    long base = summed() ? out.address(l) : 0;
    long bSum = g == 0 ? base + 8 * layer.bOffset() : apart + 8L * layer.classes() * layer.dimension();
    long dw = layer.wOffset() < 0 ? 0 : g == 0 ? base + 8 * layer.wOffset() : apart;
    long db = layer.bOffset() < 0 ? 0 : bSum;
    double sum = 0;
    for (int p = from; p < to; p++) {
      int first = p * width;
      int columns = Math.min(width, layer.columns() - first);
      boolean add = p > from;
      switch (code) {
        case FIT -> sum += w.fit(first, columns);
        case GRADIENT -> sum += w.gradient(first, columns, dw, base + 8 * layer.hOffset(), db, add, layer.lambdaH()[l]);
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

  private void addShare(long apart) {
    addShare(lane, apart);
  }

  private void addShare(int l, long apart) {
    long n = (long) layer.classes() * layer.dimension();
    if (layer.wOffset() >= 0) {
      kernels.axpy(1, apart, out.address(l, layer.wOffset(), n), n);
    }
    if (layer.bOffset() >= 0) {
      kernels.axpy(1, apart + 8 * n, out.address(l, layer.bOffset(), layer.classes()), layer.classes());
    }
  }

  /** Stores the fit and adds the penalties of W and b to a gradient or product (that of H went in panel by panel). */
  private void finish(int l, double sum) {
    if (code == Code.FIT || code == Code.GRADIENT) {
      fit[l] = sum;
    }
    if (summed()) {
      CpuBuffer of = code == Code.GRADIENT ? x : v;
      if (layer.wOffset() >= 0) {
        long n = (long) layer.classes() * layer.dimension();
        kernels.axpy(layer.lambdaW()[l], of.address(l, layer.wOffset(), n), out.address(l, layer.wOffset(), n), n);
      }
      if (layer.bOffset() >= 0) {
        long n = layer.classes();
        kernels.axpy(layer.lambdaB()[l], of.address(l, layer.bOffset(), n), out.address(l, layer.bOffset(), n), n);
      }
    }
  }

  @Override
  public void close() {
    shared.close();
    for (Scratch s : own) {
      s.close();
    }
    for (PanelWorker w : workers) {
      w.close();
    }
  }
}

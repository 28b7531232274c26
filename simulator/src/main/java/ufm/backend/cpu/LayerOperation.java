package ufm.backend.cpu;

import ufm.backend.ClassifierLayer;
import ufm.backend.Lanes;
import ufm.backend.cpu.LayerCall.Code;

/**
 * One operation of the classifier layer on the active lanes. Threads share lanes where there are enough of them, else the groups of panels
 * of one lane after the other. Either way the first group writes to the result and every other group's share of the gradients of W
 * and b is summed apart and added in group order, so that bits do not depend on who did what. Layers for which that would take too much
 * memory go to {@link WaveOperation}.
 */
final class LayerOperation implements WorkerPool.Region, AutoCloseable {
  private final WorkerPool pool;
  private final PanelWorker[] workers;
  private final SmallOperation small;
  private final WaveOperation waves;
  private final SumOperation sum = new SumOperation();
  private final Scratch[] own;
  private final Scratch shared = new Scratch();
  private final LayerCall call = new LayerCall();
  private final double[] groupFit = new double[Panels.MOST_GROUPS];
  private int width;
  private int panels;
  private boolean byGroup;
  private int lane;
  private long sharedBase;
  private long share;
  private int step;

  /**
   * @param large elements of W from which on there are waves
   */
  LayerOperation(WorkerPool pool, PanelWorker[] workers, SmallOperation small, long large) {
    this.pool = pool;
    this.small = small;
    this.workers = workers;
    waves = new WaveOperation(pool, workers, large);
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
    call.kernels = kernels;
    call.code = code;
    call.lanes = lanes;
    call.layer = layer;
    call.x = x;
    call.fit = fit;
    call.out = out;
    call.curvature = curvature;
    call.v = v;
    call.steps = 1;
    run();
  }

  /** Steps of momentum descent; arguments as in {@link ufm.backend.Backend#descend}. */
  void descend(
      ElementKernels kernels, Lanes lanes, ClassifierLayer layer, int steps, double[] mu, double[] damp, double[] eta, boolean nesterov,
      CpuBuffer x, CpuBuffer v, CpuBuffer gradient, double[] check) {
    if (SmallOperation.takes(Code.DESCEND, layer)) {
      small.descend(kernels, lanes, layer, steps, mu, damp, eta, nesterov, x, v, check);
      return;
    }
    call.kernels = kernels;
    call.code = Code.DESCEND;
    call.lanes = lanes;
    call.layer = layer;
    call.steps = steps;
    call.mu = mu;
    call.damp = damp;
    call.eta = eta;
    call.nesterov = nesterov;
    call.x = x;
    call.v = v;
    call.out = gradient;
    call.fit = check;
    run();
  }

  private void run() {
    width = Panels.width(call.layer, workers[0].products());
    if (waves.takes(call)) {
      waves.run(call, width);
      return;
    }
    panels = Panels.count(call.layer.columns(), width);
    int groups = Panels.groups(panels);
    share = (call.weights() + call.layer.classes() + 7) & -8;
    double cost = call.nanoseconds();
    byGroup = groups > 1 && call.lanes.count() < pool.size();
    if (!byGroup) {
      pool.run(this, call.lanes.count(), call.steps * cost);
      return;
    }
    if (call.summed()) {
      shared.reset(groups * share);
      sharedBase = shared.take(groups * share);
    }
    for (int i = 0; i < call.lanes.count(); i++) {
      lane = call.lanes.at(i);
      double fit = 0;
      for (step = 0; step < call.steps; step++) {
        pool.run(this, groups, cost / groups);
        for (int g = 0; g < groups; g++) {
          fit += groupFit[g];
        }
        if (call.summed()) {
          pool.run(sum.of(groups), sum.pieces(), 0.1 * groups * Math.min(call.weights(), SumOperation.PIECE));
        }
      }
      keep(lane, fit);
    }
  }

  @Override
  public void run(int item, int worker) {
    PanelWorker w = workers[worker];
    boolean second = call.code == Code.HESSIAN;
    if (byGroup) {
      w.bind(call.kernels, call.layer, width, lane, call.x, second);
      groupFit[item] = group(w, lane, item, step, sharedBase, sharedBase + 8 * item * share);
      return;
    }
    int l = call.lanes.at(item);
    w.bind(call.kernels, call.layer, width, l, call.x, second);
    int groups = Panels.groups(panels);
    long first = 0;
    long apart = 0;
    if (call.summed()) {
      boolean moves = call.code == Code.DESCEND;
      own[worker].reset((moves ? share : 0) + (groups > 1 ? share : 0));
      first = moves ? own[worker].take(share) : 0;
      apart = groups > 1 ? own[worker].take(share) : 0;
    }
    double fit = 0;
    for (int j = 0; j < call.steps; j++) {
      for (int g = 0; g < groups; g++) {
        fit += group(w, l, g, j, first, apart);
        if (g > 0 && call.summed()) {
          addShare(l, first, apart);
        }
      }
      finish(l, first, j);
    }
    keep(l, fit);
  }

  /** The panels of one group; the first group writes dW and db to the result (in steps of descent, to {@code own}), another to {@code apart}. */
  private double group(PanelWorker w, int l, int g, int step, long own, long apart) {
    ClassifierLayer layer = call.layer;
    int from = Panels.first(panels, g);
    int to = Panels.first(panels, g + 1);
    long base = call.summed() && call.code != Code.DESCEND ? call.out.address(l) : 0;
    long dw = !call.summed() || layer.wOffset() < 0 ? 0 : g == 0 ? sumW(l, own) : apart;
    long db = !call.summed() || layer.bOffset() < 0 ? 0 : g == 0 ? sumB(l, own) : apart + 8 * call.weights();
    double lambdaH = layer.lambdaH()[l];
    double sum = 0;
    for (int p = from; p < to; p++) {
      int first = p * width;
      int columns = Math.min(width, layer.columns() - first);
      boolean add = p > from;
      switch (call.code) {
        case FIT -> sum += w.fit(first, columns);
        case GRADIENT -> sum += w.gradient(first, columns, dw, base + 8 * layer.hOffset(), db, add, lambdaH);
        case DESCEND -> {
          sum += w.gradientApart(first, columns, dw, db, add, lambdaH);
          call.move(
              l, step, w.panelGradient(), layer.hOffset() + (long) layer.dimension() * first, (long) layer.dimension() * columns);
        }
        case LOGIT_GRADIENT -> w.logitGradient(
            first, columns, call.out.address(l, 0, (long) layer.columns() * layer.classes()), layer.columns());
        case CURVATURE -> w.curvature(first, columns, call.curvature.address(l, 0, w.curvatureLength()));
        case HESSIAN -> {
          long at = call.v.address(l);
          w.hessian(
              first, columns, call.curvature.address(l, 0, w.curvatureLength()), layer.wOffset() < 0 ? 0 : at + 8 * layer.wOffset(),
              at + 8 * layer.hOffset(), layer.bOffset() < 0 ? 0 : at + 8 * layer.bOffset(), dw, base + 8 * layer.hOffset(), db, add,
              lambdaH);
        }
      }
    }
    return sum;
  }

  /** Where the gradient of W is summed. */
  private long sumW(int l, long own) {
    return call.code == Code.DESCEND ? own : call.out.address(l, call.layer.wOffset(), call.weights());
  }

  /** Where the gradient of b is summed. */
  private long sumB(int l, long own) {
    return call.code == Code.DESCEND ? own + 8 * call.weights() : call.out.address(l, call.layer.bOffset(), call.layer.classes());
  }

  private void addShare(int l, long own, long apart) {
    if (call.layer.wOffset() >= 0) {
      call.kernels.axpy(1, apart, sumW(l, own), call.weights());
    }
    if (call.layer.bOffset() >= 0) {
      call.kernels.axpy(1, apart + 8 * call.weights(), sumB(l, own), call.layer.classes());
    }
  }

  /** Adds the penalties of W and b to a gradient or product (that of H went in panel by panel), and moves W and b in a step of descent. */
  private void finish(int l, long own, int step) {
    ClassifierLayer layer = call.layer;
    if (call.summed() && layer.wOffset() >= 0) {
      call.finish(l, step, layer.lambdaW()[l], sumW(l, own), layer.wOffset(), call.weights());
    }
    if (call.summed() && layer.bOffset() >= 0) {
      call.finish(l, step, layer.lambdaB()[l], sumB(l, own), layer.bOffset(), layer.classes());
    }
  }

  private void keep(int l, double sum) {
    if (call.fits()) {
      call.fit[l] = sum;
    }
  }

  /** Adds the shares of the groups and finishes as {@link #finish} does, a piece of W at a time; b is the last piece. */
  private final class SumOperation implements WorkerPool.Region {
    static final int PIECE = 16384;
    private int groups;

    SumOperation of(int groups) {
      this.groups = groups;
      return this;
    }

    int piecesOfW() {
      return call.layer.wOffset() < 0 ? 0 : (int) Math.ceilDiv(call.weights(), (long) PIECE);
    }

    int pieces() {
      return piecesOfW() + (call.layer.bOffset() < 0 ? 0 : 1);
    }

    @Override
    public void run(int item, int worker) {
      boolean ofW = item < piecesOfW();
      long from = ofW ? (long) item * PIECE : 0;
      long n = ofW ? Math.min(PIECE, call.weights() - from) : call.layer.classes();
      long to = (ofW ? sumW(lane, sharedBase) : sumB(lane, sharedBase)) + 8 * from;
      long apart = ofW ? from : call.weights();
      for (int g = 1; g < groups; g++) {
        call.kernels.axpy(1, sharedBase + 8 * (g * share + apart), to, n);
      }
      call.finish(
          lane, step, (ofW ? call.layer.lambdaW() : call.layer.lambdaB())[lane], to, (ofW ? call.layer.wOffset() : call.layer.bOffset()) + from,
          n);
    }
  }

  @Override
  public void close() {
    small.close();
    shared.close();
    waves.close();
    for (Scratch s : own) {
      s.close();
    }
    for (PanelWorker w : workers) {
      w.close();
    }
  }
}

package ufm.backend.cpu;

import ufm.backend.ClassifierLayer;
import ufm.backend.Lanes;
import ufm.backend.cpu.LayerCall.Code;

/**
 * One operation of a small layer on the active lanes, cut into lanes or groups of panels as in {@link LayerOperation}. Steps of descent
 * gather H and its velocity into blocks once, and scatter them when all steps are done.
 */
final class SmallOperation implements WorkerPool.Region, AutoCloseable {
  private final WorkerPool pool;
  private final KernelFamily family;
  private final SmallPanel[] workers;
  private final LaneBundle[] bundles;
  private final Scratch[] own;
  private final Scratch shared = new Scratch();
  private SmallKernels kernels;
  private ElementKernels elements;
  private Code code;
  private Lanes lanes;
  private ClassifierLayer layer;
  private boolean byGroup;
  private boolean bundled;
  private int lane;
  private long share;
  private long sharedSums;
  private long sharedH;
  private final double[] groupFit = new double[8];
  private double[] fit;
  private CpuBuffer x;
  private CpuBuffer out;
  private CpuBuffer v;
  private int steps;
  private int step;
  private double[] mu;
  private double[] damp;
  private double[] eta;
  private boolean nesterov;

  SmallOperation(WorkerPool pool, KernelFamily family) {
    this.pool = pool;
    this.family = family;
    workers = new SmallPanel[pool.size()];
    bundles = new LaneBundle[pool.size()];
    own = new Scratch[pool.size()];
    for (int i = 0; i < own.length; i++) {
      workers[i] = new SmallPanel();
      bundles[i] = new LaneBundle();
      own[i] = new Scratch();
    }
  }

  /** Whether this is for small layers and the layer is one: by code and shape alone. */
  static boolean takes(Code code, ClassifierLayer layer) {
    return code != Code.CURVATURE && code != Code.HESSIAN && SmallPanel.fits(layer);
  }

  /** Runs an operation; arguments as in {@link LayerOperation#run}. */
  void run(ElementKernels elements, Code code, Lanes lanes, ClassifierLayer layer, CpuBuffer x, double[] fit, CpuBuffer out) {
    this.elements = elements;
    this.code = code;
    this.lanes = lanes;
    this.layer = layer;
    this.x = x;
    this.fit = fit;
    this.out = out;
    steps = 1;
    run();
  }

  /** Steps of momentum descent; arguments as in {@link ufm.backend.Backend#descend}. */
  void descend(
      ElementKernels elements, Lanes lanes, ClassifierLayer layer, int steps, double[] mu, double[] damp, double[] eta, boolean nesterov,
      CpuBuffer x, CpuBuffer v, double[] check) {
    this.elements = elements;
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
    kernels = family.small();
    int groups = SmallPanel.groups(layer);
    share = Memory.roundUp(layer.classes() * (layer.dimension() + 1));
    double cost = 100 + (double) layer.classes() * layer.columns() * (2 + 0.1 * layer.dimension());
    byGroup = groups > 1 && lanes.count() < pool.size();
    bundled = code != Code.LOGIT_GRADIENT && lanes.count() >= LaneBundle.WORTHWHILE && LaneBundle.fits(layer);
    if (bundled) {
      pool.run(this, Math.ceilDiv(lanes.count(), LaneBundle.SIZE), LaneBundle.SIZE * steps * cost);
      return;
    }
    if (!byGroup) {
      pool.run(this, lanes.count(), steps * cost);
      return;
    }
    shared.reset(groups * share + 2 * blockElements());
    sharedSums = shared.take(groups * share);
    sharedH = shared.take(2 * blockElements());
    for (int i = 0; i < lanes.count(); i++) {
      lane = lanes.at(i);
      double sum = 0;
      for (step = 0; step < steps; step++) {
        pool.run(this, groups, cost / groups);
        for (int g = 0; g < groups; g++) {
          sum += groupFit[g];
          if (g > 0 && summed()) {
            addShare(lane, sharedSums, sharedSums + 8 * g * share);
          }
        }
        finish(lane, sharedSums, step);
      }
      keep(lane, sum);
    }
  }

  /** Elements of H in blocks. */
  private long blockElements() {
    return (long) SmallKernels.stride(layer.dimension()) * Memory.roundUp(layer.columns());
  }

  private boolean summed() {
    return code == Code.GRADIENT || code == Code.DESCEND;
  }

  @Override
  public void run(int item, int worker) {
    if (bundled) {
      bundle(item * LaneBundle.SIZE, bundles[worker], worker);
      return;
    }
    SmallPanel w = workers[worker];
    if (byGroup) {
      w.bind(kernels, elements, layer, lane, x);
      groupFit[item] = group(w, lane, item, step, sharedSums, sharedSums + 8 * item * share, sharedH);
      return;
    }
    lane(item, w, worker);
  }

  /** Eight lanes of the list at once, where they are that many and alike. */
  private void bundle(int first, LaneBundle w, int worker) {
    int count = LaneBundle.count(layer, lanes, first);
    int end = Math.min(first + LaneBundle.SIZE, lanes.count());
    if (count < LaneBundle.WORTHWHILE || first + count < end) {
      for (int i = first; i < end; i++) {
        lane(i, workers[worker], worker);
      }
      return;
    }
    w.bind(kernels, elements, layer, lanes, first, count, x);
    switch (code) {
      case FIT -> w.fit(fit);
      case GRADIENT -> w.gradient(x, fit, out);
      default -> w.descend(steps, mu, damp, eta, nesterov, x, v, fit);
    }
  }

  /** All panels of one lane of the list. */
  private void lane(int item, SmallPanel w, int worker) {
    int l = lanes.at(item);
    w.bind(kernels, elements, layer, l, x);
    int groups = SmallPanel.groups(layer);
    long h = code == Code.DESCEND ? 2 * blockElements() : 0;
    own[worker].reset(2 * share + h);
    long first = own[worker].take(share);
    long apart = own[worker].take(share);
    long blocks = own[worker].take(h);
    double sum = 0;
    for (int j = 0; j < steps; j++) {
      for (int g = 0; g < groups; g++) {
        sum += group(w, l, g, j, first, apart, blocks);
        if (g > 0 && summed()) {
          addShare(l, first, apart);
        }
      }
      finish(l, first, j);
    }
    keep(l, sum);
  }

  /** The panels of one group; the first writes dW and db to the result (in steps of descent, to {@code own}), another to {@code apart}. */
  private double group(SmallPanel w, int l, int g, int step, long own, long apart, long blocks) {
    int panels = SmallPanel.count(layer);
    int from = Panels.first(panels, g);
    int to = Panels.first(panels, g + 1);
    long dw = !summed() || layer.wOffset() < 0 ? 0 : g == 0 ? sumW(l, own) : apart;
    long db = !summed() || layer.bOffset() < 0 ? 0 : g == 0 ? sumB(l, own) : apart + 8L * layer.classes() * layer.dimension();
    double sum = 0;
    for (int p = from; p < to; p++) {
      int first = p * SmallPanel.WIDTH;
      int columns = Math.min(SmallPanel.WIDTH, layer.columns() - first);
      boolean add = p > from;
      switch (code) {
        case FIT -> sum += w.fit(first, columns, w.gather(first, columns));
        case GRADIENT -> {
          long h = w.gather(first, columns);
          sum += w.gradient(first, columns, h, dw, db, add);
          int d = layer.dimension();
          int stride = SmallKernels.stride(d);
          elements.axpy(layer.lambdaH()[l], h, w.featureGradient(), (long) stride * Memory.roundUp(columns));
          kernels.scatter(w.featureGradient(), columns, d, stride, column(out, l, first), 8L * d);
        }
        case DESCEND -> sum += descend(w, l, first, columns, step, dw, db, add, blocks);
        default -> w.logitGradient(
            first, columns, w.gather(first, columns), out.address(l, 0, (long) layer.columns() * layer.classes()), layer.columns());
      }
    }
    return sum;
  }

  private double descend(SmallPanel w, int l, int first, int columns, int step, long dw, long db, boolean add, long blocks) {
    int d = layer.dimension();
    int stride = SmallKernels.stride(d);
    long h = blocks + 8L * stride * first;
    long velocity = v == null ? 0 : h + 8 * blockElements();
    if (step == 0) {
      kernels.gather(column(x, l, first), 8L * d, columns, d, stride, h);
      if (v != null) {
        kernels.gather(column(v, l, first), 8L * d, columns, d, stride, velocity);
      }
    }
    double sum = w.gradient(first, columns, h, dw, db, add);
    long parameters = w.parameters(layer.lambdaH()[l], v == null ? 0 : mu[l], v == null ? 0 : damp[l]);
    kernels.move(Memory.roundUp(columns) / 8, d, stride, eta[step], nesterov, parameters, w.featureGradient(), velocity, h);
    if (step == steps - 1) {
      kernels.scatter(h, columns, d, stride, column(x, l, first), 8L * d);
      if (v != null) {
        kernels.scatter(velocity, columns, d, stride, column(v, l, first), 8L * d);
      }
    }
    return sum;
  }

  private long column(CpuBuffer of, int l, int first) {
    return of.address(l, layer.hOffset(), (long) layer.dimension() * layer.columns()) + 8L * layer.dimension() * first;
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
      elements.axpy(1, apart, sumW(l, own), n);
    }
    if (layer.bOffset() >= 0) {
      elements.axpy(1, apart + 8 * n, sumB(l, own), layer.classes());
    }
  }

  /** Adds the penalties of W and b to a gradient, and moves W and b in a step of descent. */
  private void finish(int l, long own, int step) {
    if (!summed()) {
      return;
    }
    if (layer.wOffset() >= 0) {
      finish(l, step, layer.lambdaW()[l], sumW(l, own), layer.wOffset(), (long) layer.classes() * layer.dimension());
    }
    if (layer.bOffset() >= 0) {
      finish(l, step, layer.lambdaB()[l], sumB(l, own), layer.bOffset(), layer.classes());
    }
  }

  private void finish(int l, int step, double lambda, long g, long offset, long n) {
    long at = x.address(l, offset, n);
    elements.axpy(lambda, at, g, n);
    if (code == Code.DESCEND && v == null) {
      elements.axpy(-eta[step], g, at, n);
    } else if (code == Code.DESCEND) {
      elements.momentum(mu[l], damp[l], eta[step], nesterov, g, v.address(l, offset, n), at, n);
    }
  }

  private void keep(int l, double sum) {
    if (code != Code.LOGIT_GRADIENT) {
      fit[l] = sum;
    }
  }

  @Override
  public void close() {
    shared.close();
    for (int i = 0; i < own.length; i++) {
      own[i].close();
      workers[i].close();
      bundles[i].close();
    }
  }
}

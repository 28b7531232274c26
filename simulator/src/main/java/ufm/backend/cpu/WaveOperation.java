package ufm.backend.cpu;

import ufm.backend.ClassifierLayer;
import ufm.backend.cpu.LayerCall.Code;

/**
 * Gradient, Hessian product and descent of a layer whose W is too large for several sums of its gradient at once. The lanes follow one
 * another, and all threads work on one <em>wave</em> of panels: first panel by panel logits, losses and the gradient of H, then {@code dW +=
 * G D_s H^T} over all columns of the wave, by blocks of classes. Only the logits of a wave are in memory. Every element is computed by the
 * same products, whichever thread does it.
 */
final class WaveOperation implements WorkerPool.Region, AutoCloseable {
  /** Elements of W from which on waves pay. */
  static final long LARGE = 1 << 20;

  private static final int MOST_PANELS = 8;
  private static final int FEWEST_PANELS = 2;
  private static final long MOST_LOGITS = 1 << 26;
  private static final int CLASS_BLOCKS = 64;
  private static final int CLASS_GRAIN = 32;
  private static final int CHUNK = 1 << 16;

  private enum Phase {
    PANELS, CLASSES, MOVE, FINISH
  }

  private final WorkerPool pool;
  private final long large;
  private final PanelWorker[] workers;
  private final Scratch scratch = new Scratch();
  private final double[] panelFit = new double[MOST_PANELS];
  private LayerCall call;
  private Phase phase;
  private int width;
  private int ld;
  private int lane;
  private int step;
  private int first;
  private int columns;
  private int classBlock;
  private long z;
  private long g;
  private long sums;

  /**
   * @param large elements of W from which on waves are used
   */
  WaveOperation(WorkerPool pool, PanelWorker[] workers, long large) {
    this.pool = pool;
    this.workers = workers;
    this.large = large;
  }

  /** Whether a call is for waves: by shape alone. */
  boolean takes(LayerCall call) {
    return call.summed() && call.layer.wOffset() >= 0 && call.weights() >= large;
  }

  /** Runs a call on panels of the given width. */
  void run(LayerCall call, int width) {
    this.call = call;
    this.width = width;
    ClassifierLayer layer = call.layer;
    int classes = layer.classes();
    int count = Panels.count(layer.columns(), width);
    int most = (int) Math.min(count, Math.clamp(MOST_LOGITS / ((long) classes * width), FEWEST_PANELS, MOST_PANELS));
    ld = Memory.leadingDimension(Math.min(layer.columns(), most * width));
    classBlock = CLASS_GRAIN * Math.ceilDiv(classes, CLASS_BLOCKS * CLASS_GRAIN);
    int matrices = call.code == Code.HESSIAN ? 2 : 1;
    scratch.reset(matrices * (long) ld * classes + (long) most * Memory.roundUp(classes));
    z = scratch.take((long) ld * classes);
    g = matrices > 1 ? scratch.take((long) ld * classes) : 0;
    sums = scratch.take((long) most * Memory.roundUp(classes));
    int pieces = (int) Math.ceilDiv(call.weights(), (long) CHUNK) + (layer.bOffset() >= 0 ? 1 : 0);
    double cost = call.nanoseconds();
    for (int i = 0; i < call.lanes.count(); i++) {
      lane = call.lanes.at(i);
      double sum = 0;
      for (step = 0; step < call.steps; step++) {
        for (int from = 0; from < count; from += most) {
          int panels = Math.min(most, count - from);
          first = from * width;
          columns = Math.min(layer.columns() - first, panels * width);
          run(Phase.PANELS, panels, cost / count);
          for (int p = 0; p < panels; p++) {
            sum += panelFit[p];
          }
          run(Phase.CLASSES, Math.ceilDiv(classes, classBlock), cost / count);
          if (call.code == Code.DESCEND) {
            run(Phase.MOVE, panels, cost / count);
          }
        }
        run(Phase.FINISH, pieces, CHUNK);
      }
      if (call.fits()) {
        call.fit[lane] = sum;
      }
    }
    this.call = null;
  }

  private void run(Phase phase, int items, double nanoseconds) {
    this.phase = phase;
    pool.run(this, items, nanoseconds);
  }

  @Override
  public void run(int item, int worker) {
    switch (phase) {
      case PANELS -> panel(item, workers[worker]);
      case CLASSES -> classes(item, workers[worker].products());
      case MOVE -> {
        int at = first + item * width;
        long n = (long) call.layer.dimension() * columnsOf(item);
        call.move(lane, step, featureGradient() + 8L * call.layer.dimension() * at, features(at), n);
      }
      case FINISH -> finish(item);
    }
  }

  /** Columns of a panel of the wave. */
  private int columnsOf(int panel) {
    return Math.min(width, columns - panel * width);
  }

  /** Offset of a column of H in the variables. */
  private long features(int column) {
    return call.layer.hOffset() + (long) call.layer.dimension() * column;
  }

  /** Where the gradient of column 0 of H goes; in descent every wave uses the room of the first. */
  private long featureGradient() {
    long room = (long) call.layer.dimension() * call.layer.columns();
    return call.out.address(lane, call.layer.hOffset(), room) - (call.code == Code.DESCEND ? 8L * call.layer.dimension() * first : 0);
  }

  private void panel(int item, PanelWorker w) {
    ClassifierLayer layer = call.layer;
    long at = 8L * width * item;
    w.bind(call.kernels, layer, width, lane, call.x, z + at, g + at, ld);
    long db = layer.bOffset() < 0 ? 0 : sums + 8L * Memory.roundUp(layer.classes()) * item;
    int from = first + item * width;
    double lambdaH = layer.lambdaH()[lane];
    if (call.code == Code.HESSIAN) {
      long v = call.v.address(lane);
      w.hessian(
          from, columnsOf(item), call.curvature.address(lane, 0, w.curvatureLength()), v + 8 * layer.wOffset(), v + 8 * layer.hOffset(),
          layer.bOffset() < 0 ? 0 : v + 8 * layer.bOffset(), 0, featureGradient(), db, false, lambdaH);
    } else {
      panelFit[item] = w.gradient(from, columnsOf(item), 0, featureGradient(), db, false, lambdaH);
    }
  }

  /** Adds a wave to a block of rows of dW and of elements of db. */
  private void classes(int item, Products products) {
    ClassifierLayer layer = call.layer;
    int k = item * classBlock;
    int rows = Math.min(classBlock, layer.classes() - k);
    int d = layer.dimension();
    long h = 8 * features(first);
    long dw = call.out.address(lane, layer.wOffset(), call.weights()) + 8L * k;
    products.gemm(
        true, true, rows, d, columns, 1, z + 8L * ld * k, ld, call.x.address(lane) + h, d, first > 0 ? 1 : 0, dw, layer.classes());
    if (call.code == Code.HESSIAN) {
      boolean squared = layer.loss() == ClassifierLayer.Kind.SQUARED;
      int ldg = squared ? Memory.leadingDimension(layer.columns()) : ld;
      long at = squared ? call.curvature.address(lane) + 8L * first : g;
      products.gemm(true, true, rows, d, columns, 1, at + 8L * ldg * k, ldg, call.v.address(lane) + h, d, 1, dw, layer.classes());
    }
    if (layer.bOffset() >= 0) {
      long db = call.out.address(lane, layer.bOffset() + k, rows);
      if (first == 0) {
        call.kernels.fill(0, db, rows);
      }
      for (int p = 0; p < Panels.count(columns, width); p++) {
        call.kernels.axpy(1, sums + 8 * ((long) Memory.roundUp(layer.classes()) * p + k), db, rows);
      }
    }
  }

  /** Penalty of a chunk of W, or of b behind the last, and its step of descent. */
  private void finish(int item) {
    ClassifierLayer layer = call.layer;
    long from = (long) item * CHUNK;
    if (from < call.weights()) {
      long n = Math.min(CHUNK, call.weights() - from);
      call.finish(lane, step, layer.lambdaW()[lane], call.out.address(lane, layer.wOffset() + from, n), layer.wOffset() + from, n);
    } else {
      call.finish(
          lane, step, layer.lambdaB()[lane], call.out.address(lane, layer.bOffset(), layer.classes()), layer.bOffset(), layer.classes());
    }
  }

  @Override
  public void close() {
    scratch.close();
  }
}

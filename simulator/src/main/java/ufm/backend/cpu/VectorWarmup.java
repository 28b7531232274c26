package ufm.backend.cpu;

import java.util.ArrayList;
import java.util.List;

/**
 * Lets the compiler see the vector kernels before anybody waits for them. Interpreted, a vector operation costs a thousand times what it
 * costs compiled, and a plain loop does not; since both give the same bits, a run starts on plain loops, and when it turns out to be
 * long, a background thread runs every vector kernel on numbers of its own until it is compiled. Short runs never pay for that.
 */
final class VectorWarmup {
  private static final int ROWS = 64;
  private static final int CLASSES = 8;
  private static final int CALLS = 3000;
  private static final int PASSES = 3;

  private static boolean started;
  private static boolean smallStarted;
  private static volatile boolean ready;
  private static volatile boolean smallReady;

  private VectorWarmup() {}

  /** Whether the vector kernels are worth using. */
  static boolean ready() {
    return ready;
  }

  /** Whether those of small layers are. */
  static boolean smallReady() {
    return smallReady;
  }

  /**
   * Starts a background thread, the first time.
   *
   * @param small whether to begin with the kernels of small layers; otherwise they are left out until they are asked for
   */
  static synchronized void start(boolean small) {
    boolean first = small && !smallStarted;
    boolean others = !started;
    smallStarted |= small;
    started = true;
    if (first || others) {
      Thread t = new Thread(() -> run(first, others), "ufm-warm-up");
      t.setDaemon(true);
      t.setPriority(Thread.MIN_PRIORITY);
      t.start();
    }
  }

  /** Runs every kernel often enough to be compiled; does nothing where the Vector API is not to be had. */
  static void run() {
    run(true, true);
  }

  private static void run(boolean small, boolean others) {
    if (!VectorModule.load()) {
      return;
    }
    try (Scratch memory = new Scratch()) {
      memory.reset((3L * CLASSES + 14) * ROWS);
      long z = memory.take((long) CLASSES * ROWS);
      long g = memory.take((long) CLASSES * ROWS);
      long p = memory.take((long) CLASSES * ROWS);
      long[] row = new long[14];
      for (int i = 0; i < row.length; i++) {
        row[i] = memory.take(ROWS);
      }
      List<Runnable> ofSmall = small(new SmallKernelsApart(new VectorSmallKernels()), z, g, p, row);
      List<Runnable> kernels = new ArrayList<>(kernels(new KernelsApart(new VectorKernels()), z, g, p, row));
      kernels.addAll(tiles(new VectorTile(), z, g, p));
      // Code that was compiled before all classes of vectors were loaded would have to be compiled again.
      ofSmall.forEach(Runnable::run);
      kernels.forEach(Runnable::run);
      if (small) {
        often(ofSmall);
        smallReady = true;
      }
      if (others) {
        often(kernels);
        ready = true;
      }
    }
  }

  private static void often(List<Runnable> kernels) {
    for (int pass = 0; pass < PASSES; pass++) {
      for (Runnable kernel : kernels) {
        for (int i = 0; i < CALLS; i++) {
          kernel.run();
        }
      }
    }
  }

  private static List<Runnable> kernels(ElementKernels k, long z, long g, long p, long[] row) {
    int n = CLASSES * ROWS;
    return List.of(
        () -> k.fill(0.5, row[0], ROWS),
        () -> k.fill(-0.25, z, n),
        () -> k.affineMax(z, ROWS, ROWS, CLASSES, row[0], row[1], row[2]),
        () -> k.affine(z, ROWS, ROWS, CLASSES, row[0], row[1]),
        () -> k.offsetSum(z, ROWS, ROWS, CLASSES, row[2], row[3]),
        () -> k.expSum(z, ROWS, ROWS, CLASSES, row[0], row[4]),
        () -> k.crossEntropy(ROWS, row[1], row[0], row[4], row[5], row[6], row[7], row[8], row[9]),
        () -> k.focal(2, ROWS, row[5], row[6], row[7], row[10], row[11], row[12]),
        () -> k.scaleRows(z, ROWS, ROWS, CLASSES, row[8], 0, g, ROWS),
        () -> k.scaleRows(z, ROWS, ROWS, CLASSES, row[8], row[9], p, ROWS),
        () -> k.columnSums(z, ROWS, ROWS, CLASSES, row[0], row[13]),
        () -> k.centre(g, ROWS, ROWS, CLASSES, row[3], p, ROWS, row[13]),
        () -> k.curve(g, ROWS, ROWS, CLASSES, p, ROWS, row[0], row[13]),
        () -> k.squaredNorms(z, ROWS, ROWS, CLASSES, row[13]),
        () -> k.scale(0.5, z, n),
        () -> k.axpy(-0.5, z, g, n),
        () -> k.combine(0.5, z, -0.5, g, p, n),
        () -> k.multiply(z, z, g, n),
        () -> k.dot(z, g, n),
        () -> k.distance2(z, 0.5, g, n),
        () -> k.maxAbs(z, n),
        () -> k.clamp(p, n),
        () -> k.freeMask(z, p, 0.1, g, n),
        () -> k.momentum(0.5, 0, 1e-3, true, z, p, g, n),
        () -> k.adam(0.9, 0.99, 1e-8, 1e-3, 0.5, 0.5, z, p, g, z, n));
  }

  /** Five blocks of seven features and eight classes. */
  private static List<Runnable> small(SmallKernels k, long z, long h, long p, long[] row) {
    int d = CLASSES - 1;
    return List.of(
        () -> k.gather(z, 8L * CLASSES, 40, CLASSES, CLASSES, h),
        () -> k.scatter(h, 40, CLASSES, CLASSES, z, 8L * CLASSES),
        () -> k.logits(5, d, d, CLASSES, h, row[0], z, ROWS),
        () -> k.features(5, d, d, CLASSES, row[0], z, ROWS, p),
        () -> k.outer(5, d, d, CLASSES, z, ROWS, h, p),
        () -> k.reduce(p, CLASSES + 1, false, row[1]),
        () -> k.weighted(5, row[0], row[1], row[2]),
        () -> k.laneLogits(5, d, CLASSES, h, p, z, ROWS),
        () -> k.laneFeatures(5, d, CLASSES, p, z, ROWS, h),
        () -> k.laneOuter(5, d, CLASSES, z, ROWS, h, p),
        () -> k.move(5, d, d, 1e-3, false, row[3], p, h, z),
        () -> k.move(5, d, d, 1e-3, true, row[3], p, 0, z),
        () -> k.maxima(z, ROWS, 40, CLASSES, row[4], row[5], row[6], row[7], row[8]),
        () -> k.exponentials(z, ROWS, 40, CLASSES, row[7], row[6], row[9]),
        () -> k.shares(40, row[0], row[4], row[9], row[1], row[5], row[6], row[7], row[8], row[10], row[11]),
        () -> k.logarithms(40, row[0], row[4], row[11]),
        () -> k.squares(z, ROWS, 40, CLASSES, row[4], row[5], row[6], row[7]),
        () -> k.residuals(z, ROWS, 40, CLASSES, row[4], row[5], row[6], row[7], row[8], p));
  }

  private static List<Runnable> tiles(TileKernel t, long a, long b, long sums) {
    return List.of(
        () -> t.sums(20, a, 64L * 20, b, 64, 8, 16, 24, sums),
        () -> t.put(16, 0.5, sums, 0, b),
        () -> t.put(16, 0.5, sums, 0.5, b));
  }
}

package ufm.backend.cpu;

/**
 * Chooses between the kernels on the Vector API and plain loops, and touches the former only where its module is present. Left to choose,
 * it begins with plain loops and changes over when {@link VectorWarmup} is through; no bit depends on when that is.
 */
final class KernelFamily {
  /** Work that is over sooner is not worth a warm-up. */
  private static final long SHORT_RUN = 40_000_000;

  private final boolean vector;
  private final boolean adaptive;
  private final ElementKernels vectorKernels;
  private final TileKernel vectorTile;
  private final TileKernel scalarTile = new ScalarTile();
  private long firstUse;
  private boolean warming;

  /**
   * @param wanted what the user asked for
   * @throws IllegalStateException if the Vector API is demanded and its module is not there
   */
  KernelFamily(CpuOptions.Kernels wanted) {
    boolean present = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    if (wanted == CpuOptions.Kernels.VECTOR && !present) {
      throw new IllegalStateException("vector kernels were asked for, but Java runs without --add-modules jdk.incubator.vector");
    }
    vector = present && wanted != CpuOptions.Kernels.SCALAR;
    adaptive = wanted == CpuOptions.Kernels.AUTO;
    vectorKernels = vector ? OnVectors.elements() : null;
    vectorTile = vector ? OnVectors.tile() : null;
  }

  /** Elementwise kernels for the next operation; stateless. For the thread that calls the backend. */
  ElementKernels elements() {
    if (vector && adaptive && !warming) {
      long now = System.nanoTime();
      if (firstUse == 0) {
        firstUse = now;
      } else if (now - firstUse > SHORT_RUN) {
        warming = true;
        VectorWarmup.start();
      }
    }
    return onVectors() ? vectorKernels : ScalarKernels.INSTANCE;
  }

  /** The tile of the next Java product; stateless. For any thread. */
  TileKernel tile() {
    return onVectors() ? vectorTile : scalarTile;
  }

  private boolean onVectors() {
    return vector && (!adaptive || VectorWarmup.ready());
  }

  /** Family and register width. */
  String description() {
    return !vector ? "scalar" : "vector (" + OnVectors.bits() + " bits" + (adaptive ? ", after a start on plain loops)" : ")");
  }

  /** Loaded only when it is used. */
  private static final class OnVectors {
    static ElementKernels elements() {
      return new KernelsApart(new VectorKernels());
    }

    static TileKernel tile() {
      return new VectorTile();
    }

    static int bits() {
      return 64 * VectorFunctions.L;
    }
  }
}

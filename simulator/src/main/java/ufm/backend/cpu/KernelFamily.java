package ufm.backend.cpu;

/**
 * Chooses between the kernels on the Vector API and plain loops, and touches the former only where its module is present. Left to choose,
 * it begins with plain loops and changes over when {@link VectorWarmup} is through; no bit depends on when that is.
 */
final class KernelFamily {
  /** Work that is over sooner is not worth a warm-up. */
  private static final long SHORT_RUN = 150_000_000;

  private final boolean vector;
  private final boolean adaptive;
  private final TileKernel scalarTile = new ScalarTile();
  private long firstUse;
  private boolean warming;
  private boolean smallUsed;

  /**
   * @param wanted what the user asked for
   * @throws IllegalStateException if the Vector API is demanded and its module is not there
   */
  KernelFamily(CpuOptions.Kernels wanted) {
    if (wanted == CpuOptions.Kernels.VECTOR && !VectorModule.load()) {
      throw new IllegalStateException("vector kernels were asked for, but Java runs without --add-modules jdk.incubator.vector");
    }
    vector = wanted != CpuOptions.Kernels.SCALAR && VectorModule.expected();
    adaptive = wanted == CpuOptions.Kernels.AUTO;
  }

  /** Elementwise kernels for the next operation; stateless. For the thread that calls the backend. */
  ElementKernels elements() {
    if (vector && adaptive && !warming) {
      long now = System.nanoTime();
      if (firstUse == 0) {
        firstUse = now;
      } else if (now - firstUse > SHORT_RUN) {
        warming = true;
        VectorWarmup.start(smallUsed);
      }
    }
    return onVectors() ? OnVectors.ELEMENTS : ScalarKernels.INSTANCE;
  }

  /** The tile of the next Java product; stateless. For any thread. */
  TileKernel tile() {
    return onVectors() ? OnVectors.TILE : scalarTile;
  }

  /** Kernels of the next operation on a small layer; stateless. */
  SmallKernels small() {
    if (vector && adaptive && !smallUsed) {
      smallUsed = true;
      if (warming) {
        VectorWarmup.start(true);
      }
    }
    return vector && (!adaptive || VectorWarmup.smallReady()) ? OnVectors.SMALL : ScalarSmallKernels.INSTANCE;
  }

  private boolean onVectors() {
    return vector && (!adaptive || VectorWarmup.ready());
  }

  /** Family. The register width decides no bit, and to name it the vector kernels would have to be loaded. */
  String description() {
    return vector ? "vector" + (adaptive ? " (after a start on plain loops)" : "") : "scalar";
  }

  /** The same with the register width; loads the vector kernels. */
  String fullDescription() {
    return vector && VectorModule.load()
        ? "vector (" + 64 * VectorFunctions.L + " bits" + (adaptive ? ", after a start on plain loops)" : ")")
        : "scalar";
  }

  /** Loaded only when it is used. */
  private static final class OnVectors {
    static final ElementKernels ELEMENTS = new KernelsApart(new VectorKernels());
    static final TileKernel TILE = new VectorTile();
    static final SmallKernels SMALL = new SmallKernelsApart(new VectorSmallKernels());
  }
}

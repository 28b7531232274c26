package ufm.backend.cpu;

/** Chooses between the kernels on the Vector API and plain loops, and touches the former only where its module is present. */
final class KernelFamily {
  private final boolean vector;

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
  }

  /** Elementwise kernels; stateless. */
  ElementKernels elements() {
    return vector ? OnVectors.elements() : ScalarKernels.INSTANCE;
  }

  /** The tile of the Java product; stateless. */
  TileKernel tile() {
    return vector ? OnVectors.tile() : new ScalarTile();
  }

  /** For people: family and register width. */
  String description() {
    return vector ? "vector (" + OnVectors.bits() + " bits)" : "scalar";
  }

  /** Loaded only when it is used. */
  private static final class OnVectors {
    static ElementKernels elements() {
      return new VectorKernels();
    }

    static TileKernel tile() {
      return new VectorTile();
    }

    static int bits() {
      return 64 * VectorFunctions.L;
    }
  }
}

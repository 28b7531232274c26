package ufm.backend.cpu;

import ufm.problem.InvalidProblem;

/**
 * Choices of the processor's backend. None of them changes what is computed; {@code blas} changes the rounding of products.
 *
 * @param threads worker threads, at least 1; results do not depend on it
 * @param blas which implementation of matrix products
 * @param kernels which implementation of elementwise work; both give the same bits
 */
public record CpuOptions(int threads, Blas blas, Kernels kernels) {

  /** Who computes matrix products. */
  public enum Blas {
    /** OpenBLAS if it can be loaded, else Java. */
    AUTO,
    /** OpenBLAS; it is an error if it cannot be loaded. */
    NATIVE,
    /** The Java kernel. */
    JAVA
  }

  /** Who does elementwise work. */
  public enum Kernels {
    /** The Vector API if its module is present, else plain loops. */
    AUTO,
    /** The Vector API; it is an error if the module {@code jdk.incubator.vector} is not present. */
    VECTOR,
    /** Plain loops. */
    SCALAR
  }

  /** Checks the number of threads. */
  public CpuOptions {
    if (threads < 1) {
      throw new InvalidProblem("threads", threads, "at least 1");
    }
  }

  /** All cores, everything else chosen by what is there. */
  public static CpuOptions defaults() {
    return new CpuOptions(Runtime.getRuntime().availableProcessors(), Blas.AUTO, Kernels.AUTO);
  }

  /** The same with another number of threads. */
  public CpuOptions withThreads(int n) {
    return new CpuOptions(n, blas, kernels);
  }

  /** The same with another implementation of products. */
  public CpuOptions withBlas(Blas b) {
    return new CpuOptions(threads, b, kernels);
  }

  /** The same with another implementation of elementwise work. */
  public CpuOptions withKernels(Kernels k) {
    return new CpuOptions(threads, blas, k);
  }
}

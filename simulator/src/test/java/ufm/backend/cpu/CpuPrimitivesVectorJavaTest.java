package ufm.backend.cpu;

import ufm.backend.Backend;
import ufm.backend.PrimitivesContract;

/** The vector and matrix contract in Java on the Vector API. */
class CpuPrimitivesVectorJavaTest extends PrimitivesContract {
  @Override
  protected Backend open() {
    return CpuBackend.create(new CpuOptions(2, CpuOptions.Blas.JAVA, CpuOptions.Kernels.VECTOR));
  }
}

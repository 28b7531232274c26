package ufm.backend.cpu;

import ufm.backend.Backend;
import ufm.backend.BackendContract;

/** The contract with products in Java on the Vector API and two threads. */
class CpuVectorJavaTest extends BackendContract {
  @Override
  protected Backend open() {
    return CpuBackend.create(new CpuOptions(2, CpuOptions.Blas.JAVA, CpuOptions.Kernels.VECTOR));
  }
}

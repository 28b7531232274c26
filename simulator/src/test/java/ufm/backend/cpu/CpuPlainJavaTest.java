package ufm.backend.cpu;

import ufm.backend.Backend;
import ufm.backend.BackendContract;

/** The contract with products in Java on plain loops: neither a library nor the Vector API. */
class CpuPlainJavaTest extends BackendContract {
  @Override
  protected Backend open() {
    return CpuBackend.create(new CpuOptions(1, CpuOptions.Blas.JAVA, CpuOptions.Kernels.SCALAR));
  }
}

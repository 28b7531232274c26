package ufm.backend.cpu;

import ufm.backend.Backend;
import ufm.backend.BackendContract;

/** The contract with OpenBLAS, plain loops and three threads. */
class CpuNativeScalarTest extends BackendContract {
  @Override
  protected Backend open() {
    return CpuBackend.create(new CpuOptions(3, CpuOptions.Blas.NATIVE, CpuOptions.Kernels.SCALAR));
  }
}

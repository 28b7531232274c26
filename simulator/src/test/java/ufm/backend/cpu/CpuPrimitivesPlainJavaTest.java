package ufm.backend.cpu;

import ufm.backend.Backend;
import ufm.backend.PrimitivesContract;

/** The vector and matrix contract in Java on plain loops. */
class CpuPrimitivesPlainJavaTest extends PrimitivesContract {
  @Override
  protected Backend open() {
    return CpuBackend.create(new CpuOptions(1, CpuOptions.Blas.JAVA, CpuOptions.Kernels.SCALAR));
  }
}

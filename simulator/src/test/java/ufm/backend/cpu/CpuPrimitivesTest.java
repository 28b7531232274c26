package ufm.backend.cpu;

import ufm.backend.Backend;
import ufm.backend.PrimitivesContract;

/** The vector and matrix contract with what a user gets by default. */
class CpuPrimitivesTest extends PrimitivesContract {
  @Override
  protected Backend open() {
    return CpuBackend.create();
  }
}

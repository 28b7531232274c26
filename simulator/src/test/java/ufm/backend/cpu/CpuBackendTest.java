package ufm.backend.cpu;

import ufm.backend.Backend;
import ufm.backend.BackendContract;

/** The contract with what a user gets by default. */
class CpuBackendTest extends BackendContract {
  @Override
  protected Backend open() {
    return CpuBackend.create();
  }
}

package ufm.backend.cpu;

import ufm.backend.Backend;
import ufm.backend.LossAccuracyContract;

/** Losses at their extremes with what a user gets by default. */
class CpuLossAccuracyTest extends LossAccuracyContract {
  @Override
  protected Backend open() {
    return CpuBackend.create();
  }
}

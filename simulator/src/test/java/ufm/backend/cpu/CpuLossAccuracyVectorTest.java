package ufm.backend.cpu;

import ufm.backend.Backend;
import ufm.backend.LossAccuracyContract;

/** Losses at their extremes on the Vector API, with products in Java and two threads. */
class CpuLossAccuracyVectorTest extends LossAccuracyContract {
  @Override
  protected Backend open() {
    return CpuBackend.create(new CpuOptions(2, CpuOptions.Blas.JAVA, CpuOptions.Kernels.VECTOR));
  }
}

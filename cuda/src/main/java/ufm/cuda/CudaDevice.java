package ufm.cuda;

/**
 * A GPU as its driver describes it.
 *
 * @param ordinal number by which the driver knows it, from 0
 * @param name for example {@code NVIDIA H100 80GB HBM3}
 * @param memoryBytes size of its memory
 * @param major major number of its compute capability
 * @param minor minor number of its compute capability
 * @param multiprocessors number of streaming multiprocessors
 */
public record CudaDevice(int ordinal, String name, long memoryBytes, int major, int minor, int multiprocessors) {

  /** Compute capability as NVIDIA writes it, for example {@code 9.0}. */
  public String computeCapability() {
    return major + "." + minor;
  }

  /** Memory in GiB. */
  public double memoryGib() {
    return memoryBytes / 0x1p30;
  }
}

package ufm.cuda;

import java.util.List;

/**
 * What {@link CudaDevices#probe} found.
 *
 * @param driver newest CUDA version the driver supports, for example {@code 12.8}; null where there is no working driver
 * @param devices the GPUs, in the driver's order
 * @param libraries the toolkit's libraries that a backend needs; not looked for (empty) where there is no device
 * @param statements what was found and what is missing, in plain sentences
 */
public record CudaProbe(String driver, List<CudaDevice> devices, List<CudaLibrary> libraries, List<String> statements) {

  /** Keeps copies of the lists. */
  public CudaProbe {
    devices = List.copyOf(devices);
    libraries = List.copyOf(libraries);
    statements = List.copyOf(statements);
  }

  /** Whether a GPU backend would find all it needs: a device and every library. */
  public boolean complete() {
    return !devices.isEmpty() && libraries.stream().allMatch(CudaLibrary::present);
  }
}

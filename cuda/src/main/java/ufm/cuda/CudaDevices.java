package ufm.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Looks for NVIDIA GPUs: opens the driver, asks it for its devices, then tries to open the toolkit's libraries that a backend needs
 * (cuBLAS for products, NVRTC to compile kernels). About 10 ms without a GPU; where there is one, starting the driver takes longer.
 */
public final class CudaDevices {
  private CudaDevices() {}

  /** Opens a library by name; replaced in tests. */
  @FunctionalInterface
  interface Libraries {
    /** Its symbols until the arena is closed, or nothing where it can't be opened. */
    Optional<SymbolLookup> open(String file, Arena arena);
  }

  /** Probes this machine. */
  public static CudaProbe probe() {
    return probe(driverFile(System.getProperty("os.name")), CudaDevices::openByName);
  }

  static CudaProbe probe(String driverFile, Libraries system) {
    if (driverFile == null) {
      return nothing("CUDA does not exist for this operating system.");
    }
    // A thread of the driver may outlive the probe, so the driver stays loaded: the arena that holds it is never closed.
    Optional<SymbolLookup> driver = system.open(driverFile, Arena.global());
    if (driver.isEmpty()) {
      return nothing("No NVIDIA driver: " + driverFile + " not found.");
    }
    try (Arena arena = Arena.ofConfined()) {
      return ask(new DriverApi(driver.get(), arena), driverFile, system);
    }
  }

  private static CudaProbe ask(DriverApi api, String driverFile, Libraries system) {
    String version = null;
    List<CudaDevice> devices = new ArrayList<>();
    List<String> statements = new ArrayList<>();
    try {
      api.init();
      version = api.version();
      int count = api.deviceCount();
      for (int i = 0; i < count; i++) {
        devices.add(api.device(i));
      }
    } catch (DriverException e) {
      if (e.code() == DriverApi.NO_DEVICE) {
        statements.add("An NVIDIA driver is installed, but it finds no GPU: " + e.getMessage() + ".");
      } else {
        statements.add("An NVIDIA driver is installed (" + driverFile + "), but it does not work: " + e.getMessage() + ".");
      }
      return new CudaProbe(version, devices, List.of(), statements);
    }
    if (devices.isEmpty()) {
      statements.add("An NVIDIA driver for CUDA up to " + version + " is installed, but it finds no GPU.");
      return new CudaProbe(version, devices, List.of(), statements);
    }
    statements.add((devices.size() == 1 ? "One NVIDIA GPU" : devices.size() + " NVIDIA GPUs") + ", driver for CUDA up to " + version + ".");
    List<CudaLibrary> libraries =
        List.of(library("cuBLAS", "cublas", system, statements), library("NVRTC", "nvrtc", system, statements));
    return new CudaProbe(version, devices, libraries, statements);
  }

  private static CudaLibrary library(String title, String stem, Libraries system, List<String> statements) {
    for (int version : new int[] {13, 12}) {
      String file = "lib" + stem + ".so." + version;
      try (Arena arena = Arena.ofConfined()) {
        if (system.open(file, arena).isPresent()) {
          statements.add(title + " was found as " + file + ".");
          return new CudaLibrary(title, file);
        }
      }
    }
    String packages = stem.equals("cublas") ? "libcublas12 and libcublaslt12" : "libnvrtc12";
    statements.add(
        title + " is missing: neither lib" + stem + ".so.13 nor lib" + stem + ".so.12 can be opened; it comes with NVIDIA's CUDA toolkit 12 or 13, "
            + "on Debian and Ubuntu also as " + packages + ", and its folder must be in LD_LIBRARY_PATH or known to ldconfig.");
    return new CudaLibrary(title, null);
  }

  private static Optional<SymbolLookup> openByName(String file, Arena arena) {
    try {
      return Optional.of(SymbolLookup.libraryLookup(file, arena));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  static String driverFile(String operatingSystem) {
    return operatingSystem.toLowerCase(Locale.ROOT).startsWith("linux") ? "libcuda.so.1" : null;
  }

  private static CudaProbe nothing(String statement) {
    return new CudaProbe(null, List.of(), List.of(), List.of(statement));
  }
}

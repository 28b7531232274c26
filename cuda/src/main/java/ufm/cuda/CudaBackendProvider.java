package ufm.cuda;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import ufm.backend.Backend;
import ufm.backend.BackendProvider;
import ufm.backend.BackendUnavailable;

/** Stands for the GPU in the list of backends. This release has no CUDA backend, so it tells what it finds and can't be opened. */
public final class CudaBackendProvider implements BackendProvider {
  private CudaProbe probe;

  @Override
  public String name() {
    return "cuda";
  }

  @Override
  public boolean available() {
    return false;
  }

  @Override
  public String statement() {
    return "The backend cuda can't be used: this release has no CUDA backend yet; use --backend cpu (or auto, which takes the CPU).";
  }

  @Override
  public List<Device> devices() {
    return probe().devices().stream().map(CudaBackendProvider::device).toList();
  }

  @Override
  public List<String> findings() {
    return probe().statements();
  }

  @Override
  public Backend open(int threads) {
    throw new BackendUnavailable(statement());
  }

  private synchronized CudaProbe probe() {
    if (probe == null) {
      probe = CudaDevices.probe();
    }
    return probe;
  }

  private static Device device(CudaDevice d) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("memory", String.format(Locale.ROOT, "%.1f GiB", d.memoryGib()));
    facts.put("compute capability", d.computeCapability());
    facts.put("multiprocessors", Integer.toString(d.multiprocessors()));
    return new Device(d.name(), facts);
  }
}

package ufm.backend.cpu;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import ufm.backend.Backend;
import ufm.backend.BackendProvider;
import ufm.problem.InvalidProblem;

/** Offers the processor; always available. */
public final class CpuBackendProvider implements BackendProvider {
  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  @Override
  public String name() {
    return "cpu";
  }

  @Override
  public boolean available() {
    return true;
  }

  @Override
  public String statement() {
    return "The backend cpu runs on the processor and is always available.";
  }

  /** The processor, with what a backend on it would use; loads OpenBLAS to name it. */
  @Override
  public List<Device> devices() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("cores", Integer.toString(Runtime.getRuntime().availableProcessors()));
    facts.put("matrix products", OpenBlas.load() == null ? "Java" : OpenBlas.load().description());
    facts.put("elementwise kernels", new KernelFamily(CpuOptions.Kernels.AUTO).fullDescription());
    return List.of(new Device(processor(), facts));
  }

  @Override
  public List<String> findings() {
    List<String> sentences = new ArrayList<>();
    if (OpenBlas.load() == null) {
      sentences.add("OpenBLAS can't be loaded, so products are computed in Java: " + OpenBlas.failure() + ".");
    }
    if (!VectorModule.load()) {
      sentences.add("Java runs without its Vector API, so kernels are plain loops; ./ufm switches it on, or java --add-modules jdk.incubator.vector.");
    }
    return sentences;
  }

  @Override
  public Backend open(int threads) {
    if (threads < 0) {
      throw new InvalidProblem("threads", threads, "a whole number of at least 0 (0 means one for each core)");
    }
    return threads == 0 ? CpuBackend.create() : CpuBackend.create(CpuOptions.defaults().withThreads(threads));
  }

  /** The processor's model as the operating system writes it, else its architecture. */
  private static String processor() {
    String architecture = System.getProperty("os.arch");
    try {
      if (Files.isReadable(CPU_INFO)) {
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
          return lines
              .filter(l -> l.startsWith("model name") && l.contains(":"))
              .map(l -> l.substring(l.indexOf(':') + 1).strip())
              .filter(l -> !l.isEmpty())
              .findFirst()
              .orElse(architecture);
        }
      }
      if (System.getProperty("os.name").startsWith("Mac")) {
        Process sysctl = new ProcessBuilder("/usr/sbin/sysctl", "-n", "machdep.cpu.brand_string").redirectErrorStream(true).start();
        String model = new String(sysctl.getInputStream().readAllBytes()).strip();
        if (sysctl.waitFor(5, TimeUnit.SECONDS) && sysctl.exitValue() == 0 && !model.isEmpty()) {
          return model;
        }
      }
    } catch (IOException e) {
      return architecture;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return architecture;
  }
}

package ufm.benchmarks.compare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.cpu.CpuBackend;
import ufm.backend.cpu.CpuOptions;

/** What results were measured on and with, as lines of a list. */
final class Machine {
  private Machine() {}

  /**
   * Machine, Java, libraries, settings, date and commit.
   *
   * @param peers versions of the peers, empty for none
   */
  static List<String> description(Settings settings, String peers) {
    List<String> lines = new ArrayList<>();
    lines.add("machine: " + processor() + ", " + Runtime.getRuntime().availableProcessors() + " cores, " + memory() + "; "
        + System.getProperty("os.name") + " " + System.getProperty("os.version"));
    lines.add("Java " + Runtime.version() + " (" + System.getProperty("java.vm.name") + ", " + System.getProperty("java.vendor") + ")");
    try (Backend backend = CpuBackend.create(CpuOptions.defaults().withThreads(settings.threads()))) {
      loadLibrary(backend);
      lines.add("UFM's backend: " + backend.description());
    }
    String coretype = System.getenv("OPENBLAS_CORETYPE");
    lines.add("OPENBLAS_CORETYPE: " + (coretype == null ? "not set" : coretype));
    if (!peers.isEmpty()) {
      lines.add("peers: " + peers);
    }
    lines.add("threads: " + settings.threads() + ", float64, lambda_W = lambda_H = 5e-4, lambda_b = 0.01");
    lines.add("date: " + ZonedDateTime.now(ZoneOffset.UTC).format(DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT)));
    lines.add("commit: " + commit(settings.root()));
    return lines;
  }

  /** The library of products is loaded when it is first needed, and only then has a name. */
  private static void loadLibrary(Backend backend) {
    int n = 256;
    Lanes one = Lanes.all(1);
    try (LaneBuffer a = backend.allocate(1, (long) n * n); LaneBuffer c = backend.allocate(1, (long) n * n)) {
      backend.gemm(one, false, false, n, n, n, 1, a, 0, n, a, 0, n, 0, c, 0, n);
    }
  }

  private static String processor() {
    return entry(Path.of("/proc/cpuinfo"), "model name", System.getProperty("os.arch"));
  }

  private static String memory() {
    String kb = entry(Path.of("/proc/meminfo"), "MemTotal", "").replaceAll("\\D", "");
    return kb.isEmpty() ? "memory unknown" : Math.round(Long.parseLong(kb) / 1048576.0) + " GiB";
  }

  private static String entry(Path file, String name, String otherwise) {
    try {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith(name)) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    } catch (IOException e) {
      return otherwise;
    }
    return otherwise;
  }

  private static String commit(Path root) {
    String hash = git(root, "rev-parse", "--short", "HEAD");
    if (hash.isEmpty()) {
      return "unknown";
    }
    return hash + (git(root, "status", "--porcelain", "--untracked-files=no").isEmpty() ? "" : " with local changes");
  }

  private static String git(Path root, String... words) {
    List<String> command = new ArrayList<>(List.of("git", "-C", root.toAbsolutePath().toString()));
    command.addAll(List.of(words));
    try {
      Process p = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      String text = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return p.waitFor() == 0 ? text : "";
    } catch (IOException e) {
      return "";
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}

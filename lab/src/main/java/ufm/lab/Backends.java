package ufm.lab;

import java.util.Comparator;
import java.util.List;
import java.util.ServiceLoader;
import ufm.backend.Backend;
import ufm.backend.BackendProvider;
import ufm.backend.BackendUnavailable;

/** Chooses a backend by the name a person gives: the meaning of {@code --backend auto|cpu|cuda}. */
public final class Backends {
  /** Takes the GPU where its backend can run, else the CPU. */
  public static final String AUTO = "auto";

  /** The most threads that can be asked for. */
  public static final int MOST_THREADS = 1024;

  private static final String CPU = "cpu";

  private Backends() {}

  /** All backends this program was started with, available or not, the CPU first. */
  public static List<BackendProvider> providers() {
    return ServiceLoader.load(BackendProvider.class).stream()
        .map(ServiceLoader.Provider::get)
        .sorted(Comparator.comparing((BackendProvider p) -> !p.name().equals(CPU)).thenComparing(BackendProvider::name))
        .toList();
  }

  /**
   * Opens a backend; the caller closes it.
   *
   * @param name {@code auto}, {@code cpu} or {@code cuda}
   * @param threads threads on the host, 0 for one per processor
   * @throws BackendUnavailable if there is no such backend or it can't run here; the message is one sentence for the user (exit code 2)
   */
  public static Backend open(String name, int threads) {
    return choose(name, threads, providers());
  }

  static Backend choose(String name, int threads, List<BackendProvider> providers) {
    checkThreads(threads);
    return provider(name, providers).open(threads);
  }

  /**
   * Whether a name means the CPU here, where every worker can have a backend of its own.
   *
   * @throws BackendUnavailable if there is no such backend or it can't run here
   */
  public static boolean cpu(String name) {
    return provider(name, providers()).name().equals(CPU);
  }

  /**
   * Checks a number of threads, 0 for one per processor.
   *
   * @throws BackendUnavailable if it is below 0 or above {@value #MOST_THREADS}
   */
  public static void checkThreads(int threads) {
    if (threads < 0 || threads > MOST_THREADS) {
      throw new BackendUnavailable(
          "threads is " + threads + ", but must be a whole number of at least 0 and at most " + MOST_THREADS + " (0 means one per processor).");
    }
  }

  private static BackendProvider provider(String name, List<BackendProvider> providers) {
    if (name.equals(AUTO)) {
      return providers.stream()
          .filter(BackendProvider::available)
          .min(Comparator.comparing(p -> p.name().equals(CPU)))
          .orElseThrow(() -> new BackendUnavailable("No backend can run here: " + statements(providers)));
    }
    BackendProvider provider =
        providers.stream()
            .filter(p -> p.name().equals(name))
            .findFirst()
            .orElseThrow(() -> new BackendUnavailable("backend is " + name + ", but must be one of " + names(providers) + "."));
    if (!provider.available()) {
      throw new BackendUnavailable(provider.statement());
    }
    return provider;
  }

  private static String names(List<BackendProvider> providers) {
    return AUTO + ", " + String.join(", ", providers.stream().map(BackendProvider::name).toList());
  }

  private static String statements(List<BackendProvider> providers) {
    return providers.isEmpty() ? "none was found on the class path." : String.join(" ", providers.stream().map(BackendProvider::statement).toList());
  }
}

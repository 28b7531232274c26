package ufm.lab.command;

import picocli.CommandLine.Option;
import ufm.backend.Backend;
import ufm.lab.Backends;

/** Where a command computes. */
public final class BackendOptions {
  @Option(names = "--backend", paramLabel = "NAME", defaultValue = Backends.AUTO, description = "auto, cpu or cuda (default: ${DEFAULT-VALUE}).")
  private String backend;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "0",
      description = "Threads on the host; 0: one per processor (default). Results do not depend on it.")
  private int threads;

  /**
   * Opens the backend; the caller closes it.
   *
   * @throws ufm.backend.BackendUnavailable if it can't run here
   */
  public Backend open() {
    return Backends.open(backend, threads);
  }
}

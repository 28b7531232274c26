package ufm.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How long the program takes from the shell and back. */
final class StartUp {
  private final Path root;
  private final int repetitions;

  StartUp(Path root, int repetitions) {
    this.root = root;
    this.repetitions = repetitions;
  }

  /**
   * Times one command line of {@code ./ufm}; a first call, which may have to build, is not counted.
   *
   * @throws IOException if it can't be started or does not end well
   */
  Timing time(String... arguments) throws IOException {
    Timing timing = new Timing("");
    once(arguments);
    for (int i = 0; i < repetitions; i++) {
      timing.add(once(arguments), "");
    }
    return timing;
  }

  private double once(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(root.resolve("ufm").toAbsolutePath().toString()));
    command.addAll(List.of(arguments));
    long began = System.nanoTime();
    Process p = new ProcessBuilder(command).directory(root.toAbsolutePath().toFile()).redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD).start();
    try {
      int code = p.waitFor();
      if (code != 0) {
        throw new IOException("./ufm " + String.join(" ", arguments) + " ended with " + code);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    return (System.nanoTime() - began) * 1e-9;
  }
}

package ufm.benchmarks.compare;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The peers that are installed, each a Python process that serves. */
final class Peers implements AutoCloseable {
  /** Name of one. */
  static final String NUMPY = "NumPy/SciPy";
  /** Name of one. */
  static final String TORCH = "PyTorch";
  /** Name of one. */
  static final String JAX = "JAX";

  private static final Map<String, String> MODULES = new LinkedHashMap<>();

  static {
    MODULES.put(NUMPY, "numpy_peer");
    MODULES.put(TORCH, "torch_peer");
    MODULES.put(JAX, "jax_peer");
  }

  private final List<Program> programs = new ArrayList<>();
  private final List<String> versions = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();

  /**
   * Starts those that can be imported.
   *
   * @param python the interpreter, empty for none
   * @param folder where {@code serve.py} lies
   * @param logs folder for what they write to standard error
   */
  Peers(String python, Path folder, Path logs, int threads) {
    if (python.isEmpty()) {
      missing.add("no Python was given or found");
      return;
    }
    for (Map.Entry<String, String> peer : MODULES.entrySet()) {
      File log = logs.resolve(peer.getValue() + ".log").toFile();
      Program program = null;
      try {
        program = new Program(peer.getKey(),
            List.of(python, folder.resolve("serve.py").toString(), peer.getValue(), "--threads", Integer.toString(threads)), log);
        versions.add(program.hear("hello")[1]);
        programs.add(program);
      } catch (IOException | Program.Failure e) {
        missing.add(peer.getKey() + ": " + e.getMessage());
        if (program != null) {
          program.close();
        }
      }
    }
  }

  /** Those that run, in the order of the table's columns. */
  List<Program> programs() {
    return programs;
  }

  /** Libraries and versions. */
  String versions() {
    return String.join("; ", versions);
  }

  /** Why others don't. */
  List<String> missing() {
    return missing;
  }

  @Override
  public void close() {
    programs.forEach(Program::close);
  }
}

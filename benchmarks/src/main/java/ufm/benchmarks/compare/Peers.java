package ufm.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The peers that are installed; each does a row in a process of its own, as we do. */
final class Peers {
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

  private final String python;
  private final Path folder;
  private final Path logs;
  private final int threads;
  private final List<String> names = new ArrayList<>();
  private final List<String> versions = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();

  /**
   * Tries which can be imported.
   *
   * @param python the interpreter, empty for none
   * @param folder where {@code serve.py} lies
   * @param logs folder for what they write to standard error
   */
  Peers(String python, Path folder, Path logs, int threads) {
    this.python = python;
    this.folder = folder;
    this.logs = logs;
    this.threads = threads;
    if (python.isEmpty()) {
      missing.add("no Python was given or found");
      return;
    }
    for (String name : MODULES.keySet()) {
      try (Program program = start(name)) {
        versions.add(program.hear("hello")[1]);
        names.add(name);
      } catch (IOException | Program.Failure e) {
        missing.add(name + ": " + e.getMessage());
      }
    }
  }

  private Program start(String name) throws IOException {
    String module = MODULES.get(name);
    return new Program(name, List.of(python, folder.resolve("serve.py").toString(), module, "--threads", Integer.toString(threads)),
        logs.resolve(module + ".log").toFile());
  }

  /** Starts one that can be imported. */
  Program open(String name) throws IOException, Program.Failure {
    Program program = start(name);
    try {
      program.hear("hello");
      return program;
    } catch (Program.Failure e) {
      program.close();
      throw e;
    }
  }

  /** Those that can be imported, in the order of the table's columns. */
  List<String> names() {
    return names;
  }

  /** Libraries and versions. */
  String versions() {
    return String.join("; ", versions);
  }

  /** Why others can't. */
  List<String> missing() {
    return missing;
  }
}

package ufm.lab.command;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import ufm.lab.spec.Experiment;

/** The experiment of a command: a file, overrides, or both. */
public final class ExperimentOptions {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "FILE",
      description = "Experiment file (YAML, docs/experiment-files.md). Without it, --set says all.")
  private Path file;

  @Option(
      names = "--set",
      paramLabel = "FIELD=VALUE",
      description = "Overrides a field of the experiment, for example --set lambda.W=1e-3; may be repeated, the value is YAML.")
  private List<String> sets = new ArrayList<>();

  /**
   * The experiment.
   *
   * @param more further overrides, which win over the user's
   * @throws ufm.lab.spec.SpecError if something in it is not allowed
   */
  public Experiment read(List<String> more) {
    List<String> all = new ArrayList<>(sets);
    all.addAll(more);
    return Experiment.read(file, all);
  }

  /** The experiment file, null if there is none. */
  public Path file() {
    return file;
  }
}

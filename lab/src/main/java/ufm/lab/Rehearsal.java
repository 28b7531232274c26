package ufm.lab;

import java.util.List;

/**
 * What the launcher runs after a build, so that the JVM may record which classes and methods a start needs: one small case of each short
 * command. Started by its name and not as the program's archive, it leaves the Vector API alone, whose classes can't be recorded.
 */
final class Rehearsal {
  private Rehearsal() {}

  /**
   * Goes through the commands; what they print is of no interest.
   *
   * @param args an experiment file and a folder with its {@code W.npy} and {@code H.npy}
   */
  public static void main(String[] args) {
    StandardOutput out = StandardOutput.install();
    String file = args[0];
    List<List<String>> commands =
        List.of(
            List.of("--version"), List.of("--help"), List.of("solv"), List.of("solve", "--help"), List.of("predict", file), List.of("devices"),
            List.of("solve", file), List.of("solve", file, "--json"),
            List.of("evaluate", file, "--W", args[1] + "/W.npy", "--H", args[1] + "/H.npy"));
    for (List<String> command : commands) {
      Ufm.execute(command.toArray(String[]::new));
    }
    System.exit(out.finish(0, System.err));
  }
}

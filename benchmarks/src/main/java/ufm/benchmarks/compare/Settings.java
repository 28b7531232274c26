package ufm.benchmarks.compare;

import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * How a comparison is made.
 *
 * @param quick fewer rows, fewer repetitions
 * @param threads that every program may use
 * @param only rows whose title contains a match
 * @param python the interpreter of the peers, empty for none
 * @param out file for the table, null for none
 * @param root the project's folder
 */
record Settings(boolean quick, int threads, Pattern only, String python, Path out, Path root) {

  /**
   * Reads the command line.
   *
   * @throws IllegalArgumentException with a sentence about what is wrong
   */
  static Settings of(String... args) {
    boolean quick = false;
    int threads = Runtime.getRuntime().availableProcessors();
    Pattern only = Pattern.compile("");
    String python = "";
    Path out = null;
    Path root = Path.of("");
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals("--quick")) {
        quick = true;
        continue;
      }
      String name = args[i];
      if (i + 1 == args.length) {
        throw new IllegalArgumentException("'" + name + "' is no option, or lacks its value");
      }
      String value = args[++i];
      switch (name) {
        case "--threads" -> threads = positive(value);
        case "--only" -> only = pattern(value);
        case "--python" -> python = value;
        case "--out" -> out = Path.of(value);
        case "--root" -> root = Path.of(value);
        default -> throw new IllegalArgumentException("there is no option '" + name + "'");
      }
    }
    return new Settings(quick, threads, only, python, out, root);
  }

  private static int positive(String value) {
    try {
      int n = Integer.parseInt(value);
      if (n >= 1) {
        return n;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new IllegalArgumentException("--threads is '" + value + "', it must be a whole number of at least 1");
  }

  private static Pattern pattern(String value) {
    try {
      return Pattern.compile(value);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException("--only is no regular expression: " + e.getDescription());
    }
  }

  /** Whether a row is wanted. */
  boolean wants(Plan plan) {
    return (plan.quick() || !quick) && only.matcher(plan.work().title()).find();
  }

  /** Rounds in which every program is timed once. */
  int repetitions() {
    return quick ? 3 : 5;
  }

  /** Seconds of one timing, at least. */
  double seconds() {
    return quick ? 0.15 : 0.3;
  }

  /** Seconds after which a peer's solve is given up. */
  double cap() {
    return quick ? 8 : 90;
  }
}

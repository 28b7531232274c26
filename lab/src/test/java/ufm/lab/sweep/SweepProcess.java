package ufm.lab.sweep;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import ufm.lab.db.ResultsError;

/**
 * A sweep in a process of its own, so that a test can kill it or let its disk run full: points, starts, microseconds for each cell, and a
 * limit for the size of a file in bytes (0: none), which acts like a full disk.
 */
final class SweepProcess {
  private static final int RLIMIT_FSIZE = 1;

  private SweepProcess() {}

  static Process start(Path file, int points, int starts, long micros, long limit) throws java.io.IOException {
    List<String> command = new ArrayList<>(List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(), "--add-modules", "jdk.incubator.vector",
        "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"), SweepProcess.class.getName()));
    command.addAll(List.of(file.toString(), "" + points, "" + starts, "" + micros, "" + limit));
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(file.resolveSibling("child.log").toFile()).start();
  }

  public static void main(String[] args) throws Throwable {
    Path file = Path.of(args[0]);
    long micros = Long.parseLong(args[3]);
    long limit = Long.parseLong(args[4]);
    if (limit > 0) {
      // The library of the database is unpacked to a file of its own: load it before files are limited.
      DriverManager.getConnection("jdbc:duckdb:").close();
      limitFiles(limit);
    }
    try {
      int cells = SweepFixture.run(SweepFixture.collapse(Integer.parseInt(args[1]), Integer.parseInt(args[2])), file, 2,
          () -> new ClosedFormCells(c -> true, micros));
      System.out.println("cells done: " + cells);
    } catch (ResultsError e) {
      System.out.println("error: " + e.getMessage());
      System.exit(2);
    }
  }

  private static void limitFiles(long bytes) throws Throwable {
    Linker linker = Linker.nativeLinker();
    var setrlimit = linker.downcallHandle(
        linker.defaultLookup().find("setrlimit").orElseThrow(), FunctionDescriptor.of(JAVA_INT, JAVA_INT, ValueLayout.ADDRESS));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment limits = arena.allocate(JAVA_LONG, 2);
      limits.setAtIndex(JAVA_LONG, 0, bytes);
      limits.setAtIndex(JAVA_LONG, 1, bytes);
      if ((int) setrlimit.invoke(RLIMIT_FSIZE, limits) != 0) {
        throw new IllegalStateException("setrlimit failed");
      }
    }
  }
}

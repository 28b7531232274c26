package ufm.lab;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Puts the true standard error back after the launcher has hidden the JVM's warning about incubator modules: while the JVM starts,
 * descriptor 2 is a filter of the launcher and the true one waits under the number in the system property {@code ufm.stderr}.
 */
final class StandardError {
  private static final int STDERR = 2;

  private StandardError() {}

  /** Does nothing where the program was not started by the launcher. Where it can't be done, the filter goes on passing everything on. */
  static void restore() {
    Integer kept = Integer.getInteger("ufm.stderr");
    if (kept == null) {
      return;
    }
    try {
      Linker linker = Linker.nativeLinker();
      MethodHandle dup2 =
          linker.downcallHandle(address(linker, "dup2"), FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
      MethodHandle close = linker.downcallHandle(address(linker, "close"), FunctionDescriptor.of(JAVA_INT, JAVA_INT));
      if ((int) dup2.invokeExact((int) kept, STDERR) == STDERR) {
        int closed = (int) close.invokeExact((int) kept);
        assert closed == 0;
      }
    } catch (Error e) {
      throw e;
    } catch (Throwable e) {
      // Only cosmetic: messages then go through the filter.
      System.getLogger(StandardError.class.getName()).log(System.Logger.Level.DEBUG, "standard error stays filtered", e);
    }
  }

  private static MemorySegment address(Linker linker, String function) {
    return linker.defaultLookup().find(function).orElseThrow();
  }
}

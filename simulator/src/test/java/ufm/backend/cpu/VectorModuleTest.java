package ufm.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import ufm.backend.Backend;

/** The Vector API without {@code --add-modules}, as the launcher starts the program; each case is a JVM of its own. */
class VectorModuleTest {
  private static final int[][] SMALL = {{3, 2, 5}, {5, 4, 21}};

  /** Says whether vectors are expected, whether they can be loaded, and what was computed before and after. */
  static final class Report {
    public static void main(String[] args) {
      boolean expected = VectorModule.expected();
      boolean early = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
      try (Backend auto = CpuBackend.create(new CpuOptions(1, CpuOptions.Blas.JAVA, CpuOptions.Kernels.AUTO))) {
        long loops = CpuBitsTest.fingerprint(auto, SMALL, 1);
        VectorWarmup.run();
        long after = CpuBitsTest.fingerprint(auto, SMALL, 1);
        System.out.println(early + " " + expected + " " + VectorModule.load() + " " + VectorWarmup.ready() + " " + (loops == after));
      }
    }
  }

  private static String report(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.add("--enable-native-access=ALL-UNNAMED");
    command.addAll(List.of(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Report.class.getName()));
    Process child = new ProcessBuilder(command).redirectErrorStream(true).start();
    String out = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(child.waitFor(60, TimeUnit.SECONDS), "the child hangs");
    return out.strip();
  }

  @Test
  void isAddedToTheRunningJvmWithoutAWarning() throws Exception {
    assertEquals("false true true true true", report("--add-exports=java.base/jdk.internal.module=ALL-UNNAMED"));
  }

  @Test
  void withoutThatWayKernelsStayPlainLoops() throws Exception {
    assertEquals("false false false false true", report());
  }
}

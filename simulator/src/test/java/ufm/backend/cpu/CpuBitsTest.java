package ufm.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import ufm.backend.Backend;
import ufm.backend.ClassifierLayer.Kind;
import ufm.backend.LaneCase;
import ufm.backend.Lanes;
import ufm.backend.LayerCase;

/** Results are the same to the last bit where only the kernel family, the threads, the neighbours or the compiler's mood differ. */
class CpuBitsTest {
  private static final CpuOptions PLAIN = new CpuOptions(1, CpuOptions.Blas.JAVA, CpuOptions.Kernels.SCALAR);

  /** A hash of everything the backend computes for a set of shapes. */
  static long fingerprint(Backend backend, int[][] shapes, int rounds) {
    long hash = 1;
    for (int round = 0; round < rounds; round++) {
      hash = 1;
      for (int[] shape : shapes) {
        for (Kind kind : Kind.values()) {
          double parameter = kind == Kind.SOFTMAX ? 0.1 * (shape[0] % 2) : kind == Kind.FOCAL ? 1.5 + 0.2 * (shape[0] % 2) : 0;
          try (LayerCase c = new LayerCase(backend, 3, 0, shape[0], shape[1], shape[2], kind, parameter, true, true, 2, 5)) {
            hash = 31 * hash + LaneCase.fingerprint(backend, c, Lanes.all(3));
          }
        }
      }
    }
    return hash;
  }

  private static final int[][] SHAPES = {{2, 1, 1}, {3, 2, 5}, {5, 4, 21}, {10, 16, 100}, {3, 2, 1100}, {130, 3, 300}, {50, 60, 700}, {70, 300, 150}};
  private static final int[][] SMALL = {{3, 2, 5}, {5, 4, 21}};

  @Test
  void vectorsAndPlainLoopsAgree() {
    try (Backend scalar = CpuBackend.create(PLAIN);
        Backend vector = CpuBackend.create(PLAIN.withKernels(CpuOptions.Kernels.VECTOR))) {
      assertEquals(fingerprint(scalar, SHAPES, 1), fingerprint(vector, SHAPES, 1));
    }
  }

  @Test
  void changingOverToVectorsChangesNothing() {
    try (Backend auto = CpuBackend.create(PLAIN.withKernels(CpuOptions.Kernels.AUTO))) {
      long before = fingerprint(auto, SHAPES, 1);
      VectorWarmup.run();
      assertTrue(VectorWarmup.ready());
      assertEquals(before, fingerprint(auto, SHAPES, 1));
    }
  }

  @Test
  void threadsDoNotMatter() {
    CpuOptions one = new CpuOptions(1, CpuOptions.Blas.AUTO, CpuOptions.Kernels.SCALAR);
    try (Backend a = CpuBackend.create(one);
        Backend b = CpuBackend.create(one.withThreads(2));
        Backend c = CpuBackend.create(one.withThreads(5))) {
      long expected = fingerprint(a, SHAPES, 1);
      assertEquals(expected, fingerprint(b, SHAPES, 2));
      assertEquals(expected, fingerprint(c, SHAPES, 2));
    }
  }

  @Test
  void lanesDoNotMatter() {
    CpuOptions two = new CpuOptions(2, CpuOptions.Blas.AUTO, CpuOptions.Kernels.AUTO);
    try (Backend backend = CpuBackend.create(two)) {
      for (int[] shape : new int[][] {{3, 2, 5}, {10, 16, 100}, {3, 2, 1100}}) {
        for (Kind kind : Kind.values()) {
          double parameter = kind == Kind.SQUARED ? 0 : 0.5;
          try (LayerCase batch = new LayerCase(backend, 3, 0, shape[0], shape[1], shape[2], kind, parameter, true, false, 1, 5)) {
            for (int l = 0; l < 3; l++) {
              try (LayerCase single = new LayerCase(backend, 1, l, shape[0], shape[1], shape[2], kind, parameter, true, false, 1, 5)) {
                assertEquals(
                    LaneCase.lane(backend, single, 0, Lanes.all(1)), LaneCase.lane(backend, batch, l, Lanes.all(3)),
                    kind + " lane " + l + " of " + java.util.Arrays.toString(shape));
              }
            }
          }
        }
      }
    }
  }

  @Test
  void interpreterAgreesWithCompiledCode() throws Exception {
    try (Backend hot = CpuBackend.create(PLAIN.withKernels(CpuOptions.Kernels.VECTOR))) {
      long expected = fingerprint(hot, SMALL, 300);
      for (String family : List.of("VECTOR", "SCALAR")) {
        Process child = new ProcessBuilder(
            System.getProperty("java.home") + File.separator + "bin" + File.separator + "java", "-Xint", "--add-modules",
            "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED", "-cp", System.getProperty("java.class.path"),
            InterpretedFingerprint.class.getName(), family).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String out = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        child.waitFor(60, TimeUnit.SECONDS);
        assertEquals(Long.toHexString(expected), out.strip(), family);
      }
    }
  }

  /** Prints the fingerprint of the small shapes; run in an interpreter of its own. */
  static final class InterpretedFingerprint {
    public static void main(String[] args) {
      try (Backend b = CpuBackend.create(PLAIN.withKernels(CpuOptions.Kernels.valueOf(args[0])))) {
        System.out.println(Long.toHexString(fingerprint(b, SMALL, 1)));
      }
    }
  }
}

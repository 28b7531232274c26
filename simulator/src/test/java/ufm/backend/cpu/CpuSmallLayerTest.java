package ufm.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import ufm.backend.Backend;
import ufm.backend.ClassifierLayer.Kind;
import ufm.backend.LaneBuffer;
import ufm.backend.LaneCase;
import ufm.backend.Lanes;
import ufm.backend.LayerCase;

/** Small layers: eight lanes at once, one lane alone, vectors, plain loops and threads give the same bits. */
class CpuSmallLayerTest {
  private static final int[][] SHAPES = {{2, 1, 1}, {4, 8, 20}, {3, 5, 11}, {7, 17, 33}, {10, 16, 100}, {32, 3, 40}};

  private static double parameter(Kind kind) {
    return kind == Kind.SQUARED ? 0 : kind == Kind.FOCAL ? 1.5 : 0.1;
  }

  @Test
  void aLaneAloneIsTheLaneInABundle() {
    CpuOptions options = new CpuOptions(2, CpuOptions.Blas.AUTO, CpuOptions.Kernels.AUTO);
    try (Backend backend = CpuBackend.create(options)) {
      for (int[] shape : SHAPES) {
        for (Kind kind : Kind.values()) {
          for (int lanes : new int[] {3, 8, 11}) {
            for (int variant = 0; variant < 4; variant++) {
              // With a parameter of 0 all lanes share it and can be bundled; otherwise each has its own.
              double parameter = variant == 3 ? parameter(kind) : 0;
              boolean learned = variant != 1;
              boolean biased = variant != 2;
              String what = kind + " " + Arrays.toString(shape) + ", " + lanes + " lanes, variant " + variant;
              try (LayerCase batch = new LayerCase(
                  backend, lanes, 0, shape[0], shape[1], shape[2], kind, parameter, learned, biased, 1, 5)) {
                double[][][] together = LaneCase.evaluate(backend, batch, Lanes.all(lanes));
                for (int l = 0; l < lanes; l += lanes / 3) {
                  assertLane(LaneCase.evaluate(backend, batch, Lanes.single(l)), together, l, what + ", lane " + l);
                }
              }
            }
          }
        }
      }
    }
  }

  private static void assertLane(double[][][] alone, double[][][] together, int lane, String what) {
    for (int q = 0; q < alone.length; q++) {
      assertArrayEquals(alone[q][lane], together[q][lane], what + ", quantity " + q);
    }
  }

  @Test
  void lanesThatAreNoNeighboursAreBundledToo() {
    try (Backend backend = CpuBackend.create(new CpuOptions(1, CpuOptions.Blas.AUTO, CpuOptions.Kernels.AUTO));
        LayerCase batch = new LayerCase(backend, 20, 0, 4, 8, 20, Kind.SOFTMAX, 0, true, true, 1, 5)) {
      Lanes some = Lanes.none(20);
      for (int l = 0; l < 20; l += l % 3 == 0 ? 1 : 2) {
        some.add(l);
      }
      double[][][] holes = LaneCase.evaluate(backend, batch, some);
      double[][][] all = LaneCase.evaluate(backend, batch, Lanes.all(20));
      for (int i = 0; i < some.count(); i++) {
        assertLane(all, holes, some.at(i), "lane " + some.at(i));
      }
      assertArrayEquals(batch.x[2], holes[5][2], "a lane that is not active");
    }
  }

  @Test
  void vectorsAndPlainLoopsAgreeOnBundles() {
    CpuOptions plain = new CpuOptions(1, CpuOptions.Blas.JAVA, CpuOptions.Kernels.SCALAR);
    try (Backend scalar = CpuBackend.create(plain);
        Backend vector = CpuBackend.create(plain.withKernels(CpuOptions.Kernels.VECTOR).withThreads(2))) {
      for (int[] shape : SHAPES) {
        for (Kind kind : Kind.values()) {
          for (double parameter : new double[] {0, parameter(kind)}) {
            long expected = fingerprint(scalar, shape, kind, parameter);
            assertEquals(expected, fingerprint(vector, shape, kind, parameter), kind + " " + Arrays.toString(shape));
          }
        }
      }
    }
  }

  private static long fingerprint(Backend backend, int[] shape, Kind kind, double parameter) {
    try (LayerCase c = new LayerCase(backend, 9, 0, shape[0], shape[1], shape[2], kind, parameter, true, true, 1, 5)) {
      return LaneCase.fingerprint(backend, c, Lanes.all(9));
    }
  }

  @Test
  void thousandsOfLanesDescendAsEachAlone() {
    int lanes = 4096;
    try (Backend backend = CpuBackend.create(new CpuOptions(2, CpuOptions.Blas.AUTO, CpuOptions.Kernels.AUTO));
        LayerCase c = new LayerCase(backend, lanes, 0, 4, 8, 20, Kind.SOFTMAX, 0, true, true, 1, 5)) {
      double[][] together = descended(backend, c, Lanes.all(lanes));
      for (int l : new int[] {0, 7, 8, 2049, lanes - 1}) {
        assertArrayEquals(descended(backend, c, Lanes.single(l))[l], together[l], "lane " + l);
      }
    }
  }

  private static double[][] descended(Backend backend, LayerCase c, Lanes lanes) {
    double[] mu = new double[c.lanes];
    Arrays.fill(mu, 0.9);
    double[] damp = new double[c.lanes];
    double[] check = new double[c.lanes];
    double[] eta = {0.1, 0.2, 0.3, 0.2, 0.1};
    try (LaneBuffer x = c.upload(c.x);
        LaneBuffer v = c.upload(c.v);
        LaneBuffer g = backend.allocate(c.lanes, c.size())) {
      backend.descend(lanes, c.layer(), eta.length, mu, damp, eta, true, x, v, g, check);
      return LayerCase.download(backend, x);
    }
  }

  @Test
  void aBrokenLaneHarmsNoOtherOfItsBundle() {
    try (Backend backend = CpuBackend.create(new CpuOptions(1, CpuOptions.Blas.AUTO, CpuOptions.Kernels.AUTO));
        LayerCase c = new LayerCase(backend, 8, 0, 4, 8, 20, Kind.SOFTMAX, 0, true, true, 1, 5)) {
      double[][] clean = descended(backend, c, Lanes.all(8));
      c.x[5][3] = Double.POSITIVE_INFINITY;
      c.x[6][50] = Double.NaN;
      double[][] broken = descended(backend, c, Lanes.all(8));
      for (int l = 0; l < 8; l++) {
        if (l == 5 || l == 6) {
          assertTrue(Double.isNaN(broken[l][3]), "lane " + l);
        } else {
          assertArrayEquals(clean[l], broken[l], "lane " + l);
        }
      }
    }
  }
}

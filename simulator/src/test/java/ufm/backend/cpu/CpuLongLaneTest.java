package ufm.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.LayerCase;

/** The two-loop recursion on lanes that threads share chunk by chunk. */
class CpuLongLaneTest {
  private static final int LENGTH = 3 * VectorOperation.CHUNK + 77;
  private static final int MEMORY = 4;
  private static final int[] NEWEST = {1, 0, 2};
  private static final int[] STORED = {3, 4, 1};

  private final double[][] pairs = new double[3][2 * MEMORY * LENGTH];
  private final double[][] gradient = new double[3][LENGTH];
  private final double[] rho = new double[3 * MEMORY];

  @BeforeEach
  void draw() {
    Random random = new Random(4);
    for (int l = 0; l < 3; l++) {
      for (int i = 0; i < LENGTH; i++) {
        gradient[l][i] = random.nextGaussian();
      }
      for (int j = 0; j < MEMORY; j++) {
        double sy = 0;
        for (int i = 0; i < LENGTH; i++) {
          double s = random.nextGaussian();
          double y = s * (1 + random.nextDouble()) + 0.1 * random.nextGaussian();
          pairs[l][j * LENGTH + i] = s;
          pairs[l][(MEMORY + j) * LENGTH + i] = y;
          sy += s * y;
        }
        rho[l * MEMORY + j] = 1 / sy;
      }
    }
  }

  /** The recursion as it is printed. */
  private double[] printed(int l) {
    double[] q = gradient[l].clone();
    double[] alpha = new double[MEMORY];
    for (int age = 0; age < STORED[l]; age++) {
      int j = Math.floorMod(NEWEST[l] - age, MEMORY);
      alpha[age] = rho[l * MEMORY + j] * dot(pairs[l], j, q);
      add(-alpha[age], pairs[l], MEMORY + j, q);
    }
    int last = MEMORY + NEWEST[l];
    double yy = 0;
    for (int i = 0; i < LENGTH; i++) {
      yy += pairs[l][last * LENGTH + i] * pairs[l][last * LENGTH + i];
    }
    for (int i = 0; i < LENGTH; i++) {
      q[i] /= rho[l * MEMORY + NEWEST[l]] * yy;
    }
    for (int age = STORED[l] - 1; age >= 0; age--) {
      int j = Math.floorMod(NEWEST[l] - age, MEMORY);
      add(alpha[age] - rho[l * MEMORY + j] * dot(pairs[l], MEMORY + j, q), pairs[l], j, q);
    }
    return q;
  }

  private static double dot(double[] vectors, int slot, double[] q) {
    double s = 0;
    for (int i = 0; i < LENGTH; i++) {
      s += vectors[slot * LENGTH + i] * q[i];
    }
    return s;
  }

  private static void add(double factor, double[] vectors, int slot, double[] q) {
    for (int i = 0; i < LENGTH; i++) {
      q[i] += factor * vectors[slot * LENGTH + i];
    }
  }

  private double[][] directions(int threads, Lanes lanes) {
    try (Backend b = CpuBackend.create(new CpuOptions(threads, CpuOptions.Blas.JAVA, CpuOptions.Kernels.SCALAR));
        LaneBuffer p = LayerCase.upload(b, pairs);
        LaneBuffer g = LayerCase.upload(b, gradient);
        LaneBuffer out = b.allocate(3, LENGTH)) {
      b.lbfgsDirection(lanes, MEMORY, NEWEST, STORED, p, rho, g, out);
      return LayerCase.download(b, out);
    }
  }

  @Test
  void directionIsThatOfThePrintedRecursion() {
    double[][] d = directions(2, Lanes.single(0));
    double[] expected = printed(0);
    for (int i = 0; i < LENGTH; i++) {
      assertEquals(-expected[i], d[0][i], 1e-12 * (1 + Math.abs(expected[i])), "element " + i);
    }
    assertArrayEquals(new double[LENGTH], d[1], "a lane that is not active");
  }

  @Test
  void neitherThreadsNorNeighboursMatter() {
    double[][] all = directions(1, Lanes.all(3));
    for (int threads : new int[] {2, 5}) {
      assertArrayEquals(all, directions(threads, Lanes.all(3)));
    }
    for (int l = 0; l < 3; l++) {
      assertArrayEquals(all[l], directions(2, Lanes.single(l))[l]);
    }
  }
}

package ufm.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import ufm.backend.Backend;
import ufm.backend.ClassifierLayer.Kind;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.LayerCase;

/** The products of a small layer in the order that {@link SmallKernels} states, evaluated here one by one. */
class SmallLayerProperties {
  private static Backend scalar;
  private static Backend vector;

  @BeforeContainer
  static void open() {
    CpuOptions plain = new CpuOptions(1, CpuOptions.Blas.JAVA, CpuOptions.Kernels.SCALAR);
    scalar = CpuBackend.create(plain);
    vector = CpuBackend.create(plain.withKernels(CpuOptions.Kernels.VECTOR));
  }

  @AfterContainer
  static void close() {
    scalar.close();
    vector.close();
  }

  /**
   * With squared error nothing but products stands between x and the gradient, so every bit of it is known: Z is a chain over
   * features, G D_s = omega (s Z + b - Y) s, dH a chain over classes, dW and db eight chains over samples.
   */
  @Property(tries = 60)
  void gradientOfSquaredErrorHasTheBitsOfTheStatedOrder(
      @ForAll @IntRange(min = 2, max = 32) int classes, @ForAll @IntRange(min = 1, max = 40) int d,
      @ForAll @IntRange(min = 1, max = 70) int columns,
      @ForAll @IntRange(min = 1, max = 9) int lanes, @ForAll boolean learned, @ForAll boolean biased, @ForAll boolean vectors,
      @ForAll long seed) {
    Backend backend = vectors ? vector : scalar;
    int start = new Random(seed).nextInt(1 << 20);
    try (LayerCase c = new LayerCase(backend, lanes, 0, classes, d, columns, Kind.SQUARED, 0, learned, biased, 1, start);
        LaneBuffer x = c.upload(c.x);
        LaneBuffer g = backend.allocate(lanes, c.size())) {
      double[] fit = new double[lanes];
      backend.fitGradient(Lanes.all(lanes), c.layer(), x, fit, g);
      double[][] gradient = LayerCase.download(backend, g);
      for (int l = 0; l < lanes; l++) {
        check(c, l, fit[l], gradient[l]);
      }
    }
  }

  private static void check(LayerCase c, int l, double fit, double[] gradient) {
    int classes = c.classes;
    int d = c.dimension;
    double[] x = c.x[l];
    double[] w = c.learned ? x : c.fixedW[l];
    int h = c.hOffset();
    double[][] g = new double[classes][c.columns];
    double[] losses = new double[c.columns];
    for (int i = 0; i < c.columns; i++) {
      for (int k = 0; k < classes; k++) {
        double z = 0;
        for (int j = 0; j < d; j++) {
          z = Math.fma(w[k + classes * j], x[h + j + d * i], z);
        }
        z = Math.fma(z, c.scale[l][i], c.biased ? x[c.bOffset() + k] : 0);
        z = c.labels[i] == k ? z - 1 : z;
        losses[i] = Math.fma(z, z, losses[i]);
        g[k][i] = z * c.weight[l][i];
      }
    }
    assertEquals(0.5 * sum(c.weight[l], losses), fit);
    double[] ones = new double[c.columns];
    java.util.Arrays.fill(ones, 1);
    for (int k = 0; k < classes && c.biased; k++) {
      int b = c.bOffset() + k;
      assertEquals(Math.fma(c.lambdaB[l], x[b], sum(g[k], ones)), gradient[b], "b " + k);
    }
    for (int k = 0; k < classes; k++) {
      for (int i = 0; i < c.columns; i++) {
        g[k][i] *= c.scale[l][i];
      }
    }
    for (int j = 0; j < d; j++) {
      double[] row = new double[c.columns];
      for (int i = 0; i < c.columns; i++) {
        double s = 0;
        for (int k = 0; k < classes; k++) {
          s = Math.fma(w[k + classes * j], g[k][i], s);
        }
        row[i] = x[h + j + d * i];
        assertEquals(Math.fma(c.lambdaH[l], row[i], s), gradient[h + j + d * i], "H " + j + " " + i);
      }
      for (int k = 0; k < classes && c.learned; k++) {
        int at = k + classes * j;
        assertEquals(Math.fma(c.lambdaW[l], x[at], sum(g[k], row)), gradient[at], "W " + k + " " + j);
      }
    }
  }

  /** Eight chains, term i in chain i mod 8, added in order. */
  private static double sum(double[] a, double[] b) {
    double total = 0;
    for (int r = 0; r < 8; r++) {
      double s = 0;
      for (int i = r; i < a.length; i += 8) {
        s = Math.fma(a[i], b[i], s);
      }
      total += s;
    }
    return total;
  }
}

package ufm.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import ufm.backend.ClassifierLayer.Kind;

/**
 * Losses, gradients and curvature where margins are huge or lanes are broken; a test class extends it. One column with W = I and d = K
 * makes the logits equal to the column.
 */
public abstract class LossAccuracyContract {
  /** The backend under test, new for each test. */
  protected Backend backend;

  /** A new backend; closed after the test. */
  protected abstract Backend open();

  @BeforeEach
  void openBackend() {
    backend = open();
  }

  @AfterEach
  void closeBackend() {
    backend.close();
  }

  /** Loss of one sample of class 0 with the given logits; the gradient with respect to them is left in {@code gradient}. */
  private double sample(Kind kind, double parameter, double[] logits, double[] gradient, double[] direction, double[] product) {
    int k = logits.length;
    double[] identity = new double[k * k];
    for (int i = 0; i < k; i++) {
      identity[i + k * i] = 1;
    }
    try (LaneBuffer w = LayerCase.upload(backend, new double[][] {identity});
        LaneBuffer one = LayerCase.upload(backend, new double[][] {{1}});
        LaneBuffer x = LayerCase.upload(backend, new double[][] {logits});
        LaneBuffer v = LayerCase.upload(backend, new double[][] {direction});
        LaneBuffer g = backend.allocate(1, k)) {
      ClassifierLayer layer = new ClassifierLayer(
          k, k, 1, -1, 0, -1, w, new int[] {0}, kind, new double[] {parameter}, one, one, new double[1], new double[1], new double[1]);
      double[] fit = new double[1];
      Lanes lane = Lanes.all(1);
      backend.fitGradient(lane, layer, x, fit, g);
      backend.read(g, 0, 0, gradient, 0, k);
      try (LaneBuffer store = backend.allocate(1, backend.curvatureLength(layer))) {
        backend.curvature(lane, layer, x, store);
        backend.hessian(lane, layer, x, store, v, g);
        backend.read(g, 0, 0, product, 0, k);
      }
      return fit[0];
    }
  }

  @Test
  void crossEntropyIsRelativelyExactAtHugeMargins() {
    double[] g = new double[3];
    double[] hv = new double[3];
    for (double margin : new double[] {1, 20, 36.7, 37.5, 69.0775527898, 200, 700, 740}) {
      // -log p_0 = log1p(2 e^-margin), gradient -(1 - p_0) and p_1 = p_2.
      double others = 2 * Math.exp(-margin);
      double loss = sample(Kind.SOFTMAX, 0, new double[] {margin, 0, 0}, g, new double[] {0, 1, 1}, hv);
      double tolerance = margin < 700 ? 4e-16 * margin : 0.2;
      assertEquals(Math.log1p(others), loss, tolerance * loss, "loss at " + margin);
      double share = others / (1 + others);
      assertEquals(-share, g[0], tolerance * share, "gradient of the true logit at " + margin);
      assertEquals(share / 2, g[1], tolerance * share, "gradient of another logit at " + margin);
      // Along (0,1,1): p_1 (1 - (p_1 + p_2)) = p_1 p_0 and minus twice that.
      assertEquals(share / 2 / (1 + others), hv[1], 2 * tolerance * share, "curvature at " + margin);
      assertEquals(-share / (1 + others), hv[0], 2 * tolerance * share, "curvature at " + margin);
      assertTrue(loss > 0 && g[0] < 0 && hv[1] > 0);
    }
  }

  @Test
  void lossOfTenToTheMinusThirtyIsThat() {
    double[] g = new double[2];
    double loss = sample(Kind.SOFTMAX, 0, new double[] {0, Math.log(1e-30)}, g, new double[2], new double[2]);
    assertEquals(1e-30, loss, 2e-14 * 1e-30);
  }

  @Test
  void wronglyClassifiedSamplesLoseTheirMargin() {
    double[] g = new double[3];
    double loss = sample(Kind.SOFTMAX, 0, new double[] {-1000, 5, 0}, g, new double[3], new double[3]);
    assertEquals(1005 + Math.log1p(Math.exp(-5)), loss, 1e-12);
    assertArrayEquals(new double[] {-1, 1 / (1 + Math.exp(-5)), 1 / (1 + Math.exp(5))}, g, 1e-15);
  }

  @Test
  void smoothedLossAddsItsShareOfTheMargin() {
    double[] g = new double[3];
    // L + s (z_y - mean of the others).
    assertEquals(0.1 * 90, sample(Kind.SOFTMAX, 0.1, new double[] {90, 3, -3}, g, new double[3], new double[3]), 1e-14);
    assertArrayEquals(new double[] {0.1, -0.05, -0.05}, g, 1e-16);
  }

  @Test
  void focalLossStaysFiniteWhereNothingIsLeftToLearn() {
    double[] g = new double[2];
    double[] hv = new double[2];
    for (double gamma : new double[] {0, 0.3, 0.5, 1, 2}) {
      double loss = sample(Kind.FOCAL, gamma, new double[] {0, -1000}, g, new double[] {1, 0}, hv);
      assertEquals(0, loss);
      assertArrayEquals(new double[2], g, 0, "gamma " + gamma);
      assertArrayEquals(new double[2], hv, 0, "gamma " + gamma);
      // u = L = e^-50 to rounding: chi = u^(gamma+1), chi' = (1 + gamma) u^gamma.
      double u = Math.exp(-50);
      loss = sample(Kind.FOCAL, gamma, new double[] {0, -50}, g, new double[] {1, 0}, hv);
      assertEquals(Math.pow(u, gamma + 1), loss, 1e-13 * loss);
      assertEquals(-(1 + gamma) * Math.pow(u, gamma + 1), g[0], 1e-13 * loss * (1 + gamma));
      // Along z_0, d/dz_0 of -(1+gamma) u^(gamma+1) with du/dz_0 = -u.
      assertEquals(Math.pow(1 + gamma, 2) * Math.pow(u, gamma + 1), hv[0], 1e-12 * loss * Math.pow(1 + gamma, 2));
    }
  }

  @Test
  void focalWithExponentZeroIsCrossEntropy() {
    double[] a = new double[3];
    double[] b = new double[3];
    double[] ha = new double[3];
    double[] hb = new double[3];
    double[] z = {0.3, -0.8, 1.1};
    double[] v = {1, -2, 0.5};
    assertEquals(sample(Kind.SOFTMAX, 0, z, a, v, ha), sample(Kind.FOCAL, 0, z, b, v, hb), 1e-16);
    assertArrayEquals(a, b, 1e-16);
    assertArrayEquals(ha, hb, 2e-16);
  }

  @Test
  void productWithTheHessianIsTheDerivativeOfTheGradient() {
    for (Kind kind : Kind.values()) {
      double parameter = kind == Kind.SQUARED ? 0 : 0.4;
      try (LayerCase c = new LayerCase(backend, 2, 0, 5, 4, 30, kind, parameter, true, true, 0.7, 3)) {
        double t = 1e-5;
        double[][] plus = gradientAt(c, t);
        double[][] minus = gradientAt(c, -t);
        ClassifierLayer layer = c.layer();
        try (LaneBuffer x = c.upload(c.x);
            LaneBuffer v = c.upload(c.v);
            LaneBuffer hv = backend.allocate(2, c.size());
            LaneBuffer store = backend.allocate(2, backend.curvatureLength(layer))) {
          backend.curvature(Lanes.all(2), layer, x, store);
          backend.hessian(Lanes.all(2), layer, x, store, v, hv);
          double[][] product = LayerCase.download(backend, hv);
          for (int l = 0; l < 2; l++) {
            for (int i = 0; i < c.size(); i++) {
              assertEquals((plus[l][i] - minus[l][i]) / (2 * t), product[l][i], 3e-9, kind + " element " + i);
            }
          }
        }
      }
    }
  }

  private double[][] gradientAt(LayerCase c, double t) {
    double[][] moved = new double[c.lanes][c.size()];
    for (int l = 0; l < c.lanes; l++) {
      for (int i = 0; i < c.size(); i++) {
        moved[l][i] = c.x[l][i] + t * c.v[l][i];
      }
    }
    try (LaneBuffer x = c.upload(moved);
        LaneBuffer g = backend.allocate(c.lanes, c.size())) {
      backend.fitGradient(Lanes.all(c.lanes), c.layer(), x, new double[c.lanes], g);
      return LayerCase.download(backend, g);
    }
  }

  @Test
  void inactiveLanesKeepTheirBitsAndBrokenLanesHarmNoOthers() {
    for (Kind kind : Kind.values()) {
      try (LayerCase c = new LayerCase(backend, 3, 0, 6, 5, 300, kind, kind == Kind.SQUARED ? 0 : 0.4, true, true, 1, 9)) {
        Lanes ends = Lanes.none(3);
        ends.add(0);
        ends.add(2);
        double[][][] clean = LaneCase.evaluate(backend, c, Lanes.all(3));
        double[][][] two = LaneCase.evaluate(backend, c, ends);
        c.x[2][1] = Double.NaN;
        c.x[2][60] = Double.POSITIVE_INFINITY;
        double[][][] broken = LaneCase.evaluate(backend, c, Lanes.all(3));
        assertTrue(Double.isNaN(broken[0][2][1]), "the broken lane says so");
        for (int q = 0; q < clean.length; q++) {
          assertArrayEquals(clean[q][0], two[q][0], kind + " quantity " + q);
          assertArrayEquals(clean[q][0], broken[q][0], kind + " quantity " + q);
          assertArrayEquals(clean[q][1], broken[q][1], kind + " quantity " + q);
        }
        // Quantities 1 to 4 start as zeros and must still be zeros in the lane that was left out; 5 is x itself.
        for (int q = 0; q < 5; q++) {
          assertArrayEquals(new double[two[q][1].length], two[q][1], kind + " quantity " + q);
        }
        assertArrayEquals(c.x[1], two[5][1]);
        assertFalse(Double.isNaN(two[0][2][1]));
      }
    }
  }

  @Test
  void shorterLanesThanTheLayerAreRefused() {
    try (LayerCase c = new LayerCase(backend, 1, 0, 3, 2, 5, Kind.SOFTMAX, 0, true, true, 1, 9);
        LaneBuffer small = backend.allocate(1, c.size() - 1)) {
      assertThrows(
          IllegalArgumentException.class, () -> backend.fit(Lanes.all(1), c.layer(), small, new double[1]));
    }
  }
}

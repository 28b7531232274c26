package ufm.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import ufm.backend.ClassifierLayer.Kind;
import ufm.problem.ReferenceCases;

/** What every backend must do for the one-layer model: a test class extends it and says how to make a backend. */
public abstract class BackendContract {
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

  @TestFactory
  Stream<DynamicTest> valueAndGradientOfTheReferenceVectors() {
    return ReferenceCases.cases("value_grad").stream().map(c -> DynamicTest.dynamicTest(c.get("id").asText(), () -> checkVector(c)));
  }

  private void checkVector(JsonNode c) {
    ReferenceModel m = new ReferenceModel(c);
    LaneBuffer x = LayerCase.upload(backend, new double[][] {m.x});
    LaneBuffer g = backend.allocate(1, m.x.length);
    double[] fit = new double[1];
    backend.fitGradient(Lanes.all(1), m.layer(backend), x, fit, g);
    double tolerance = c.get("rtol").asDouble();
    double value = fit[0] + m.penalty();
    assertEquals(c.get("expected").get("f").asDouble(), value, tolerance * Math.abs(value));
    m.checkGradient(LayerCase.download(backend, g)[0], tolerance);
    double[] alone = new double[1];
    backend.fit(Lanes.all(1), m.layer(backend), x, alone);
    assertEquals(fit[0], alone[0], 1e-14 * Math.abs(fit[0]));
  }

  @Test
  void layerAgreesWithTheFormulas() {
    for (Kind kind : Kind.values()) {
      double[] parameters = switch (kind) {
        case SOFTMAX -> new double[] {0, 0.1};
        case SQUARED -> new double[] {0};
        case FOCAL -> new double[] {0, 0.5, 0.7, 1, 2, 3};
      };
      for (double parameter : parameters) {
        for (int[] shape : new int[][] {{2, 1, 1}, {3, 2, 5}, {4, 8, 20}, {10, 5, 67}, {3, 2, 1100}, {40, 5, 67}, {60, 40, 600}}) {
          for (int variant = 0; variant < 4; variant++) {
            try (LayerCase c = new LayerCase(
                backend, 2, 0, shape[0], shape[1], shape[2], kind, parameter, variant % 2 == 0, variant < 2, 0.6 / Math.sqrt(shape[1]), 7)) {
              checkAgainstNaive(c, kind + " " + parameter + " " + java.util.Arrays.toString(shape) + " variant " + variant);
            }
          }
        }
      }
    }
  }

  private void checkAgainstNaive(LayerCase c, String what) {
    ClassifierLayer layer = c.layer();
    Lanes all = Lanes.all(c.lanes);
    double[] fit = new double[c.lanes];
    double[] fitAlone = new double[c.lanes];
    try (LaneBuffer x = c.upload(c.x);
        LaneBuffer v = c.upload(c.v);
        LaneBuffer g = backend.allocate(c.lanes, c.size());
        LaneBuffer hv = backend.allocate(c.lanes, c.size());
        LaneBuffer logit = backend.allocate(c.lanes, (long) c.columns * c.classes);
        LaneBuffer store = backend.allocate(c.lanes, backend.curvatureLength(layer))) {
      backend.fit(all, layer, x, fitAlone);
      backend.fitGradient(all, layer, x, fit, g);
      backend.logitGradient(all, layer, x, logit);
      backend.curvature(all, layer, x, store);
      backend.hessian(all, layer, x, store, v, hv);
      double[][] gradient = LayerCase.download(backend, g);
      double[][] hessian = LayerCase.download(backend, hv);
      double[][] logits = LayerCase.download(backend, logit);
      for (int l = 0; l < c.lanes; l++) {
        NaiveLayer naive = new NaiveLayer(c, l);
        assertEquals(naive.fit, fit[l], 1e-13 * naive.fit, what);
        assertEquals(fit[l], fitAlone[l], 1e-14 * naive.fit, what);
        for (int i = 0; i < c.size(); i++) {
          assertEquals(naive.gradient[i], gradient[l][i], 3e-14 * (naive.gradientTerms[i] + 1e-2 / c.columns), what + " gradient " + i);
          assertEquals(naive.hessian[i], hessian[l][i], 1e-13 * (naive.hessianTerms[i] + 1e-1 / c.columns), what + " hessian " + i);
        }
        for (int k = 0; k < c.classes; k++) {
          for (int i = 0; i < c.columns; i++) {
            assertEquals(naive.g[k][i], logits[l][i + c.columns * k], 1e-13 / c.columns, what + " logit gradient");
          }
        }
        assertTrue(Double.isFinite(fit[l]), what);
      }
    }
  }

  @Test
  void descentIsGradientAndStepOneByOne() {
    for (Kind kind : Kind.values()) {
      for (int[] shape : new int[][] {{2, 1, 1}, {4, 8, 20}, {10, 16, 100}, {10, 5, 67}, {3, 2, 1100}, {70, 33, 600}}) {
        for (int variant = 0; variant < 4; variant++) {
          try (LayerCase c = new LayerCase(
              backend, 3, 0, shape[0], shape[1], shape[2], kind, kind == Kind.FOCAL ? 2 : 0.1, variant % 2 == 0, variant < 2, 0.5, 11)) {
            checkDescent(c, variant == 0, variant != 3, kind + " " + java.util.Arrays.toString(shape) + " variant " + variant);
          }
        }
      }
    }
  }

  private void checkDescent(LayerCase c, boolean nesterov, boolean velocity, String what) {
    ClassifierLayer layer = c.layer();
    Lanes some = Lanes.none(3);
    some.add(0);
    some.add(2);
    double[] mu = {0.9, 0.5, 0.8};
    double[] damp = {0, 0.3, nesterov ? 0 : 0.2};
    double[] eta = {0.3, 0.2, 0.1, 0.05, 0.01};
    double[] fit = new double[3];
    double[] sum = new double[3];
    double[] check = {7, 7, 7};
    try (LaneBuffer x = c.upload(c.x);
        LaneBuffer v = c.upload(c.v);
        LaneBuffer y = c.upload(c.x);
        LaneBuffer u = c.upload(c.v);
        LaneBuffer g = backend.allocate(3, c.size())) {
      for (double rate : eta) {
        backend.fitGradient(some, layer, x, fit, g);
        sum[0] += fit[0];
        sum[2] += fit[2];
        if (velocity) {
          backend.momentumStep(some, mu, damp, new double[] {rate, rate, rate}, nesterov, g, v, x);
        } else {
          backend.axpy(some, new double[] {-rate, -rate, -rate}, g, x);
        }
      }
      backend.descend(some, layer, eta.length, mu, damp, eta, nesterov, y, velocity ? u : null, g, check);
      double[][] expected = LayerCase.download(backend, x);
      double[][] actual = LayerCase.download(backend, y);
      double[][] expectedV = LayerCase.download(backend, v);
      double[][] actualV = LayerCase.download(backend, u);
      for (int l = 0; l < 3; l++) {
        assertArrayEquals(expected[l], actual[l], what + ", lane " + l);
        assertArrayEquals(expectedV[l], actualV[l], what + ", velocity of lane " + l);
      }
      assertArrayEquals(c.x[1], actual[1], what + ", the lane that is not active");
      assertEquals(7, check[1], what);
      assertEquals(sum[0], check[0], 1e-12 * sum[0], what);
      assertEquals(sum[2], check[2], 1e-12 * sum[2], what);
    }
  }

  @Test
  void descentTellsOfALaneThatIsNotFinite() {
    try (LayerCase c = new LayerCase(backend, 3, 0, 4, 8, 20, Kind.SOFTMAX, 0, true, true, 0.5, 11)) {
      c.x[1][40] = Double.NaN;
      double[] check = new double[3];
      double[] some = {0.5, 0.5, 0.5};
      try (LaneBuffer x = c.upload(c.x);
          LaneBuffer v = c.upload(c.v);
          LaneBuffer g = backend.allocate(3, c.size())) {
        backend.descend(Lanes.all(3), c.layer(), 3, some, some, some, false, x, v, g, check);
      }
      assertTrue(Double.isFinite(check[0]) && !Double.isFinite(check[1]) && Double.isFinite(check[2]), java.util.Arrays.toString(check));
    }
  }
}

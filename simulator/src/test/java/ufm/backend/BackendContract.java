package ufm.backend;

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
        for (int[] shape : new int[][] {{2, 1, 1}, {3, 2, 5}, {4, 8, 20}, {10, 5, 67}, {3, 2, 1100}}) {
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
}

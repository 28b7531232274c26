package ufm.theory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import ufm.problem.ReferenceCases;

/** Regression collapse against its reference vectors, and its optimum against the objective in plain loops. */
class RegressionCollapseTest {

  @TestFactory
  Stream<DynamicTest> vectors() {
    List<JsonNode> nodes = ReferenceCases.cases("nrc");
    assertEquals(5, nodes.size());
    return nodes.stream().map(n -> DynamicTest.dynamicTest(n.get("id").asText(), () -> check(n)));
  }

  private static void check(JsonNode node) {
    double[][] y = ReferenceCases.matrix(node.get("Y"));
    int d = node.get("d").asInt();
    RegressionCollapse r = RegressionCollapse.of(y, d, node.get("lambdaW").asDouble(), node.get("lambdaH").asDouble());
    JsonNode expected = node.get("expected");
    double f = expected.get("f_star").asDouble();
    assertEquals(f, r.value(), 1e-9 * f + 1e-12);
    assertEquals(f, r.value(), 1e-14, "to rounding");
    assertEquals(expected.get("rank").asInt(), r.rank());
    assertEquals(expected.get("residual_sq_mean").asDouble(), r.meanSquareResidual(), 1e-9);
    close(ReferenceCases.matrix(expected.get("WWt")), r.wwt());
    close(ReferenceCases.matrix(expected.get("HtH")), r.hth());
    close(ReferenceCases.matrix(expected.get("Z_centered")), r.centredOutput());
    close(new double[][] {ReferenceCases.vector(expected.get("b"))}, new double[][] {r.bias()});
    close(new double[][] {ReferenceCases.vector(expected.get("sigma_eig"))}, new double[][] {r.eigenvalues()});
    if (expected.has("nrc_metrics")) {
      double[][][] point = point(r, d);
      metrics(expected.get("nrc_metrics"), RegressionMetrics.of(point[0], point[1], y));
    }
    JsonNode probe = node.get("probe");
    double[][] w = ReferenceCases.matrix(probe.get("W"));
    double[][] h = ReferenceCases.matrix(probe.get("H"));
    metrics(probe.get("nrc_metrics"), RegressionMetrics.of(w, h, y));
  }

  private static void metrics(JsonNode expected, RegressionMetrics m) {
    number(expected.get("nrc1").asDouble(), m.nrc1());
    number(expected.get("nrc1_centered_pca").asDouble(), m.nrc1Centred());
    number(expected.get("nrc2").asDouble(), m.nrc2());
    number(expected.get("nrc3").asDouble(), m.nrc3());
    number(expected.get("nrc3_gamma").asDouble(), m.gamma());
    number(expected.get("nrc3_at_gamma0").asDouble(), m.nrc3AtZero());
  }

  /** W and H with d columns and rows from the joint Gram matrix of W^T and H. */
  private static double[][][] point(RegressionCollapse r, int d) {
    int n = r.wwt().length;
    int m = r.hth().length;
    DMatrixRMaj joint = new DMatrixRMaj(n + m, n + m);
    for (int i = 0; i < n + m; i++) {
      for (int j = 0; j < n + m; j++) {
        double x = i < n ? (j < n ? r.wwt()[i][j] : r.centredOutput()[i][j - n]) : (j < n ? r.centredOutput()[j][i - n] : r.hth()[i - n][j - n]);
        joint.set(i, j, x);
      }
    }
    EigenDecomposition_F64<DMatrixRMaj> eig = DecompositionFactory_DDRM.eig(n + m, true, true);
    eig.decompose(joint.copy());
    Integer[] order = new Integer[n + m];
    java.util.Arrays.setAll(order, i -> i);
    java.util.Arrays.sort(order, java.util.Comparator.comparingDouble(i -> -eig.getEigenvalue(i).real));
    double[][] w = new double[n][d];
    double[][] h = new double[d][m];
    for (int c = 0; c < Math.min(d, r.rank()); c++) {
      double root = Math.sqrt(eig.getEigenvalue(order[c]).real);
      for (int i = 0; i < n + m; i++) {
        double x = root * eig.getEigenVector(order[c]).get(i);
        if (i < n) {
          w[i][c] = x;
        } else {
          h[c][i - n] = x;
        }
      }
    }
    return new double[][][] {w, h};
  }

  @Test
  void optimumIsCriticalAndNoNearbyPointIsBetter() {
    Random random = new Random(3);
    for (int trial = 0; trial < 100; trial++) {
      int n = 1 + random.nextInt(4);
      int m = 1 + random.nextInt(12);
      int d = 1 + random.nextInt(5);
      double lw = Math.pow(10, -6 * random.nextDouble());
      double lh = Math.pow(10, -6 * random.nextDouble());
      double[][] y = new double[n][m];
      for (double[] row : y) {
        java.util.Arrays.setAll(row, i -> random.nextGaussian());
      }
      RegressionCollapse r = RegressionCollapse.of(y, d, lw, lh);
      double[][][] x = point(r, d);
      double[][] gw = new double[n][d];
      double[][] gh = new double[d][m];
      double f = naive(x[0], x[1], r.bias(), y, lw, lh, gw, gh);
      assertEquals(r.value(), f, 1e-13 * (1 + f));
      assertTrue(NaiveModel.norm(gw) <= 1e-9 * lw * NaiveModel.norm(x[0]) + 1e-15 * (1 + NaiveModel.norm(x[1])), "gradient of W");
      assertTrue(NaiveModel.norm(gh) <= 1e-9 * lh / m * NaiveModel.norm(x[1]) + 1e-15 * (1 + NaiveModel.norm(x[0])), "gradient of H");
      for (double size : new double[] {1e-3, 0.1, 1}) {
        double[][] w2 = new double[n][d];
        double[][] h2 = new double[d][m];
        for (int i = 0; i < n; i++) {
          for (int j = 0; j < d; j++) {
            w2[i][j] = x[0][i][j] + size * random.nextGaussian();
          }
        }
        for (int j = 0; j < d; j++) {
          for (int i = 0; i < m; i++) {
            h2[j][i] = x[1][j][i] + size * random.nextGaussian();
          }
        }
        assertTrue(naive(w2, h2, r.bias(), y, lw, lh, gw, gh) >= r.value() * (1 - 1e-13));
      }
    }
  }

  private static double naive(double[][] w, double[][] h, double[] b, double[][] y, double lw, double lh, double[][] gw, double[][] gh) {
    int n = y.length;
    int m = y[0].length;
    int d = h.length;
    double f = 0;
    for (int j = 0; j < d; j++) {
      for (int r = 0; r < n; r++) {
        gw[r][j] = lw * w[r][j];
        f += lw / 2 * w[r][j] * w[r][j];
      }
      for (int i = 0; i < m; i++) {
        gh[j][i] = lh / m * h[j][i];
        f += lh / (2 * m) * h[j][i] * h[j][i];
      }
    }
    for (int i = 0; i < m; i++) {
      for (int r = 0; r < n; r++) {
        double e = b[r] - y[r][i];
        for (int j = 0; j < d; j++) {
          e += w[r][j] * h[j][i];
        }
        f += e * e / (2 * m);
        for (int j = 0; j < d; j++) {
          gw[r][j] += e * h[j][i] / m;
          gh[j][i] += e * w[r][j] / m;
        }
      }
    }
    return f;
  }

  @Test
  void withoutPenaltyNothingCollapses() {
    double[][] y = {{1, 2, 4}, {0, 1, -1}};
    RegressionCollapse full = RegressionCollapse.of(y, 2, 0, 0);
    assertEquals(0, full.value());
    assertNull(full.wwt());
    RegressionCollapse cut = RegressionCollapse.of(y, 1, 0, 0.5);
    assertEquals(cut.eigenvalues()[1] / 2, cut.value());
  }

  @Test
  void refusesWhatMakesNoSense() {
    assertThrows(IllegalArgumentException.class, () -> RegressionCollapse.of(new double[0][0], 1, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> RegressionCollapse.of(new double[][] {{1, 2}, {1}}, 1, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> RegressionCollapse.of(new double[][] {{1, 2}}, 0, 1, 1));
    assertThrows(IllegalArgumentException.class, () -> RegressionCollapse.of(new double[][] {{1, 2}}, 1, -1, 1));
    double[][] zero = {{0, 0}};
    assertThrows(IllegalArgumentException.class, () -> RegressionMetrics.of(zero, new double[][] {{1, 2}, {1, 2}}, new double[][] {{1, 2}}));
  }

  private static void close(double[][] want, double[][] actual) {
    assertEquals(want.length, actual.length);
    for (int i = 0; i < want.length; i++) {
      assertEquals(want[i].length, actual[i].length);
      for (int j = 0; j < want[i].length; j++) {
        number(want[i][j], actual[i][j]);
      }
    }
  }

  private static void number(double want, double actual) {
    assertEquals(want, actual, 1e-9 * Math.abs(want) + 1e-9);
  }
}

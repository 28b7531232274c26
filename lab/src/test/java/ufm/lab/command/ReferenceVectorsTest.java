package ufm.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ufm.problem.ReferenceCases;

/** The reference vectors through the command line, as other programs are compared with this one. */
class ReferenceVectorsTest {
  @TempDir private Path folder;

  private JsonNode evaluate(ReferenceCase c, String... more) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("evaluate", "--point", c.point(folder).toString()));
    arguments.addAll(c.sets(more));
    return Cli.json(arguments);
  }

  private static JsonNode command(String name, ReferenceCase c, String... more) {
    List<String> arguments = new ArrayList<>(List.of(name));
    arguments.addAll(c.sets(more));
    return Cli.json(arguments);
  }

  @Test
  void valuesAndGradients() throws Exception {
    for (ReferenceCase c : ReferenceCase.of("value_grad")) {
      JsonNode doc = evaluate(c);
      c.close("f", doc.get("value"), ReferenceCase.VALUE);
      double scale = doc.get("gradient_scale").asDouble();
      for (String block : List.of("W", "H", "b")) {
        if (c.expected().has("g" + block)) {
          c.allClose("g" + block, c.expected().get("g" + block), doc.get("gradient").get(block), 1e-12 * scale);
        }
      }
      double sum = 0;
      for (JsonNode term : doc.get("terms")) {
        sum += term.asDouble();
      }
      assertEquals(doc.get("value").asDouble(), sum, 1e-13 * (1 + Math.abs(sum)), c.id());
    }
  }

  @Test
  void metrics() throws Exception {
    for (ReferenceCase c : ReferenceCase.of("metric")) {
      JsonNode metrics = evaluate(c, "bias=free").get("metrics");
      for (Map.Entry<String, JsonNode> e : c.expected().properties()) {
        if (e.getValue().isNumber()) {
          c.close(e.getKey(), metrics.get(e.getKey()), ReferenceCase.GEOMETRY);
        } else {
          c.allClose(e.getKey(), e.getValue(), metrics.get(e.getKey()), ReferenceCase.GEOMETRY);
        }
      }
    }
  }

  @Test
  void certificates() throws Exception {
    for (ReferenceCase c : ReferenceCase.of("certificate")) {
      JsonNode doc = evaluate(c);
      JsonNode certificate = doc.get("certificate");
      assertTrue(certificate.get("available").asBoolean(), c.id());
      c.close("f", doc.get("value"), ReferenceCase.VALUE);
      for (String name :
          List.of(
              "grad_spectral_norm", "lambda_z", "dual_scale", "dual_value", "nuclear_primal", "nuclear_norm_Z", "dual_spectral_norm_before_scaling")) {
        c.close(name, certificate.get(name), ReferenceCase.GEOMETRY);
      }
      double star = c.expected().get("f_star").asDouble();
      double lower = certificate.get("lower").asDouble();
      assertTrue(lower <= star + 1e-12 * (1 + star), c.id() + ": the lower bound " + lower + " is above f* " + star);
      assertTrue(lower >= c.expected().get("dual_value").asDouble() - 1e-9, c.id() + ": the lower bound is looser than the recipe");
      assertTrue(certificate.get("gap").asDouble() >= doc.get("value").asDouble() - star - 1e-12, c.id());
    }
  }

  @Test
  void landscapes() throws Exception {
    for (ReferenceCase c : ReferenceCase.of("landscape")) {
      JsonNode doc = evaluate(c);
      c.close("f", doc.get("value"), ReferenceCase.VALUE);
      for (String name : List.of("sigma_max", "min_hessian_eig", "escape_curvature")) {
        c.close(name, doc.get("landscape").get(name), ReferenceCase.GEOMETRY);
      }
      assertEquals("strict-saddle", doc.get("status").asText(), c.id());
    }
  }

  @Test
  void optima() {
    for (ReferenceCase c : ReferenceCase.of("optimum")) {
      JsonNode doc = command("solve", c);
      JsonNode gram = doc.get("gram");
      c.close("f_star", doc.get("value"), ReferenceCase.VALUE);
      Set<String> open = new TreeSet<>();
      c.node().path("not_unique").forEach(n -> open.add(n.asText()));
      for (String name : List.of("Zbar", "WWt", "HtH_class", "sv", "w_norms", "h_norms", "b")) {
        boolean best = c.node().get("source").asText().equals("best_of_multistart");
        // Reference points that are not proved optimal may have symmetric copies: there only what all copies share is compared.
        if (c.expected().has(name) && !open.contains(name) && !(best && !name.equals("sv"))) {
          JsonNode measured = gram.get(name);
          if (name.equals("b") && doc.get("problem").get("bias").asText().equals("free") && !doc.get("problem").get("loss").get("name").asText().equals("mse")) {
            zeroSum(c, measured);
          } else {
            c.allClose(name, c.expected().get(name), measured, ReferenceCase.GEOMETRY);
          }
        }
      }
      for (String name : List.of("nuclear_norm", "W_fro2", "H_fro2", "margin", "rank")) {
        c.close(name, doc.get("metrics").get(name), ReferenceCase.GEOMETRY);
      }
    }
  }

  /** A bias that is defined up to a multiple of 1, against one with zero sum. */
  private static void zeroSum(ReferenceCase c, JsonNode measured) {
    double[] b = ReferenceCases.vector(measured);
    double mean = java.util.Arrays.stream(b).average().orElseThrow();
    for (int k = 0; k < b.length; k++) {
      double expected = c.expected().get("b").get(k).asDouble();
      assertEquals(expected, b[k] - mean, c.rtol() * Math.abs(expected) + ReferenceCase.GEOMETRY, c.id() + " b[" + k + "]");
    }
  }

  @Test
  void fixedClassifiers() {
    for (ReferenceCase c : ReferenceCase.of("fixed_etf")) {
      StringBuilder w = new StringBuilder();
      for (double[] row : ReferenceCases.matrix(c.node().get("W"))) {
        w.append(w.isEmpty() ? "[" : ", ").append(java.util.Arrays.toString(row));
      }
      for (String classifier : List.of("classifier.row-norm=" + c.node().get("row_norm"), "classifier.W=" + w + "]")) {
        JsonNode doc = command("solve", c, classifier);
        c.close("f_star", doc.get("value"), ReferenceCase.VALUE);
        c.close("margin", doc.get("metrics").get("margin"), ReferenceCase.GEOMETRY);
        c.close("beta", doc.get("metrics").get("beta"), ReferenceCase.GEOMETRY);
        for (JsonNode norm : doc.get("gram").get("h_norms")) {
          c.close("beta", norm, ReferenceCase.GEOMETRY);
        }
        if (classifier.contains("row-norm")) {
          c.close("beta", doc.get("prediction").get("beta"), ReferenceCase.GEOMETRY);
        }
      }
    }
  }

  @Test
  void nonNegativeFeatures() {
    for (ReferenceCase c : ReferenceCase.of("relu")) {
      JsonNode doc = command("solve", c, "features=non-negative");
      c.close("f_star", doc.get("value"), ReferenceCase.VALUE);
      c.allClose("margins", c.expected().get("margins"), doc.get("gram").get("margins"), ReferenceCase.GEOMETRY);
      c.allClose("h_norms", c.expected().get("h_norms"), doc.get("gram").get("h_norms"), ReferenceCase.GEOMETRY);
    }
  }

  @Test
  void thresholds() {
    for (ReferenceCase c : ReferenceCase.of("threshold")) {
      String kind = c.node().get("degeneracy").asText();
      String[] features = kind.startsWith("relu") ? new String[] {"features=non-negative"} : new String[0];
      JsonNode thresholds = command("predict", c, features).get("thresholds");
      JsonNode perClass = c.expected().path("lambda_z_per_class");
      for (int k = 0; k < perClass.size(); k++) {
        c.close("class-zero-" + k, perClass.get(k).asDouble(), thresholds.path("class-zero-" + k).get("lambda_z"), 1e-12);
      }
      if (perClass.isMissingNode()) {
        String name = kind.equals("zero") ? "zero-collapse" : "minority-collapse";
        c.close("lambda_z_global", thresholds.path(name).get("lambda_z"), 1e-12);
        if (c.expected().has("lambda_z_local")) {
          c.close("lambda_z_local", thresholds.path("zero-local").get("lambda_z"), 1e-12);
        }
      }
    }
  }
}

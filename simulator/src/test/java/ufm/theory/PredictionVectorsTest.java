package ufm.theory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import ufm.problem.ReferenceCases;
import ufm.problem.UfmProblem;

/** Every reference vector about optima, fixed classifiers, non-negative features and thresholds, at its stated tolerance. */
class PredictionVectorsTest {
  /** The certified cases whose counts or bias leave no theorem, and the low-dimensional one with unequal norms (C4). */
  private static final Set<String> WITHOUT_CLOSED_FORM =
      Set.of("opt-imb01", "opt-imb02", "opt-imb03", "opt-imb04", "opt-imb05", "opt-imb06", "opt-imb07", "opt-dlow03");

  @TestFactory
  Stream<DynamicTest> optimum() {
    return cases("optimum", 55, PredictionVectorsTest::checkOptimum);
  }

  @TestFactory
  Stream<DynamicTest> fixedClassifier() {
    return cases("fixed_etf", 4, PredictionVectorsTest::checkScalars);
  }

  @TestFactory
  Stream<DynamicTest> nonNegativeFeatures() {
    return cases(
        "relu",
        3,
        node -> {
          checkScalars(node);
          Prediction p = Predictions.of(ReferenceCases.problem(node));
          for (String name : List.of("margins", "h_norms")) {
            checkVector(node, name, p.vectors().get(name));
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> threshold() {
    return cases("threshold", 9, PredictionVectorsTest::checkThreshold);
  }

  @Test
  void literatureRecipesHaveTheirKnownMinima() {
    UfmProblem mse =
        UfmProblem.builder(4, 64).counts(200, 100, 50, 50).loss(new ufm.problem.Loss.MeanSquaredError()).lambdaW(5e-4).lambdaH(5e-4).build();
    assertEquals(0.018942135623731, Predictions.of(mse).value().orElseThrow(), 1e-15);
    UfmProblem ce = UfmProblem.builder(10, 20).counts(50, 50, 50, 50, 50, 5, 5, 5, 5, 5).lambdaW(5e-4).lambdaH(5e-4).build();
    assertEquals(0.146621683630, Predictions.of(ce).value().orElseThrow(), 1e-12);
  }

  private interface Check {
    void accept(JsonNode node);
  }

  private static Stream<DynamicTest> cases(String kind, int expected, Check check) {
    List<JsonNode> nodes = ReferenceCases.cases(kind);
    assertEquals(expected, nodes.size());
    return nodes.stream().map(n -> DynamicTest.dynamicTest(n.get("id").asText(), () -> check.accept(n)));
  }

  private static void checkOptimum(JsonNode node) {
    Prediction p = Predictions.of(ReferenceCases.problem(node));
    JsonNode expected = node.get("expected");
    double fStar = expected.get("f_star").asDouble();
    if (WITHOUT_CLOSED_FORM.contains(node.get("id").asText())) {
      assertFalse(p.closedForm(), p.toString());
      assertTrue(p.explanation().startsWith("No closed form: "), p.explanation());
      assertTrue(p.value().isEmpty());
      p.scalar("lower_bound").ifPresent(x -> assertTrue(x <= fStar, "lower bound " + x + " above " + fStar));
      p.scalar("upper_bound").ifPresent(x -> assertTrue(x >= fStar, "upper bound " + x + " below " + fStar));
      return;
    }
    assertTrue(p.closedForm(), p.explanation());
    double rtol = node.get("rtol").asDouble();
    assertEquals(fStar, p.value().orElseThrow(), rtol * Math.abs(fStar) + 1e-12, "f_star");
    // What the closed form claims must be far better than the tolerance of a reference minimisation.
    assertEquals(fStar, p.value().orElseThrow(), 1e-14 + 2e-14 * fStar, "f_star to rounding");
    assertEquals(node.get("source").asText().startsWith("closed_form"), p.global());
    Set<String> skip = notUnique(node);
    assertEquals(skip.contains("WWt"), p.notUnique().contains("WWt"), "uniqueness");
    for (String name : List.of("margin", "W_fro2", "H_fro2", "nuclear_norm", "rank")) {
      if (expected.has(name) && !skip.contains(name)) {
        checkNumber(node, name, expected.get(name).asDouble(), p.scalars().get(name));
      }
    }
    for (String name : List.of("sv", "w_norms", "h_norms", "b")) {
      if (expected.has(name) && (!skip.contains(name) || !p.notUnique().contains(name))) {
        checkVector(node, name, p.vectors().get(name));
      }
    }
    for (String name : List.of("Zbar", "WWt", "HtH_class")) {
      if (!skip.contains(name)) {
        double[][] want = ReferenceCases.matrix(expected.get(name));
        for (int i = 0; i < want.length; i++) {
          for (int j = 0; j < want.length; j++) {
            checkNumber(node, name + "[" + i + "][" + j + "]", want[i][j], p.matrices().get(name)[i][j]);
          }
        }
      }
    }
    if (!skip.contains("metrics")) {
      for (String name : List.of("nc1", "nc2_W", "nc2_H", "nc3")) {
        if (expected.path("metrics").has(name)) {
          checkNumber(node, name, expected.get("metrics").get(name).asDouble(), p.scalars().get(name));
        } else {
          assertFalse(p.scalars().containsKey(name) && expected.get("rank").asInt() == 0, name + " claimed at zero");
        }
      }
    }
    if (expected.has("two_group") && p.scalars().containsKey("two_group_a")) {
      for (String name : List.of("a", "b", "xA", "xB")) {
        checkNumber(node, name, expected.get("two_group").get(name).asDouble(), p.scalars().get("two_group_" + name));
      }
      assertEquals(expected.get("two_group").get("minority_collapsed").asBoolean(), p.scalars().get("two_group_b") == 0);
    }
  }

  private static void checkScalars(JsonNode node) {
    Prediction p = Predictions.of(ReferenceCases.problem(node));
    assertTrue(p.closedForm() && p.global(), p.explanation());
    JsonNode expected = node.get("expected");
    double f = expected.get("f_star").asDouble();
    assertEquals(f, p.value().orElseThrow(), node.get("rtol").asDouble() * f + 1e-12);
    for (String name : List.of("beta", "margin")) {
      if (expected.has(name)) {
        checkNumber(node, name, expected.get(name).asDouble(), p.scalars().get(name));
      }
    }
    if (expected.has("class_means_orthogonal")) {
      assertEquals(1.0, p.scalars().get("class_means_orthogonal"));
      double[][] gram = p.matrices().get("HtH_class");
      for (int i = 0; i < gram.length; i++) {
        for (int j = 0; j < gram.length; j++) {
          assertEquals(i == j, gram[i][j] != 0);
        }
      }
    }
  }

  private static void checkThreshold(JsonNode node) {
    UfmProblem p = ReferenceCases.problem(node);
    JsonNode expected = node.get("expected");
    switch (node.get("degeneracy").asText()) {
      case "zero" -> {
        checkNumber(node, "global", expected.get("lambda_z_global").asDouble(), Predictions.threshold(p, "zero-collapse").orElseThrow());
        if (expected.has("lambda_z_local")) {
          checkNumber(node, "local", expected.get("lambda_z_local").asDouble(), Predictions.threshold(p, "zero-local").orElseThrow());
        }
      }
      case "minority" ->
          checkNumber(node, "minority", expected.get("lambda_z_global").asDouble(), Predictions.threshold(p, "minority-collapse").orElseThrow());
      case "class_zero_mse", "relu_class_zero" -> {
        UfmProblem q = node.get("degeneracy").asText().startsWith("relu") ? p.toBuilder().nonNegativeFeatures(true).build() : p;
        for (int k = 0; k < p.classes(); k++) {
          double want = expected.get("lambda_z_per_class").get(k).asDouble();
          checkNumber(node, "class-zero-" + k, want, Predictions.threshold(q, "class-zero-" + k).orElseThrow());
        }
      }
      default -> throw new AssertionError("unknown degeneracy in " + node);
    }
  }

  private static Set<String> notUnique(JsonNode node) {
    Set<String> out = new java.util.HashSet<>();
    node.path("not_unique").forEach(x -> out.add(x.asText()));
    return out;
  }

  private static void checkVector(JsonNode node, String name, double[] actual) {
    double[] want = ReferenceCases.vector(node.get("expected").get(name));
    assertNotNull(actual, name);
    assertEquals(want.length, actual.length, name);
    for (int i = 0; i < want.length; i++) {
      checkNumber(node, name + "[" + i + "]", want[i], actual[i]);
    }
    assertArrayEquals(want, actual, 1e-6 + 1e-6 * java.util.Arrays.stream(want).map(Math::abs).max().orElse(0));
  }

  private static void checkNumber(JsonNode node, String name, double want, Double actual) {
    assertNotNull(actual, name);
    assertEquals(want, actual, node.get("rtol").asDouble() * Math.abs(want) + 1e-9, name);
  }
}

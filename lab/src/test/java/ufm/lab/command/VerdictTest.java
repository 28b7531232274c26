package ufm.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ufm.lab.Ufm;
import ufm.solver.Outcome;
import ufm.theory.Prediction;

/** What solve and evaluate say about a point: whether it is the minimum, how critical it is, what its geometry is. */
class VerdictTest {
  @TempDir private Path folder;

  private static Prediction theory(double star, boolean global) {
    return new Prediction("r", true, "e", "r", global, Map.of("f_star", star), Map.of(), Map.of(), Set.of());
  }

  private JsonNode evaluate(String point, String... sets) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("evaluate", "--point", Files.writeString(folder.resolve("p.json"), point).toString()));
    for (String s : sets) {
      arguments.addAll(List.of("--set", s));
    }
    return Cli.json(arguments);
  }

  private static List<String> solve(String... sets) {
    List<String> arguments = new ArrayList<>(List.of("solve"));
    for (String s : sets) {
      arguments.addAll(List.of("--set", s));
    }
    return arguments;
  }

  @Test
  void aSearchThatMissesTheMinimumSaysSo() {
    assertEquals(
        Optional.of("theory's value is lower by 1.0e-06: the search did not find the global minimum; more starts may."),
        MissedMinimum.of(0.500001, 1, theory(0.5, true), Outcome.CONVERGED));
    assertEquals(
        Optional.of(
            "theory's value is lower by 5.0e-01, and the value at W = H = 0 is lower by 2.5e-01: the search did not find the global minimum;"
                + " more iterations may."),
        MissedMinimum.of(1.25, 1, theory(0.75, true), Outcome.BUDGET));
    assertEquals(
        Optional.of("the value at W = H = 0 is lower by 2.5e-01: the search did not find the global minimum; more starts may."),
        MissedMinimum.of(1.25, 1, theory(0.75, false), Outcome.STALLED));
  }

  @Test
  void aMinimumToRoundingIsNoMiss() {
    assertEquals(Optional.empty(), MissedMinimum.of(0.5 + 4e-10, 1, theory(0.5, true), Outcome.CONVERGED));
    assertEquals(Optional.empty(), MissedMinimum.of(0.6, 1, theory(0.5, false), Outcome.CONVERGED));
    assertEquals(Optional.empty(), MissedMinimum.of(1e-14, 1, theory(0, true), Outcome.CONVERGED));
    assertEquals(Optional.empty(), MissedMinimum.of(1 + 1e-10, 1, theory(1, true), Outcome.CONVERGED));
    assertEquals(Optional.empty(), MissedMinimum.of(0.6, Double.NaN, theory(0.5, false), Outcome.CONVERGED));
  }

  @Test
  void solvePrintsTheWarning() {
    List<String> stopped = solve("classes=4", "solve.max-iterations=1", "solve.starts=1");
    JsonNode doc = Cli.json(stopped);
    double missing = doc.get("value").asDouble() - doc.get("prediction").get("f_star").asDouble();
    assertTrue(missing > 1e-3, "one iteration can't reach the minimum");
    String warning = doc.get("warning").asText();
    assertTrue(warning.startsWith("theory's value is lower by " + TextTable.small(missing)), warning);
    assertTrue(Cli.run(stopped).out().contains("\nwarning     " + warning + "\n"));
    List<String> solved = solve("classes=4");
    assertNull(Cli.json(solved).get("warning"));
    assertFalse(Cli.run(solved).out().contains("warning"));
  }

  @Test
  void aMinimumThatOnlyTheoryProvesIsOne() throws Exception {
    // Squared error with d = 2 < K = 4: two of four equal singular values are kept, so the minimum is degenerate and the gap is open.
    String[] problem = {"classes=4", "dimension=2", "loss=mse", "lambda.W=0.01", "lambda.H=0.01"};
    JsonNode doc = evaluate(Cli.json(solve(problem)).toString(), problem);
    assertFalse(doc.get("certificate").get("globally_optimal").asBoolean());
    assertEquals("degenerate", doc.get("landscape").get("verdict").asText());
    assertEquals("global-minimum-by-theory", doc.get("status").asText());
    // One of the two: a critical point with f higher by (1 - 4 lambda)^2/8, which theory must not call a minimum.
    double r = Math.sqrt(1 - 4 * 0.01);
    JsonNode saddle =
        evaluate("{\"W\": [[" + r + ", 0], [0, 0], [0, 0], [0, 0]], \"H\": [[" + r + ", 0, 0, 0], [0, 0, 0, 0]]}", problem);
    assertEquals("strict-saddle", saddle.get("status").asText());
    assertEquals((1 - 0.04) * (1 - 0.04) / 8, saddle.get("value").asDouble() - doc.get("value").asDouble(), 1e-12);
  }

  @Test
  void nonNegativeFeaturesAreJudgedByTheProjectedGradient() throws Exception {
    // W = 0, H = [[1, 2]] with K = 2, d = 1: the fit has no gradient in H, so g_H = lambda_H H, and W's is -((1 - 2)/2, (2 - 1)/2)/2.
    String[] problem = {"classes=2", "dimension=1", "features=non-negative", "lambda.W=0.1", "lambda.H=0.25"};
    JsonNode doc = evaluate("{\"W\": [[0], [0]], \"H\": [[1, 2]]}", problem);
    double w = 0.25;
    assertEquals(Math.sqrt(2 * w * w + 0.0625 * 5), doc.get("gradient_norm").asDouble(), 1e-15);
    assertEquals(Math.sqrt(2 * w * w + 0.0625 * 5), doc.get("projected_gradient_norm").asDouble(), 1e-15);
    // At H = 0 and W = (1, -1): G = -(1/4) (1, -1; -1, 1), so g_H = W^T G = (-1/2, 1/2), of which only the first may be followed.
    JsonNode edge = evaluate("{\"W\": [[1], [-1]], \"H\": [[0, 0]]}", problem);
    assertEquals(Math.sqrt(2 * 0.01 + 0.5), edge.get("gradient_norm").asDouble(), 1e-15);
    assertEquals(Math.sqrt(2 * 0.01 + 0.25), edge.get("projected_gradient_norm").asDouble(), 1e-15);
    assertNull(evaluate("{\"W\": [[0], [0]], \"H\": [[1, 2]]}", "classes=2", "dimension=1").get("projected_gradient_norm"));

    String[] three = {"classes=3", "counts=[3, 2, 2]", "features=non-negative", "lambda.W=0.01", "lambda.H=0.01"};
    JsonNode solved = Cli.json(solve(three));
    JsonNode evaluated = evaluate(solved.toString(), three);
    for (String name : List.of("gradient_norm", "projected_gradient_norm", "gradient_scale")) {
      assertEquals(solved.get(name), evaluated.get(name), name);
    }
    assertTrue(solved.get("projected_gradient_norm").asDouble() < 1e-10);
    assertTrue(solved.get("gradient_norm").asDouble() > 1e-3);
  }

  @Test
  void theGeometryStandsAtOnePlace() throws Exception {
    String[] problem = {"classes=3", "dimension=4", "samples-per-class=2", "bias=free"};
    JsonNode solved = Cli.json(solve(problem));
    JsonNode gram = solved.get("gram");
    assertEquals(gram, evaluate(solved.toString(), problem).get("gram"));
    List<String> predict = solve(problem);
    predict.set(0, "predict");
    JsonNode theory = Cli.json(predict).get("gram");
    for (String name : List.of("Zbar", "WWt", "HtH_class", "sv", "w_norms", "h_norms")) {
      assertTrue(gram.get(name).isArray() && theory.get(name).isArray(), name);
      assertEquals(theory.get(name).size(), gram.get(name).size(), name);
    }
    assertEquals(theory.get("margin").asDouble(), gram.get("margin").asDouble(), 1e-9);
    for (JsonNode rank : List.of(gram.get("rank"), theory.get("rank"), solved.get("metrics").get("rank"), solved.get("prediction").get("rank"))) {
      assertTrue(rank.isInt());
      assertEquals(2, rank.asInt());
    }
  }

  @Test
  void featureNormsOfAFixedFrameAndCosinesOfClassMeansAreMeasured() throws Exception {
    String frame = "{\"W\": [[1, 0], [-1, 0]], \"H\": [[3, 0], [4, 7]]}";
    JsonNode fixed = evaluate(frame, "classes=2", "dimension=2", "classifier.etf=1").get("gram");
    assertEquals(6.0, fixed.get("beta").asDouble());
    // Means (3, 4) and (0, 7): cosine 4/5; a class at zero does not count.
    String[] problem = {"classes=3", "dimension=2", "features=non-negative"};
    JsonNode oblique = evaluate("{\"W\": [[0, 0], [0, 0], [0, 0]], \"H\": [[3, 0, 0], [4, 7, 0]]}", problem).get("gram");
    assertEquals(0.8, oblique.get("class_means_max_cosine").asDouble(), 1e-15);
    assertEquals(0, oblique.get("class_means_orthogonal").asInt());
    JsonNode right = evaluate("{\"W\": [[0, 0], [0, 0], [0, 0]], \"H\": [[3, 0, 0], [0, 7, 0]]}", problem).get("gram");
    assertEquals(0, right.get("class_means_max_cosine").asDouble());
    assertEquals(1, right.get("class_means_orthogonal").asInt());
    JsonNode single = evaluate("{\"W\": [[0, 0], [0, 0], [0, 0]], \"H\": [[3, 0, 0], [0, 0, 0]]}", problem).get("gram");
    assertTrue(single.get("class_means_max_cosine").isNull());
    assertEquals(1, single.get("class_means_orthogonal").asInt());
  }

  @Test
  void aBiasThatOnlyThePointMentionsIsFree() throws Exception {
    String point = "{\"W\": [[1, 0], [0, 1]], \"H\": [[3, 0], [0, 3]], \"b\": [1, 2]}";
    Path file = Files.writeString(folder.resolve("b.json"), point);
    Cli cli = Cli.run("evaluate", "--point", file.toString(), "--set", "classes=2", "--json");
    assertEquals(0, cli.code(), cli.err());
    assertTrue(cli.err().startsWith("note: the point gives b and the experiment does not mention bias, so bias is free here"), cli.err());
    assertEquals(1, cli.err().lines().count());
    assertEquals("free", Cli.parse(cli.out()).get("problem").get("bias").asText());
    // Logits (4, 2) and (1, 5): margins 2 and 4.
    double fit = (Math.log1p(Math.exp(-2)) + Math.log1p(Math.exp(-4))) / 2;
    assertEquals(fit + 5e-4 / 2 * (2 + 18), Cli.parse(cli.out()).get("value").asDouble(), 1e-15);
    Cli asked = Cli.run("evaluate", "--point", file.toString(), "--set", "classes=2", "--set", "bias=none");
    assertEquals(Ufm.BAD_INPUT, asked.code());
    assertEquals("error: " + file + ": b is given, but bias is none.\n", asked.err().replace("\r\n", "\n"));
  }

  @Test
  void labelsDefineTheCountsUnlessTheExperimentGivesThem() throws Exception {
    Path file = Files.writeString(folder.resolve("l.json"), "{\"W\": [[1, 0], [0, 1]], \"H\": [[3, 0, 3], [0, 3, 0]], \"labels\": [0, 1, 0]}");
    assertEquals("[2,1]", Cli.json(List.of("evaluate", "--point", file.toString(), "--set", "classes=2")).get("problem").get("counts").toString());
    for (String given : List.of("counts=[1, 2]", "samples-per-class=1", "imbalance={majority: 1, ratio: 1}", "labels=[1, 0]")) {
      Cli cli = Cli.run("evaluate", "--point", file.toString(), "--set", "classes=2", "--set", given);
      assertEquals(Ufm.BAD_INPUT, cli.code(), given);
      String field = given.substring(0, given.indexOf('='));
      assertEquals(
          "error: " + file + ": labels has 2 samples of class 0, but must have 1 because the experiment gives " + field + ".\n",
          cli.err().replace("\r\n", "\n"));
    }
  }
}

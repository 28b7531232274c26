package ufm.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ufm.lab.io.NpyArray;

/** What one command writes another one reads, without losing a bit. */
class CommandRoundTripTest {
  private static final List<String> PROBLEM =
      List.of(
          "--set", "classes=3", "--set", "dimension=4", "--set", "labels=[0, 2, 1, 1, 0, 2, 2]", "--set", "lambda.W=0.02", "--set",
          "lambda.H=0.01", "--set", "bias=ridge", "--set", "lambda.b=0.05");

  @TempDir private Path folder;

  private static List<String> command(String name, String... more) {
    List<String> out = new ArrayList<>(List.of(name));
    out.addAll(PROBLEM);
    out.addAll(List.of(more));
    return out;
  }

  @Test
  void aSolvedPointEvaluatesToTheSameBits() {
    Path file = folder.resolve("point.json");
    JsonNode solved = Cli.json(command("solve", "--out", file.toString()));
    JsonNode evaluated = Cli.json(command("evaluate", "--point", file.toString()));
    assertEquals(solved.get("value"), evaluated.get("value"));
    assertEquals(solved.get("terms"), evaluated.get("terms"));
    assertEquals(solved.get("problem"), evaluated.get("problem"));
    assertEquals(solved.get("prediction"), evaluated.get("prediction"));
    assertEquals(solved.get("certificate"), evaluated.get("certificate"));
    for (Map.Entry<String, JsonNode> e : solved.get("metrics").properties()) {
      assertEquals(e.getValue(), evaluated.get("metrics").get(e.getKey()), e.getKey());
    }
    assertTrue(solved.get("certificate").get("globally_optimal").asBoolean());
    assertEquals("certified-optimum", evaluated.get("status").asText());
    assertEquals("converged", solved.get("status").asText());
  }

  /** What overflows is said to be unknown; what does not is still reported. */
  @Test
  void hugePointsAreEvaluatedAsFarAsTheyGo() throws Exception {
    for (double size : new double[] {1e80, 1e150, 1e154, 1e160, 1e200}) {
      Path w = Files.write(folder.resolve("W.npy"), NpyArray.of(new double[][] {{size, 0}, {0, -size}, {size, 2 * size}}).bytes());
      Path h = Files.write(folder.resolve("H.npy"), NpyArray.of(new double[][] {{size, 0, size}, {-size, size, size}}).bytes());
      List<String> asked = List.of("evaluate", "--set", "classes=3", "--set", "dimension=2", "--set", "samples-per-class=1", "--W", w.toString(), "--H", h.toString());
      JsonNode found = Cli.json(asked);
      for (String name : List.of("value", "terms", "gradient", "gradient_norm", "metrics", "prediction", "certificate", "landscape")) {
        assertTrue(found.has(name), name + " at " + size);
      }
      if (size > 1e151) {
        assertEquals("not-available", found.get("status").asText());
        assertTrue(found.get("certificate").get("verdict").asText().startsWith("not available: "));
      } else {
        // Singular values of W H: of a matrix of whole numbers times size^2.
        assertTrue(found.get("metrics").get("nuclear_norm").asDouble() > size * size);
        assertEquals(2, found.get("metrics").get("rank").asDouble());
        assertTrue(found.get("certificate").get("available").asBoolean());
      }
      Cli table = Cli.run(asked);
      assertEquals(0, table.code(), table.err());
      assertTrue(table.out().contains("min_hessian_eig_residual"), table.out());
    }
  }

  @Test
  void theJsonOfSolveIsItselfAPoint() throws Exception {
    Cli solve = Cli.run(command("solve", "--json"));
    Path file = Files.writeString(folder.resolve("solved.json"), solve.out());
    JsonNode evaluated = Cli.json(command("evaluate", "--point", file.toString()));
    assertEquals(Cli.parse(solve.out()).get("value"), evaluated.get("value"));
  }

  @Test
  void numpyFilesAndJsonGiveTheSameDocument() throws Exception {
    Path point = folder.resolve("point.json");
    JsonNode solved = Cli.json(command("solve", "--out", point.toString()));
    List<String> arrays = new ArrayList<>();
    for (String block : List.of("W", "H")) {
      JsonNode m = solved.get("point").get(block);
      double[][] rows = new double[m.size()][m.get(0).size()];
      for (int i = 0; i < rows.length; i++) {
        for (int j = 0; j < rows[i].length; j++) {
          rows[i][j] = m.get(i).get(j).asDouble();
        }
      }
      arrays.add("--" + block);
      arrays.add(Files.write(folder.resolve(block + ".npy"), NpyArray.of(rows).bytes()).toString());
    }
    double[] b = new double[3];
    for (int k = 0; k < 3; k++) {
      b[k] = solved.get("point").get("b").get(k).asDouble();
    }
    arrays.add("--b");
    arrays.add(Files.write(folder.resolve("b.npy"), new NpyArray(new int[] {3}, b).bytes()).toString());
    assertEquals(
        Cli.json(command("evaluate", "--point", point.toString())), Cli.json(command("evaluate", arrays.toArray(String[]::new))));
  }

  @Test
  void labelsOfThePointWinOverTheOrderOfTheExperiment() throws Exception {
    String point = "{\"W\": [[1, 0], [0, 1]], \"H\": [[3, 0, 3], [0, 3, 0]], \"labels\": [0, 1, 0]}";
    Path file = Files.writeString(folder.resolve("p.json"), point);
    JsonNode doc = Cli.json(List.of("evaluate", "--point", file.toString(), "--set", "classes=2", "--set", "counts=[2, 1]"));
    assertEquals(1.0, doc.get("metrics").get("accuracy").asDouble());
    assertEquals("[2,1]", doc.get("problem").get("counts").toString());
    // logits (3, 0) and (0, 3): -log p = log(1 + e^-3), penalties 5e-4/2 (2 + 27).
    assertEquals(Math.log1p(Math.exp(-3)) + 5e-4 / 2 * 29, doc.get("value").asDouble(), 1e-15);
  }

  @Test
  void classMeansStandForSamplesThatEqualThem() throws Exception {
    String means = "{\"W\": [[1, 0], [0, 1]], \"H\": [[2, -1], [0.5, 3]]}";
    String full = "{\"W\": [[1, 0], [0, 1]], \"H\": [[2, 2, -1, -1], [0.5, 0.5, 3, 3]]}";
    String[] problem = {"--set", "classes=2", "--set", "samples-per-class=2"};
    JsonNode a = Cli.json(List.of("evaluate", "--point", Files.writeString(folder.resolve("m.json"), means).toString(), problem[0], problem[1], problem[2], problem[3]));
    JsonNode b = Cli.json(List.of("evaluate", "--point", Files.writeString(folder.resolve("f.json"), full).toString(), problem[0], problem[1], problem[2], problem[3]));
    assertEquals(b, a);
  }

  @Test
  void aFixedFrameMayBeGivenInAnyRotation() throws Exception {
    double s = Math.sqrt(0.5);
    // Rows of norm 1 with angle pi in a turned plane: the simplex ETF of two classes.
    String turned = "{\"W\": [[" + s + ", " + s + "], [" + -s + ", " + -s + "]], \"H\": [[" + s + ", " + -s + "], [" + s + ", " + -s + "]]}";
    JsonNode doc =
        Cli.json(
            List.of("evaluate", "--point", Files.writeString(folder.resolve("t.json"), turned).toString(), "--set", "classes=2", "--set", "classifier.etf=1"));
    // Margin 2, features of norm 1.
    assertEquals(Math.log1p(Math.exp(-2)) + 5e-4 / 2 * 2, doc.get("value").asDouble(), 1e-15);
    assertTrue(doc.get("prediction").get("closed_form").asBoolean());
  }

  @Test
  void whatIsNotDefinedIsNull() throws Exception {
    String zero = "{\"W\": [[0, 0], [0, 0]], \"H\": [[0, 0], [0, 0]]}";
    JsonNode doc = Cli.json(List.of("evaluate", "--point", Files.writeString(folder.resolve("z.json"), zero).toString(), "--set", "classes=2"));
    assertTrue(doc.get("metrics").get("nc2_H").isNull());
    assertEquals(Math.log(2), doc.get("value").asDouble(), 1e-16);
  }

  @Test
  void theTableShowsTheoryMeasurementAndBound() {
    Cli cli = Cli.run("solve", "--set", "classes=4", "--set", "samples-per-class=3", "--set", "lambda.W=0.005", "--set", "lambda.H=0.002");
    assertEquals(0, cli.code(), cli.err());
    // f* and margin of the reference case opt-bal01.
    assertTrue(cli.out().lines().anyMatch(l -> l.matches("f_star +0\\.101858244878 +0\\.101858244878 .*")), cli.out());
    assertTrue(cli.out().lines().anyMatch(l -> l.matches("margin +5\\.1905884141\\d +5\\.1905884141\\d .*")), cli.out());
    for (String part : List.of("certified   f - f* <= ", "stopped     converged", "starts      8 of 8", "time ", "convention  f = (1/N)", "theory      simplex ETF")) {
      assertTrue(cli.out().contains(part), part + "\n" + cli.out());
    }
  }

  @Test
  void theSeedAndTheStartsAreThoseAskedFor() {
    JsonNode doc = Cli.json(command("solve", "--starts", "3", "--seed", "5"));
    assertEquals(3, doc.get("starts").get("count").asInt());
    JsonNode same = Cli.json(command("solve", "--set", "solve.starts=3", "--set", "solve.seed=5", "--threads", "1"));
    assertEquals(doc.get("point"), same.get("point"));
  }
}

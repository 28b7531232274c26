package ufm.solver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import ufm.problem.Bias;
import ufm.problem.Loss;
import ufm.problem.Point;
import ufm.problem.UfmProblem;

/** A case of the test vectors as a problem, with what is expected of it. */
record VectorCase(String id, UfmProblem problem, JsonNode node) {

  /** All cases of a kind. */
  static List<VectorCase> ofKind(String kind) {
    try (InputStream in = VectorCase.class.getResourceAsStream("/vectors/ufm.json")) {
      List<VectorCase> cases = new ArrayList<>();
      for (JsonNode c : new ObjectMapper().readTree(in).get("cases")) {
        if (c.get("kind").asText().equals(kind)) {
          cases.add(new VectorCase(c.get("id").asText(), problem(c, kind.equals("relu")), c));
        }
      }
      return cases;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  double expected(String name) {
    return node.get("expected").get(name).asDouble();
  }

  /** The point of a case that gives one. */
  Point point() {
    return Point.of(matrix(node.get("W")), matrix(node.get("H")), null);
  }

  private static UfmProblem problem(JsonNode c, boolean nonNegative) {
    int[] counts = new int[c.get("counts").size()];
    for (int k = 0; k < counts.length; k++) {
      counts[k] = c.get("counts").get(k).asInt();
    }
    JsonNode loss = c.get("loss");
    return UfmProblem.builder(c.get("K").asInt(), c.get("d").asInt())
        .counts(counts)
        .loss(switch (loss.get("name").asText()) {
          case "ce" -> new Loss.CrossEntropy();
          case "mse" -> new Loss.MeanSquaredError();
          case "focal" -> new Loss.Focal(loss.get("gamma").asDouble());
          case "ls" -> new Loss.LabelSmoothing(loss.get("alpha").asDouble(), Loss.Smoothing.TUTORIAL);
          default -> new Loss.LabelSmoothing(loss.get("alpha").asDouble(), Loss.Smoothing.PYTORCH);
        })
        .lambdaW(c.get("lambdaW").asDouble())
        .lambdaH(c.get("lambdaH").asDouble())
        .bias(switch (c.get("bias").asText()) {
          case "none" -> new Bias.None();
          case "free" -> new Bias.Free();
          default -> new Bias.Ridge(c.get("lambdaB").asDouble());
        })
        .nonNegativeFeatures(nonNegative)
        .build();
  }

  private static double[][] matrix(JsonNode m) {
    double[][] a = new double[m.get("rows").asInt()][m.get("cols").asInt()];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[0].length; j++) {
        a[i][j] = m.get("data").get(i * a[0].length + j).asDouble();
      }
    }
    return a;
  }
}

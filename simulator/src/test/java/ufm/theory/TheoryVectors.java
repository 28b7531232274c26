package ufm.theory;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import ufm.problem.Bias;
import ufm.problem.Classifier;
import ufm.problem.Loss;
import ufm.problem.UfmProblem;

/** Reads the cases of {@code vectors/ufm.json} that speak about optima and thresholds. */
final class TheoryVectors {
  private TheoryVectors() {}

  static List<JsonNode> ofKind(String kind) {
    try (InputStream in = TheoryVectors.class.getResourceAsStream("/vectors/ufm.json")) {
      List<JsonNode> out = new ArrayList<>();
      for (JsonNode node : new ObjectMapper().readTree(in).get("cases")) {
        if (node.get("kind").asText().equals(kind)) {
          out.add(node);
        }
      }
      return out;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static UfmProblem problem(JsonNode node) {
    int[] counts = new int[node.get("counts").size()];
    for (int k = 0; k < counts.length; k++) {
      counts[k] = node.get("counts").get(k).asInt();
    }
    UfmProblem.Builder b = UfmProblem.builder(node.get("K").asInt(), node.get("d").asInt()).counts(counts).loss(loss(node.get("loss")));
    b.lambdaW(node.path("lambdaW").asDouble(1)).lambdaH(node.path("lambdaH").asDouble(1));
    b.bias(
        switch (node.get("bias").asText()) {
          case "none" -> new Bias.None();
          case "free" -> new Bias.Free();
          case "ridge" -> new Bias.Ridge(node.get("lambdaB").asDouble());
          default -> throw new IllegalArgumentException(node.get("bias").asText());
        });
    if (node.has("W")) {
      b.classifier(new Classifier.Fixed(matrix(node.get("W"))));
    }
    return b.nonNegativeFeatures(node.get("kind").asText().equals("relu")).build();
  }

  static Loss loss(JsonNode node) {
    return switch (node.get("name").asText()) {
      case "ce" -> new Loss.CrossEntropy();
      case "mse" -> new Loss.MeanSquaredError();
      case "focal" -> new Loss.Focal(node.get("gamma").asDouble());
      case "ls" -> new Loss.LabelSmoothing(node.get("alpha").asDouble(), Loss.Smoothing.TUTORIAL);
      case "ls_torch" -> new Loss.LabelSmoothing(node.get("alpha").asDouble(), Loss.Smoothing.PYTORCH);
      default -> throw new IllegalArgumentException(node.toString());
    };
  }

  static double[][] matrix(JsonNode node) {
    double[][] out = new double[node.get("rows").asInt()][node.get("cols").asInt()];
    for (int i = 0; i < out.length; i++) {
      for (int j = 0; j < out[0].length; j++) {
        out[i][j] = node.get("data").get(i * out[0].length + j).asDouble();
      }
    }
    return out;
  }

  static double[] vector(JsonNode node) {
    double[] out = new double[node.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = node.get(i).asDouble();
    }
    return out;
  }
}

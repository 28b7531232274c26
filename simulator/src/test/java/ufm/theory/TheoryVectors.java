package ufm.theory;

import com.fasterxml.jackson.databind.JsonNode;
import ufm.backend.ModelVectors;
import ufm.problem.Bias;
import ufm.problem.Classifier;
import ufm.problem.Loss;
import ufm.problem.UfmProblem;

/** The problem that a reference case describes. */
final class TheoryVectors {
  private TheoryVectors() {}

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
      b.classifier(new Classifier.Fixed(ModelVectors.matrix(node.get("W"))));
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
}

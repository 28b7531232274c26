package ufm.problem;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The exact test vectors of the one-layer model (test resource {@code vectors/ufm.json}) as problems and points. */
public final class ReferenceCases {
  private ReferenceCases() {}

  /** All cases of a kind: value_grad, optimum, certificate, metric, landscape, fixed_etf, relu, threshold, nrc. */
  public static List<JsonNode> cases(String kind) {
    List<JsonNode> out = new ArrayList<>();
    for (JsonNode c : root().get("cases")) {
      if (c.get("kind").asText().equals(kind)) {
        out.add(c);
      }
    }
    if (out.isEmpty()) {
      throw new IllegalArgumentException("no case of kind " + kind);
    }
    return out;
  }

  /** The problem of a case. */
  public static UfmProblem problem(JsonNode c) {
    int k = c.get("K").asInt();
    UfmProblem.Builder b = UfmProblem.builder(k, c.get("d").asInt());
    if (c.has("labels")) {
      b.labels(ints(c.get("labels")));
    } else {
      b.counts(ints(c.get("counts")));
    }
    if (c.has("loss")) {
      b.loss(loss(c.get("loss")));
      // A threshold is asked for without penalties.
      b.lambdaW(c.path("lambdaW").asDouble(1)).lambdaH(c.path("lambdaH").asDouble(1));
      b.bias(switch (c.path("bias").asText("none")) {
        case "none" -> new Bias.None();
        case "free" -> new Bias.Free();
        case "ridge" -> new Bias.Ridge(c.get("lambdaB").asDouble());
        default -> throw new IllegalArgumentException(c.get("bias").asText());
      });
    }
    if (c.get("kind").asText().equals("fixed_etf")) {
      b.classifier(new Classifier.Fixed(matrix(c.get("W"))));
    }
    b.nonNegativeFeatures(c.get("kind").asText().equals("relu"));
    return b.build();
  }

  /** The point of a case: W, H and, where given, b. */
  public static Point point(JsonNode c) {
    return Point.of(matrix(c.get("W")), matrix(c.get("H")), c.has("b") ? vector(c.get("b")) : null);
  }

  /** A matrix {rows, cols, data} as rows. */
  public static double[][] matrix(JsonNode m) {
    int rows = m.get("rows").asInt();
    int cols = m.get("cols").asInt();
    double[][] out = new double[rows][cols];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) {
        out[i][j] = m.get("data").get(i * cols + j).asDouble();
      }
    }
    return out;
  }

  /** An array of numbers. */
  public static double[] vector(JsonNode a) {
    double[] out = new double[a.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = a.get(i).asDouble();
    }
    return out;
  }

  /** An array of whole numbers. */
  public static int[] ints(JsonNode a) {
    int[] out = new int[a.size()];
    for (int i = 0; i < out.length; i++) {
      out[i] = a.get(i).asInt();
    }
    return out;
  }

  private static Loss loss(JsonNode l) {
    return switch (l.get("name").asText()) {
      case "ce" -> new Loss.CrossEntropy();
      case "mse" -> new Loss.MeanSquaredError();
      case "focal" -> new Loss.Focal(l.get("gamma").asDouble());
      case "ls" -> new Loss.LabelSmoothing(l.get("alpha").asDouble(), Loss.Smoothing.TUTORIAL);
      case "ls_torch" -> new Loss.LabelSmoothing(l.get("alpha").asDouble(), Loss.Smoothing.PYTORCH);
      default -> throw new IllegalArgumentException(l.toString());
    };
  }

  private static JsonNode root() {
    try (InputStream in = ReferenceCases.class.getResourceAsStream("/vectors/ufm.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

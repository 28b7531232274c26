package ufm.backend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The reference cases of {@code vectors/ufm.json}, read from the class path of the tests. */
public final class ModelVectors {
  private ModelVectors() {}

  /** All cases of a kind, for example {@code value_grad}. */
  public static List<JsonNode> cases(String kind) {
    List<JsonNode> found = new ArrayList<>();
    try (InputStream in = ModelVectors.class.getResourceAsStream("/vectors/ufm.json")) {
      for (JsonNode c : new ObjectMapper().readTree(in).get("cases")) {
        if (c.get("kind").asText().equals(kind)) {
          found.add(c);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (found.isEmpty()) {
      throw new IllegalArgumentException("no case of kind " + kind);
    }
    return found;
  }

  /** A matrix {@code {rows, cols, data}} (row-major) as rows. */
  public static double[][] matrix(JsonNode node) {
    int rows = node.get("rows").asInt();
    int cols = node.get("cols").asInt();
    double[][] a = new double[rows][cols];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) {
        a[i][j] = node.get("data").get(i * cols + j).asDouble();
      }
    }
    return a;
  }

  /** A list of numbers. */
  public static double[] vector(JsonNode node) {
    double[] a = new double[node.size()];
    for (int i = 0; i < a.length; i++) {
      a[i] = node.get(i).asDouble();
    }
    return a;
  }
}

package ufm.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ufm.problem.ReferenceCases;

/**
 * A case of the reference vectors as another program would hand it to the command line: {@code --set} for the problem, JSON for the
 * point; and the file's own way of comparing.
 *
 * @param node the case
 */
record ReferenceCase(JsonNode node) {
  /** Allowed absolute difference of values of f. */
  static final double VALUE = 1e-12;

  /** Allowed absolute difference of geometry and metrics. */
  static final double GEOMETRY = 1e-9;

  /** All cases of a kind. */
  static List<ReferenceCase> of(String kind) {
    return ReferenceCases.cases(kind).stream().map(ReferenceCase::new).toList();
  }

  String id() {
    return node.get("id").asText();
  }

  double rtol() {
    return node.get("rtol").asDouble();
  }

  JsonNode expected() {
    return node.get("expected");
  }

  /** The problem as overrides. */
  List<String> sets(String... more) {
    List<String> all = new ArrayList<>(List.of("classes=" + node.get("K"), "dimension=" + node.get("d")));
    if (node.has("counts")) {
      all.add("counts=" + node.get("counts"));
    } else {
      all.add("labels=" + node.get("labels"));
    }
    if (node.has("loss")) {
      all.add("loss=" + node.get("loss"));
    }
    for (String weight : List.of("lambdaW", "lambdaH")) {
      if (node.has(weight)) {
        all.add("lambda." + weight.charAt(6) + "=" + node.get(weight));
      }
    }
    String bias = node.path("bias").asText("none");
    all.add("bias=" + bias);
    if (bias.equals("ridge")) {
      all.add("lambda.b=" + node.get("lambdaB"));
    }
    all.addAll(List.of(more));
    List<String> out = new ArrayList<>();
    for (String set : all) {
      out.add("--set");
      out.add(set);
    }
    return out;
  }

  /** The case's point as a file; where it has no W and H, the origin. */
  Path point(Path folder) throws IOException {
    ObjectNode point = new ObjectMapper().createObjectNode();
    int k = node.get("K").asInt();
    int d = node.get("d").asInt();
    point.set("W", node.has("W") ? node.get("W") : zeros(k, d));
    point.set("H", node.has("H") ? node.get("H") : zeros(d, node.get("N").asInt()));
    if (node.has("b")) {
      point.set("b", node.get("b"));
    }
    if (node.has("labels")) {
      point.set("labels", node.get("labels"));
    }
    return Files.writeString(folder.resolve(id() + ".json"), point.toString());
  }

  private static JsonNode zeros(int rows, int cols) {
    ObjectNode m = new ObjectMapper().createObjectNode().put("rows", rows).put("cols", cols);
    var data = m.putArray("data");
    for (int i = 0; i < rows * cols; i++) {
      data.add(0.0);
    }
    return m;
  }

  /** {@code |x - expected| <= rtol |expected| + atol}. */
  void close(String name, double expected, JsonNode actual, double atol) {
    assertNotNull(actual, id() + " " + name);
    assertTrue(actual.isNumber(), () -> id() + " " + name + " is " + actual);
    assertEquals(expected, actual.asDouble(), rtol() * Math.abs(expected) + atol, () -> id() + " " + name);
  }

  /** The same for the case's own expected number, if it has one of that name. */
  void close(String name, JsonNode actual, double atol) {
    if (expected().has(name)) {
      close(name, expected().get(name).asDouble(), actual, atol);
    }
  }

  /** The same for lists and matrices, entry by entry. */
  void allClose(String name, JsonNode expected, JsonNode actual, double atol) {
    assertNotNull(actual, id() + " " + name);
    if (expected.has("rows")) {
      double[][] rows = ReferenceCases.matrix(expected);
      assertEquals(rows.length, actual.size(), id() + " " + name);
      for (int i = 0; i < rows.length; i++) {
        assertEquals(rows[i].length, actual.get(i).size(), id() + " " + name);
        for (int j = 0; j < rows[i].length; j++) {
          close(name + "[" + i + "][" + j + "]", rows[i][j], actual.get(i).get(j), atol);
        }
      }
      return;
    }
    assertEquals(expected.size(), actual.size(), id() + " " + name);
    for (int i = 0; i < expected.size(); i++) {
      close(name + "[" + i + "]", expected.get(i).asDouble(), actual.get(i), atol);
    }
  }
}

package ufm.solver;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import ufm.problem.Point;
import ufm.problem.ReferenceCases;
import ufm.problem.UfmProblem;

/** A case of the test vectors as a problem, with what is expected of it. */
record VectorCase(String id, UfmProblem problem, JsonNode node) {

  /** All cases of a kind. */
  static List<VectorCase> ofKind(String kind) {
    return ReferenceCases.cases(kind).stream().map(c -> new VectorCase(c.get("id").asText(), ReferenceCases.problem(c), c)).toList();
  }

  double expected(String name) {
    return node.get("expected").get(name).asDouble();
  }

  /** The point of a case that gives one. */
  Point point() {
    return ReferenceCases.point(node);
  }
}

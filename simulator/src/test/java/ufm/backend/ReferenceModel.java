package ufm.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.stream.StreamSupport;
import ufm.backend.ClassifierLayer.Kind;
import ufm.problem.Point;
import ufm.problem.ReferenceCases;

/** The point and the problem of one reference case, as a lane with layout W, H, b. */
final class ReferenceModel {
  final double[] x;
  private final JsonNode source;
  private final int classes;
  private final int dimension;
  private final int columns;
  private final boolean biased;
  private final double lambdaW;
  private final double lambdaH;
  private final double lambdaB;

  ReferenceModel(JsonNode c) {
    source = c;
    classes = c.get("K").asInt();
    dimension = c.get("d").asInt();
    columns = c.get("N").asInt();
    biased = !c.get("bias").asText().equals("none");
    lambdaW = c.get("lambdaW").asDouble();
    lambdaH = c.get("lambdaH").asDouble();
    lambdaB = c.path("lambdaB").asDouble(0);
    x = pack(c.get("W"), c.get("H"), c.get("b"));
  }

  private double[] pack(JsonNode w, JsonNode h, JsonNode b) {
    double[] all = Arrays.copyOf(
        Point.columnMajor(ReferenceCases.matrix(w), classes, dimension), classes * dimension + dimension * columns + (biased ? classes : 0));
    System.arraycopy(Point.columnMajor(ReferenceCases.matrix(h), dimension, columns), 0, all, classes * dimension, dimension * columns);
    if (biased) {
      System.arraycopy(ReferenceCases.vector(b), 0, all, classes * dimension + dimension * columns, classes);
    }
    return all;
  }

  ClassifierLayer layer(Backend backend) {
    double[] weight = new double[columns];
    double[] one = new double[columns];
    Arrays.fill(weight, 1.0 / columns);
    Arrays.fill(one, 1);
    int[] labels = StreamSupport.stream(source.get("labels").spliterator(), false).mapToInt(JsonNode::asInt).toArray();
    JsonNode loss = source.get("loss");
    double alpha = loss.path("alpha").asDouble(0);
    Kind kind = switch (loss.get("name").asText()) {
      case "mse" -> Kind.SQUARED;
      case "focal" -> Kind.FOCAL;
      default -> Kind.SOFTMAX;
    };
    double parameter = switch (loss.get("name").asText()) {
      case "focal" -> loss.get("gamma").asDouble();
      case "ls_torch" -> alpha * (classes - 1) / classes;
      default -> alpha;
    };
    int h = classes * dimension;
    return new ClassifierLayer(
        classes, dimension, columns, 0, h, biased ? h + dimension * columns : -1, null, labels, kind, new double[] {parameter},
        LayerCase.upload(backend, new double[][] {weight}), LayerCase.upload(backend, new double[][] {one}), new double[] {lambdaW},
        new double[] {lambdaH}, new double[] {lambdaB});
  }

  double penalty() {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += lambda(i) / 2 * x[i] * x[i];
    }
    return sum;
  }

  private double lambda(int i) {
    return i < classes * dimension ? lambdaW : i < classes * dimension + dimension * columns ? lambdaH : lambdaB;
  }

  /** Compares block by block with the expected gradient, relative to the norm of the fit's part plus that of the penalty's. */
  void checkGradient(double[] gradient, double tolerance) {
    JsonNode e = source.get("expected");
    double[] expected = pack(e.get("gW"), e.get("gH"), e.get("gb"));
    int h = classes * dimension;
    int b = h + dimension * columns;
    int[] ends = {0, h, b, x.length};
    for (int block = 0; block < 3; block++) {
      double fit = 0;
      double penalty = 0;
      double error = 0;
      for (int i = ends[block]; i < ends[block + 1]; i++) {
        fit += Math.pow(expected[i] - lambda(i) * x[i], 2);
        penalty += Math.pow(lambda(i) * x[i], 2);
        error += Math.pow(expected[i] - gradient[i], 2);
      }
      assertEquals(0, Math.sqrt(error), tolerance * (Math.sqrt(fit) + Math.sqrt(penalty)), "block " + block);
    }
  }
}

package ufm.certify;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;
import ufm.problem.Point;
import ufm.problem.ReferenceCases;
import ufm.problem.UfmProblem;

/** A case of the reference vectors as a problem, and points built from what it says of the optimum. */
public record ReferenceCase(String id, JsonNode node, UfmProblem problem) {

  /** All cases of a kind. */
  public static List<ReferenceCase> ofKind(String kind) {
    return ReferenceCases.cases(kind).stream().map(c -> new ReferenceCase(c.get("id").asText(), c, ReferenceCases.problem(c))).toList();
  }

  @Override
  public String toString() {
    return id;
  }

  /** An expected number. */
  public double expected(String name) {
    return node.get("expected").get(name).asDouble();
  }

  /** The tolerance of the case. */
  public double tolerance(double expected, double atol) {
    return node.get("rtol").asDouble() * Math.abs(expected) + atol;
  }

  /** The given W, H, b; zero where the case says "origin". */
  public Point given() {
    double[] b = node.has("b") && problem.bias().present() ? ReferenceCases.vector(node.get("b")) : null;
    if (!node.has("W")) {
      return new Point(
          problem.classes(), problem.dimension(), problem.samples(), new double[problem.classes() * problem.dimension()],
          new double[problem.dimension() * problem.samples()], b);
    }
    return Point.of(ReferenceCases.matrix(node.get("W")), ReferenceCases.matrix(node.get("H")), b);
  }

  /** The optimum from the expected class logits: balanced factors of the singular value decomposition (theory sheet D1), K columns. */
  public Point optimum() {
    double[][] z = ReferenceCases.matrix(node.get("expected").get("Zbar"));
    int k = problem.classes();
    int d = problem.dimension();
    DMatrixRMaj a = new DMatrixRMaj(k, k);
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        a.set(i, j, z[i][j] * Math.sqrt(problem.count(j)));
      }
    }
    SingularValueDecomposition_F64<DMatrixRMaj> svd = DecompositionFactory_DDRM.svd(k, k, true, true, false);
    svd.decompose(a);
    DMatrixRMaj u = svd.getU(null, false);
    DMatrixRMaj v = svd.getV(null, false);
    double ratio = Math.pow(problem.lambdaH() / problem.lambdaW(), 0.25);
    double[][] w = new double[k][d];
    double[][] h = new double[d][k];
    Integer[] order = new Integer[k];
    java.util.Arrays.setAll(order, i -> i);
    java.util.Arrays.sort(order, java.util.Comparator.comparingDouble(i -> -svd.getSingularValues()[i]));
    for (int r = 0; r < Math.min(k, d); r++) {
      double s = Math.sqrt(svd.getSingularValues()[order[r]]);
      for (int i = 0; i < k; i++) {
        w[i][r] = ratio * s * u.get(i, order[r]);
        h[r][i] = s * v.get(i, order[r]) / ratio / Math.sqrt(problem.count(i));
      }
    }
    return Point.of(w, h, problem.bias().present() ? ReferenceCases.vector(node.get("expected").get("b")) : null);
  }
}

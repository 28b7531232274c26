package ufm.solve;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.Layout;
import ufm.objective.UfmObjective;
import ufm.problem.Point;
import ufm.problem.UfmProblem;

/**
 * The full problem, all N columns, at one point.
 *
 * @param value f
 * @param terms fit, penalty_W, penalty_H, penalty_b
 * @param gradient by block name (W, H, b), column-major
 * @param gradientNorm norm of the gradient; with non-negative features {@code |P(x - g) - x|}
 * @param gradientScale sum of the norms of the gradient's terms
 */
public record FullEvaluation(
    double value, Map<String, Double> terms, Map<String, double[]> gradient, double gradientNorm, double gradientScale) {

  /**
   * Evaluates a problem at a point.
   *
   * @param backend where to compute
   * @param point N columns in the order of the labels, or K class means
   */
  public static FullEvaluation of(Backend backend, UfmProblem problem, Point point) {
    try (UfmObjective objective = UfmObjective.full(backend, List.of(problem));
        LaneBuffer x = backend.allocate(1, objective.layout().size());
        LaneBuffer g = backend.allocate(1, objective.layout().size())) {
      Lanes one = Lanes.all(1);
      double[] f = new double[1];
      double[] scale = new double[1];
      double[][] terms = new double[objective.termNames().size()][1];
      objective.write(x, 0, point);
      objective.valueGradient(one, x, f, g);
      objective.gradientScale(one, x, g, scale);
      objective.terms(one, x, terms);
      Map<String, Double> named = new LinkedHashMap<>();
      for (int t = 0; t < terms.length; t++) {
        named.put(objective.termNames().get(t), terms[t][0]);
      }
      Map<String, double[]> gradient = new LinkedHashMap<>();
      double norm2 = 0;
      for (Layout.Block block : objective.layout().blocks()) {
        double[] part = new double[Math.toIntExact(block.size())];
        backend.read(g, 0, block.offset(), part, 0, part.length);
        gradient.put(block.name(), part);
        double[] at = null;
        if (block.name().equals("H") && problem.nonNegativeFeatures()) {
          at = new double[part.length];
          backend.read(x, 0, block.offset(), at, 0, at.length);
        }
        for (int i = 0; i < part.length; i++) {
          double move = at == null ? part[i] : at[i] - Math.max(at[i] - part[i], 0);
          norm2 += move * move;
        }
      }
      return new FullEvaluation(f[0], named, gradient, Math.sqrt(norm2), scale[0]);
    }
  }
}

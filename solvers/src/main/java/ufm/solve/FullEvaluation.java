package ufm.solve;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.Layout;
import ufm.objective.ClassMeanReduction;
import ufm.objective.UfmObjective;
import ufm.problem.Point;
import ufm.problem.UfmProblem;

/**
 * The full problem, all N columns, at one point.
 *
 * <p>A point of K class means stands for its lift, every sample at the mean of its class. There, and wherever the columns of a class agree
 * bit for bit, they have the same logits, losses and gradients, so that K columns with weights give all that is asked for, at a K-th of the cost: in the variables
 * {@code u_k = sqrt(n_k) h_k} even the norms of the gradient and of its terms are those of the full problem (theory sheet D3).
 *
 * @param value f
 * @param terms fit, penalty_W, penalty_H, penalty_b
 * @param gradientNorm norm of the gradient; with non-negative features {@code |P(x - g) - x|}
 * @param gradientScale sum of the norms of the gradient's terms
 */
public record FullEvaluation(double value, Map<String, Double> terms, double gradientNorm, double gradientScale) {

  /**
   * Evaluates a problem at a point.
   *
   * @param backend where to compute
   * @param point N columns in the order of the labels, or K class means; not modified
   * @throws IllegalArgumentException if the point's shape does not fit the problem
   */
  public static FullEvaluation of(Backend backend, UfmProblem problem, Point point) {
    Point columns = ClassMeanReduction.collapsed(problem, point);
    boolean means = columns.columns() == problem.classes();
    try (UfmObjective objective = means ? UfmObjective.reduced(backend, List.of(problem)) : UfmObjective.full(backend, List.of(problem));
        LaneBuffer x = backend.allocate(1, objective.layout().size());
        LaneBuffer g = backend.allocate(1, objective.layout().size())) {
      Lanes one = Lanes.all(1);
      double[] f = new double[1];
      double[] scale = new double[1];
      double[] norm = new double[1];
      double[][] terms = new double[objective.termNames().size()][1];
      objective.write(x, 0, columns);
      objective.valueGradient(one, x, f, g);
      objective.gradientScale(one, x, g, scale);
      objective.terms(one, x, terms);
      Map<String, Double> named = new LinkedHashMap<>();
      for (int t = 0; t < terms.length; t++) {
        named.put(objective.termNames().get(t), terms[t][0]);
      }
      if (problem.nonNegativeFeatures()) {
        projectFeatures(backend, objective.layout().block("H"), x, g);
      }
      backend.dot(one, g, g, norm);
      return new FullEvaluation(f[0], named, Math.sqrt(norm[0]), scale[0]);
    }
  }

  /** {@code g = h - P(h - g)} in the block of H. */
  private static void projectFeatures(Backend backend, Layout.Block block, LaneBuffer x, LaneBuffer g) {
    double[] h = new double[Math.toIntExact(block.size())];
    double[] move = new double[h.length];
    backend.read(x, 0, block.offset(), h, 0, h.length);
    backend.read(g, 0, block.offset(), move, 0, h.length);
    for (int i = 0; i < h.length; i++) {
      move[i] = h[i] - Math.max(h[i] - move[i], 0);
    }
    backend.write(g, 0, block.offset(), move, 0, h.length);
  }
}

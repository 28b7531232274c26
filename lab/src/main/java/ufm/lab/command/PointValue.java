package ufm.lab.command;

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
import ufm.solve.FullEvaluation;

/**
 * Value and gradient of the full objective at a point.
 *
 * @param formula the objective with its constants
 * @param value f
 * @param terms fit, penalty_W, penalty_H, penalty_b; their sum is f
 * @param gradient a block for each variable: W (K x d, rows), H (d x N, rows), b (K)
 * @param gradientNorm {@code |g|} over all variables, constraints not regarded
 * @param projectedNorm {@code |P(x - g) - x|}, P the projection to non-negative features: zero exactly at a critical point. NaN where
 *     features are free, since it is {@code |g|} there
 * @param scale sum of the norms of the gradient's terms, the yardstick for both
 */
record PointValue(
    String formula, double value, Map<String, Double> terms, Map<String, Object> gradient, double gradientNorm, double projectedNorm, double scale) {

  /**
   * Evaluates.
   *
   * @param backend computes
   * @param p problem
   * @param x N columns; not modified
   */
  static PointValue of(Backend backend, UfmProblem p, Point x) {
    try (UfmObjective objective = UfmObjective.full(backend, List.of(p));
        LaneBuffer at = backend.allocate(1, objective.layout().size());
        LaneBuffer g = backend.allocate(1, objective.layout().size())) {
      Lanes one = Lanes.all(1);
      objective.write(at, 0, x);
      double[] f = new double[1];
      objective.valueGradient(one, at, f, g);
      FullEvaluation whole = FullEvaluation.of(backend, p, x);
      Map<String, Object> blocks = new LinkedHashMap<>();
      double squares = 0;
      double projected = 0;
      for (Layout.Block block : objective.layout().blocks()) {
        double[] entries = new double[Math.toIntExact(block.size())];
        backend.read(g, 0, block.offset(), entries, 0, entries.length);
        boolean bounded = block.name().equals("H") && p.nonNegativeFeatures();
        for (int i = 0; i < entries.length; i++) {
          double move = bounded ? Math.max(0, x.h()[i] - entries[i]) - x.h()[i] : entries[i];
          squares += entries[i] * entries[i];
          projected += move * move;
        }
        blocks.put(block.name(), block.cols() == 1 && block.name().equals("b") ? entries : Point.rows(entries, block.rows(), block.cols()));
      }
      return new PointValue(
          objective.formula(), whole.value(), whole.terms(), blocks, Math.sqrt(squares), p.nonNegativeFeatures() ? Math.sqrt(projected) : Double.NaN, whole.gradientScale());
    }
  }

  /** Puts {@code gradient_norm} and, for non-negative features, {@code projected_gradient_norm} into a document. */
  void putNorms(Map<String, Object> document) {
    document.put("gradient_norm", gradientNorm);
    if (!Double.isNaN(projectedNorm)) {
      document.put("projected_gradient_norm", projectedNorm);
    }
  }
}

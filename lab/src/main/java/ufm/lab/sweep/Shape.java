package ufm.lab.sweep;

import java.util.Arrays;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.objective.ClassMeanReduction;
import ufm.problem.Loss;
import ufm.problem.UfmProblem;
import ufm.solve.SolveOptions;

/**
 * What cells must share to be lanes of one batch. A problem that is solved on its class means has K columns whatever its counts, so that
 * sweeps over samples or imbalance are one shape; otherwise the labels count.
 *
 * @param classes K
 * @param dimension d
 * @param columns columns of H that the solver works on
 * @param labels hash of the labels, 0 on class means
 * @param loss kind of loss: softmax, squared or focal; its parameter may differ from lane to lane
 * @param bias whether there is one
 * @param learned whether W is a variable
 * @param nonNegative whether H is constrained
 * @param options how to solve, with the range of starts
 */
public record Shape(
    int classes, int dimension, int columns, int labels, String loss, boolean bias, boolean learned, boolean nonNegative,
    SolveOptions options) {

  /** The shape of a problem and of how it is solved. */
  public static Shape of(UfmProblem p, SolveOptions options) {
    boolean reduced = options.reduce() && ClassMeanReduction.keepsMinimum(p);
    String loss =
        switch (p.loss()) {
          case Loss.MeanSquaredError mse -> "squared";
          case Loss.Focal focal -> "focal";
          default -> "softmax";
        };
    return new Shape(p.classes(), p.dimension(), reduced ? p.classes() : p.samples(), reduced ? 0 : Arrays.hashCode(p.labels()), loss,
        p.bias().present(), p.classifier().learned(), p.nonNegativeFeatures(), options);
  }

  /** Variables of a lane. */
  public long variables() {
    return (long) dimension * columns + (learned ? (long) classes * dimension : 0) + (bias ? classes : 0);
  }

  /**
   * Predicted work of a cell, in floating-point operations up to a constant that the schedule learns: starts x evaluations x (products of
   * one evaluation and the solver's vector updates). The number of iterations is what matters most and grows with the ratio of the
   * threshold of collapse to zero to lambda_Z; beyond the threshold the optimum is zero and found quickly.
   */
  public double cost(UfmProblem p) {
    double threshold = 1 / Math.sqrt((double) p.classes() * p.samples());
    double iterations = 25 + 25 * Math.log1p(threshold / Math.max(p.lambdaZ(), 1e-300));
    double evaluation = 6.0 * classes * dimension * columns + 30.0 * classes * columns + 60.0 * variables() + 2000;
    return options.starts() * iterations * evaluation;
  }

  /**
   * Lets a backend compute a product of this shape, so that its provenance names the library that such products need, if any.
   *
   * @param backend not modified, except for what it loads
   */
  public void probe(Backend backend) {
    int some = Math.min(columns, 4096);
    try (LaneBuffer w = backend.allocate(1, (long) classes * dimension);
        LaneBuffer h = backend.allocate(1, (long) dimension * some);
        LaneBuffer z = backend.allocate(1, (long) classes * some)) {
      backend.gemm(Lanes.single(0), false, false, classes, some, dimension, 1, w, 0, classes, h, 0, dimension, 0, z, 0, classes);
    }
  }
}

package ufm.theory;

import java.util.Arrays;
import ufm.problem.UfmProblem;

/**
 * Balanced cross-entropy without bias with K = 2d: class means at the corners +-e_j of a cross-polytope, W parallel to them (C3).
 *
 * <pre>f* = min_t log(1 + e^{-2t} + (K-2) e^{-t}) + lz K t sqrt(n),   class logits t for the class, -t for its antipode, 0 for the others</pre>
 *
 * <p>The best of many random starts for K = 4, 6, 8, 10, not proved to be global; which classes are antipodes is free.
 */
public final class CrossPolytope {
  private CrossPolytope() {}

  /** The minimising t. */
  public static double scale(int classes, int perClass, double lambdaZ) {
    return code(classes).scale(lambdaZ * classes * Math.sqrt(perClass));
  }

  private static EqualNormCode code(int k) {
    double[][] gram = new double[k][k];
    double[] gaps = new double[k - 1];
    Arrays.fill(gaps, 1);
    gaps[0] = 2;
    for (int i = 0; i < k; i++) {
      gram[i][i] = 1;
      gram[i][i ^ 1] = -1;
    }
    return new EqualNormCode(gram, gaps);
  }

  static Prediction predict(UfmProblem p) {
    return code(p.classes())
        .predict(
            p,
            "cross-polytope",
            "Sheet C3",
            "K = 2d: a cross-polytope with W parallel to the class means. Best known value, not proved global; the pairing of the classes is free.");
  }
}

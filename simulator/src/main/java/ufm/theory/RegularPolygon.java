package ufm.theory;

import ufm.problem.UfmProblem;

/**
 * Balanced cross-entropy without bias in the plane, d = 2 and K at least 4: class means at the corners of a regular K-gon, W parallel to
 * them (C2).
 *
 * <pre>f* = min_t log sum_j e^{t (cos(2 pi j/K) - 1)} + lz K t sqrt(n),   class logits t cos(2 pi (i-j)/K)</pre>
 *
 * <p>The best of many random starts for K = 4..12 and lz K sqrt(n) from 0.001 to 0.9, not proved to be global; which class sits at which corner is free.
 */
public final class RegularPolygon {
  private RegularPolygon() {}

  /** The minimising t. */
  public static double scale(int classes, int perClass, double lambdaZ) {
    return code(classes).scale(lambdaZ * classes * Math.sqrt(perClass));
  }

  private static EqualNormCode code(int k) {
    double[][] gram = new double[k][k];
    double[] gaps = new double[k - 1];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        gram[i][j] = Math.cos(2 * Math.PI * Math.abs(i - j) / k);
      }
    }
    for (int j = 1; j < k; j++) {
      double s = Math.sin(Math.PI * j / k);
      gaps[j - 1] = 2 * s * s;
    }
    return new EqualNormCode(gram, gaps);
  }

  static Prediction predict(UfmProblem p) {
    return code(p.classes())
        .predict(
            p,
            "regular polygon",
            "Sheet C2",
            "d = 2: a regular polygon with W parallel to the class means. Best known value, not proved global; the order of the corners is free.");
  }
}

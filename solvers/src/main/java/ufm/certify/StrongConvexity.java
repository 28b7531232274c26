package ufm.certify;

import ufm.problem.UfmProblem;

/**
 * The certificate for a fixed classifier: f is lambda_H-strongly convex in H and lambda_b-strongly convex in b, so that for every feasible y
 * {@code f(y) >= f(x) + <g, y-x> + (lambda_H/2)|y_H - x_H|^2 + (lambda_b/2)|y_b - x_b|^2}. Minimising the right side over y coordinate by coordinate
 * gives {@code f - f* <= |g_H|^2/(2 lambda_H) + |g_b|^2/(2 lambda_b)} (theory sheet A8), less where y_H >= 0 stops a coordinate early.
 */
final class StrongConvexity {
  private StrongConvexity() {}

  /** Upper bound of f - f*, rounding of the gradient included. */
  static double bound(LogitFit fit, PointTerms terms) {
    UfmProblem problem = fit.problem();
    int d = problem.dimension();
    double lambda = problem.lambdaH();
    double total = 0;
    double[] h = fit.h();
    double[] g = terms.gradientH;
    for (int c = 0; c < fit.columns(); c++) {
      double own = 0;
      if (problem.nonNegativeFeatures()) {
        for (int a = 0; a < d; a++) {
          // The true derivative lies within the error of the computed one: the better of going up and going down to at most zero.
          double up = Math.max(0, terms.errorH[c] - g[a + d * c]);
          double down = Math.max(0, terms.errorH[c] + g[a + d * c]);
          own += Math.max(gain(up, up / lambda, lambda), gain(down, Math.min(h[a + d * c], down / lambda), lambda));
        }
      } else {
        double norm = 0;
        for (int a = 0; a < d; a++) {
          norm += g[a + d * c] * g[a + d * c];
        }
        double size = Math.sqrt(norm) * (1 + (d + 4) * Compensated.U) + terms.errorH[c];
        own = size * size / (2 * lambda);
      }
      total += fit.weights()[c] * own;
    }
    if (terms.gradientB != null) {
      double size = Math.sqrt(Compensated.squaredNorm(terms.gradientB)) * (1 + 8 * Compensated.U) + terms.errorB;
      total += size * size / (2 * problem.bias().penalty());
    }
    return total * (1 + (d + fit.columns() + 8) * Compensated.U);
  }

  private static double gain(double slope, double step, double lambda) {
    return slope * step - lambda / 2 * step * step;
  }
}

package ufm.theory;

import org.apache.commons.math3.analysis.UnivariateFunction;
import org.apache.commons.math3.analysis.solvers.BrentSolver;
import ufm.problem.Loss;

/**
 * The loss psi(t) of one sample whose logits are {@code t (e_y - 1/K)}, so that its true logit exceeds every other by the margin t.
 *
 * <pre>
 * cross-entropy    log(1 + (K-1) e^{-t})
 * label smoothing  log(1 + (K-1) e^{-t}) + s t             s the mass of the target off the true class
 * focal            u^gamma log(1 + (K-1) e^{-t})           u = 1 - p_y = (K-1)/(K-1+e^t)
 * MSE              (1/2)(1/K + (1-t)^2 (K-1)/K)
 * </pre>
 *
 * @param classes K
 * @param loss the loss of the problem
 */
record MarginLoss(int classes, Loss loss) {

  /** 1 - p_y at margin t. */
  double miss(double t) {
    return (classes - 1) / (classes - 1 + Math.exp(t));
  }

  /** -log p_y at margin t. */
  double logLoss(double t) {
    return t >= 0 ? Math.log1p((classes - 1) * Math.exp(-t)) : Math.log(classes - 1 + Math.exp(t)) - t;
  }

  /** s, the mass of the target off the true class. */
  double smoothing() {
    return loss.offClassMass(classes);
  }

  /** psi(t). */
  double value(double t) {
    return switch (loss) {
      case Loss.CrossEntropy ce -> logLoss(t);
      case Loss.LabelSmoothing ls -> logLoss(t) + smoothing() * t;
      case Loss.Focal(double gamma) -> Math.pow(miss(t), gamma) * logLoss(t);
      case Loss.MeanSquaredError mse -> 0.5 * (1.0 / classes + (1 - t) * (1 - t) * (classes - 1) / classes);
    };
  }

  /** psi'(t). */
  double slope(double t) {
    double u = miss(t);
    return switch (loss) {
      case Loss.CrossEntropy ce -> -u;
      case Loss.LabelSmoothing ls -> smoothing() - u;
      case Loss.Focal(double gamma) -> -(gamma * Math.pow(u, gamma) * hit(t) * logLoss(t) + Math.pow(u, gamma + 1));
      case Loss.MeanSquaredError mse -> (t - 1) * (classes - 1) / classes;
    };
  }

  /** psi''(t). */
  double curvature(double t) {
    double u = miss(t);
    double p = hit(t);
    return switch (loss) {
      case Loss.CrossEntropy ce -> u * p;
      case Loss.LabelSmoothing ls -> u * p;
      case Loss.Focal(double g) -> {
        double l = logLoss(t);
        double ug = Math.pow(u, g);
        // chi'' u^2 + chi' u p with the powers of u collected, so that gamma < 2 meets no negative power.
        yield g * (g - 1) * ug * p * p * l + g * ug * u * p * (2 - l) + (g * ug * p * l + ug * u) * p;
      }
      case Loss.MeanSquaredError mse -> (classes - 1.0) / classes;
    };
  }

  /**
   * The global minimiser over t >= 0 of {@code psi(t) + linear t + quadratic t^2/2}; 0 wins a tie.
   *
   * @param linear at least 0
   * @param quadratic at least 0; one of the two is above 0 unless psi itself has a minimum
   */
  double minimiser(double linear, double quadratic) {
    return switch (loss) {
      case Loss.MeanSquaredError mse -> {
        double c = (classes - 1.0) / classes;
        yield Math.max(0, (c - linear) / (c + quadratic));
      }
      case Loss.Focal f -> leastOfScan(linear, quadratic);
      case Loss.CrossEntropy ce -> convexMinimiser(linear, quadratic);
      case Loss.LabelSmoothing ls -> convexMinimiser(linear, quadratic);
    };
  }

  private double convexMinimiser(double linear, double quadratic) {
    if (slope(0) + linear >= 0) {
      return 0;
    }
    if (quadratic == 0) {
      double rho = smoothing() + linear;
      // log((K-1)(1-rho)/rho), exact also where the quotient is near 1.
      return Math.max(0, Math.log1p((classes - 1 - classes * rho) / rho));
    }
    return root(t -> slope(t) + linear + quadratic * t, 0, upper(linear, quadratic));
  }

  /** Focal loss: psi' is not monotone, so every local minimum of a fine scan is refined and compared with t = 0. */
  private double leastOfScan(double linear, double quadratic) {
    UnivariateFunction derivative = t -> slope(t) + linear + quadratic * t;
    double end = upper(linear, quadratic);
    int steps = 2000;
    double best = 0;
    double least = value(0);
    double left = 0;
    double before = derivative.value(0);
    for (int i = 1; i <= steps; i++) {
      double right = end * i / steps;
      double after = derivative.value(right);
      if (before < 0 && after >= 0) {
        double t = root(derivative, left, right);
        double f = value(t) + linear * t + 0.5 * quadratic * t * t;
        if (f < least) {
          least = f;
          best = t;
        }
      }
      left = right;
      before = after;
    }
    return best;
  }

  /** A margin past which psi' + linear + quadratic t stays positive. */
  private double upper(double linear, double quadratic) {
    double t = Math.log(classes) + 10;
    while (slope(t) + linear + quadratic * t <= 0) {
      t *= 1.5;
      if (t > 1e4) {
        throw new ArithmeticException("the margin has no finite minimiser for linear " + linear + " and quadratic " + quadratic);
      }
    }
    return t;
  }

  private double hit(double t) {
    return 1 / (1 + (classes - 1) * Math.exp(-t));
  }

  /** A root of f between a and b (of opposite signs, or zero at an end) to the last digits. */
  static double root(UnivariateFunction f, double a, double b) {
    if (f.value(a) == 0) {
      return a;
    }
    if (f.value(b) == 0) {
      return b;
    }
    return new BrentSolver(4e-16, 1e-300, 0).solve(500, f, a, b);
  }
}

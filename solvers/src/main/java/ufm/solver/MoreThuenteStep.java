package ufm.solver;

/**
 * The trial formulas of Moré and Thuente 1994, section 4 (MINPACK-2's dcstep): safeguarded cubic and quadratic interpolation from the best
 * point x of the interval, its other end y, and the trial t.
 */
final class MoreThuenteStep {
  private MoreThuenteStep() {}

  /**
   * The next trial.
   *
   * @param tx step, fx value and dx slope at the best point
   * @param ty step, fy value and dy slope at the other end
   * @param t step, f value and d slope at the trial
   * @param bracketed whether the interval contains a minimiser
   * @param low lower bound of the next trial while there is no bracket
   * @param high upper bound of the next trial while there is no bracket
   */
  static double next(
      double tx, double fx, double dx, double ty, double fy, double dy, double t, double f, double d, boolean bracketed, double low,
      double high) {
    if (f > fx) {
      // A higher value: a minimiser is bracketed. The cubic step if it is closer to x, else its mean with the quadratic one.
      double cubic = tx + cubicFromBest(tx, fx, dx, t, f, d) * (t - tx);
      double quadratic = tx + dx / ((fx - f) / (t - tx) + dx) / 2 * (t - tx);
      double next = Math.abs(cubic - tx) < Math.abs(quadratic - tx) ? cubic : cubic + (quadratic - cubic) / 2;
      return inside(next, tx, t);
    }
    double secant = t + d / (d - dx) * (tx - t);
    if (d * Math.signum(dx) < 0) {
      // A lower value and slopes of opposite sign: bracketed. The step that is farther from t.
      double cubic = t + cubicFromTrial(tx, fx, dx, t, f, d, false) * (tx - t);
      return inside(Math.abs(cubic - t) > Math.abs(secant - t) ? cubic : secant, tx, t);
    }
    if (Math.abs(d) < Math.abs(dx)) {
      // A lower value and a smaller slope of the same sign. The cubic counts only if it has a minimum beyond t.
      double r = cubicFromTrial(tx, fx, dx, t, f, d, true);
      double cubic = r < 0 ? t + r * (tx - t) : t > tx ? high : low;
      if (bracketed) {
        double next = Math.abs(cubic - t) < Math.abs(secant - t) ? cubic : secant;
        double guard = t + 0.66 * (ty - t);
        return t > tx ? Math.min(guard, next) : Math.max(guard, next);
      }
      double next = Math.abs(cubic - t) > Math.abs(secant - t) ? cubic : secant;
      return Math.max(low, Math.min(high, next));
    }
    // A lower value and a slope that does not get smaller.
    if (bracketed) {
      double cubic = t + cubicFromTrial(ty, fy, dy, t, f, d, false) * (ty - t);
      return inside(cubic, t, ty);
    }
    return t > tx ? high : low;
  }

  /** Minimiser of the cubic as a fraction of the way from x to t. */
  private static double cubicFromBest(double tx, double fx, double dx, double t, double f, double d) {
    double theta = 3 * (fx - f) / (t - tx) + dx + d;
    double gamma = root(theta, dx, d);
    if (t < tx) {
      gamma = -gamma;
    }
    return (gamma - dx + theta) / (gamma - dx + gamma + d);
  }

  /** Minimiser of the cubic through a and t as a fraction of the way from t to a; with {@code beyond}, 0 if it has none. */
  private static double cubicFromTrial(double a, double fa, double da, double t, double f, double d, boolean beyond) {
    double theta = 3 * (fa - f) / (t - a) + da + d;
    double gamma = root(theta, da, d);
    if (t > a) {
      gamma = -gamma;
    }
    if (beyond && gamma == 0) {
      return 0;
    }
    return (gamma - d + theta) / (beyond ? gamma + (da - d) + gamma : gamma - d + gamma + da);
  }

  private static double root(double theta, double a, double b) {
    double s = Math.max(Math.abs(theta), Math.max(Math.abs(a), Math.abs(b)));
    return s == 0 ? 0 : s * Math.sqrt(Math.max(0, theta / s * (theta / s) - a / s * (b / s)));
  }

  /** Values that are mostly rounding can lead out of the interval, or nowhere: then its middle is taken. */
  private static double inside(double next, double a, double b) {
    return next > Math.min(a, b) && next < Math.max(a, b) ? next : a + (b - a) / 2;
  }
}

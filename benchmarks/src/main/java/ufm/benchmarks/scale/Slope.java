package ufm.benchmarks.scale;

/** A straight line through points on log axes. */
final class Slope {
  private Slope() {}

  /**
   * The exponent p of {@code y = c x^p} by least squares of the logarithms.
   *
   * @param x above 0, two different ones at least
   * @param y above 0
   */
  static double of(double[] x, double[] y) {
    double meanX = 0;
    double meanY = 0;
    for (int i = 0; i < x.length; i++) {
      meanX += Math.log(x[i]) / x.length;
      meanY += Math.log(y[i]) / x.length;
    }
    double above = 0;
    double below = 0;
    for (int i = 0; i < x.length; i++) {
      double dx = Math.log(x[i]) - meanX;
      above += dx * (Math.log(y[i]) - meanY);
      below += dx * dx;
    }
    return above / below;
  }
}

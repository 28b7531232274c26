package ufm.certify;

/**
 * A sum in twice the working precision (Neumaier's form of compensated summation; products enter with their rounding error).
 *
 * <p>With n terms the value differs from the exact sum by at most {@code U |sum| + (n U)^2 sum |terms|} (Ogita, Rump, Oishi, Accurate sum
 * and dot product, SIAM J. Sci. Comput. 26, 2005, propositions 4.5 and 5.5), U the unit roundoff.
 */
final class Compensated {
  /** Unit roundoff 2^-53. */
  static final double U = 0x1p-53;

  /** Dot products up to this length are compensated, longer ones are summed in blocks. */
  private static final int COMPENSATED_LENGTH = 128;

  private static final int BLOCK = 32;

  private double sum;
  private double low;

  /** Back to zero. */
  Compensated clear() {
    sum = 0;
    low = 0;
    return this;
  }

  /** Adds a number. */
  void add(double x) {
    double t = sum + x;
    double z = t - sum;
    low += (sum - (t - z)) + (x - z);
    sum = t;
  }

  /** Adds a product without its rounding. */
  void addProduct(double x, double y) {
    double p = x * y;
    low += Math.fma(x, y, -p);
    add(p);
  }

  /** The sum. */
  double value() {
    return sum + low;
  }

  /** {@code sum a_i b_i} over n consecutive elements; error see {@link #relative} and {@link #absolute}. */
  static double dot(double[] a, int fromA, double[] b, int fromB, int n) {
    Compensated s = new Compensated();
    if (n <= COMPENSATED_LENGTH) {
      for (int i = 0; i < n; i++) {
        s.addProduct(a[fromA + i], b[fromB + i]);
      }
      return s.value();
    }
    int i = 0;
    for (; i + BLOCK <= n; i += BLOCK) {
      double s0 = 0;
      double s1 = 0;
      double s2 = 0;
      double s3 = 0;
      for (int j = i; j < i + BLOCK; j += 4) {
        s0 = Math.fma(a[fromA + j], b[fromB + j], s0);
        s1 = Math.fma(a[fromA + j + 1], b[fromB + j + 1], s1);
        s2 = Math.fma(a[fromA + j + 2], b[fromB + j + 2], s2);
        s3 = Math.fma(a[fromA + j + 3], b[fromB + j + 3], s3);
      }
      s.add((s0 + s1) + (s2 + s3));
    }
    for (; i < n; i++) {
      s.addProduct(a[fromA + i], b[fromB + i]);
    }
    return s.value();
  }

  /** The error of a {@link #dot} of length n is at most {@code relative() |result| + absolute(n) |a| |b|}. */
  static double relative() {
    return 2 * U;
  }

  /** See {@link #relative}: quadratic in U for compensated lengths; for blocks ten roundings on each path. */
  static double absolute(int n) {
    return n <= COMPENSATED_LENGTH ? 4.0 * n * n * U * U : 11 * U + 4.0 * n * n * U * U;
  }

  /** {@code sum a_i^2}, relative error at most 4 U. */
  static double squaredNorm(double[] a) {
    Compensated s = new Compensated();
    for (double x : a) {
      s.addProduct(x, x);
    }
    return s.value();
  }
}

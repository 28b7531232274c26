package ufm.certify;

/**
 * Rigorous upper bounds of norms of a small matrix; an iterative estimate would be a lower bound and certify nothing.
 *
 * <p>{@link #upper}: take any nearly orthogonal Q (the computed eigenvectors of A A^T) and Y = A^T Q. Then {@code |A|_2 <= |Y|_2 /
 * sigma_min(Q)}, {@code |Y|_2^2 <= |Y^T Y|_inf} (Gershgorin, tight because Y^T Y is nearly diagonal) and {@code sigma_min(Q)^2 >= 1 - |Q^T Q -
 * I|_inf}. The eigensolver is not trusted: a bad Q only makes the bound larger. Every product is a {@link Compensated#dot} and its stated
 * error is added. The excess is about K U relative to |A|_2.
 */
final class SpectralBound {
  private static final double U = Compensated.U;

  private SpectralBound() {}

  /** Upper bound of {@code |A|_2}, A rows x cols, column-major, taken as exact. */
  static double upper(double[] a, int rows, int cols) {
    return upper(a, rows, cols, null);
  }

  /**
   * The same with a guess of the vectors Q, which are found anew if the bound that they give is not tight.
   *
   * @param guess singular vectors of a similar matrix with as many rows; null for none
   */
  static double upper(double[] a, int rows, int cols, GramEigen guess) {
    double frobenius = Math.sqrt(Compensated.squaredNorm(a)) * (1 + 4 * U);
    if (frobenius == 0 || !Double.isFinite(frobenius)) {
      return frobenius;
    }
    GramEigen eigen = GramEigen.near(a, rows, cols, guess);
    double[] q = eigen.vectors();
    double relative = Compensated.relative();
    double[] y = Compensated.products(LogitFit.transpose(a, rows, cols), cols, rows, q, rows);
    double normY = Math.sqrt(Compensated.squaredNorm(y)) * (1 + 4 * U);
    double normQ = Math.sqrt(Compensated.squaredNorm(q)) * (1 + 4 * U);
    double errorY = relative * normY + Compensated.absolute(rows) * frobenius * normQ;
    double lambda = gershgorin(y, cols, rows, 0) * (1 + relative) + Compensated.absolute(cols) * normY * normY;
    double defect = gershgorin(q, rows, rows, 1) + 2 * relative + Compensated.absolute(rows) * normQ * normQ;
    if (!(defect < 0.5)) {
      return frobenius;
    }
    double bound = (Math.sqrt(lambda) * (1 + 2 * U) + errorY) / Math.sqrt(1 - defect) * (1 + 8 * U);
    return Math.min(bound, frobenius);
  }

  /** Largest absolute row sum of {@code Y^T Y - shift I}, but for the errors of the products rounded up. */
  private static double gershgorin(double[] y, int length, int count, double shift) {
    double[] gram = Compensated.products(LogitFit.transpose(y, length, count), count, length, y, count);
    double largest = 0;
    for (int i = 0; i < count; i++) {
      double diagonal = Math.abs(gram[i + count * i] - shift);
      double off = 0;
      for (int j = 0; j < count; j++) {
        off += j == i ? 0 : Math.abs(gram[j + count * i]);
      }
      // The off-diagonal part is of the order of U, so plain addition there costs nothing.
      largest = Math.max(largest, (diagonal + off * (1 + count * U)) * (1 + 3 * U));
    }
    return largest;
  }

  /**
   * Upper bound of {@code max |A h|} over h >= 0 of norm 1 (A square, column-major, taken as exact): with the negative off-diagonal entries
   * of {@code A^T A} replaced by zero, {@code |A h|^2 <= h^T B h <= lambda_max(B)}, and {@code lambda_max(B) <= max_i (B y)_i / y_i} for any
   * positive y (Collatz, Wielandt).
   */
  static double upperOnOrthant(double[] a, int n) {
    double[] gram = new double[n * n];
    double frobenius2 = Compensated.squaredNorm(a) * (1 + 4 * U);
    if (frobenius2 == 0 || !Double.isFinite(frobenius2)) {
      return Math.sqrt(frobenius2);
    }
    double error = Compensated.absolute(n);
    double[] norm2 = new double[n];
    for (int i = 0; i < n; i++) {
      norm2[i] = Compensated.dot(a, n * i, a, n * i, n) * (1 + 4 * U);
    }
    for (int i = 0; i < n; i++) {
      for (int j = 0; j <= i; j++) {
        double t = i == j ? norm2[i] : Compensated.dot(a, n * i, a, n * j, n);
        t += 4 * U * Math.abs(t) + error * Math.sqrt(norm2[i] * norm2[j]) * (1 + 4 * U);
        gram[i + n * j] = Math.max(0, t);
        gram[j + n * i] = gram[i + n * j];
      }
    }
    double[] y = new double[n];
    java.util.Arrays.fill(y, 1);
    double best = Double.POSITIVE_INFINITY;
    double[] by = new double[n];
    for (int round = 0; round < 60; round++) {
      double largest = 0;
      double top = 0;
      for (int i = 0; i < n; i++) {
        double s = 0;
        for (int j = 0; j < n; j++) {
          s += gram[j + n * i] * y[j];
        }
        by[i] = s;
        largest = Math.max(largest, s / y[i]);
        top = Math.max(top, s);
      }
      best = Math.min(best, largest);
      for (int i = 0; i < n; i++) {
        y[i] = Math.max(by[i] / top, 1e-8);
      }
    }
    return Math.sqrt(Math.min(best * (1 + (n + 4) * U), frobenius2)) * (1 + 4 * U);
  }
}

package ufm.theory;

/**
 * Neural regression collapse of a point (G6). With {@code hhat = h/|h|} (0 for h = 0) and averages over all M samples:
 *
 * <pre>
 * nrc1  mean |hhat - projection onto the first n principal directions of H|^2       H not centred; nrc1Centred: directions of H - mean
 * nrc2  mean |hhat - projection onto the row space of W|^2
 * nrc3  min over 0 <= gamma <= lambda_min(Sigma) of | W W^T/|W W^T|_F - (Sigma^{1/2} - gamma^{1/2} I)/|Sigma^{1/2} - gamma^{1/2} I|_F |_F^2
 * </pre>
 *
 * <p>The minimising gamma has a closed form, because the derivative of the cosine in gamma^{1/2} is a linear function times a positive one.
 *
 * <p>Reference: Andriopoulos et al. 2024 (2409.04180).
 *
 * @param nrc1 distance from the principal subspace
 * @param nrc1Centred the same with centred features
 * @param nrc2 distance from the row space of W
 * @param nrc3 distance of W W^T from the shifted covariance root
 * @param gamma the minimising gamma (the smallest where several are equal)
 * @param nrc3AtZero the distance at gamma = 0
 */
public record RegressionMetrics(double nrc1, double nrc1Centred, double nrc2, double nrc3, double gamma, double nrc3AtZero) {
  private static final double RANK_CUT = 1e-10;

  /**
   * The metrics of W (n x d) and H (d x M, a column per sample) for targets Y (n x M), all row-major and not modified.
   *
   * @throws IllegalArgumentException if W or the covariance of Y is zero, where nrc3 is 0/0
   */
  public static RegressionMetrics of(double[][] w, double[][] h, double[][] y) {
    int n = y.length;
    int d = h.length;
    int m = h[0].length;
    double[][] unit = new double[d][m];
    double[][] centred = new double[d][m];
    for (int i = 0; i < m; i++) {
      double norm = 0;
      for (int j = 0; j < d; j++) {
        norm = Math.hypot(norm, h[j][i]);
      }
      for (int j = 0; j < d; j++) {
        unit[j][i] = norm == 0 ? 0 : h[j][i] / norm;
      }
    }
    for (int j = 0; j < d; j++) {
      double mean = 0;
      for (int i = 0; i < m; i++) {
        mean += h[j][i] / m;
      }
      for (int i = 0; i < m; i++) {
        centred[j][i] = h[j][i] - mean;
      }
    }
    double[][] gram = Spectra.product(w, Spectra.transpose(w));
    double[][] root = RegressionCollapse.covarianceRoot(y);
    if (Spectra.frobenius(gram) == 0 || Spectra.frobenius(root) == 0) {
      throw new IllegalArgumentException("W and the covariance of the targets must not be zero: nrc3 would be 0/0.");
    }
    double shift = bestShift(gram, root);
    Spectra.Decomposition rows = Spectra.singular(w);
    int rank = 0;
    while (rank < rows.values().length && rows.values()[rank] > RANK_CUT * rows.values()[0]) {
      rank++;
    }
    return new RegressionMetrics(
        remainder(unit, directions(h), Math.min(n, d)),
        remainder(unit, directions(centred), Math.min(n, d)),
        remainder(unit, rows.right(), rank),
        distance(gram, root, shift),
        shift * shift,
        distance(gram, root, 0));
  }

  /** All d principal directions, the strongest first. */
  private static double[][] directions(double[][] h) {
    return Spectra.symmetric(Spectra.product(h, Spectra.transpose(h))).left();
  }

  /** Mean squared distance of the columns from the span of the first orthonormal directions. */
  private static double remainder(double[][] columns, double[][] directions, int count) {
    int d = columns.length;
    int m = columns[0].length;
    double sum = 0;
    for (int i = 0; i < m; i++) {
      double[] rest = new double[d];
      for (int j = 0; j < d; j++) {
        rest[j] = columns[j][i];
      }
      for (int k = 0; k < Math.min(count, d); k++) {
        double dot = 0;
        for (int j = 0; j < d; j++) {
          dot += directions[k][j] * rest[j];
        }
        for (int j = 0; j < d; j++) {
          rest[j] -= dot * directions[k][j];
        }
      }
      for (double x : rest) {
        sum += x * x / m;
      }
    }
    return count >= d ? 0 : sum;
  }

  /** gamma^{1/2}: with a = <A,R>, the stationary point is (tr A |R|^2 - a tr R)/(tr A tr R - n a). */
  private static double bestShift(double[][] gram, double[][] root) {
    int n = root.length;
    double[] values = Spectra.symmetric(root).values();
    double largest = Math.max(0, values[n - 1]);
    double a = 0;
    double traceA = 0;
    double traceR = 0;
    double square = 0;
    for (int i = 0; i < n; i++) {
      traceA += gram[i][i];
      traceR += root[i][i];
      for (int j = 0; j < n; j++) {
        a += gram[i][j] * root[i][j];
        square += root[i][j] * root[i][j];
      }
    }
    double best = 0;
    double stationary = (traceA * square - a * traceR) / (traceA * traceR - n * a);
    for (double shift : new double[] {stationary, largest}) {
      // A shift by a multiple of the covariance root itself would leave nothing to compare.
      boolean leaves = shift > 0 && shift <= largest && values[0] - shift > 1e-12 * values[0];
      if (leaves && distance(gram, root, shift) < distance(gram, root, best)) {
        best = shift;
      }
    }
    return best;
  }

  private static double distance(double[][] gram, double[][] root, double shift) {
    int n = root.length;
    double[][] shifted = new double[n][];
    for (int i = 0; i < n; i++) {
      shifted[i] = root[i].clone();
      shifted[i][i] -= shift;
    }
    double left = Spectra.frobenius(gram);
    double right = Spectra.frobenius(shifted);
    double[][] difference = new double[n][n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        difference[i][j] = gram[i][j] / left - shifted[i][j] / right;
      }
    }
    double norm = Spectra.frobenius(difference);
    return norm * norm;
  }
}

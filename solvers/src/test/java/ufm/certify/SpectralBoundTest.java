package ufm.certify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Checks the bounds in exact (60-digit) arithmetic: {@code s^2 I - A A^T} is positive definite iff {@code |A|_2 < s}. */
class SpectralBoundTest {
  private static final MathContext DIGITS = new MathContext(60);

  /** Whether every pivot of {@code s^2 I - A A^T} is positive. */
  private static boolean exceeds(double s, double[] a, int rows, int cols) {
    BigDecimal[][] m = new BigDecimal[rows][rows];
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < rows; j++) {
        BigDecimal t = i == j ? new BigDecimal(s).pow(2) : BigDecimal.ZERO;
        for (int c = 0; c < cols; c++) {
          t = t.subtract(new BigDecimal(a[i + rows * c]).multiply(new BigDecimal(a[j + rows * c])));
        }
        m[i][j] = t.round(DIGITS);
      }
    }
    for (int p = 0; p < rows; p++) {
      if (m[p][p].signum() <= 0) {
        return false;
      }
      for (int i = p + 1; i < rows; i++) {
        BigDecimal f = m[i][p].divide(m[p][p], DIGITS);
        for (int j = p; j < rows; j++) {
          m[i][j] = m[i][j].subtract(f.multiply(m[p][j], DIGITS), DIGITS);
        }
      }
    }
    return true;
  }

  @Test
  void isAboveTheNormAndTight() {
    SplittableRandom random = new SplittableRandom(1);
    for (int trial = 0; trial < 60; trial++) {
      int rows = 1 + random.nextInt(8);
      int cols = 1 + random.nextInt(8);
      double[] a = random.doubles((long) rows * cols, -1, 1).toArray();
      double scale = Math.pow(10, random.nextInt(24) - 16);
      for (int i = 0; i < a.length; i++) {
        a[i] *= scale;
      }
      double bound = SpectralBound.upper(a, rows, cols);
      assertTrue(exceeds(Math.nextUp(bound), a, rows, cols));
      assertFalse(exceeds(bound * (1 - 1e-13), a, rows, cols), "less than 1e-13 too large");
    }
  }

  @Test
  void isTightWhereManySingularValuesCoincide() {
    // The centring matrix times c has the singular value c seven times.
    int k = 8;
    double[] a = new double[k * k];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        a[i + k * j] = 3e-9 * ((i == j ? 1 : 0) - 0.125);
      }
    }
    double bound = SpectralBound.upper(a, k, k);
    assertTrue(exceeds(Math.nextUp(bound), a, k, k));
    assertEquals(3e-9, bound, 1e-13 * 3e-9);
  }

  @Test
  void longRowsUseBlocksAndStayAbove() {
    SplittableRandom random = new SplittableRandom(2);
    double[] a = random.doubles(3L * 400, -1, 1).toArray();
    double bound = SpectralBound.upper(a, 3, 400);
    assertTrue(exceeds(Math.nextUp(bound), a, 3, 400));
    assertFalse(exceeds(bound * (1 - 1e-13), a, 3, 400));
  }

  @Test
  void orthantBoundIsExactWithoutPositiveInnerProducts() {
    // Columns of norm 5 with negative inner products: the spectral norm is larger, but on h >= 0 nothing exceeds 5.
    double[] opposed = {3, 4, 0, -4, -3, 0, 0, 0, 5};
    assertEquals(5, SpectralBound.upperOnOrthant(opposed, 3), 1e-13);
    assertTrue(SpectralBound.upper(opposed, 3, 3) > 6.9);
    // A positive inner product counts in full: columns (3,4) and (4,3) reach |A h|^2 = 25 + 24 at h = (1,1)/sqrt 2.
    double[] aligned = {3, 4, 0, 4, 3, 0, 0, 0, 5};
    assertEquals(7, SpectralBound.upperOnOrthant(aligned, 3), 1e-10);
    assertTrue(SpectralBound.upperOnOrthant(aligned, 3) >= 7);
  }

  @Test
  void compensatedSumsKeepWhatCancels() {
    SplittableRandom random = new SplittableRandom(3);
    for (int n : new int[] {3, 100, 1000}) {
      double[] a = new double[n];
      double[] b = new double[n];
      BigDecimal exact = BigDecimal.ZERO;
      double size = 0;
      for (int i = 0; i < n; i++) {
        a[i] = random.nextGaussian() * Math.pow(10, random.nextInt(8));
        b[i] = random.nextGaussian() * Math.pow(10, random.nextInt(8));
        exact = exact.add(new BigDecimal(a[i]).multiply(new BigDecimal(b[i])));
        size += Math.abs(a[i] * b[i]);
      }
      double found = Compensated.dot(a, 0, b, 0, n);
      double norms = Math.sqrt(Compensated.squaredNorm(a) * Compensated.squaredNorm(b));
      double error = new BigDecimal(found).subtract(exact).abs().doubleValue();
      assertTrue(error <= Compensated.relative() * Math.abs(found) + Compensated.absolute(n) * norms, () -> n + " terms: " + error);
      assertTrue(error <= 1e-14 * size);
    }
    Compensated s = new Compensated();
    s.add(1e17);
    s.add(1);
    s.add(-1e17);
    assertEquals(1, s.value());
  }

  @Test
  void blockProductsErrAtMostAsStated() {
    SplittableRandom random = new SplittableRandom(4);
    for (int inner : new int[] {1, 7, 8, 9, 61, 300}) {
      int rows = 3;
      int cols = 530;
      double[] a = random.doubles((long) rows * inner).map(x -> (2 * x - 1) * Math.pow(10, 6 * x)).toArray();
      double[] b = random.doubles((long) inner * cols).map(x -> (2 * x - 1) * Math.pow(10, 6 * x)).toArray();
      double[] found = Compensated.blockProducts(a, rows, inner, b, cols);
      for (int c : new int[] {0, 511, 512, 529}) {
        for (int i = 0; i < rows; i++) {
          BigDecimal exact = BigDecimal.ZERO;
          double normA = 0;
          double normB = 0;
          for (int j = 0; j < inner; j++) {
            double x = a[i + rows * j];
            double y = b[j + inner * c];
            exact = exact.add(new BigDecimal(x).multiply(new BigDecimal(y)));
            normA += x * x;
            normB += y * y;
          }
          double one = found[i + rows * c];
          double error = new BigDecimal(one).subtract(exact).abs().doubleValue();
          double most = Compensated.relative() * Math.abs(one) + Compensated.blockAbsolute(inner) * Math.sqrt(normA * normB);
          assertTrue(error <= most, () -> error + " > " + most);
        }
      }
    }
  }
}

package ufm.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Accuracy of exp and log1p in units in the last place, against series in 60 decimal digits. */
class ElementaryFunctionsTest {
  private static final MathContext DIGITS = new MathContext(60);
  private static final BigDecimal LN2 = log(new BigDecimal(2));

  /** e^x = (e^(x/2^20))^(2^20) by Taylor's series. */
  private static BigDecimal exp(BigDecimal x) {
    BigDecimal small = x.divide(new BigDecimal(1 << 20), new MathContext(90));
    BigDecimal sum = BigDecimal.ONE;
    BigDecimal term = BigDecimal.ONE;
    for (int i = 1; i < 25; i++) {
      term = term.multiply(small).divide(new BigDecimal(i), new MathContext(90));
      sum = sum.add(term);
    }
    for (int i = 0; i < 20; i++) {
      sum = sum.multiply(sum, new MathContext(90));
    }
    return sum;
  }

  /** log(a) = 2 artanh((a-1)/(a+1)) after taking square roots. */
  private static BigDecimal log(BigDecimal a) {
    MathContext wide = new MathContext(100);
    int roots = 0;
    while (a.subtract(BigDecimal.ONE).abs().compareTo(new BigDecimal("0.1")) > 0) {
      a = a.sqrt(wide);
      roots++;
    }
    BigDecimal s = a.subtract(BigDecimal.ONE).divide(a.add(BigDecimal.ONE), wide);
    BigDecimal s2 = s.multiply(s, wide);
    BigDecimal term = s;
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 1; term.signum() != 0 && term.abs().compareTo(sum.abs().movePointLeft(80)) > 0; i += 2) {
      sum = sum.add(term.divide(new BigDecimal(i), wide));
      term = term.multiply(s2, wide);
    }
    return sum.multiply(new BigDecimal(2).pow(roots + 1), wide);
  }

  private static double ulps(double computed, BigDecimal exact) {
    BigDecimal ulp = new BigDecimal(Math.ulp(exact.doubleValue()));
    return new BigDecimal(computed).subtract(exact).abs().divide(ulp, DIGITS).doubleValue();
  }

  private static double worst(String name, DoubleUnaryOperator f, UnaryOperator<BigDecimal> exact, double[] at) {
    double worst = 0;
    double where = 0;
    for (double x : at) {
      double e = ulps(f.applyAsDouble(x), exact.apply(new BigDecimal(x)));
      if (e > worst) {
        worst = e;
        where = x;
      }
    }
    System.out.printf("%s: worst %.4f ulp at %s%n", name, worst, where);
    return worst;
  }

  @Test
  void oraclesAreRight() {
    assertEquals(new BigDecimal("0.693147180559945309417232121458176568075500134360"), LN2.round(new MathContext(48)));
    assertEquals(new BigDecimal("2.71828182845904523536028747135266249775724709370"), exp(BigDecimal.ONE).round(new MathContext(48)));
  }

  @Test
  void expIsWithinOneUlp() {
    Random r = new Random(1);
    double[] at = new double[6000];
    for (int i = 0; i < at.length; i++) {
      at[i] = switch (i % 4) {
        case 0 -> -r.nextDouble() * 700;
        case 1 -> r.nextDouble() * 1400 - 700;
        case 2 -> r.nextGaussian();
        default -> Math.scalb(r.nextGaussian(), -r.nextInt(60));
      };
    }
    assertTrue(worst("exp", ElementaryFunctions::exp, ElementaryFunctionsTest::exp, at) < 1);
  }

  @Test
  void expOfSubnormalResultsIsWithinOneUlp() {
    double[] at = new Random(2).doubles(300, -745.1, -708.4).toArray();
    assertTrue(worst("exp, subnormal", ElementaryFunctions::exp, ElementaryFunctionsTest::exp, at) <= 1);
  }

  @Test
  void expAtTheEnds() {
    assertEquals(1.0, ElementaryFunctions.exp(0.0));
    assertEquals(1.0, ElementaryFunctions.exp(-0.0));
    assertEquals(0.0, ElementaryFunctions.exp(-746));
    assertEquals(0.0, ElementaryFunctions.exp(-1e300));
    assertEquals(0.0, ElementaryFunctions.exp(Double.NEGATIVE_INFINITY));
    assertEquals(Double.MIN_VALUE, ElementaryFunctions.exp(-745));
    assertEquals(Double.POSITIVE_INFINITY, ElementaryFunctions.exp(709.79));
    assertEquals(Double.POSITIVE_INFINITY, ElementaryFunctions.exp(Double.POSITIVE_INFINITY));
    assertTrue(Double.isFinite(ElementaryFunctions.exp(709.78)));
    assertTrue(Double.isNaN(ElementaryFunctions.exp(Double.NaN)));
  }

  @Test
  void log1pIsWithinTwoUlps() {
    Random r = new Random(3);
    double[] at = new double[3000];
    for (int i = 0; i < at.length; i++) {
      at[i] = switch (i % 4) {
        case 0 -> r.nextDouble();
        case 1 -> 0.3 + 0.3 * r.nextDouble();
        case 2 -> Math.scalb(1 + r.nextDouble(), -r.nextInt(80));
        default -> Math.scalb(1 + r.nextDouble(), r.nextInt(80));
      };
    }
    assertTrue(worst("log1p", ElementaryFunctions::log1p, x -> log(x.add(BigDecimal.ONE)), at) < 2);
  }

  @Test
  void log1pAtTheEnds() {
    assertEquals(0.0, ElementaryFunctions.log1p(0));
    assertEquals(1e-300, ElementaryFunctions.log1p(1e-300));
    assertEquals(Double.MIN_VALUE, ElementaryFunctions.log1p(Double.MIN_VALUE));
    assertEquals(StrictMath.log(Double.MAX_VALUE), ElementaryFunctions.log1p(Double.MAX_VALUE), 1e-13);
    assertEquals(Double.POSITIVE_INFINITY, ElementaryFunctions.log1p(Double.POSITIVE_INFINITY));
    assertTrue(Double.isNaN(ElementaryFunctions.log1p(Double.NaN)));
  }

  @Test
  void powersAgreeWithTheLibrary() {
    for (double gamma : new double[] {0, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7.5, 12.25}) {
      for (double u : new double[] {0, 1e-300, 1e-20, 1e-3, 0.25, 0.9, 1}) {
        double p = StrictMath.pow(u, gamma);
        assertEquals(p, ElementaryFunctions.power(u, gamma), 4e-15 * p + Double.MIN_NORMAL, u + "^" + gamma);
      }
    }
  }
}

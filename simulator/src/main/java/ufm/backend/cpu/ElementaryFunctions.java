package ufm.backend.cpu;

import static java.lang.Math.fma;

/**
 * exp, log1p and powers from additions, multiplications, divisions, square roots and fused multiply-adds alone, in a fixed order: IEEE 754 defines every
 * one of their bits, so the interpreter, the compiler and vector registers of any width agree. {@link VectorKernels} repeats
 * these formulas word for word.
 *
 * <p>Both polynomials are minimax fits (Remez exchange in 60 digits) on the reduced range.
 */
final class ElementaryFunctions {
  static final double LOG2_E = 1.4426950408889634;
  /** The leading 32 bits of log 2, so that small integers times it are exact. */
  static final double LN2_HIGH = 6.93147180369123816490e-01;

  static final double LN2_LOW = 1.90821492927058770002e-10;
  /** 1.5 * 2^52: adding it leaves the nearest integer in the low bits of the mantissa. */
  static final double SHIFTER = 0x1.8p52;

  /** e^x is 0 below, before the last subnormal number is left. */
  static final double EXP_LOWEST = -746;
  /** e^x overflows above. */
  static final double EXP_HIGHEST = 710;

  /** {@code (e^r - 1 - r) / r^2} on |r| at most log(2)/2, to 1.0e-16 relative to e^r / r^2. */
  static final double E2 = 0.5000000000000001;
  static final double E3 = 0.16666666666666674;
  static final double E4 = 0.04166666666662399;
  static final double E5 = 0.00833333333332217;
  static final double E6 = 0.0013888888917283474;
  static final double E7 = 0.00019841269886701975;
  static final double E8 = 2.480152118799987e-05;
  static final double E9 = 2.7557242211534724e-06;
  static final double E10 = 2.762013963881873e-07;
  static final double E11 = 2.5110096949930776e-08;

  /** {@code (2 atanh(s) - 2 s) / s^3} as a polynomial in s^2, for |s| at most (sqrt(2)-1)/(sqrt(2)+1). */
  static final double L1 = 0.666666666666667;
  static final double L2 = 0.39999999999897884;
  static final double L3 = 0.2857142862665215;
  static final double L4 = 0.2222221103167144;
  static final double L5 = 0.18182896211173213;
  static final double L6 = 0.15331497695876503;
  static final double L7 = 0.14619097411090312;

  /** Below sqrt(2) - 1, log1p needs no reduction. */
  static final double LOG1P_DIRECT = 0.41421356237309503;
  /** Bits of sqrt(1/2): an exponent counted from there leaves a mantissa in [sqrt(1/2), sqrt(2)). */
  static final long SQRT_HALF = 0x3fe6a09e667f3bcdL;

  static final long EXPONENT = 0xfff0000000000000L;
  /** 2^52 as bits, to turn a small integer into a double. */
  static final long TWO_52 = 0x4330000000000000L;

  private ElementaryFunctions() {}

  /** e^x within one unit in the last place; 0 and infinity where it leaves the range, NaN for NaN. */
  static double exp(double x) {
    double c = x < EXP_LOWEST ? EXP_LOWEST : x;
    c = c > EXP_HIGHEST ? EXP_HIGHEST : c;
    double t = fma(c, LOG2_E, SHIFTER);
    double n = t - SHIFTER;
    double r = fma(n, -LN2_LOW, fma(n, -LN2_HIGH, c));
    double q = fma(E11, r, E10);
    q = fma(q, r, E9);
    q = fma(q, r, E8);
    q = fma(q, r, E7);
    q = fma(q, r, E6);
    q = fma(q, r, E5);
    q = fma(q, r, E4);
    q = fma(q, r, E3);
    q = fma(q, r, E2);
    double e = fma(q, r * r, r) + 1;
    // 2^n in two factors, since n alone may lie outside the exponents of normal numbers.
    double half = fma(n, 0.5, SHIFTER);
    long n1 = Double.doubleToRawLongBits(half);
    long n2 = Double.doubleToRawLongBits(t) - n1;
    return e * Double.longBitsToDouble((n1 + 1023) << 52) * Double.longBitsToDouble((n2 + 1023) << 52);
  }

  /** log(1 + x) for x of at least 0 within two units in the last place; NaN for NaN. */
  static double log1p(double x) {
    double sum = x + 1;
    double back = sum - 1;
    double lost = ((x - back) + (1 - (sum - back))) / sum;
    long bits = Double.doubleToRawLongBits(sum);
    long k = (bits - SQRT_HALF) & EXPONENT;
    double exponent = Double.longBitsToDouble((k >>> 52) | TWO_52) - 0x1p52;
    double f = Double.longBitsToDouble(bits - k) - 1;
    // There the exponent is 0 anyway.
    boolean direct = x < LOG1P_DIRECT;
    f = direct ? x : f;
    lost = direct ? 0 : lost;
    double s = f / (f + 2);
    double s2 = s * s;
    double q = fma(L7, s2, L6);
    q = fma(q, s2, L5);
    q = fma(q, s2, L4);
    q = fma(q, s2, L3);
    q = fma(q, s2, L2);
    q = fma(q, s2, L1);
    double h = f * f * 0.5;
    double low = fma(s, fma(q, s2, h), fma(exponent, LN2_LOW, lost));
    double log = fma(exponent, LN2_HIGH, f - (h - low));
    return x == Double.POSITIVE_INFINITY ? x : log;
  }

  /** Whether {@link #power} needs only products and at most one square root: multiples of 1/2 up to 8. */
  static boolean plainExponent(double gamma) {
    return gamma >= 0 && gamma <= 8 && 2 * gamma == Math.rint(2 * gamma);
  }

  /** u^gamma for u in [0, 1] and gamma of at least 0; 0^0 = 1. */
  static double power(double u, double gamma) {
    if (!plainExponent(gamma)) {
      return StrictMath.pow(u, gamma);
    }
    int whole = (int) gamma;
    double p = gamma > whole ? Math.sqrt(u) : 1;
    for (int i = 0; i < whole; i++) {
      p *= u;
    }
    return p;
  }
}

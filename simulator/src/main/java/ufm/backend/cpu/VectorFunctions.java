package ufm.backend.cpu;

import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.SQRT;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link ElementaryFunctions} on vector registers, operation by operation the same. Only lanewise operations whose bits IEEE 754 defines;
 * never the Vector API's own EXP, LOG or floating reductions.
 *
 * <p>The compiler gives up inlining in a method that has grown too large, and then sends vectors through the heap. So constants are
 * registers made once, and functions are short. A running sum starts from {@link #all}, never from such a constant: a loop cannot keep in
 * a register what was once an object.
 */
final class VectorFunctions {
  /** The machine's preferred width, at most 8 doubles. */
  static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED.length() > 8 ? DoubleVector.SPECIES_512 : DoubleVector.SPECIES_PREFERRED;

  /** Doubles in a register. */
  static final int L = S.length();

  static final DoubleVector ZERO = all(0);
  static final DoubleVector ONE = all(1);
  static final DoubleVector TWO = all(2);
  private static final DoubleVector HALF = all(0.5);
  private static final DoubleVector LOWEST = all(ElementaryFunctions.EXP_LOWEST);
  private static final DoubleVector LOG2_E = all(ElementaryFunctions.LOG2_E);
  private static final DoubleVector SHIFTER = all(ElementaryFunctions.SHIFTER);
  private static final DoubleVector MINUS_LN2_HIGH = all(-ElementaryFunctions.LN2_HIGH);
  private static final DoubleVector MINUS_LN2_LOW = all(-ElementaryFunctions.LN2_LOW);
  private static final DoubleVector LN2_HIGH = all(ElementaryFunctions.LN2_HIGH);
  private static final DoubleVector LN2_LOW = all(ElementaryFunctions.LN2_LOW);
  private static final DoubleVector E2 = all(ElementaryFunctions.E2);
  private static final DoubleVector E3 = all(ElementaryFunctions.E3);
  private static final DoubleVector E4 = all(ElementaryFunctions.E4);
  private static final DoubleVector E5 = all(ElementaryFunctions.E5);
  private static final DoubleVector E6 = all(ElementaryFunctions.E6);
  private static final DoubleVector E7 = all(ElementaryFunctions.E7);
  private static final DoubleVector E8 = all(ElementaryFunctions.E8);
  private static final DoubleVector E9 = all(ElementaryFunctions.E9);
  private static final DoubleVector E10 = all(ElementaryFunctions.E10);
  private static final DoubleVector E11 = all(ElementaryFunctions.E11);
  private static final DoubleVector L1 = all(ElementaryFunctions.L1);
  private static final DoubleVector L2 = all(ElementaryFunctions.L2);
  private static final DoubleVector L3 = all(ElementaryFunctions.L3);
  private static final DoubleVector L4 = all(ElementaryFunctions.L4);
  private static final DoubleVector L5 = all(ElementaryFunctions.L5);
  private static final DoubleVector L6 = all(ElementaryFunctions.L6);
  private static final DoubleVector L7 = all(ElementaryFunctions.L7);
  private static final DoubleVector DIRECT = all(ElementaryFunctions.LOG1P_DIRECT);
  private static final DoubleVector P52 = all(0x1p52);
  private static final LongVector BIAS = longs(1023);
  private static final LongVector SQRT_HALF = longs(ElementaryFunctions.SQRT_HALF);
  private static final LongVector EXPONENT = longs(ElementaryFunctions.EXPONENT);
  private static final LongVector TWO_52 = longs(ElementaryFunctions.TWO_52);

  private VectorFunctions() {}

  static DoubleVector load(long address) {
    return DoubleVector.fromMemorySegment(S, Memory.ALL, address, ByteOrder.nativeOrder());
  }

  static void store(DoubleVector v, long address) {
    v.intoMemorySegment(Memory.ALL, address, ByteOrder.nativeOrder());
  }

  static DoubleVector all(double x) {
    return DoubleVector.broadcast(S, x);
  }

  private static LongVector longs(long x) {
    return LongVector.broadcast(S.withLanes(long.class), x);
  }

  /** a b + c in one rounding. */
  static DoubleVector fma(DoubleVector a, DoubleVector b, DoubleVector c) {
    return a.lanewise(FMA, b, c);
  }

  /** {@link ElementaryFunctions#exp} for arguments that are not above 0. */
  static DoubleVector exp(DoubleVector x) {
    DoubleVector c = x.blend(LOWEST, x.compare(VectorOperators.LT, LOWEST));
    DoubleVector t = fma(c, LOG2_E, SHIFTER);
    DoubleVector n = t.sub(SHIFTER);
    DoubleVector r = fma(n, MINUS_LN2_LOW, fma(n, MINUS_LN2_HIGH, c));
    DoubleVector q = fma(E11, r, E10);
    q = fma(q, r, E9);
    q = fma(q, r, E8);
    q = fma(q, r, E7);
    q = fma(q, r, E6);
    q = fma(q, r, E5);
    q = fma(q, r, E4);
    q = fma(q, r, E3);
    q = fma(q, r, E2);
    DoubleVector e = fma(q, r.mul(r), r).add(ONE);
    LongVector n1 = fma(n, HALF, SHIFTER).reinterpretAsLongs();
    LongVector n2 = t.reinterpretAsLongs().sub(n1);
    return e.mul(n1.add(BIAS).lanewise(LSHL, 52).reinterpretAsDoubles()).mul(n2.add(BIAS).lanewise(LSHL, 52).reinterpretAsDoubles());
  }

  /**
   * First half of {@link ElementaryFunctions#log1p} for finite arguments.
   *
   * @param f address of the reduced argument; modified
   * @param low address of the small part of the exponent's logarithm and what the sum lost; modified
   * @param exponent address of the exponent; modified
   */
  static void reduceLog1p(DoubleVector x, long f, long low, long exponent) {
    DoubleVector sum = x.add(ONE);
    DoubleVector back = sum.sub(ONE);
    DoubleVector lost = x.sub(back).add(ONE.sub(sum.sub(back))).div(sum);
    LongVector bits = sum.reinterpretAsLongs();
    LongVector k = bits.sub(SQRT_HALF).and(EXPONENT);
    DoubleVector e = k.lanewise(LSHR, 52).or(TWO_52).reinterpretAsDoubles().sub(P52);
    VectorMask<Double> direct = x.compare(VectorOperators.LT, DIRECT);
    store(bits.sub(k).reinterpretAsDoubles().sub(ONE).blend(x, direct), f);
    store(fma(e, LN2_LOW, lost.blend(ZERO, direct)), low);
    store(e, exponent);
  }

  /** Second half of {@link ElementaryFunctions#log1p}. */
  static DoubleVector reducedLog1p(DoubleVector f, DoubleVector low, DoubleVector exponent) {
    DoubleVector s = f.div(f.add(TWO));
    DoubleVector s2 = s.mul(s);
    DoubleVector q = fma(L7, s2, L6);
    q = fma(q, s2, L5);
    q = fma(q, s2, L4);
    q = fma(q, s2, L3);
    q = fma(q, s2, L2);
    q = fma(q, s2, L1);
    DoubleVector h = f.mul(f).mul(HALF);
    return fma(exponent, LN2_HIGH, f.sub(h.sub(fma(s, fma(q, s2, h), low))));
  }

  /** {@link ElementaryFunctions#power} for exponents that pass {@link ElementaryFunctions#plainExponent}. */
  static DoubleVector plainPower(DoubleVector u, double gamma) {
    int whole = (int) gamma;
    DoubleVector p = gamma > whole ? u.lanewise(SQRT) : all(1);
    for (int i = 0; i < whole; i++) {
      p = p.mul(u);
    }
    return p;
  }
}

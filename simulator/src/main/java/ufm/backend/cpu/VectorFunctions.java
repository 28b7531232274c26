package ufm.backend.cpu;

import static jdk.incubator.vector.VectorOperators.FMA;
import static jdk.incubator.vector.VectorOperators.SQRT;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
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
  static final DoubleVector HALF = all(0.5);
  static final DoubleVector LOWEST = all(ElementaryFunctions.EXP_LOWEST);
  static final DoubleVector LOG2_E = all(ElementaryFunctions.LOG2_E);
  static final DoubleVector SHIFTER = all(ElementaryFunctions.SHIFTER);
  static final DoubleVector MINUS_LN2_HIGH = all(-ElementaryFunctions.LN2_HIGH);
  static final DoubleVector MINUS_LN2_LOW = all(-ElementaryFunctions.LN2_LOW);
  static final DoubleVector LN2_HIGH = all(ElementaryFunctions.LN2_HIGH);
  static final DoubleVector LN2_LOW = all(ElementaryFunctions.LN2_LOW);
  static final DoubleVector E2 = all(ElementaryFunctions.E2);
  static final DoubleVector E3 = all(ElementaryFunctions.E3);
  static final DoubleVector E4 = all(ElementaryFunctions.E4);
  static final DoubleVector E5 = all(ElementaryFunctions.E5);
  static final DoubleVector E6 = all(ElementaryFunctions.E6);
  static final DoubleVector E7 = all(ElementaryFunctions.E7);
  static final DoubleVector E8 = all(ElementaryFunctions.E8);
  static final DoubleVector E9 = all(ElementaryFunctions.E9);
  static final DoubleVector E10 = all(ElementaryFunctions.E10);
  static final DoubleVector E11 = all(ElementaryFunctions.E11);
  static final DoubleVector L1 = all(ElementaryFunctions.L1);
  static final DoubleVector L2 = all(ElementaryFunctions.L2);
  static final DoubleVector L3 = all(ElementaryFunctions.L3);
  static final DoubleVector L4 = all(ElementaryFunctions.L4);
  static final DoubleVector L5 = all(ElementaryFunctions.L5);
  static final DoubleVector L6 = all(ElementaryFunctions.L6);
  static final DoubleVector L7 = all(ElementaryFunctions.L7);
  static final DoubleVector DIRECT = all(ElementaryFunctions.LOG1P_DIRECT);
  static final DoubleVector P52 = all(0x1p52);
  static final LongVector BIAS = longs(1023);
  static final LongVector SQRT_HALF = longs(ElementaryFunctions.SQRT_HALF);
  static final LongVector EXPONENT = longs(ElementaryFunctions.EXPONENT);
  static final LongVector TWO_52 = longs(ElementaryFunctions.TWO_52);

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

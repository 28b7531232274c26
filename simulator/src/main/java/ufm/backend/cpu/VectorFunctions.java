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
 */
final class VectorFunctions {
  /** The machine's preferred width, at most 8 doubles. */
  static final VectorSpecies<Double> S = DoubleVector.SPECIES_PREFERRED.length() > 8 ? DoubleVector.SPECIES_512 : DoubleVector.SPECIES_PREFERRED;

  /** Doubles in a register. */
  static final int L = S.length();

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

  private static DoubleVector fma(DoubleVector a, DoubleVector b, double c) {
    return a.lanewise(FMA, b, all(c));
  }

  /** {@link ElementaryFunctions#exp}. */
  static DoubleVector exp(DoubleVector x) {
    DoubleVector c = x.blend(ElementaryFunctions.EXP_LOWEST, x.compare(VectorOperators.LT, ElementaryFunctions.EXP_LOWEST));
    c = c.blend(ElementaryFunctions.EXP_HIGHEST, c.compare(VectorOperators.GT, ElementaryFunctions.EXP_HIGHEST));
    DoubleVector t = fma(c, all(ElementaryFunctions.LOG2_E), ElementaryFunctions.SHIFTER);
    DoubleVector n = t.sub(ElementaryFunctions.SHIFTER);
    DoubleVector r = n.lanewise(FMA, all(-ElementaryFunctions.LN2_HIGH), c);
    r = n.lanewise(FMA, all(-ElementaryFunctions.LN2_LOW), r);
    DoubleVector q = fma(all(ElementaryFunctions.E11), r, ElementaryFunctions.E10);
    q = fma(q, r, ElementaryFunctions.E9);
    q = fma(q, r, ElementaryFunctions.E8);
    q = fma(q, r, ElementaryFunctions.E7);
    q = fma(q, r, ElementaryFunctions.E6);
    q = fma(q, r, ElementaryFunctions.E5);
    q = fma(q, r, ElementaryFunctions.E4);
    q = fma(q, r, ElementaryFunctions.E3);
    q = fma(q, r, ElementaryFunctions.E2);
    DoubleVector e = q.lanewise(FMA, r.mul(r), r).add(1);
    DoubleVector half = fma(n, all(0.5), ElementaryFunctions.SHIFTER);
    LongVector n1 = half.reinterpretAsLongs();
    LongVector n2 = t.reinterpretAsLongs().sub(n1);
    return e.mul(n1.add(1023).lanewise(LSHL, 52).reinterpretAsDoubles()).mul(n2.add(1023).lanewise(LSHL, 52).reinterpretAsDoubles());
  }

  /** {@link ElementaryFunctions#log1p}. */
  static DoubleVector log1p(DoubleVector x) {
    DoubleVector one = all(1);
    DoubleVector sum = x.add(one);
    DoubleVector back = sum.sub(one);
    DoubleVector lost = x.sub(back).add(one.sub(sum.sub(back))).div(sum);
    LongVector bits = sum.reinterpretAsLongs();
    LongVector k = bits.sub(ElementaryFunctions.SQRT_HALF).and(ElementaryFunctions.EXPONENT);
    DoubleVector exponent = k.lanewise(LSHR, 52).or(ElementaryFunctions.TWO_52).reinterpretAsDoubles().sub(0x1p52);
    DoubleVector f = bits.sub(k).reinterpretAsDoubles().sub(one);
    VectorMask<Double> direct = x.compare(VectorOperators.LT, ElementaryFunctions.LOG1P_DIRECT);
    f = f.blend(x, direct);
    exponent = exponent.blend(0, direct);
    lost = lost.blend(0, direct);
    DoubleVector s = f.div(f.add(2));
    DoubleVector s2 = s.mul(s);
    DoubleVector q = fma(all(ElementaryFunctions.L7), s2, ElementaryFunctions.L6);
    q = fma(q, s2, ElementaryFunctions.L5);
    q = fma(q, s2, ElementaryFunctions.L4);
    q = fma(q, s2, ElementaryFunctions.L3);
    q = fma(q, s2, ElementaryFunctions.L2);
    q = fma(q, s2, ElementaryFunctions.L1);
    DoubleVector h = f.mul(f).mul(0.5);
    DoubleVector low = s.lanewise(FMA, q.lanewise(FMA, s2, h), exponent.lanewise(FMA, all(ElementaryFunctions.LN2_LOW), lost));
    DoubleVector log = exponent.lanewise(FMA, all(ElementaryFunctions.LN2_HIGH), f.sub(h.sub(low)));
    return log.blend(x, x.compare(VectorOperators.EQ, Double.POSITIVE_INFINITY));
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

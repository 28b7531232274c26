package ufm.backend.cpu;

import static jdk.incubator.vector.VectorOperators.FMA;
import static ufm.backend.cpu.SmallKernels.ROWS;
import static ufm.backend.cpu.VectorFunctions.L;
import static ufm.backend.cpu.VectorFunctions.S;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;

/**
 * The products of a small layer on the Vector API; arguments and order of sums as in {@link SmallKernels}.
 *
 * <p>Each tile keeps eight to twenty sums in registers. It is written out in full: so long a method is compiled on its own and never into
 * its callers, where the compiler would run out of budget.
 */
final class VectorSmallProducts {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** Whether registers hold a block and, as that means, there are 32 of them. */
  private static final boolean WIDE = L == ROWS;

  private VectorSmallProducts() {}

  static void logits(int blocks, int d, int stride, int classes, long h, long w, long z, int ld) {
    for (int k = 0; k < classes; k += 5) {
      int last = Math.min(4, classes - 1 - k);
      for (long c = 0; c < 64; c += 8L * L) {
        logitTile(blocks, d, last, 64L * stride, 64, h + c, 8L * classes, 8, w + 8L * k, 64, 8L * ld, z + 8L * ld * k + c);
      }
    }
  }

  static void features(int blocks, int d, int stride, int classes, long w, long g, int ld, long out) {
    for (int j = 0; j < d && WIDE; j += 8) {
      wideFeatureTile(
          blocks, classes, Math.min(7, d - 1 - j), 64, 8L * ld, g, 8, 8L * classes, w + 8L * classes * j, 64L * stride, 64, out + 64L * j);
    }
    for (int j = 0; j < d && !WIDE; j += 4) {
      int last = Math.min(3, d - 1 - j);
      for (long c = 0; c < 64; c += 8L * L) {
        featureTile(
            blocks, classes, last, 64, 8L * ld, g + c, 8, 8L * classes, w + 8L * classes * j, 64L * stride, 64, out + 64L * j + c);
      }
    }
  }

  static void outer(int blocks, int d, int stride, int classes, long g, int ld, long h, long sums) {
    for (int k = 0; k < classes; k += 5) {
      int lastClass = Math.min(4, classes - 1 - k);
      long column = g + 8L * ld * k;
      if (WIDE) {
        for (int j = 0; j < d; j += 4) {
          wideOuterTile(
              blocks, lastClass, Math.min(3, d - 1 - j), column, 8L * ld, h + 64L * j, 64L * stride,
              sums + 64 * (k + (long) classes * j), 64L * classes);
        }
        continue;
      }
      for (int j = 0; j < d; j += 2) {
        for (long c = 0; c < 64; c += 8L * L) {
          outerTile(
              blocks, lastClass, Math.min(1, d - 1 - j), column + c, 8L * ld, h + 64L * j + c, 64L * stride,
              sums + 64 * (k + (long) classes * j) + c, 64L * classes);
        }
      }
    }
  }

  /** Two blocks by five classes, the inner index being the feature; where there are fewer, the last is done again. */
  private static void logitTile(
      int blocks, int inner, int last, long aBlock, long aStep, long a, long cStep, long cOuter, long c, long outBlock, long outOuter,
      long out) {
    for (int b = 0; b < blocks; b += 2) {
      long x = a + b * aBlock;
      long apart = b + 1 < blocks ? aBlock : 0;
      long y = c;
      long c1 = cOuter * Math.min(1, last);
      long c2 = cOuter * Math.min(2, last);
      long c3 = cOuter * Math.min(3, last);
      long c4 = cOuter * Math.min(4, last);
      DoubleVector s0 = DoubleVector.broadcast(S, 0);
      DoubleVector s1 = DoubleVector.broadcast(S, 0);
      DoubleVector s2 = DoubleVector.broadcast(S, 0);
      DoubleVector s3 = DoubleVector.broadcast(S, 0);
      DoubleVector s4 = DoubleVector.broadcast(S, 0);
      DoubleVector t0 = DoubleVector.broadcast(S, 0);
      DoubleVector t1 = DoubleVector.broadcast(S, 0);
      DoubleVector t2 = DoubleVector.broadcast(S, 0);
      DoubleVector t3 = DoubleVector.broadcast(S, 0);
      DoubleVector t4 = DoubleVector.broadcast(S, 0);
      for (int p = 0; p < inner; p++) {
        DoubleVector u = DoubleVector.fromMemorySegment(S, Memory.ALL, x, ORDER);
        DoubleVector v = DoubleVector.fromMemorySegment(S, Memory.ALL, x + apart, ORDER);
        DoubleVector e = DoubleVector.broadcast(S, Memory.ALL.get(ValueLayout.JAVA_DOUBLE, y));
        s0 = u.lanewise(FMA, e, s0);
        t0 = v.lanewise(FMA, e, t0);
        e = DoubleVector.broadcast(S, Memory.ALL.get(ValueLayout.JAVA_DOUBLE, y + c1));
        s1 = u.lanewise(FMA, e, s1);
        t1 = v.lanewise(FMA, e, t1);
        e = DoubleVector.broadcast(S, Memory.ALL.get(ValueLayout.JAVA_DOUBLE, y + c2));
        s2 = u.lanewise(FMA, e, s2);
        t2 = v.lanewise(FMA, e, t2);
        e = DoubleVector.broadcast(S, Memory.ALL.get(ValueLayout.JAVA_DOUBLE, y + c3));
        s3 = u.lanewise(FMA, e, s3);
        t3 = v.lanewise(FMA, e, t3);
        e = DoubleVector.broadcast(S, Memory.ALL.get(ValueLayout.JAVA_DOUBLE, y + c4));
        s4 = u.lanewise(FMA, e, s4);
        t4 = v.lanewise(FMA, e, t4);
        x += aStep;
        y += cStep;
      }
      long to = out + b * outBlock;
      long below = b + 1 < blocks ? outBlock : 0;
      s0.intoMemorySegment(Memory.ALL, to, ORDER);
      t0.intoMemorySegment(Memory.ALL, to + below, ORDER);
      s1.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(1, last), ORDER);
      t1.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(1, last) + below, ORDER);
      s2.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(2, last), ORDER);
      t2.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(2, last) + below, ORDER);
      s3.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(3, last), ORDER);
      t3.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(3, last) + below, ORDER);
      s4.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(4, last), ORDER);
      t4.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(4, last) + below, ORDER);
    }
  }

  /** Two blocks by four features, the inner index being the class. */
  private static void featureTile(
      int blocks, int inner, int last, long aBlock, long aStep, long a, long cStep, long cOuter, long c, long outBlock, long outOuter,
      long out) {
    for (int b = 0; b < blocks; b += 2) {
      long x = a + b * aBlock;
      long apart = b + 1 < blocks ? aBlock : 0;
      long y = c;
      long c1 = cOuter * Math.min(1, last);
      long c2 = cOuter * Math.min(2, last);
      long c3 = cOuter * Math.min(3, last);
      DoubleVector s0 = DoubleVector.broadcast(S, 0);
      DoubleVector s1 = DoubleVector.broadcast(S, 0);
      DoubleVector s2 = DoubleVector.broadcast(S, 0);
      DoubleVector s3 = DoubleVector.broadcast(S, 0);
      DoubleVector t0 = DoubleVector.broadcast(S, 0);
      DoubleVector t1 = DoubleVector.broadcast(S, 0);
      DoubleVector t2 = DoubleVector.broadcast(S, 0);
      DoubleVector t3 = DoubleVector.broadcast(S, 0);
      for (int p = 0; p < inner; p++) {
        DoubleVector u = DoubleVector.fromMemorySegment(S, Memory.ALL, x, ORDER);
        DoubleVector v = DoubleVector.fromMemorySegment(S, Memory.ALL, x + apart, ORDER);
        DoubleVector e = DoubleVector.broadcast(S, Memory.ALL.get(ValueLayout.JAVA_DOUBLE, y));
        s0 = u.lanewise(FMA, e, s0);
        t0 = v.lanewise(FMA, e, t0);
        e = DoubleVector.broadcast(S, Memory.ALL.get(ValueLayout.JAVA_DOUBLE, y + c1));
        s1 = u.lanewise(FMA, e, s1);
        t1 = v.lanewise(FMA, e, t1);
        e = DoubleVector.broadcast(S, Memory.ALL.get(ValueLayout.JAVA_DOUBLE, y + c2));
        s2 = u.lanewise(FMA, e, s2);
        t2 = v.lanewise(FMA, e, t2);
        e = DoubleVector.broadcast(S, Memory.ALL.get(ValueLayout.JAVA_DOUBLE, y + c3));
        s3 = u.lanewise(FMA, e, s3);
        t3 = v.lanewise(FMA, e, t3);
        x += aStep;
        y += cStep;
      }
      long to = out + b * outBlock;
      long below = b + 1 < blocks ? outBlock : 0;
      s0.intoMemorySegment(Memory.ALL, to, ORDER);
      t0.intoMemorySegment(Memory.ALL, to + below, ORDER);
      s1.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(1, last), ORDER);
      t1.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(1, last) + below, ORDER);
      s2.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(2, last), ORDER);
      t2.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(2, last) + below, ORDER);
      s3.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(3, last), ORDER);
      t3.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(3, last) + below, ORDER);
    }
  }

  /** As {@link #featureTile} for eight features: for machines with 32 registers. */
  private static void wideFeatureTile(
      int blocks, int inner, int last, long aBlock, long aStep, long a, long cStep, long cOuter, long c, long outBlock, long outOuter,
      long out) {
    for (int b = 0; b < blocks; b += 2) {
      long x = a + b * aBlock;
      long apart = b + 1 < blocks ? aBlock : 0;
      long y = c;
      long c1 = cOuter * Math.min(1, last);
      long c2 = cOuter * Math.min(2, last);
      long c3 = cOuter * Math.min(3, last);
      long c4 = cOuter * Math.min(4, last);
      long c5 = cOuter * Math.min(5, last);
      long c6 = cOuter * Math.min(6, last);
      long c7 = cOuter * Math.min(7, last);
      DoubleVector s0 = DoubleVector.broadcast(S, 0);
      DoubleVector s1 = DoubleVector.broadcast(S, 0);
      DoubleVector s2 = DoubleVector.broadcast(S, 0);
      DoubleVector s3 = DoubleVector.broadcast(S, 0);
      DoubleVector s4 = DoubleVector.broadcast(S, 0);
      DoubleVector s5 = DoubleVector.broadcast(S, 0);
      DoubleVector s6 = DoubleVector.broadcast(S, 0);
      DoubleVector s7 = DoubleVector.broadcast(S, 0);
      DoubleVector t0 = DoubleVector.broadcast(S, 0);
      DoubleVector t1 = DoubleVector.broadcast(S, 0);
      DoubleVector t2 = DoubleVector.broadcast(S, 0);
      DoubleVector t3 = DoubleVector.broadcast(S, 0);
      DoubleVector t4 = DoubleVector.broadcast(S, 0);
      DoubleVector t5 = DoubleVector.broadcast(S, 0);
      DoubleVector t6 = DoubleVector.broadcast(S, 0);
      DoubleVector t7 = DoubleVector.broadcast(S, 0);
      for (int p = 0; p < inner; p++) {
        DoubleVector u = DoubleVector.fromMemorySegment(S, Memory.ALL, x, ORDER);
        DoubleVector v = DoubleVector.fromMemorySegment(S, Memory.ALL, x + apart, ORDER);
        DoubleVector e = DoubleVector.broadcast(S, Memory.ALL.get(ValueLayout.JAVA_DOUBLE, y));
        s0 = u.lanewise(FMA, e, s0);
        t0 = v.lanewise(FMA, e, t0);
        e = DoubleVector.broadcast(S, Memory.ALL.get(ValueLayout.JAVA_DOUBLE, y + c1));
        s1 = u.lanewise(FMA, e, s1);
        t1 = v.lanewise(FMA, e, t1);
        e = DoubleVector.broadcast(S, Memory.ALL.get(ValueLayout.JAVA_DOUBLE, y + c2));
        s2 = u.lanewise(FMA, e, s2);
        t2 = v.lanewise(FMA, e, t2);
        e = DoubleVector.broadcast(S, Memory.ALL.get(ValueLayout.JAVA_DOUBLE, y + c3));
        s3 = u.lanewise(FMA, e, s3);
        t3 = v.lanewise(FMA, e, t3);
        e = DoubleVector.broadcast(S, Memory.ALL.get(ValueLayout.JAVA_DOUBLE, y + c4));
        s4 = u.lanewise(FMA, e, s4);
        t4 = v.lanewise(FMA, e, t4);
        e = DoubleVector.broadcast(S, Memory.ALL.get(ValueLayout.JAVA_DOUBLE, y + c5));
        s5 = u.lanewise(FMA, e, s5);
        t5 = v.lanewise(FMA, e, t5);
        e = DoubleVector.broadcast(S, Memory.ALL.get(ValueLayout.JAVA_DOUBLE, y + c6));
        s6 = u.lanewise(FMA, e, s6);
        t6 = v.lanewise(FMA, e, t6);
        e = DoubleVector.broadcast(S, Memory.ALL.get(ValueLayout.JAVA_DOUBLE, y + c7));
        s7 = u.lanewise(FMA, e, s7);
        t7 = v.lanewise(FMA, e, t7);
        x += aStep;
        y += cStep;
      }
      long to = out + b * outBlock;
      long below = b + 1 < blocks ? outBlock : 0;
      s0.intoMemorySegment(Memory.ALL, to, ORDER);
      t0.intoMemorySegment(Memory.ALL, to + below, ORDER);
      s1.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(1, last), ORDER);
      t1.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(1, last) + below, ORDER);
      s2.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(2, last), ORDER);
      t2.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(2, last) + below, ORDER);
      s3.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(3, last), ORDER);
      t3.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(3, last) + below, ORDER);
      s4.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(4, last), ORDER);
      t4.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(4, last) + below, ORDER);
      s5.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(5, last), ORDER);
      t5.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(5, last) + below, ORDER);
      s6.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(6, last), ORDER);
      t6.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(6, last) + below, ORDER);
      s7.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(7, last), ORDER);
      t7.intoMemorySegment(Memory.ALL, to + outOuter * Math.min(7, last) + below, ORDER);
    }
  }

  /** Chains of five classes and two features; where there are fewer, the last is done again. */
  private static void outerTile(
      int blocks, int lastClass, int lastFeature, long g, long column, long h, long block, long sums, long next) {
    long g1 = column * Math.min(1, lastClass);
    long g2 = column * Math.min(2, lastClass);
    long g3 = column * Math.min(3, lastClass);
    long g4 = column * Math.min(4, lastClass);
    long h1 = 64L * Math.min(1, lastFeature);
    DoubleVector s00 = DoubleVector.broadcast(S, 0);
    DoubleVector s01 = DoubleVector.broadcast(S, 0);
    DoubleVector s02 = DoubleVector.broadcast(S, 0);
    DoubleVector s03 = DoubleVector.broadcast(S, 0);
    DoubleVector s04 = DoubleVector.broadcast(S, 0);
    DoubleVector s10 = DoubleVector.broadcast(S, 0);
    DoubleVector s11 = DoubleVector.broadcast(S, 0);
    DoubleVector s12 = DoubleVector.broadcast(S, 0);
    DoubleVector s13 = DoubleVector.broadcast(S, 0);
    DoubleVector s14 = DoubleVector.broadcast(S, 0);
    for (int b = 0; b < blocks; b++) {
      DoubleVector x0 = DoubleVector.fromMemorySegment(S, Memory.ALL, h, ORDER);
      DoubleVector x1 = DoubleVector.fromMemorySegment(S, Memory.ALL, h + h1, ORDER);
      DoubleVector e = DoubleVector.fromMemorySegment(S, Memory.ALL, g, ORDER);
      s00 = x0.lanewise(FMA, e, s00);
      s10 = x1.lanewise(FMA, e, s10);
      e = DoubleVector.fromMemorySegment(S, Memory.ALL, g + g1, ORDER);
      s01 = x0.lanewise(FMA, e, s01);
      s11 = x1.lanewise(FMA, e, s11);
      e = DoubleVector.fromMemorySegment(S, Memory.ALL, g + g2, ORDER);
      s02 = x0.lanewise(FMA, e, s02);
      s12 = x1.lanewise(FMA, e, s12);
      e = DoubleVector.fromMemorySegment(S, Memory.ALL, g + g3, ORDER);
      s03 = x0.lanewise(FMA, e, s03);
      s13 = x1.lanewise(FMA, e, s13);
      e = DoubleVector.fromMemorySegment(S, Memory.ALL, g + g4, ORDER);
      s04 = x0.lanewise(FMA, e, s04);
      s14 = x1.lanewise(FMA, e, s14);
      g += 64;
      h += block;
    }
    s00.intoMemorySegment(Memory.ALL, sums, ORDER);
    s01.intoMemorySegment(Memory.ALL, sums + 64L * Math.min(1, lastClass), ORDER);
    s02.intoMemorySegment(Memory.ALL, sums + 64L * Math.min(2, lastClass), ORDER);
    s03.intoMemorySegment(Memory.ALL, sums + 64L * Math.min(3, lastClass), ORDER);
    s04.intoMemorySegment(Memory.ALL, sums + 64L * Math.min(4, lastClass), ORDER);
    s10.intoMemorySegment(Memory.ALL, sums + next * Math.min(1, lastFeature), ORDER);
    s11.intoMemorySegment(Memory.ALL, sums + 64L * Math.min(1, lastClass) + next * Math.min(1, lastFeature), ORDER);
    s12.intoMemorySegment(Memory.ALL, sums + 64L * Math.min(2, lastClass) + next * Math.min(1, lastFeature), ORDER);
    s13.intoMemorySegment(Memory.ALL, sums + 64L * Math.min(3, lastClass) + next * Math.min(1, lastFeature), ORDER);
    s14.intoMemorySegment(Memory.ALL, sums + 64L * Math.min(4, lastClass) + next * Math.min(1, lastFeature), ORDER);
  }

  /** As {@link #outerTile} for four features: for machines with 32 registers. */
  private static void wideOuterTile(
      int blocks, int lastClass, int lastFeature, long g, long column, long h, long block, long sums, long next) {
    long g1 = column * Math.min(1, lastClass);
    long g2 = column * Math.min(2, lastClass);
    long g3 = column * Math.min(3, lastClass);
    long g4 = column * Math.min(4, lastClass);
    long h1 = 64L * Math.min(1, lastFeature);
    long h2 = 64L * Math.min(2, lastFeature);
    long h3 = 64L * Math.min(3, lastFeature);
    DoubleVector s00 = DoubleVector.broadcast(S, 0);
    DoubleVector s01 = DoubleVector.broadcast(S, 0);
    DoubleVector s02 = DoubleVector.broadcast(S, 0);
    DoubleVector s03 = DoubleVector.broadcast(S, 0);
    DoubleVector s04 = DoubleVector.broadcast(S, 0);
    DoubleVector s10 = DoubleVector.broadcast(S, 0);
    DoubleVector s11 = DoubleVector.broadcast(S, 0);
    DoubleVector s12 = DoubleVector.broadcast(S, 0);
    DoubleVector s13 = DoubleVector.broadcast(S, 0);
    DoubleVector s14 = DoubleVector.broadcast(S, 0);
    DoubleVector s20 = DoubleVector.broadcast(S, 0);
    DoubleVector s21 = DoubleVector.broadcast(S, 0);
    DoubleVector s22 = DoubleVector.broadcast(S, 0);
    DoubleVector s23 = DoubleVector.broadcast(S, 0);
    DoubleVector s24 = DoubleVector.broadcast(S, 0);
    DoubleVector s30 = DoubleVector.broadcast(S, 0);
    DoubleVector s31 = DoubleVector.broadcast(S, 0);
    DoubleVector s32 = DoubleVector.broadcast(S, 0);
    DoubleVector s33 = DoubleVector.broadcast(S, 0);
    DoubleVector s34 = DoubleVector.broadcast(S, 0);
    for (int b = 0; b < blocks; b++) {
      DoubleVector x0 = DoubleVector.fromMemorySegment(S, Memory.ALL, h, ORDER);
      DoubleVector x1 = DoubleVector.fromMemorySegment(S, Memory.ALL, h + h1, ORDER);
      DoubleVector x2 = DoubleVector.fromMemorySegment(S, Memory.ALL, h + h2, ORDER);
      DoubleVector x3 = DoubleVector.fromMemorySegment(S, Memory.ALL, h + h3, ORDER);
      DoubleVector e = DoubleVector.fromMemorySegment(S, Memory.ALL, g, ORDER);
      s00 = x0.lanewise(FMA, e, s00);
      s10 = x1.lanewise(FMA, e, s10);
      s20 = x2.lanewise(FMA, e, s20);
      s30 = x3.lanewise(FMA, e, s30);
      e = DoubleVector.fromMemorySegment(S, Memory.ALL, g + g1, ORDER);
      s01 = x0.lanewise(FMA, e, s01);
      s11 = x1.lanewise(FMA, e, s11);
      s21 = x2.lanewise(FMA, e, s21);
      s31 = x3.lanewise(FMA, e, s31);
      e = DoubleVector.fromMemorySegment(S, Memory.ALL, g + g2, ORDER);
      s02 = x0.lanewise(FMA, e, s02);
      s12 = x1.lanewise(FMA, e, s12);
      s22 = x2.lanewise(FMA, e, s22);
      s32 = x3.lanewise(FMA, e, s32);
      e = DoubleVector.fromMemorySegment(S, Memory.ALL, g + g3, ORDER);
      s03 = x0.lanewise(FMA, e, s03);
      s13 = x1.lanewise(FMA, e, s13);
      s23 = x2.lanewise(FMA, e, s23);
      s33 = x3.lanewise(FMA, e, s33);
      e = DoubleVector.fromMemorySegment(S, Memory.ALL, g + g4, ORDER);
      s04 = x0.lanewise(FMA, e, s04);
      s14 = x1.lanewise(FMA, e, s14);
      s24 = x2.lanewise(FMA, e, s24);
      s34 = x3.lanewise(FMA, e, s34);
      g += 64;
      h += block;
    }
    s00.intoMemorySegment(Memory.ALL, sums, ORDER);
    s01.intoMemorySegment(Memory.ALL, sums + 64L * Math.min(1, lastClass), ORDER);
    s02.intoMemorySegment(Memory.ALL, sums + 64L * Math.min(2, lastClass), ORDER);
    s03.intoMemorySegment(Memory.ALL, sums + 64L * Math.min(3, lastClass), ORDER);
    s04.intoMemorySegment(Memory.ALL, sums + 64L * Math.min(4, lastClass), ORDER);
    s10.intoMemorySegment(Memory.ALL, sums + next * Math.min(1, lastFeature), ORDER);
    s11.intoMemorySegment(Memory.ALL, sums + 64L * Math.min(1, lastClass) + next * Math.min(1, lastFeature), ORDER);
    s12.intoMemorySegment(Memory.ALL, sums + 64L * Math.min(2, lastClass) + next * Math.min(1, lastFeature), ORDER);
    s13.intoMemorySegment(Memory.ALL, sums + 64L * Math.min(3, lastClass) + next * Math.min(1, lastFeature), ORDER);
    s14.intoMemorySegment(Memory.ALL, sums + 64L * Math.min(4, lastClass) + next * Math.min(1, lastFeature), ORDER);
    s20.intoMemorySegment(Memory.ALL, sums + next * Math.min(2, lastFeature), ORDER);
    s21.intoMemorySegment(Memory.ALL, sums + 64L * Math.min(1, lastClass) + next * Math.min(2, lastFeature), ORDER);
    s22.intoMemorySegment(Memory.ALL, sums + 64L * Math.min(2, lastClass) + next * Math.min(2, lastFeature), ORDER);
    s23.intoMemorySegment(Memory.ALL, sums + 64L * Math.min(3, lastClass) + next * Math.min(2, lastFeature), ORDER);
    s24.intoMemorySegment(Memory.ALL, sums + 64L * Math.min(4, lastClass) + next * Math.min(2, lastFeature), ORDER);
    s30.intoMemorySegment(Memory.ALL, sums + next * Math.min(3, lastFeature), ORDER);
    s31.intoMemorySegment(Memory.ALL, sums + 64L * Math.min(1, lastClass) + next * Math.min(3, lastFeature), ORDER);
    s32.intoMemorySegment(Memory.ALL, sums + 64L * Math.min(2, lastClass) + next * Math.min(3, lastFeature), ORDER);
    s33.intoMemorySegment(Memory.ALL, sums + 64L * Math.min(3, lastClass) + next * Math.min(3, lastFeature), ORDER);
    s34.intoMemorySegment(Memory.ALL, sums + 64L * Math.min(4, lastClass) + next * Math.min(3, lastFeature), ORDER);
  }
}

package ufm.backend.cpu;

import static jdk.incubator.vector.VectorOperators.FMA;
import static ufm.backend.cpu.SmallKernels.ROWS;
import static ufm.backend.cpu.VectorFunctions.L;
import static ufm.backend.cpu.VectorFunctions.S;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;

/** The products of a small layer where rows are lanes, on the Vector API; tiles as in {@link VectorSmallProducts}. */
final class VectorLaneProducts {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();

  private VectorLaneProducts() {}

  static void laneLogits(int samples, int d, int classes, long h, long w, long z, int ld) {
    for (int k = 0; k < classes; k += 4) {
      int last = Math.min(3, classes - 1 - k);
      for (long c = 0; c < 64; c += 8L * L) {
        laneLogitTile(samples, d, last, 64L * d, 64, h + c, 64L * classes, 64, w + 64L * k + c, 64, 8L * ld, z + 8L * ld * k + c);
      }
    }
  }

  static void laneFeatures(int samples, int d, int classes, long w, long g, int ld, long out) {
    for (int j = 0; j < d; j += 4) {
      int last = Math.min(3, d - 1 - j);
      for (long c = 0; c < 64; c += 8L * L) {
        laneFeatureTile(
            samples, classes, last, 64, 8L * ld, g + c, 64, 64L * classes, w + 64L * classes * j + c, 64L * d, 64, out + 64L * j + c);
      }
    }
  }

  static void laneOuter(int samples, int d, int classes, long g, int ld, long h, long out) {
    for (int k = 0; k < classes; k += 3) {
      int lastClass = Math.min(2, classes - 1 - k);
      for (int j = 0; j < d; j += 3) {
        for (long c = 0; c < 64; c += 8L * L) {
          laneTile(
              samples, lastClass, Math.min(2, d - 1 - j), g + 8L * ld * k + c, 8L * ld, h + 64L * j + c, 64L * d,
              out + 64 * (k + (long) classes * j) + c, 64L * classes);
        }
      }
    }
  }

  /** Two samples by four classes; where there are fewer, the last is done again. */
  private static void laneLogitTile(
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
        DoubleVector e = DoubleVector.fromMemorySegment(S, Memory.ALL, y, ORDER);
        s0 = u.lanewise(FMA, e, s0);
        t0 = v.lanewise(FMA, e, t0);
        e = DoubleVector.fromMemorySegment(S, Memory.ALL, y + c1, ORDER);
        s1 = u.lanewise(FMA, e, s1);
        t1 = v.lanewise(FMA, e, t1);
        e = DoubleVector.fromMemorySegment(S, Memory.ALL, y + c2, ORDER);
        s2 = u.lanewise(FMA, e, s2);
        t2 = v.lanewise(FMA, e, t2);
        e = DoubleVector.fromMemorySegment(S, Memory.ALL, y + c3, ORDER);
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

  /** Two samples by four features. */
  private static void laneFeatureTile(
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
        DoubleVector e = DoubleVector.fromMemorySegment(S, Memory.ALL, y, ORDER);
        s0 = u.lanewise(FMA, e, s0);
        t0 = v.lanewise(FMA, e, t0);
        e = DoubleVector.fromMemorySegment(S, Memory.ALL, y + c1, ORDER);
        s1 = u.lanewise(FMA, e, s1);
        t1 = v.lanewise(FMA, e, t1);
        e = DoubleVector.fromMemorySegment(S, Memory.ALL, y + c2, ORDER);
        s2 = u.lanewise(FMA, e, s2);
        t2 = v.lanewise(FMA, e, t2);
        e = DoubleVector.fromMemorySegment(S, Memory.ALL, y + c3, ORDER);
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

  /** Sums over samples of three classes and three features; where there are fewer, the last is done again. */
  private static void laneTile(
      int samples, int lastClass, int lastFeature, long g, long column, long h, long block, long out, long next) {
    long g1 = column * Math.min(1, lastClass);
    long g2 = column * Math.min(2, lastClass);
    long h1 = 64L * Math.min(1, lastFeature);
    long h2 = 64L * Math.min(2, lastFeature);
    DoubleVector sum00 = DoubleVector.broadcast(S, 0);
    DoubleVector sum01 = DoubleVector.broadcast(S, 0);
    DoubleVector sum02 = DoubleVector.broadcast(S, 0);
    DoubleVector sum10 = DoubleVector.broadcast(S, 0);
    DoubleVector sum11 = DoubleVector.broadcast(S, 0);
    DoubleVector sum12 = DoubleVector.broadcast(S, 0);
    DoubleVector sum20 = DoubleVector.broadcast(S, 0);
    DoubleVector sum21 = DoubleVector.broadcast(S, 0);
    DoubleVector sum22 = DoubleVector.broadcast(S, 0);
    for (int c = 0; c < ROWS; c++) {
      DoubleVector s00 = DoubleVector.broadcast(S, 0);
      DoubleVector s01 = DoubleVector.broadcast(S, 0);
      DoubleVector s02 = DoubleVector.broadcast(S, 0);
      DoubleVector s10 = DoubleVector.broadcast(S, 0);
      DoubleVector s11 = DoubleVector.broadcast(S, 0);
      DoubleVector s12 = DoubleVector.broadcast(S, 0);
      DoubleVector s20 = DoubleVector.broadcast(S, 0);
      DoubleVector s21 = DoubleVector.broadcast(S, 0);
      DoubleVector s22 = DoubleVector.broadcast(S, 0);
      for (int i = c; i < samples; i += ROWS) {
        long x = h + i * block;
        long y = g + 64L * i;
        DoubleVector x0 = DoubleVector.fromMemorySegment(S, Memory.ALL, x, ORDER);
        DoubleVector x1 = DoubleVector.fromMemorySegment(S, Memory.ALL, x + h1, ORDER);
        DoubleVector x2 = DoubleVector.fromMemorySegment(S, Memory.ALL, x + h2, ORDER);
        DoubleVector e = DoubleVector.fromMemorySegment(S, Memory.ALL, y, ORDER);
        s00 = x0.lanewise(FMA, e, s00);
        s10 = x1.lanewise(FMA, e, s10);
        s20 = x2.lanewise(FMA, e, s20);
        e = DoubleVector.fromMemorySegment(S, Memory.ALL, y + g1, ORDER);
        s01 = x0.lanewise(FMA, e, s01);
        s11 = x1.lanewise(FMA, e, s11);
        s21 = x2.lanewise(FMA, e, s21);
        e = DoubleVector.fromMemorySegment(S, Memory.ALL, y + g2, ORDER);
        s02 = x0.lanewise(FMA, e, s02);
        s12 = x1.lanewise(FMA, e, s12);
        s22 = x2.lanewise(FMA, e, s22);
      }
      sum00 = sum00.add(s00);
      sum01 = sum01.add(s01);
      sum02 = sum02.add(s02);
      sum10 = sum10.add(s10);
      sum11 = sum11.add(s11);
      sum12 = sum12.add(s12);
      sum20 = sum20.add(s20);
      sum21 = sum21.add(s21);
      sum22 = sum22.add(s22);
    }
    sum00.intoMemorySegment(Memory.ALL, out, ORDER);
    sum01.intoMemorySegment(Memory.ALL, out + 64L * Math.min(1, lastClass), ORDER);
    sum02.intoMemorySegment(Memory.ALL, out + 64L * Math.min(2, lastClass), ORDER);
    sum10.intoMemorySegment(Memory.ALL, out + next * Math.min(1, lastFeature), ORDER);
    sum11.intoMemorySegment(Memory.ALL, out + 64L * Math.min(1, lastClass) + next * Math.min(1, lastFeature), ORDER);
    sum12.intoMemorySegment(Memory.ALL, out + 64L * Math.min(2, lastClass) + next * Math.min(1, lastFeature), ORDER);
    sum20.intoMemorySegment(Memory.ALL, out + next * Math.min(2, lastFeature), ORDER);
    sum21.intoMemorySegment(Memory.ALL, out + 64L * Math.min(1, lastClass) + next * Math.min(2, lastFeature), ORDER);
    sum22.intoMemorySegment(Memory.ALL, out + 64L * Math.min(2, lastClass) + next * Math.min(2, lastFeature), ORDER);
  }
}

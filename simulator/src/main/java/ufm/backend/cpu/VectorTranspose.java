package ufm.backend.cpu;

import static ufm.backend.cpu.SmallKernels.ROWS;
import static ufm.backend.cpu.VectorFunctions.L;
import static ufm.backend.cpu.VectorFunctions.S;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/** Columns into blocks of rows and back, eight by eight in registers of eight doubles; narrower ones leave it to plain loops. */
final class VectorTranspose {
  private static final ByteOrder ORDER = ByteOrder.nativeOrder();
  private static final VectorShuffle<Double> SWAP_1 = VectorShuffle.fromOp(S, i -> i ^ 1 & L - 1);
  private static final VectorShuffle<Double> SWAP_2 = VectorShuffle.fromOp(S, i -> i ^ 2 & L - 1);
  private static final VectorShuffle<Double> SWAP_4 = VectorShuffle.fromOp(S, i -> i ^ 4 & L - 1);
  private static final VectorMask<Double> HIGH_1 = VectorMask.fromLong(S, 0xaa);
  private static final VectorMask<Double> HIGH_2 = VectorMask.fromLong(S, 0xcc);
  private static final VectorMask<Double> HIGH_4 = VectorMask.fromLong(S, 0xf0);

  private VectorTranspose() {}

  /** As {@link SmallKernels#gather} for the full blocks and the first rows, as many as are full squares; {@code n & -8} of each. */
  static void gather(long from, long apart, int columns, int n, int stride, long to) {
    for (int i = 0; i + ROWS <= columns; i += ROWS) {
      long column = from + i * apart;
      long at = to + 8L * stride * i;
      for (int j = 0; j + ROWS <= n; j += ROWS) {
        square(column + 8L * j, apart, at + 64L * j, 64);
      }
    }
  }

  /** As {@link SmallKernels#scatter} for the same elements. */
  static void scatter(long from, int columns, int n, int stride, long to, long apart) {
    for (int i = 0; i + ROWS <= columns; i += ROWS) {
      long column = to + i * apart;
      long at = from + 8L * stride * i;
      for (int j = 0; j + ROWS <= n; j += ROWS) {
        square(at + 64L * j, 64, column + 8L * j, apart);
      }
    }
  }

  /** Transposes an 8 x 8 square; columns of the source are {@code apart} bytes apart, of the target {@code next}. */
  private static void square(long from, long apart, long to, long next) {
    DoubleVector a0 = DoubleVector.fromMemorySegment(S, Memory.ALL, from, ORDER);
    DoubleVector a1 = DoubleVector.fromMemorySegment(S, Memory.ALL, from + apart, ORDER);
    DoubleVector a2 = DoubleVector.fromMemorySegment(S, Memory.ALL, from + 2 * apart, ORDER);
    DoubleVector a3 = DoubleVector.fromMemorySegment(S, Memory.ALL, from + 3 * apart, ORDER);
    DoubleVector a4 = DoubleVector.fromMemorySegment(S, Memory.ALL, from + 4 * apart, ORDER);
    DoubleVector a5 = DoubleVector.fromMemorySegment(S, Memory.ALL, from + 5 * apart, ORDER);
    DoubleVector a6 = DoubleVector.fromMemorySegment(S, Memory.ALL, from + 6 * apart, ORDER);
    DoubleVector a7 = DoubleVector.fromMemorySegment(S, Memory.ALL, from + 7 * apart, ORDER);
    DoubleVector b0 = a0.blend(a4.rearrange(SWAP_4), HIGH_4);
    DoubleVector b1 = a1.blend(a5.rearrange(SWAP_4), HIGH_4);
    DoubleVector b2 = a2.blend(a6.rearrange(SWAP_4), HIGH_4);
    DoubleVector b3 = a3.blend(a7.rearrange(SWAP_4), HIGH_4);
    DoubleVector b4 = a0.rearrange(SWAP_4).blend(a4, HIGH_4);
    DoubleVector b5 = a1.rearrange(SWAP_4).blend(a5, HIGH_4);
    DoubleVector b6 = a2.rearrange(SWAP_4).blend(a6, HIGH_4);
    DoubleVector b7 = a3.rearrange(SWAP_4).blend(a7, HIGH_4);
    DoubleVector c0 = b0.blend(b2.rearrange(SWAP_2), HIGH_2);
    DoubleVector c1 = b1.blend(b3.rearrange(SWAP_2), HIGH_2);
    DoubleVector c2 = b0.rearrange(SWAP_2).blend(b2, HIGH_2);
    DoubleVector c3 = b1.rearrange(SWAP_2).blend(b3, HIGH_2);
    DoubleVector c4 = b4.blend(b6.rearrange(SWAP_2), HIGH_2);
    DoubleVector c5 = b5.blend(b7.rearrange(SWAP_2), HIGH_2);
    DoubleVector c6 = b4.rearrange(SWAP_2).blend(b6, HIGH_2);
    DoubleVector c7 = b5.rearrange(SWAP_2).blend(b7, HIGH_2);
    DoubleVector d0 = c0.blend(c1.rearrange(SWAP_1), HIGH_1);
    DoubleVector d1 = c0.rearrange(SWAP_1).blend(c1, HIGH_1);
    DoubleVector d2 = c2.blend(c3.rearrange(SWAP_1), HIGH_1);
    DoubleVector d3 = c2.rearrange(SWAP_1).blend(c3, HIGH_1);
    DoubleVector d4 = c4.blend(c5.rearrange(SWAP_1), HIGH_1);
    DoubleVector d5 = c4.rearrange(SWAP_1).blend(c5, HIGH_1);
    DoubleVector d6 = c6.blend(c7.rearrange(SWAP_1), HIGH_1);
    DoubleVector d7 = c6.rearrange(SWAP_1).blend(c7, HIGH_1);
    d0.intoMemorySegment(Memory.ALL, to, ORDER);
    d1.intoMemorySegment(Memory.ALL, to + next, ORDER);
    d2.intoMemorySegment(Memory.ALL, to + 2 * next, ORDER);
    d3.intoMemorySegment(Memory.ALL, to + 3 * next, ORDER);
    d4.intoMemorySegment(Memory.ALL, to + 4 * next, ORDER);
    d5.intoMemorySegment(Memory.ALL, to + 5 * next, ORDER);
    d6.intoMemorySegment(Memory.ALL, to + 6 * next, ORDER);
    d7.intoMemorySegment(Memory.ALL, to + 7 * next, ORDER);
  }

  /** Adds up the chains of eight elements, as {@link SmallKernels#reduce}. */
  static void reduce(long sums, boolean add, long out) {
    DoubleVector a0 = DoubleVector.fromMemorySegment(S, Memory.ALL, sums, ORDER);
    DoubleVector a1 = DoubleVector.fromMemorySegment(S, Memory.ALL, sums + 64, ORDER);
    DoubleVector a2 = DoubleVector.fromMemorySegment(S, Memory.ALL, sums + 128, ORDER);
    DoubleVector a3 = DoubleVector.fromMemorySegment(S, Memory.ALL, sums + 192, ORDER);
    DoubleVector a4 = DoubleVector.fromMemorySegment(S, Memory.ALL, sums + 256, ORDER);
    DoubleVector a5 = DoubleVector.fromMemorySegment(S, Memory.ALL, sums + 320, ORDER);
    DoubleVector a6 = DoubleVector.fromMemorySegment(S, Memory.ALL, sums + 384, ORDER);
    DoubleVector a7 = DoubleVector.fromMemorySegment(S, Memory.ALL, sums + 448, ORDER);
    DoubleVector b0 = a0.blend(a4.rearrange(SWAP_4), HIGH_4);
    DoubleVector b1 = a1.blend(a5.rearrange(SWAP_4), HIGH_4);
    DoubleVector b2 = a2.blend(a6.rearrange(SWAP_4), HIGH_4);
    DoubleVector b3 = a3.blend(a7.rearrange(SWAP_4), HIGH_4);
    DoubleVector b4 = a0.rearrange(SWAP_4).blend(a4, HIGH_4);
    DoubleVector b5 = a1.rearrange(SWAP_4).blend(a5, HIGH_4);
    DoubleVector b6 = a2.rearrange(SWAP_4).blend(a6, HIGH_4);
    DoubleVector b7 = a3.rearrange(SWAP_4).blend(a7, HIGH_4);
    DoubleVector c0 = b0.blend(b2.rearrange(SWAP_2), HIGH_2);
    DoubleVector c1 = b1.blend(b3.rearrange(SWAP_2), HIGH_2);
    DoubleVector c2 = b0.rearrange(SWAP_2).blend(b2, HIGH_2);
    DoubleVector c3 = b1.rearrange(SWAP_2).blend(b3, HIGH_2);
    DoubleVector c4 = b4.blend(b6.rearrange(SWAP_2), HIGH_2);
    DoubleVector c5 = b5.blend(b7.rearrange(SWAP_2), HIGH_2);
    DoubleVector c6 = b4.rearrange(SWAP_2).blend(b6, HIGH_2);
    DoubleVector c7 = b5.rearrange(SWAP_2).blend(b7, HIGH_2);
    DoubleVector d0 = c0.blend(c1.rearrange(SWAP_1), HIGH_1);
    DoubleVector d1 = c0.rearrange(SWAP_1).blend(c1, HIGH_1);
    DoubleVector d2 = c2.blend(c3.rearrange(SWAP_1), HIGH_1);
    DoubleVector d3 = c2.rearrange(SWAP_1).blend(c3, HIGH_1);
    DoubleVector d4 = c4.blend(c5.rearrange(SWAP_1), HIGH_1);
    DoubleVector d5 = c4.rearrange(SWAP_1).blend(c5, HIGH_1);
    DoubleVector d6 = c6.blend(c7.rearrange(SWAP_1), HIGH_1);
    DoubleVector d7 = c6.rearrange(SWAP_1).blend(c7, HIGH_1);
    DoubleVector s = DoubleVector.broadcast(S, 0);
    s = s.add(d0);
    s = s.add(d1);
    s = s.add(d2);
    s = s.add(d3);
    s = s.add(d4);
    s = s.add(d5);
    s = s.add(d6);
    s = s.add(d7);
    if (add) {
      s = DoubleVector.fromMemorySegment(S, Memory.ALL, out, ORDER).add(s);
    }
    s.intoMemorySegment(Memory.ALL, out, ORDER);
  }
}

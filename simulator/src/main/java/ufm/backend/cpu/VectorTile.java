package ufm.backend.cpu;

import static jdk.incubator.vector.VectorOperators.FMA;
import static ufm.backend.cpu.VectorFunctions.L;
import static ufm.backend.cpu.VectorFunctions.S;
import static ufm.backend.cpu.VectorFunctions.all;
import static ufm.backend.cpu.VectorFunctions.load;
import static ufm.backend.cpu.VectorFunctions.store;

import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;

/** The tile on the Vector API: two registers by four columns at a time, as often as it takes to cover 16 rows. */
final class VectorTile implements TileKernel {
  private final ScalarTile rest = new ScalarTile();

  @Override
  public void sums(int k, long a, long apart, long b, long step, long b1, long b2, long b3, long sums) {
    if (L == ROWS) {
      twoRegisters(k, a, apart, b, step, b1, b2, b3, sums, 64);
    } else {
      for (int i = 0; i < ROWS; i += 2 * L) {
        twoRegisters(k, a + 8L * i, 8L * L, b, step, b1, b2, b3, sums + 8L * i, 8L * L);
        if (apart != 0) {
          twoRegisters(k, a + apart + 8L * i, 8L * L, b, step, b1, b2, b3, sums + 64 + 8L * i, 8L * L);
        }
      }
    }
  }

  /** Written out in full: so long a method is compiled on its own and never into its callers, where the compiler would run out of budget. */
  private static void twoRegisters(
      int k, long a, long apart, long b, long step, long b1, long b2, long b3, long sums, long below) {
    DoubleVector s0 = all(0);
    DoubleVector s1 = all(0);
    DoubleVector s2 = all(0);
    DoubleVector s3 = all(0);
    DoubleVector t0 = all(0);
    DoubleVector t1 = all(0);
    DoubleVector t2 = all(0);
    DoubleVector t3 = all(0);
    for (int p = 0; p < k; p++) {
      DoubleVector x = DoubleVector.fromMemorySegment(S, Memory.ALL, a, ByteOrder.nativeOrder());
      DoubleVector y = DoubleVector.fromMemorySegment(S, Memory.ALL, a + apart, ByteOrder.nativeOrder());
      DoubleVector e = DoubleVector.broadcast(S, Memory.get(b));
      s0 = x.lanewise(FMA, e, s0);
      t0 = y.lanewise(FMA, e, t0);
      e = DoubleVector.broadcast(S, Memory.get(b + b1));
      s1 = x.lanewise(FMA, e, s1);
      t1 = y.lanewise(FMA, e, t1);
      e = DoubleVector.broadcast(S, Memory.get(b + b2));
      s2 = x.lanewise(FMA, e, s2);
      t2 = y.lanewise(FMA, e, t2);
      e = DoubleVector.broadcast(S, Memory.get(b + b3));
      s3 = x.lanewise(FMA, e, s3);
      t3 = y.lanewise(FMA, e, t3);
      a += 64;
      b += step;
    }
    s0.intoMemorySegment(Memory.ALL, sums, ByteOrder.nativeOrder());
    t0.intoMemorySegment(Memory.ALL, sums + below, ByteOrder.nativeOrder());
    s1.intoMemorySegment(Memory.ALL, sums + 128, ByteOrder.nativeOrder());
    t1.intoMemorySegment(Memory.ALL, sums + 128 + below, ByteOrder.nativeOrder());
    s2.intoMemorySegment(Memory.ALL, sums + 256, ByteOrder.nativeOrder());
    t2.intoMemorySegment(Memory.ALL, sums + 256 + below, ByteOrder.nativeOrder());
    s3.intoMemorySegment(Memory.ALL, sums + 384, ByteOrder.nativeOrder());
    t3.intoMemorySegment(Memory.ALL, sums + 384 + below, ByteOrder.nativeOrder());
  }

  @Override
  public void put(int n, double alpha, long sums, double beta, long c) {
    int full = n & -L;
    DoubleVector f = all(alpha);
    if (beta == 0) {
      for (long i = 0; i < 8L * full; i += 8L * L) {
        store(load(sums + i).mul(f), c + i);
      }
    } else {
      DoubleVector g = all(beta);
      for (long i = 0; i < 8L * full; i += 8L * L) {
        store(load(sums + i).lanewise(FMA, f, load(c + i).mul(g)), c + i);
      }
    }
    rest.put(n - full, alpha, sums + 8L * full, beta, c + 8L * full);
  }
}

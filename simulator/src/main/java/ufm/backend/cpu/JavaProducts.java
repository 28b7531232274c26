package ufm.backend.cpu;

import static ufm.backend.cpu.Memory.get;
import static ufm.backend.cpu.Memory.set;

/**
 * Products in Java: A is packed into strips of eight rows, B (where that pays) into columns, and a {@link TileKernel} does the rest. The
 * inner index is cut into blocks of 256, whose sums are added to C in order. For one thread: it owns the memory it packs into.
 */
final class JavaProducts implements Products {
  private static final int INNER = 256;
  private static final int ROWS = 128;
  private static final int COLUMNS = 64;
  private static final int STRIP = TileKernel.ROWS;

  private final KernelFamily family;
  private TileKernel tile;
  private final Scratch memory = new Scratch();
  private final long packedA;
  private final long packedB;
  private final long sums;

  JavaProducts(KernelFamily family) {
    this.family = family;
    memory.reset(ROWS * INNER + COLUMNS * INNER + 2 * STRIP * TileKernel.COLUMNS);
    packedA = memory.take(ROWS * INNER);
    packedB = memory.take(COLUMNS * INNER);
    sums = memory.take(2 * STRIP * TileKernel.COLUMNS);
  }

  @Override
  public String description() {
    return "java";
  }

  @Override
  public void gemm(
      boolean transA, boolean transB, int m, int n, int k, double alpha, long a, int lda, long b, int ldb, double beta, long c, int ldc) {
    tile = family.tile();
    long rowA = transA ? 8L * lda : 8L;
    long stepA = transA ? 8L : 8L * lda;
    long stepB = transB ? 8L * ldb : 8L;
    long columnB = transB ? 8L : 8L * ldb;
    // Whether to pack B changes where numbers are read from, not what is done with them.
    boolean packB = transB && m >= 4 * STRIP && (long) n * k > 2048;
    int p0 = 0;
    do {
      int inner = Math.min(INNER, k - p0);
      double factor = p0 == 0 ? beta : 1;
      for (int i0 = 0; i0 < m; i0 += ROWS) {
        int rows = Math.min(ROWS, m - i0);
        packRows(rows, inner, a + i0 * rowA + p0 * stepA, rowA, stepA);
        for (int j0 = 0; j0 < n; j0 += COLUMNS) {
          int columns = Math.min(COLUMNS, n - j0);
          long from = b + p0 * stepB + j0 * columnB;
          long to = c + 8L * (i0 + (long) ldc * j0);
          if (packB) {
            packColumns(columns, inner, from, stepB, columnB);
            block(rows, columns, inner, alpha, packedB, 8, 8L * inner, factor, to, ldc);
          } else {
            block(rows, columns, inner, alpha, from, stepB, columnB, factor, to, ldc);
          }
        }
      }
      p0 += INNER;
    } while (p0 < k);
  }

  /** Packed rows times columns, tile by tile. */
  private void block(
      int rows, int columns, int inner, double alpha, long b, long stepB, long columnB, double beta, long c, int ldc) {
    for (int i = 0; i < rows; i += 2 * STRIP) {
      int height = Math.min(2 * STRIP, rows - i);
      long apart = height > STRIP ? 8L * STRIP * inner : 0;
      for (int j = 0; j < columns; j += TileKernel.COLUMNS) {
        int wide = Math.min(TileKernel.COLUMNS, columns - j);
        tile.sums(
            inner, packedA + 8L * i * inner, apart, b + j * columnB, stepB, wide > 1 ? columnB : 0, wide > 2 ? 2 * columnB : 0,
            wide > 3 ? 3 * columnB : 0, sums);
        for (int q = 0; q < wide; q++) {
          tile.put(height, alpha, sums + 128L * q, beta, c + 8L * (i + (long) ldc * (j + q)));
        }
      }
    }
  }

  private void packRows(int rows, int inner, long a, long rowA, long stepA) {
    for (int i0 = 0; i0 < rows; i0 += STRIP) {
      long to = packedA + 8L * i0 * inner;
      for (int i = 0; i < STRIP; i++) {
        if (i0 + i < rows) {
          long from = a + (i0 + i) * rowA;
          for (int p = 0; p < inner; p++) {
            set(to + 64L * p + 8L * i, get(from + p * stepA));
          }
        } else {
          for (int p = 0; p < inner; p++) {
            set(to + 64L * p + 8L * i, 0);
          }
        }
      }
    }
  }

  private void packColumns(int columns, int inner, long b, long stepB, long columnB) {
    for (int p = 0; p < inner; p++) {
      for (int j = 0; j < columns; j++) {
        set(packedB + 8L * (p + (long) inner * j), get(b + p * stepB + j * columnB));
      }
    }
  }

  @Override
  public void close() {
    memory.close();
  }
}

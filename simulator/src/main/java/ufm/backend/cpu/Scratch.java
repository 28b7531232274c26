package ufm.backend.cpu;

import java.lang.foreign.Arena;

/** Native working memory of one thread: grows to the largest need and is then reused. */
final class Scratch implements AutoCloseable {
  private Arena arena;
  private long base;
  private long capacity;
  private long used;

  /** Starts anew with room for that many doubles; what was taken before is void. */
  void reset(long doubles) {
    used = 0;
    if (doubles > capacity) {
      close();
      arena = Arena.ofShared();
      base = arena.allocate(8 * doubles, 64).address();
      capacity = doubles;
    }
  }

  /** Address of the next {@code doubles} (a multiple of 8). */
  long take(long doubles) {
    long at = base + 8 * used;
    used += doubles;
    if (used > capacity) {
      throw new IllegalStateException("scratch of " + capacity + " doubles is too small for " + used);
    }
    return at;
  }

  @Override
  public void close() {
    if (arena != null) {
      arena.close();
      arena = null;
      capacity = 0;
    }
  }
}

package ufm.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * All native memory as one segment, so that kernels take plain addresses: bounds and lifetime are checked once where an operation
 * starts ({@link CpuBuffer#address}), not at every element.
 */
final class Memory {
  /** The whole address space; an offset in it is an address. */
  static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

  private Memory() {}

  /** The double at an address. */
  static double get(long address) {
    return ALL.get(ValueLayout.JAVA_DOUBLE, address);
  }

  /** Stores a double at an address. */
  static void set(long address, double value) {
    ALL.set(ValueLayout.JAVA_DOUBLE, address, value);
  }

  /** Elements from one column of an n-row scratch matrix to the next: a multiple of 8, and not of 64 where columns would share a cache set. */
  static int leadingDimension(int n) {
    int ld = roundUp(n);
    return ld >= 64 && ld % 64 == 0 ? ld + 8 : ld;
  }

  /** The next multiple of 8. */
  static int roundUp(int n) {
    return (n + 7) & ~7;
  }
}

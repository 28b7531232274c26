package ufm.backend.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import ufm.backend.LaneBuffer;
import ufm.backend.Precision;

/** Lanes of float64 in native memory aligned to 64 bytes; freed by {@link #close}. */
final class CpuBuffer implements LaneBuffer {
  private final int lanes;
  private final long length;
  private final long stride;
  private final SpareMemory spare;
  private final Arena arena;
  private final MemorySegment memory;
  private final long base;
  private boolean open = true;

  /**
   * Zeros.
   *
   * @param spare where memory of the size may be found, and goes when the buffer is closed
   */
  CpuBuffer(int lanes, long length, SpareMemory spare) {
    if (lanes < 1 || length < 0) {
      throw new IllegalArgumentException("a buffer needs at least 1 lane and a length of at least 0, not " + lanes + " and " + length);
    }
    this.lanes = lanes;
    this.length = length;
    stride = Math.max(8, Math.addExact(length, 7) & ~7L);
    this.spare = spare;
    long bytes = Math.multiplyExact(Math.multiplyExact(stride, 8L), lanes);
    arena = bytes <= SpareMemory.LARGEST ? null : Arena.ofShared();
    memory = arena == null ? spare.take(bytes) : arena.allocate(bytes, 64);
    base = memory.address();
  }

  /** A buffer that belongs to this backend, or a clear error. */
  static CpuBuffer of(LaneBuffer b) {
    if (b instanceof CpuBuffer c) {
      return c;
    }
    throw new IllegalArgumentException("a buffer of another backend was given to the cpu backend: " + b);
  }

  /** Address of the first element of a lane. */
  long address(int lane) {
    if (!open) {
      throw new IllegalStateException("the buffer has been closed");
    }
    if (lane < 0 || lane >= lanes) {
      throw new IndexOutOfBoundsException("lane " + lane + " of " + lanes);
    }
    return base + lane * stride * 8;
  }

  /** Address of an element, after checking that {@code count} elements lie there. */
  long address(int lane, long offset, long count) {
    if (offset < 0 || count < 0 || offset + count > length) {
      throw new IndexOutOfBoundsException("elements " + offset + " .. " + (offset + count) + " of a lane of length " + length);
    }
    return address(lane) + offset * 8;
  }

  @Override
  public int lanes() {
    return lanes;
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public long stride() {
    return stride;
  }

  @Override
  public Precision precision() {
    return Precision.FLOAT64;
  }

  @Override
  public void close() {
    if (open) {
      open = false;
      if (arena == null) {
        spare.give(memory);
      } else {
        arena.close();
      }
    }
  }
}

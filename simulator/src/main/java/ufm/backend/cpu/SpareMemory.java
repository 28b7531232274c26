package ufm.backend.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;

/**
 * Memory of closed buffers, kept for the next ones of the same size. A solve opens and closes dozens of buffers; freeing memory that several
 * threads may see costs a handshake with all of them, 20 microseconds each, more than an evaluation of a small problem.
 *
 * <p>What is kept is bounded; what is not kept is freed with the segment, when nothing refers to it any more.
 */
final class SpareMemory {
  /** Larger buffers are not kept. */
  static final long LARGEST = 4L << 20;

  private static final long MOST = 32L << 20;

  private final Map<Long, ArrayDeque<MemorySegment>> spare = new HashMap<>();
  private long kept;

  /** Zeros, aligned to 64 bytes. */
  MemorySegment take(long bytes) {
    MemorySegment segment = null;
    synchronized (this) {
      ArrayDeque<MemorySegment> same = spare.get(bytes);
      if (same != null && !same.isEmpty()) {
        segment = same.pop();
        kept -= bytes;
      }
    }
    return segment == null ? Arena.ofAuto().allocate(bytes, 64) : segment.fill((byte) 0);
  }

  /** Takes back memory that nobody uses any more. */
  synchronized void give(MemorySegment segment) {
    if (kept + segment.byteSize() <= MOST) {
      kept += segment.byteSize();
      spare.computeIfAbsent(segment.byteSize(), size -> new ArrayDeque<>()).push(segment);
    }
  }
}

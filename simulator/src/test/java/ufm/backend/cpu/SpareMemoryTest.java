package ufm.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import ufm.backend.LaneBuffer;

class SpareMemoryTest {
  @Test
  void whatWasGivenBackComesAgainAsZeros() {
    SpareMemory spare = new SpareMemory();
    MemorySegment first = spare.take(4096);
    assertZeros(first);
    first.fill((byte) 7);
    spare.give(first);
    assertNotEquals(first.address(), spare.take(8192).address(), "memory of another size stays where it is");
    MemorySegment second = spare.take(4096);
    assertEquals(first.address(), second.address());
    assertZeros(second);
    assertNotEquals(second.address(), spare.take(4096).address(), "it is given away once");
    assertEquals(0, second.address() % 64);
  }

  @Test
  void keepsThirtyTwoMebibytes() {
    SpareMemory spare = new SpareMemory();
    List<MemorySegment> held = new ArrayList<>();
    Set<Long> addresses = new HashSet<>();
    for (int i = 0; i < 9; i++) {
      held.add(spare.take(SpareMemory.LARGEST));
      addresses.add(held.getLast().address());
    }
    held.forEach(spare::give);
    int again = 0;
    List<MemorySegment> taken = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      taken.add(spare.take(SpareMemory.LARGEST));
      again += addresses.contains(taken.getLast().address()) ? 1 : 0;
    }
    assertEquals(8, again);
    // What was taken out makes room.
    spare.give(taken.getLast());
    assertEquals(taken.getLast().address(), spare.take(SpareMemory.LARGEST).address());
  }

  @Test
  void newBuffersAreZerosWhateverClosedOnesHeld() {
    try (CpuBackend backend = CpuBackend.create()) {
      for (long length : new long[] {5, 1000, SpareMemory.LARGEST / 8 + 8}) {
        double[] dirty = new double[Math.toIntExact(length)];
        Arrays.fill(dirty, Math.PI);
        for (int round = 0; round < 3; round++) {
          try (LaneBuffer b = backend.allocate(2, length)) {
            for (int lane = 0; lane < 2; lane++) {
              double[] found = new double[dirty.length];
              backend.read(b, lane, 0, found, 0, found.length);
              assertArrayEquals(new double[dirty.length], found);
              backend.write(b, lane, 0, dirty, 0, dirty.length);
            }
          }
        }
      }
    }
  }

  @Test
  void aClosedBufferIsOutOfUseAndItsMemoryBelongsToOneOther() {
    try (CpuBackend backend = CpuBackend.create()) {
      LaneBuffer closed = backend.allocate(1, 8);
      closed.close();
      closed.close();
      double[] values = {1, 2, 3, 4, 5, 6, 7, 8};
      try (LaneBuffer a = backend.allocate(1, 8); LaneBuffer b = backend.allocate(1, 8)) {
        backend.write(a, 0, 0, values, 0, 8);
        double[] found = new double[8];
        backend.read(b, 0, 0, found, 0, 8);
        assertArrayEquals(new double[8], found, "closing twice gives memory back once");
        assertThrows(IllegalStateException.class, () -> backend.read(closed, 0, 0, found, 0, 8));
        assertThrows(IllegalStateException.class, () -> backend.write(closed, 0, 0, found, 0, 8));
        backend.read(a, 0, 0, found, 0, 8);
        assertArrayEquals(values, found);
      }
    }
  }

  private static void assertZeros(MemorySegment segment) {
    for (long i = 0; i < segment.byteSize(); i += 8) {
      assertTrue(segment.get(ValueLayout.JAVA_LONG, i) == 0);
    }
  }
}

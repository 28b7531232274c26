package ufm.lab.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import ufm.lab.db.Results;
import ufm.lab.db.ResultsDatabase;
import ufm.lab.db.ResultsError;
import ufm.lab.spec.Experiment;

/** What happens to a sweep from outside: kill -9, a second writer, readers, a full disk. */
class KilledSweepTest {
  private static final int POINTS = 24;

  @TempDir Path dir;

  private static void waitFor(java.util.function.BooleanSupplier condition, Process child) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    while (!condition.getAsBoolean()) {
      assertTrue(System.nanoTime() < end, "took too long");
      assertTrue(child.isAlive(), "ended too early with " + (child.isAlive() ? "" : child.exitValue()));
      Thread.sleep(50);
    }
  }

  private static int liveCells(Experiment e, Path file) {
    try (Results live = Results.open(file)) {
      return live.live() ? live.cells(e.sweep().axes()).size() : -1;
    } catch (ResultsError notYet) {
      return -1;
    }
  }

  @Test
  void aSweepThatIsKilledGoesOnAndEndsWithTheSameRows() throws Exception {
    Experiment e = SweepFixture.collapse(POINTS, 2);
    Path file = dir.resolve("killed.duckdb");
    // 10 ms for each of 576 cells on two workers: about three seconds of work.
    Process child = SweepProcess.start(file, POINTS, 2, 10_000, 0);
    try {
      waitFor(() -> Files.exists(ResultsDatabase.live(file)), child);
      // While it runs, others read the live copy, and nobody else may write.
      int seen = liveCells(e, file);
      assertTrue(seen > 0 && seen < POINTS * POINTS, "cells in the live copy: " + seen);
      ResultsError second = assertThrows(ResultsError.class, () -> SweepFixture.open(e, file));
      assertTrue(second.getMessage().contains("another process"), second.getMessage());
    } finally {
      child.destroyForcibly().waitFor();
    }
    int left = SweepFixture.run(e, file, 2, ClosedFormCells::new);
    assertTrue(left > 0 && left < POINTS * POINTS, "left " + left);
    assertFalse(Files.exists(ResultsDatabase.live(file)));
    Path whole = dir.resolve("whole.duckdb");
    SweepFixture.run(e, whole, 1, ClosedFormCells::new);
    for (String table : new String[] {"runs", "starts", "cells"}) {
      assertEquals(SweepFixture.table(whole, table), SweepFixture.table(file, table), table);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskEndsTheSweepWithOneSentenceAndKeepsTheRows() throws Exception {
    Experiment e = SweepFixture.collapse(POINTS, 8);
    Path file = dir.resolve("full.duckdb");
    // No file may grow beyond 128 KiB; all rows need several times that.
    Process child = SweepProcess.start(file, POINTS, 8, 10_000, 128 * 1024);
    assertTrue(child.waitFor(120, TimeUnit.SECONDS));
    String log = Files.readString(dir.resolve("child.log"));
    assertEquals(2, child.exitValue(), log);
    assertTrue(log.contains("can't be written") && log.contains("goes on from there"), log);
    int left = SweepFixture.run(e, file, 2, ClosedFormCells::new);
    assertTrue(left > 0 && left < POINTS * POINTS, "left " + left + "\n" + log);
    Path whole = dir.resolve("whole.duckdb");
    SweepFixture.run(e, whole, 1, ClosedFormCells::new);
    assertEquals(SweepFixture.table(whole, "runs"), SweepFixture.table(file, "runs"));
  }
}

package ufm.lab.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ufm.lab.UnusableFile;
import ufm.lab.db.Identity;
import ufm.lab.db.Results;
import ufm.lab.db.ResultsDatabase;
import ufm.lab.db.ResultsError;
import ufm.lab.db.Run;
import ufm.lab.spec.Experiment;

class ResumeTest {
  @TempDir Path dir;

  @Test
  void aFinishedSweepHasNothingLeftToDo() {
    Experiment e = SweepFixture.collapse(5, 2);
    Path file = dir.resolve("a.duckdb");
    assertEquals(25, SweepFixture.run(e, file, 2, ClosedFormCells::new));
    List<Map<String, Object>> before = SweepFixture.table(file, "runs");
    assertEquals(0, SweepFixture.run(e, file, 2, ClosedFormCells::new));
    assertEquals(before, SweepFixture.table(file, "runs"));
    assertFalse(Files.exists(ResultsDatabase.live(file)), "the live copy goes away at the end");
  }

  @Test
  void aRefinedGridKeepsTheOldRows() {
    Path file = dir.resolve("a.duckdb");
    SweepFixture.run(SweepFixture.collapse(5, 2), file, 2, ClosedFormCells::new);
    List<Map<String, Object>> old = SweepFixture.table(file, "runs");
    Experiment fine = SweepFixture.collapse(9, 2);
    assertEquals(81 - 25, SweepFixture.run(fine, file, 2, ClosedFormCells::new));
    List<Map<String, Object>> rows = SweepFixture.table(file, "runs");
    assertEquals(81, rows.size());
    assertTrue(new HashSet<>(rows).containsAll(old));
    Path fresh = dir.resolve("b.duckdb");
    SweepFixture.run(fine, fresh, 1, ClosedFormCells::new);
    assertEquals(SweepFixture.table(fresh, "runs"), rows);
    try (Results results = Results.open(file)) {
      assertEquals(fine.canonicalJson(), results.source());
    }
  }

  @Test
  void moreStartsRunOnlyTheNewOnesAndMerge() {
    Path file = dir.resolve("a.duckdb");
    SweepFixture.run(SweepFixture.collapse(3, 2), file, 1, ClosedFormCells::new);
    assertEquals(9, SweepFixture.run(SweepFixture.collapse(3, 5), file, 1, ClosedFormCells::new));
    Path fresh = dir.resolve("b.duckdb");
    SweepFixture.run(SweepFixture.collapse(3, 5), fresh, 1, ClosedFormCells::new);
    assertEquals(SweepFixture.table(fresh, "starts"), SweepFixture.table(file, "starts"));
    assertEquals(18, SweepFixture.table(file, "runs").size());
    List<Map<String, Object>> merged = SweepFixture.table(file, "cells");
    List<Map<String, Object>> whole = SweepFixture.table(fresh, "cells");
    assertEquals(9, merged.size());
    for (int i = 0; i < 9; i++) {
      for (String column : List.of("lambda.W", "lambda.H", "starts", "value", "best_start", "iterations", "margin")) {
        assertEquals(whole.get(i).get(column), merged.get(i).get(column), column);
      }
    }
    assertEquals(0, SweepFixture.run(SweepFixture.collapse(3, 4), file, 1, ClosedFormCells::new), "fewer starts than there are: nothing to do");
  }

  @Test
  void aChangedSpecificationIsRefusedWithTheFirstDifferentField() {
    Path file = dir.resolve("a.duckdb");
    SweepFixture.run(SweepFixture.collapse(2, 1), file, 1, ClosedFormCells::new);
    ResultsError samples = assertThrows(ResultsError.class, () -> SweepFixture.open(SweepFixture.collapse(2, 1, "samples-per-class=11"), file));
    assertTrue(samples.getMessage().contains("samples-per-class was 10 and is now 11"), samples.getMessage());
    ResultsError seed = assertThrows(ResultsError.class, () -> SweepFixture.open(SweepFixture.collapse(2, 1, "solve.seed=2"), file));
    assertTrue(seed.getMessage().contains("solve.seed was 1 and is now 2"), seed.getMessage());
    SweepFixture.open(SweepFixture.collapse(3, 7, "sweep.quantity=value", "name=other", "lambda.W=0.3"), file).close();
  }

  @Test
  void otherAxesAndAnotherBackendAreRefused() {
    Path file = dir.resolve("a.duckdb");
    Experiment e = SweepFixture.collapse(2, 1);
    SweepFixture.run(e, file, 1, ClosedFormCells::new);
    Experiment other = SweepFixture.collapse(2, 1, "sweep.axes[1]={field: loss.alpha, values: [0, 0.1]}", "loss.name=ls");
    assertThrows(ResultsError.class, () -> SweepFixture.open(other, file));
    ResultsError backend = assertThrows(
        ResultsError.class,
        () -> ResultsDatabase.open(file, e.sweep().axes(), Identity.of(e.cellJson(), e.sweep().axes()), Map.of("backend", "quantum"), e.canonicalJson()));
    assertTrue(backend.getMessage().contains("backend was test and is now quantum"), backend.getMessage());
    // What only one side knows is no contradiction, and is kept from then on.
    ResultsDatabase.open(file, e.sweep().axes(), Identity.of(e.cellJson(), e.sweep().axes()), Map.of("backend", "test", "blas", "a"), e.canonicalJson()).close();
    SweepFixture.open(e, file).close();
    assertThrows(
        ResultsError.class,
        () -> ResultsDatabase.open(file, e.sweep().axes(), Identity.of(e.cellJson(), e.sweep().axes()), Map.of("blas", "b"), e.canonicalJson()));
  }

  @Test
  void whatIsNoDatabaseIsRefused() throws Exception {
    Path file = dir.resolve("a.duckdb");
    Files.writeString(file, "this is a text, but a long one ".repeat(1000));
    ResultsError e = assertThrows(ResultsError.class, () -> SweepFixture.open(SweepFixture.collapse(2, 1), file));
    assertTrue(e.getMessage().startsWith(file.toString()), e.getMessage());
    Path blocked = dir.resolve("a.duckdb").resolve("b.duckdb");
    assertThrows(ResultsError.class, () -> SweepFixture.open(SweepFixture.collapse(2, 1), blocked));
    assertThrows(ResultsError.class, () -> Results.open(dir.resolve("missing.duckdb")));
  }

  @Test
  void theLiveCopyHoldsWhatIsCommitted() {
    Experiment e = SweepFixture.collapse(3, 2);
    Path file = dir.resolve("a.duckdb");
    List<Run> runs = new ClosedFormCells().solve(new Batch(Grid.of(e).cells(), e.solve().withStarts(2)));
    try (ResultsDatabase db = SweepFixture.open(e, file)) {
      db.append(runs.subList(0, 4));
      db.commit();
      db.publish();
      db.append(runs.subList(4, 9));
      db.commit();
      try (Results live = Results.open(ResultsDatabase.live(file))) {
        assertEquals(4, live.cells(e.sweep().axes()).size());
        assertEquals(e.canonicalJson(), live.source());
      }
      db.publish();
      try (Results live = Results.open(ResultsDatabase.live(file))) {
        assertEquals(9, live.cells(e.sweep().axes()).size());
      }
    }
  }

  @Test
  void anExportHoldsEveryNumberExactly() throws Exception {
    Experiment e = SweepFixture.collapse(4, 2);
    Path file = dir.resolve("a.duckdb");
    SweepFixture.run(e, file, 1, ClosedFormCells::new);
    try (Results results = Results.open(file)) {
      List<Map<String, Object>> cells = results.table("cells");
      for (String name : List.of("cells.csv", "cells.parquet")) {
        Path export = dir.resolve(name);
        results.export(export, e.sweep().axes());
        try (var c = java.sql.DriverManager.getConnection("jdbc:duckdb:");
            var s = c.createStatement();
            var r = s.executeQuery("SELECT * FROM '" + export + "' ORDER BY ALL")) {
          for (Map<String, Object> cell : cells) {
            assertTrue(r.next());
            for (String column : List.of("lambda.W", "lambda.H", "value", "relative_gap", "margin", "seconds")) {
              assertEquals(cell.get(column), r.getObject(column), name + " " + column);
            }
            assertEquals(cell.get("outcome"), r.getString("outcome"));
            assertEquals(cell.get("zero"), r.getBoolean("zero"));
          }
          assertFalse(r.next());
        }
      }
      assertThrows(ResultsError.class, () -> results.export(dir.resolve("cells.xlsx"), e.sweep().axes()));
      assertThrows(UnusableFile.class, () -> results.export(file.resolve("below-a-file.csv"), e.sweep().axes()));
    }
  }
}

package ufm.lab.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import ufm.lab.Backends;
import ufm.lab.db.FinishedStarts;
import ufm.lab.db.Run;
import ufm.lab.spec.Experiment;

class SweepEngineTest {
  private static class Collected implements SweepEngine.Sink {
    final List<Run> rows = new ArrayList<>();

    @Override
    public void accept(List<Run> batch) {
      rows.addAll(batch);
    }

    @Override
    public void tick() {
      // Nothing to do between batches.
    }

    TreeSet<String> bits() {
      return new TreeSet<>(rows.stream().map(SweepFixture::bits).toList());
    }
  }

  private static Collected solve(Experiment e, int threads, double memory) {
    Collected sink = new Collected();
    Schedule schedule = new Schedule(Grid.of(e), e.sweep().starts(), new FinishedStarts(), threads, memory);
    assertTrue(new SweepEngine(schedule, threads, () -> new CertifiedCells(Backends.open("cpu", 1), e.sweep().theory())).run(sink));
    return sink;
  }

  @Test
  void rowsDoNotDependOnThreadsNorOnTheCutIntoBatches() {
    Experiment e = SweepFixture.collapse(4, 2);
    Collected one = solve(e, 1, 1e9);
    assertEquals(16, one.rows.size());
    assertEquals(one.bits(), solve(e, 2, 1e9).bits());
    assertEquals(one.bits(), solve(e, 2, 1).bits());
  }

  @Test
  void solvedCellsAgreeWithTheClosedForm() {
    Experiment e = SweepFixture.collapse(4, 2);
    Collected solved = solve(e, 2, 1e9);
    for (Run run : solved.rows) {
      var p = Grid.at(e, e.sweep().axes(), run.axes()).problem();
      assertEquals(ClosedFormCells.minimum(p), run.number("value"), 1e-12, run.axes().toString());
      assertEquals(ClosedFormCells.margin(p), run.number("margin"), 1e-8, run.axes().toString());
      assertEquals(ClosedFormCells.margin(p) == 0, run.zero());
      assertEquals(1 / Math.sqrt(160), run.number("threshold"), 1e-15);
      assertEquals(run.zero(), Double.isNaN(run.number("nc2_H")), "0/0 at zero, and only there");
      assertEquals(2, run.starts());
    }
  }

  @Test
  void theFailureOfAWorkerEndsTheRun() {
    Experiment e = SweepFixture.collapse(4, 2);
    IllegalStateException broken = new IllegalStateException("broken");
    Schedule schedule = new Schedule(Grid.of(e), 2, new FinishedStarts(), 2, 1e9);
    CellSolver failing = new CellSolver() {
      @Override
      public List<Run> solve(Batch batch) {
        throw broken;
      }

      @Override
      public void close() {
        // Holds nothing.
      }
    };
    assertSame(broken, assertThrows(IllegalStateException.class, () -> new SweepEngine(schedule, 2, () -> failing).run(new Collected())));
  }

  @Test
  void aStoppedEngineReturnsAndKeepsWhatItHas() {
    Experiment e = SweepFixture.collapse(20, 2);
    Schedule schedule = new Schedule(Grid.of(e), 2, new FinishedStarts(), 2, 1);
    SweepEngine[] engine = new SweepEngine[1];
    Collected sink = new Collected() {
      @Override
      public void accept(List<Run> batch) {
        super.accept(batch);
        engine[0].stop();
      }
    };
    engine[0] = new SweepEngine(schedule, 2, () -> new ClosedFormCells(c -> true, 100));
    assertFalse(engine[0].run(sink));
    assertTrue(!sink.rows.isEmpty() && sink.rows.size() < 400, "rows " + sink.rows.size());
  }
}

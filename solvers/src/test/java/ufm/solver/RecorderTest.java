package ufm.solver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.objective.Objective;

/** Schedules, tables, and several recorders side by side. */
class RecorderTest {
  private final Backend backend = SolverContract.backend(1);
  private final Objective objective = new FamilyObjective(backend, new TestFamilies.Quadratic(), 4, 0, 1);
  private final Problem problem = Problem.unconstrained(objective);

  @AfterEach
  void close() {
    backend.close();
  }

  private void run(long iterations, Recorder recorder, LoopControl control) {
    try (LaneBuffer x = backend.allocate(2, 4);
        SolverState s = SolverLoop.run(
            problem, GradientDescent.plain(0.05), x, Lanes.all(2), new MaxIterations(iterations), recorder, control)) {
      assertEquals(2, s.lanes());
    }
  }

  private static List<Long> iterations(TrajectoryRecorder r, int lane) {
    return r.rows(lane).stream().map(TrajectoryRecorder.Row::iteration).toList();
  }

  @Test
  void schedules() {
    assertArrayEquals(new long[] {0, 4, 8}, LongStream.range(0, 10).filter(RecordSchedule.every(4)::due).toArray());
    assertArrayEquals(new long[] {0, 1, 10, 100, 1000}, LongStream.range(0, 2000).filter(RecordSchedule.logarithmic(1)::due).toArray());
    // 10^(j/4), rounded up: 1, 2 (1.78), 4 (3.16), 6 (5.62), 10, 18 (17.8), 32 (31.6), 57 (56.2), 100.
    assertArrayEquals(
        new long[] {0, 1, 2, 4, 6, 10, 18, 32, 57, 100}, LongStream.range(0, 150).filter(RecordSchedule.logarithmic(4)::due).toArray());
    assertThrows(IllegalArgumentException.class, () -> RecordSchedule.every(0));
    assertThrows(IllegalArgumentException.class, () -> RecordSchedule.logarithmic(0));
  }

  @Test
  void tablesHoldTheIteratesQuantities() {
    TrajectoryRecorder r = new TrajectoryRecorder(
        RecordSchedule.every(2),
        Map.of("first", TrajectoryRecorder.Quantity.perLane((lane, x) -> {
          double[] v = new double[1];
          backend.read(x, lane, 3, v, 0, 1);
          return v[0];
        })));
    run(5, r, LoopControl.always());
    assertEquals(List.of("first"), r.names());
    assertEquals(List.of(0L, 2L, 4L, 5L), iterations(r, 0));
    for (int lane = 0; lane < 2; lane++) {
      // The last variable tends to 3/4 with curvature 10^member: x_k = (1 - (1 - 0.05 a)^k) 3/4.
      double a = Math.pow(10, lane);
      for (TrajectoryRecorder.Row row : r.rows(lane)) {
        assertEquals(0.75 * (1 - Math.pow(1 - 0.05 * a, row.iteration())), row.quantities()[0], 1e-15);
        assertEquals(row.iteration(), row.time(), 0);
      }
    }
    assertEquals(List.of(), r.rows(7));
  }

  @Test
  void eachPartOfACompositeSeesItsOwnScheduleAndBothEnds() {
    TrajectoryRecorder threes = new TrajectoryRecorder(RecordSchedule.every(3));
    TrajectoryRecorder fours = new TrajectoryRecorder(RecordSchedule.every(4));
    TrajectoryRecorder ends = new TrajectoryRecorder(n -> false);
    run(8, CompositeRecorder.of(threes, fours, ends), LoopControl.always());
    assertEquals(List.of(0L, 3L, 6L, 8L), iterations(threes, 1));
    assertEquals(List.of(0L, 4L, 8L), iterations(fours, 1));
    assertEquals(List.of(0L, 8L), iterations(ends, 1));
  }

  @Test
  void aCancelledRunShowsItsLastIterateToo() {
    TrajectoryRecorder threes = new TrajectoryRecorder(RecordSchedule.every(3));
    TrajectoryRecorder fours = new TrajectoryRecorder(RecordSchedule.every(4));
    run(100, CompositeRecorder.of(threes, fours), (p, s) -> s.rounds() < 6);
    assertEquals(List.of(0L, 3L, 6L), iterations(threes, 0));
    assertEquals(List.of(0L, 4L, 6L), iterations(fours, 0));
  }

  @Test
  void finishIsCalledAlsoAfterAnError() {
    List<String> calls = new ArrayList<>();
    Recorder failing = new Recorder() {
      @Override
      public boolean due(long iteration) {
        return iteration == 2;
      }

      @Override
      public void start(Problem problem, SolverState state) {
        calls.add("start");
      }

      @Override
      public void record(Problem problem, SolverState state, Lanes due) {
        calls.add("record " + state.iterations(0));
        if (state.iterations(0) == 2) {
          throw new IllegalStateException("disk full");
        }
      }

      @Override
      public void finish(Problem problem, SolverState state) {
        calls.add("finish");
      }
    };
    assertThrows(IllegalStateException.class, () -> run(5, failing, LoopControl.always()));
    assertEquals(List.of("start", "record 0", "record 2", "finish"), calls);
  }
}

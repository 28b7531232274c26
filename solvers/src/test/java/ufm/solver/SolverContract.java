package ufm.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.cpu.CpuBackend;
import ufm.backend.cpu.CpuOptions;
import ufm.objective.Objective;

/**
 * What every solver must do, run for each of them on the problems that it claims.
 *
 * @param <S> its state
 */
abstract class SolverContract<S extends SolverState> {
  @TempDir Path folder;

  /** The solver under test. */
  abstract Solver<S> solver();

  /** Problems whose minimum it must reach from any of the starts. */
  abstract List<ContractCase> cases();

  /** When it has reached it. */
  abstract StoppingCriterion goal();

  /** How close the value must come, relative to 1 + |minimum|. */
  abstract double tolerance();

  /** How often the value and gradient of an accepted iterate may differ from a new evaluation, relative; 0 where both are the same call. */
  double consistency() {
    return 0;
  }

  /** The end of a run of some lanes. */
  record Run(double[][] x, double[][] gradient, double[] value, long[] iterations, long[] evaluations, Outcome[] outcome, String[] reason) {
    static Run of(Objective o, SolverState s) {
      int n = (int) o.layout().size();
      double[][] x = new double[s.lanes()][n];
      double[][] g = new double[s.lanes()][n];
      for (int l = 0; l < s.lanes(); l++) {
        o.backend().read(s.x(), l, 0, x[l], 0, n);
        o.backend().read(s.gradient(), l, 0, g[l], 0, n);
      }
      return new Run(
          x, g,
          IntStream.range(0, s.lanes()).mapToDouble(s::value).toArray(),
          IntStream.range(0, s.lanes()).mapToLong(s::iterations).toArray(),
          IntStream.range(0, s.lanes()).mapToLong(s::evaluations).toArray(),
          IntStream.range(0, s.lanes()).mapToObj(s::outcome).toArray(Outcome[]::new),
          IntStream.range(0, s.lanes()).mapToObj(s::reason).toArray(String[]::new));
    }

    void assertSame(String where, int here, Run other, int there) {
      assertEquals(iterations[here], other.iterations[there], where + ": iterations");
      assertEquals(evaluations[here], other.evaluations[there], where + ": evaluations");
      assertEquals(outcome[here], other.outcome[there], where + ": outcome");
      assertEquals(reason[here], other.reason[there], where + ": reason");
      assertEquals(Double.doubleToRawLongBits(value[here]), Double.doubleToRawLongBits(other.value[there]), where + ": value");
      assertTrue(Arrays.equals(x[here], other.x[there]), where + ": x");
      assertTrue(Arrays.equals(gradient[here], other.gradient[there]), where + ": gradient");
    }
  }

  static CpuBackend backend(int threads) {
    return CpuBackend.create(CpuOptions.defaults().withThreads(threads));
  }

  private static int[] all(ContractCase c) {
    return IntStream.range(0, c.lanes()).toArray();
  }

  /** Starts at the case's start, except that the given lane starts at NaN. */
  private static LaneBuffer start(ContractCase c, Objective o, int poisoned, int... which) {
    LaneBuffer x = o.backend().allocate(which.length, o.layout().size());
    c.start(o, x, which);
    if (poisoned >= 0) {
      o.backend().write(x, poisoned, 0, new double[] {Double.NaN}, 0, 1);
    }
    return x;
  }

  private Run run(Backend b, ContractCase c, StoppingCriterion stop, Recorder recorder, int poisoned, int... which) {
    try (Objective o = c.objective(b, which);
        LaneBuffer x = start(c, o, poisoned, which);
        S s = SolverLoop.run(c.problem(o), solver(), x, Lanes.all(which.length), stop, recorder)) {
      return Run.of(o, s);
    }
  }

  private StoppingCriterion briefly() {
    return goal().or(new MaxEvaluations(60));
  }

  @Test
  void reachesTheMinimum() {
    try (Backend b = backend(1)) {
      for (ContractCase c : cases()) {
        Run r = run(b, c, goal(), Recorder.none(), -1, all(c));
        for (int l = 0; l < c.lanes(); l++) {
          String where = c.name() + ", lane " + l + ": " + r.outcome[l] + ", " + r.reason[l];
          assertEquals(Outcome.CONVERGED, r.outcome[l], where);
          assertEquals(c.minimum(l), r.value[l], tolerance() * (1 + Math.abs(c.minimum(l))), where);
        }
      }
    }
  }

  @Test
  void aBatchGivesTheBitsOfItsSingleLanes() {
    try (Backend b = backend(1)) {
      for (ContractCase c : cases()) {
        Run batch = run(b, c, briefly(), Recorder.none(), -1, all(c));
        for (int l = 0; l < c.lanes(); l++) {
          run(b, c, briefly(), Recorder.none(), -1, l).assertSame(c.name() + ", lane " + l, 0, batch, l);
        }
      }
    }
  }

  @Test
  void twoThreadsGiveTheBitsOfOne() {
    try (Backend one = backend(1);
        Backend two = backend(2)) {
      for (ContractCase c : cases()) {
        Run a = run(one, c, briefly(), Recorder.none(), -1, all(c));
        Run b = run(two, c, briefly(), Recorder.none(), -1, all(c));
        for (int l = 0; l < c.lanes(); l++) {
          a.assertSame(c.name() + ", lane " + l, l, b, l);
        }
      }
    }
  }

  @Test
  void aResumedRunGivesTheBitsOfAnUninterruptedOne() throws IOException {
    try (Backend b = backend(1)) {
      for (ContractCase c : cases()) {
        Run whole = run(b, c, briefly(), Recorder.none(), -1, all(c));
        for (long cut : new long[] {0, 1, 2, 5, 17, 40}) {
          Path file = folder.resolve("state-" + cut);
          try (Objective o = c.objective(b, all(c));
              LaneBuffer x = start(c, o, -1, all(c));
              S s = SolverLoop.run(
                  c.problem(o), solver(), x, Lanes.all(c.lanes()), briefly(), Recorder.none(), (p, state) -> state.rounds() < cut)) {
            StateFile.write(file, c.problem(o), solver(), s);
          }
          try (Objective o = c.objective(b, all(c));
              S s = StateFile.read(file, c.problem(o), solver())) {
            SolverLoop.resume(c.problem(o), solver(), s, briefly(), Recorder.none());
            Run resumed = Run.of(o, s);
            for (int l = 0; l < c.lanes(); l++) {
              resumed.assertSame(c.name() + ", cut after round " + cut + ", lane " + l, l, whole, l);
            }
          }
        }
      }
    }
  }

  @Test
  void aLaneThatIsNotANumberLeavesTheOthersAlone() {
    try (Backend b = backend(1)) {
      for (ContractCase c : cases()) {
        if (c.lanes() < 2) {
          continue;
        }
        Run healthy = run(b, c, briefly(), Recorder.none(), -1, all(c));
        Run poisoned = run(b, c, briefly(), Recorder.none(), 1, all(c));
        assertEquals(Outcome.DIVERGED, poisoned.outcome[1], c.name());
        for (int l = 0; l < c.lanes(); l++) {
          if (l != 1) {
            healthy.assertSame(c.name() + ", lane " + l, l, poisoned, l);
          }
        }
      }
    }
  }

  @Test
  void theEndOfABudgetIsAnOutcome() {
    try (Backend b = backend(1)) {
      ContractCase c = cases().getFirst();
      Run few = run(b, c, new MaxIterations(2), Recorder.none(), -1, 1);
      assertEquals(Outcome.BUDGET, few.outcome[0]);
      assertEquals(2, few.iterations[0]);
      assertEquals("2 iterations, the limit is 2", few.reason[0]);
      Run none = run(b, c, new MaxIterations(0), Recorder.none(), -1, 1);
      assertEquals(0, none.iterations[0]);
      Run evaluations = run(b, c, new MaxEvaluations(3), Recorder.none(), -1, 1);
      assertEquals(Outcome.BUDGET, evaluations.outcome[0]);
      Run time = run(b, c, new TimeLimit(1e-9), Recorder.none(), -1, 1);
      assertEquals(Outcome.BUDGET, time.outcome[0]);
    }
  }

  @Test
  void aRunCanBeCancelledAndGoesOnAfterwards() {
    try (Backend b = backend(1)) {
      ContractCase c = cases().getFirst();
      Run whole = run(b, c, briefly(), Recorder.none(), -1, 1);
      try (Objective o = c.objective(b, 1);
          LaneBuffer x = start(c, o, -1, 1)) {
        int[] asked = {0};
        try (S s = SolverLoop.run(
            c.problem(o), solver(), x, Lanes.all(1), briefly(), Recorder.none(), LoopControl.unless(() -> asked[0]++ == 3))) {
          assertEquals(Outcome.RUNNING, s.outcome(0));
          assertNull(s.reason(0));
          assertEquals(3, s.rounds());
          SolverLoop.resume(c.problem(o), solver(), s, briefly(), Recorder.none());
          Run.of(o, s).assertSame(c.name(), 0, whole, 0);
        }
      }
    }
  }

  @Test
  void aRunGoesOnUnderALargerBudget() {
    try (Backend b = backend(1)) {
      ContractCase c = cases().getFirst();
      Run whole = run(b, c, new MaxIterations(6), Recorder.none(), -1, 0, 1);
      try (Objective o = c.objective(b, 0, 1);
          LaneBuffer x = start(c, o, -1, 0, 1);
          S s = SolverLoop.run(c.problem(o), solver(), x, Lanes.all(2), new MaxIterations(3), Recorder.none())) {
        s.reopen();
        SolverLoop.resume(c.problem(o), solver(), s, new MaxIterations(6), Recorder.none());
        Run r = Run.of(o, s);
        r.assertSame("lane 0", 0, whole, 0);
        r.assertSame("lane 1", 1, whole, 1);
      }
    }
  }

  @Test
  void theRecorderSeesTheFirstAndTheLastIterate() {
    try (Backend b = backend(1)) {
      for (ContractCase c : cases()) {
        TrajectoryRecorder recorder = new TrajectoryRecorder(RecordSchedule.every(7));
        Run r = run(b, c, briefly(), recorder, -1, all(c));
        for (int l = 0; l < c.lanes(); l++) {
          List<TrajectoryRecorder.Row> rows = recorder.rows(l);
          List<Long> expected = new ArrayList<>();
          for (long n = 0; n <= r.iterations[l]; n++) {
            if (n % 7 == 0 || n == r.iterations[l]) {
              expected.add(n);
            }
          }
          assertEquals(expected, rows.stream().map(TrajectoryRecorder.Row::iteration).toList(), c.name() + ", lane " + l);
          assertEquals(r.value[l], rows.getLast().value(), 0);
        }
      }
    }
  }

  @Test
  void theIterateItsValueAndItsGradientBelongTogetherAfterEveryRound() {
    try (Backend b = backend(1)) {
      for (ContractCase c : cases()) {
        try (Objective o = c.objective(b, all(c));
            LaneBuffer x = start(c, o, -1, all(c));
            LaneBuffer g = b.allocate(c.lanes(), o.layout().size());
            S s = solver().init(c.problem(o), x, Lanes.all(c.lanes()))) {
          double[] f = new double[c.lanes()];
          double[] difference = new double[c.lanes()];
          double[] minusOne = new double[c.lanes()];
          Arrays.fill(minusOne, -1);
          for (int round = 0; round < 40 && !s.active().isEmpty(); round++) {
            o.valueGradient(s.active(), s.x(), f, g);
            b.distance2(s.active(), g, minusOne, s.gradient(), 0, g.length(), difference);
            for (int i = 0; i < s.active().count(); i++) {
              int l = s.active().at(i);
              String where = c.name() + ", round " + round + ", lane " + l;
              assertEquals(f[l], s.value(l), consistency() * (1 + Math.abs(f[l])), where);
              assertEquals(0, Math.sqrt(difference[l]), consistency() * (1 + s.gradientNorm(l)), where);
            }
            solver().step(c.problem(o), s);
            s.compact();
          }
        }
      }
    }
  }
}

package ufm.solver;

import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;

/** Joins a solver, a stopping criterion and a recorder. */
public final class SolverLoop {
  private SolverLoop() {}

  /** Starts at {@code start} and runs until every lane is done; the caller closes the state. */
  public static <S extends SolverState> S run(
      Problem problem, Solver<S> solver, LaneBuffer start, Lanes lanes, StoppingCriterion stop, Recorder recorder) {
    S state = solver.init(problem, start, lanes);
    resume(problem, solver, state, stop, recorder);
    return state;
  }

  /** Goes on from a state until every lane is done. */
  public static <S extends SolverState> void resume(Problem problem, Solver<S> solver, S state, StoppingCriterion stop, Recorder recorder) {
    Lanes fresh = Lanes.none(state.lanes());
    Lanes due = Lanes.none(state.lanes());
    long[] seen = new long[state.lanes()];
    java.util.Arrays.fill(seen, -1);
    Lanes all = Lanes.none(state.lanes()).set(state.active());
    recorder.start(problem, state);
    try {
      see(problem, state, recorder, due.select(state.active(), l -> state.iterations(l) == 0 || recorder.due(state.iterations(l))), seen);
      judge(problem, state, stop, fresh);
      while (!state.active().isEmpty()) {
        solver.step(problem, state);
        state.countRound();
        judge(problem, state, stop, fresh);
        see(problem, state, recorder, due.select(fresh, l -> recorder.due(state.iterations(l))), seen);
      }
      see(problem, state, recorder, due.select(all, l -> seen[l] != state.iterations(l)), seen);
    } finally {
      recorder.finish(problem, state);
    }
  }

  private static void judge(Problem problem, SolverState state, StoppingCriterion stop, Lanes fresh) {
    fresh.select(state.active(), state::iterated);
    stop.prepare(problem, state, fresh);
    for (int i = 0; i < fresh.count(); i++) {
      int lane = fresh.at(i);
      if (state.outcome(lane) == Outcome.RUNNING) {
        StoppingCriterion.Verdict v = stop.check(state, lane);
        if (v.stops()) {
          state.freeze(lane, v.outcome(), v.reason());
        }
      }
    }
    state.compact();
  }

  private static void see(Problem problem, SolverState state, Recorder recorder, Lanes due, long[] seen) {
    if (due.isEmpty()) {
      return;
    }
    recorder.record(problem, state, due);
    for (int i = 0; i < due.count(); i++) {
      seen[due.at(i)] = state.iterations(due.at(i));
    }
  }
}

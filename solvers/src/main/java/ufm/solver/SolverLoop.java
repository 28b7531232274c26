package ufm.solver;

import java.util.function.IntPredicate;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;

/**
 * Joins a solver, a stopping criterion and a recorder:
 *
 * <pre>while lanes are active: step; judge the new iterates; show those that are due</pre>
 *
 * <p>Where neither criterion nor recorder wants to see the next iterates, the solver is asked for several steps at once ({@link
 * Solver#advance}), as many as take about a tenth of a second; no bit depends on how many.
 *
 * <p>Allocates nothing per round.
 */
public final class SolverLoop {
  private static final long SHORTEST = 4;
  private static final long LONGEST = 4096;
  private final Problem problem;
  private final SolverState state;
  private final StoppingCriterion stop;
  private final Recorder recorder;
  private final Lanes all;
  private final Lanes fresh;
  private final Lanes due;
  private final long[] seen;
  private final IntPredicate iterated;
  private final IntPredicate wanted;
  private final boolean every;
  private long stretch = SHORTEST;

  private SolverLoop(Problem problem, SolverState state, StoppingCriterion stop, Recorder recorder) {
    this.problem = problem;
    this.state = state;
    this.stop = stop;
    this.recorder = recorder;
    all = Lanes.none(state.lanes()).set(state.active());
    fresh = Lanes.none(state.lanes());
    due = Lanes.none(state.lanes());
    seen = new long[state.lanes()];
    java.util.Arrays.fill(seen, -1);
    iterated = state::iterated;
    wanted = l -> recorder.due(state.iterations(l));
    every = stop.everyIterate();
  }

  /** Starts at {@code start} and runs until every lane is done; the caller closes the state. */
  public static <S extends SolverState> S run(
      Problem problem, Solver<S> solver, LaneBuffer start, Lanes lanes, StoppingCriterion stop, Recorder recorder) {
    return run(problem, solver, start, lanes, stop, recorder, LoopControl.always());
  }

  /** Starts at {@code start} and runs until every lane is done or the control says no; the caller closes the state. */
  public static <S extends SolverState> S run(
      Problem problem, Solver<S> solver, LaneBuffer start, Lanes lanes, StoppingCriterion stop, Recorder recorder, LoopControl control) {
    S state = solver.init(problem, start, lanes);
    try {
      resume(problem, solver, state, stop, recorder, control);
    } catch (RuntimeException | Error e) {
      state.close();
      throw e;
    }
    return state;
  }

  /** Goes on from a state until every lane is done. */
  public static <S extends SolverState> void resume(Problem problem, Solver<S> solver, S state, StoppingCriterion stop, Recorder recorder) {
    resume(problem, solver, state, stop, recorder, LoopControl.always());
  }

  /**
   * Goes on from a state until every lane is done or the control says no. Lanes that ended by a budget stay so, unless
   * {@link SolverState#reopen} was called.
   */
  public static <S extends SolverState> void resume(
      Problem problem, Solver<S> solver, S state, StoppingCriterion stop, Recorder recorder, LoopControl control) {
    state.startClock();
    SolverLoop loop = new SolverLoop(problem, state, stop, recorder);
    recorder.start(problem, state);
    try {
      loop.see(loop.due.select(loop.all, l -> state.iterations(l) == 0 || recorder.due(state.iterations(l))));
      loop.judge();
      while (!state.active().isEmpty() && control.proceed(problem, state)) {
        long most = loop.unobserved();
        long began = System.nanoTime();
        long made = solver.advance(problem, state, most);
        loop.pace(made, System.nanoTime() - began);
        state.countRounds(made);
        loop.judge();
        loop.see(loop.due.select(loop.fresh, loop.wanted));
      }
      loop.see(loop.due.select(loop.all, l -> loop.seen[l] != state.iterations(l)));
    } finally {
      recorder.finish(problem, state);
    }
  }

  /** How many steps may be made until criterion or recorder want to see an iterate. */
  private long unobserved() {
    if (every) {
      return 1;
    }
    Lanes active = state.active();
    long now = state.iterations(active.at(0));
    long most = stretch;
    for (int i = 0; i < active.count(); i++) {
      int lane = active.at(i);
      if (state.iterations(lane) != now) {
        return 1;
      }
      most = Math.min(most, stop.patience(state, lane));
    }
    for (long n = 1; n < most; n++) {
      if (recorder.due(now + n)) {
        return n;
      }
    }
    return most;
  }

  /** Fits the length of a stretch to its time, so that interrupts and time limits are seen soon. */
  private void pace(long made, long nanoseconds) {
    if (made == stretch && nanoseconds < 50_000_000 && stretch < LONGEST) {
      stretch *= 2;
    } else if (nanoseconds > 200_000_000 && stretch > SHORTEST) {
      stretch /= 2;
    }
  }

  /** Lanes with a new iterate are checked, the others may be interrupted; then lanes that are done leave the active list. */
  private void judge() {
    fresh.select(state.active(), iterated);
    for (int i = 0; i < fresh.count(); i++) {
      state.noteIterate(fresh.at(i), every);
    }
    if (!fresh.isEmpty()) {
      stop.prepare(problem, state, fresh);
    }
    for (int i = 0; i < state.active().count(); i++) {
      int lane = state.active().at(i);
      if (state.outcome(lane) == Outcome.RUNNING) {
        StoppingCriterion.Verdict v = state.iterated(lane) ? stop.check(state, lane) : stop.interrupt(state, lane);
        if (v.stops()) {
          state.freeze(lane, v.outcome(), v.reason());
        }
      }
    }
    state.compact();
  }

  private void see(Lanes which) {
    if (which.isEmpty()) {
      return;
    }
    recorder.record(problem, state, which);
    for (int i = 0; i < which.count(); i++) {
      seen[which.at(i)] = state.iterations(which.at(i));
    }
  }
}

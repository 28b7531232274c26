package ufm.solver;

import java.util.List;
import ufm.backend.Lanes;

/** Several recorders, each with its own schedule; all see iterate 0 and the last one. */
public final class CompositeRecorder implements Recorder {
  private final List<Recorder> parts;
  private Lanes[] selected = new Lanes[0];
  private long[][] seen = new long[0][];
  private boolean[] known = new boolean[0];

  /** The recorders, asked in this order. */
  public CompositeRecorder(List<Recorder> parts) {
    this.parts = List.copyOf(parts);
  }

  /** The recorders, asked in this order. */
  public static CompositeRecorder of(Recorder... parts) {
    return new CompositeRecorder(List.of(parts));
  }

  @Override
  public boolean due(long iteration) {
    for (Recorder r : parts) {
      if (r.due(iteration)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public void start(Problem problem, SolverState state) {
    selected = new Lanes[parts.size()];
    seen = new long[parts.size()][state.lanes()];
    known = new boolean[state.lanes()];
    for (int i = 0; i < selected.length; i++) {
      selected[i] = Lanes.none(state.lanes());
      java.util.Arrays.fill(seen[i], -1);
      parts.get(i).start(problem, state);
    }
  }

  @Override
  public void record(Problem problem, SolverState state, Lanes due) {
    for (int p = 0; p < selected.length; p++) {
      Recorder r = parts.get(p);
      Lanes mine = selected[p].clear();
      for (int i = 0; i < due.count(); i++) {
        int lane = due.at(i);
        long n = state.iterations(lane);
        known[lane] = true;
        if ((n == 0 || r.due(n)) && seen[p][lane] != n) {
          mine.add(lane);
          seen[p][lane] = n;
        }
      }
      if (!mine.isEmpty()) {
        r.record(problem, state, mine);
      }
    }
  }

  @Override
  public void finish(Problem problem, SolverState state) {
    RuntimeException first = null;
    for (int p = 0; p < selected.length; p++) {
      try {
        last(problem, state, p);
        parts.get(p).finish(problem, state);
      } catch (RuntimeException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    if (first != null) {
      throw first;
    }
  }

  /** The last iterates, for a part that was not due at them. */
  private void last(Problem problem, SolverState state, int p) {
    Lanes mine = selected[p].clear();
    for (int lane = 0; lane < known.length; lane++) {
      if (known[lane] && seen[p][lane] != state.iterations(lane)) {
        mine.add(lane);
      }
    }
    if (!mine.isEmpty()) {
      parts.get(p).record(problem, state, mine);
    }
  }
}

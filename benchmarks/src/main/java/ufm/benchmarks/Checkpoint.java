package ufm.benchmarks;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.solver.SolverState;
import ufm.solver.StateFields;

/** A copy of a solver's state, to measure the same steps again and again without running into convergence. */
final class Checkpoint implements StateFields, AutoCloseable {
  private final Backend backend;
  private final Map<String, Object> kept = new HashMap<>();
  private final List<LaneBuffer> buffers = new ArrayList<>();
  private final Lanes all;
  private boolean back;

  /** Copies a state. */
  Checkpoint(Backend backend, SolverState state) {
    this.backend = backend;
    all = Lanes.all(state.lanes());
    state.visit(this);
  }

  /** Brings the state back to where it was; modified. */
  void restore(SolverState state) {
    back = true;
    state.visit(this);
    state.restored();
  }

  @Override
  public void doubles(String name, double[] values) {
    array(name, values, values.clone(), values.length);
  }

  @Override
  public void longs(String name, long[] values) {
    array(name, values, values.clone(), values.length);
  }

  @Override
  public void ints(String name, int[] values) {
    array(name, values, values.clone(), values.length);
  }

  @Override
  public void booleans(String name, boolean[] values) {
    array(name, values, values.clone(), values.length);
  }

  @Override
  public void texts(String name, String[] values) {
    array(name, values, values.clone(), values.length);
  }

  @Override
  public void buffer(String name, LaneBuffer buffer) {
    if (back) {
      backend.copy(all, (LaneBuffer) kept.get(name), buffer);
      return;
    }
    LaneBuffer copy = backend.allocate(buffer.lanes(), buffer.length());
    backend.copy(all, buffer, copy);
    kept.put(name, copy);
    buffers.add(copy);
  }

  private void array(String name, Object values, Object copy, int length) {
    if (back) {
      System.arraycopy(kept.get(name), 0, values, 0, length);
    } else {
      kept.put(name, copy);
    }
  }

  @Override
  public void close() {
    buffers.forEach(LaneBuffer::close);
  }
}

package ufm.solver;

import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.manifold.Manifold;

/**
 * The pairs of L-BFGS on a manifold that is not flat: a buffer for each slot, so that they can be transported to each new point before
 * they are stored for the two-loop recursion.
 */
final class TransportedPairs implements AutoCloseable {
  private final Backend backend;
  private final LaneBuffer[] s;
  private final LaneBuffer[] y;
  private final LaneBuffer along;
  private final Lanes using;
  private final double[] product;
  private final long[] offset;

  TransportedPairs(Backend backend, int lanes, long length, int memory) {
    this.backend = backend;
    s = new LaneBuffer[memory];
    y = new LaneBuffer[memory];
    for (int j = 0; j < memory; j++) {
      s[j] = backend.allocate(lanes, length);
      y[j] = backend.allocate(lanes, length);
    }
    along = backend.allocate(lanes, length);
    using = Lanes.none(lanes);
    product = new double[lanes];
    offset = new long[lanes];
  }

  /** The direction, transported to the trial point. */
  LaneBuffer along() {
    return along;
  }

  /** Moves the stored pairs of the accepted lanes from x to the trial point; a pair that loses its positive curvature is ignored. */
  void transport(Manifold manifold, LbfgsState state) {
    int memory = state.memory;
    for (int j = 0; j < memory; j++) {
      using.clear();
      for (int i = 0; i < state.accepted.count(); i++) {
        int lane = state.accepted.at(i);
        if (Math.floorMod(state.newest[lane] - j, memory) < state.stored[lane]) {
          using.add(lane);
        }
      }
      if (using.isEmpty()) {
        continue;
      }
      manifold.transport(backend, using, state.x, state.trialX, s[j], s[j]);
      manifold.transport(backend, using, state.x, state.trialX, y[j], y[j]);
      backend.dot(using, s[j], y[j], product);
      for (int i = 0; i < using.count(); i++) {
        int lane = using.at(i);
        double reciprocal = 1 / product[lane];
        state.rho[lane * memory + j] = product[lane] > 0 && Double.isFinite(reciprocal) ? reciprocal : 0;
      }
      put(using, s[j], j, state.pairs());
      put(using, y[j], memory + j, state.pairs());
    }
  }

  /** Keeps a copy of the new pairs. */
  void add(LbfgsState state, LaneBuffer newS, LaneBuffer newY) {
    for (int j = 0; j < s.length; j++) {
      using.clear();
      for (int i = 0; i < state.kept.count(); i++) {
        if (state.newest[state.kept.at(i)] == j) {
          using.add(state.kept.at(i));
        }
      }
      backend.copy(using, newS, s[j]);
      backend.copy(using, newY, y[j]);
    }
  }

  private void put(Lanes lanes, LaneBuffer v, int slot, LaneBuffer pairs) {
    for (int i = 0; i < lanes.count(); i++) {
      offset[lanes.at(i)] = slot * v.length();
    }
    backend.store(lanes, v, offset, pairs);
  }

  void visit(StateFields fields) {
    for (int j = 0; j < s.length; j++) {
      fields.buffer("transported.s" + j, s[j]);
      fields.buffer("transported.y" + j, y[j]);
    }
  }

  @Override
  public void close() {
    for (int j = 0; j < s.length; j++) {
      s[j].close();
      y[j].close();
    }
    along.close();
  }
}

package ufm.solver;

import java.util.Arrays;
import java.util.function.IntPredicate;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;

/**
 * State of {@link Lbfgs}: pairs, direction, and where each lane's line search stands.
 *
 * <p>Memory on a flat manifold: {@code 5 + 2 m} vectors for each lane (iterate, gradient, direction, the trial's two, and m pairs), besides
 * the caller's start.
 */
public final class LbfgsState extends SolverState {
  final LaneBuffer direction;
  private LaneBuffer pairs;
  final LaneBuffer trialX;
  final LaneBuffer trialGradient;
  final TransportedPairs history;
  final WolfeSearch search;
  final int memory;
  final int[] newest;
  final int[] stored;
  final double[] rho;
  final boolean[] searching;

  final double[] trialValue;
  final double[] slope;
  final double[] sy;
  final double[] ss;
  final double[] yy;
  final double[] one;
  final double[] minusOne;
  final long[] offsetS;
  final long[] offsetY;
  final Lanes starting;
  final Lanes reset;
  final Lanes accepted;
  final Lanes kept;
  final IntPredicate searchless;

  private final double[] bestNorm;
  private final int[] idle;

  LbfgsState(Problem problem, LaneBuffer start, Lanes lanes, Lbfgs solver) {
    super(problem, start, lanes);
    int n = this.lanes;
    long length = start.length();
    memory = solver.memory();
    direction = backend.allocate(n, length);
    trialX = backend.allocate(n, length);
    trialGradient = backend.allocate(n, length);
    history = problem.manifold().flat() ? null : new TransportedPairs(backend, n, length, memory);
    search = new WolfeSearch(n, solver.c1(), solver.c2());
    newest = new int[n];
    stored = new int[n];
    rho = new double[n * memory];
    searching = new boolean[n];
    trialValue = new double[n];
    slope = new double[n];
    sy = new double[n];
    ss = new double[n];
    yy = new double[n];
    one = new double[n];
    minusOne = new double[n];
    Arrays.fill(one, 1);
    Arrays.fill(minusOne, -1);
    offsetS = new long[n];
    offsetY = new long[n];
    starting = Lanes.none(n);
    reset = Lanes.none(n);
    accepted = Lanes.none(n);
    kept = Lanes.none(n);
    searchless = l -> !searching[l];
    bestNorm = new double[n];
    idle = new int[n];
    Arrays.fill(bestNorm, Double.POSITIVE_INFINITY);
    evaluateStart(problem);
  }

  /** The pairs of all lanes; made at the first use, when the caller may have freed its start, so that both are never held at once. */
  LaneBuffer pairs() {
    if (pairs == null) {
      pairs = backend.allocate(lanes, 2 * memory * x.length());
    }
    return pairs;
  }

  /** Number of pairs that a lane has stored. */
  public int storedPairs(int lane) {
    return stored[lane];
  }

  /** A slot for the pair of a lane. */
  void keep(int lane, double reciprocal) {
    newest[lane] = (newest[lane] + 1) % memory;
    stored[lane] = Math.min(memory, stored[lane] + 1);
    rho[lane * memory + newest[lane]] = reciprocal;
    offsetS[lane] = newest[lane] * x.length();
    offsetY[lane] = (memory + newest[lane]) * x.length();
    kept.add(lane);
  }

  /** A lane has moved to its trial, whose squared gradient norm is in {@link #yy}. */
  void arrive(int lane, int patience) {
    double change = Math.abs(trialValue[lane] - value[lane]);
    boolean resting = change <= WolfeSearch.ROUNDING * Math.abs(value[lane]);
    value[lane] = trialValue[lane];
    gradientNorm[lane] = Math.sqrt(yy[lane]);
    iterations[lane]++;
    iterated[lane] = true;
    searching[lane] = false;
    // A gradient that grows a hundredfold while the value rests is the way out of a saddle, not a standstill.
    if (!resting || gradientNorm[lane] < 0.9 * bestNorm[lane] || gradientNorm[lane] > 100 * bestNorm[lane]) {
      bestNorm[lane] = gradientNorm[lane];
      idle[lane] = 0;
    } else if (++idle[lane] >= patience) {
      freeze(
          lane,
          Outcome.STALLED,
          patience + " iterations changed the value " + value[lane]
              + " by no more than rounding and did not reduce the gradient norm below " + 0.9 * bestNorm[lane]);
    }
  }

  @Override
  public void visit(StateFields fields) {
    super.visit(fields);
    fields.buffer("direction", direction);
    fields.buffer("pairs", pairs());
    fields.doubles("rho", rho);
    fields.ints("newest", newest);
    fields.ints("stored", stored);
    fields.booleans("searching", searching);
    fields.doubles("bestNorm", bestNorm);
    fields.ints("idle", idle);
    search.visit(fields);
    if (history != null) {
      history.visit(fields);
    }
  }

  @Override
  public void close() {
    direction.close();
    if (pairs != null) {
      pairs.close();
    }
    trialX.close();
    trialGradient.close();
    if (history != null) {
      history.close();
    }
    super.close();
  }
}

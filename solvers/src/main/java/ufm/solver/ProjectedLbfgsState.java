package ufm.solver;

import java.util.Arrays;
import java.util.function.IntPredicate;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;

/** Where {@link ProjectedLbfgs} stands: the pairs by age, the direction and the step of the line search along it. */
public final class ProjectedLbfgsState extends SolverState {
  /** Differences of iterates, the newest first; slot a of a lane is in use while a is less than {@link #stored}. */
  final LaneBuffer[] moves;

  /** Differences of gradients. */
  final LaneBuffer[] turns;

  final int[] stored;

  /** Step along the direction that the next round tries. */
  final double[] t;

  /** Trial points refused since the last iterate. */
  final int[] refused;

  /** max(1, |x|) at the start. */
  final double[] size;

  final LaneBuffer direction;

  /** 1 on the free variables, 0 on those at their bound. */
  final LaneBuffer free;

  final LaneBuffer trial;
  final LaneBuffer trialGradient;
  final LaneBuffer scratch;
  final Criticality criticality;

  // Scratch of a round.
  final Lanes some;
  final Lanes accepted;
  final Lanes restarted;
  final Lanes again;
  final double[][] sy;
  final double[][] weight;
  final double[] one;
  final double[] minusOne;
  final double[] gamma;
  final double[] minusGamma;
  final double[] a;
  final double[] b;
  final double[] trialValue;
  final double[] trialNorm;

  // Kept here because a lambda made in a round would be an allocation.
  final IntPredicate isRunning = l -> outcome(l) == Outcome.RUNNING;
  final IntPredicate hasMoved = this::iterated;
  final IntPredicate givesUpPairs = l -> !iterated(l) && refusals(l) == ProjectedLbfgs.RESTART && outcome(l) == Outcome.RUNNING;
  final IntPredicate climbs = this::climbs;

  /** Lanes that have stored a pair of that age. */
  final IntPredicate[] remembers;

  /** Lanes that use the pair of that age. */
  final IntPredicate[] uses;

  ProjectedLbfgsState(Problem problem, LaneBuffer start, Lanes lanes, int memory) {
    super(problem, start, lanes);
    int n = this.lanes;
    long length = start.length();
    moves = new LaneBuffer[memory];
    turns = new LaneBuffer[memory];
    for (int i = 0; i < memory; i++) {
      moves[i] = backend.allocate(n, length);
      turns[i] = backend.allocate(n, length);
    }
    stored = new int[n];
    t = new double[n];
    refused = new int[n];
    size = new double[n];
    direction = backend.allocate(n, length);
    free = backend.allocate(n, length);
    trial = backend.allocate(n, length);
    trialGradient = backend.allocate(n, length);
    scratch = backend.allocate(n, length);
    criticality = new Criticality(n);
    some = Lanes.none(n);
    accepted = Lanes.none(n);
    restarted = Lanes.none(n);
    again = Lanes.none(n);
    sy = new double[memory][n];
    weight = new double[memory][n];
    one = new double[n];
    minusOne = new double[n];
    Arrays.fill(one, 1);
    Arrays.fill(minusOne, -1);
    gamma = new double[n];
    minusGamma = new double[n];
    a = new double[n];
    b = new double[n];
    trialValue = new double[n];
    trialNorm = new double[n];
    remembers = new IntPredicate[memory];
    uses = new IntPredicate[memory];
    for (int i = 0; i < memory; i++) {
      int age = i;
      remembers[i] = l -> stored[l] > age;
      uses[i] = l -> sy[age][l] > 0;
    }
  }

  private int refusals(int lane) {
    return refused[lane];
  }

  private boolean climbs(int lane) {
    return !(a[lane] > 0) && stored[lane] > 0;
  }

  @Override
  public void visit(StateFields fields) {
    super.visit(fields);
    for (int i = 0; i < moves.length; i++) {
      fields.buffer("move" + i, moves[i]);
      fields.buffer("turn" + i, turns[i]);
    }
    fields.ints("stored", stored);
    fields.doubles("t", t);
    fields.ints("refused", refused);
    fields.doubles("size", size);
    fields.buffer("direction", direction);
  }

  @Override
  public void close() {
    for (int i = 0; i < moves.length; i++) {
      moves[i].close();
      turns[i].close();
    }
    for (LaneBuffer b : new LaneBuffer[] {direction, free, trial, trialGradient, scratch}) {
      b.close();
    }
    super.close();
  }
}

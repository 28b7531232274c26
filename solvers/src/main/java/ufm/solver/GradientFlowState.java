package ufm.solver;

import java.util.Arrays;
import java.util.function.IntPredicate;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;

/** Where {@link GradientFlow} stands: time, step size, stage and slopes of each lane. */
public final class GradientFlowState extends SolverState {
  final double[] time;
  final double[] h;

  /** Scaled error of the last accepted step, for the controller. */
  final double[] lastError;

  /** Stage that the next round evaluates, 2 to 7; 8 within a round when all are there. */
  final int[] stage;

  /** Whether the step under way ends at the end time. */
  final boolean[] last;

  /** Rejections since the last accepted step. */
  final int[] rejected;

  /** Riemannian gradients at the stages; the first is the gradient at x. */
  final LaneBuffer[] slopes;

  /** Point of the stage under way. */
  final LaneBuffer trial;

  /** Displacement of the stage, then the error. */
  final LaneBuffer sum;

  final Lanes now;
  final Lanes ended;
  final double[] one;
  final double[] coefficient;
  final double[] error;
  final double[] size;
  final double[] newSize;
  final double[] trialValue;
  final double[] trialNorm;

  // Kept here because a lambda made in a round would be an allocation.
  final IntPredicate hasMoved = this::iterated;

  /** Lanes whose next evaluation is that stage. */
  final IntPredicate[] evaluates;

  GradientFlowState(Problem problem, LaneBuffer start, Lanes lanes) {
    super(problem, start, lanes);
    int n = this.lanes;
    time = new double[n];
    h = new double[n];
    lastError = new double[n];
    stage = new int[n];
    last = new boolean[n];
    rejected = new int[n];
    slopes = new LaneBuffer[GradientFlow.STAGES];
    slopes[0] = gradient;
    for (int i = 1; i < slopes.length; i++) {
      slopes[i] = backend.allocate(n, start.length());
    }
    trial = backend.allocate(n, start.length());
    sum = backend.allocate(n, start.length());
    now = Lanes.none(n);
    ended = Lanes.none(n);
    one = new double[n];
    Arrays.fill(one, 1);
    coefficient = new double[n];
    error = new double[n];
    size = new double[n];
    newSize = new double[n];
    trialValue = new double[n];
    trialNorm = new double[n];
    evaluates = new IntPredicate[GradientFlow.STAGES + 2];
    for (int i = 0; i < evaluates.length; i++) {
      int due = i;
      evaluates[i] = l -> stage[l] == due && outcome(l) == Outcome.RUNNING;
    }
  }

  /** Time of the last accepted point. */
  @Override
  public double time(int lane) {
    return time[lane];
  }

  /** Step size of the step under way. */
  public double stepSize(int lane) {
    return h[lane];
  }

  @Override
  public void visit(StateFields fields) {
    super.visit(fields);
    fields.doubles("time", time);
    fields.doubles("h", h);
    fields.doubles("lastError", lastError);
    fields.ints("stage", stage);
    fields.booleans("last", last);
    fields.ints("rejected", rejected);
    for (int i = 1; i < slopes.length; i++) {
      fields.buffer("slope" + (i + 1), slopes[i]);
    }
  }

  @Override
  public void close() {
    for (int i = 1; i < slopes.length; i++) {
      slopes[i].close();
    }
    trial.close();
    sum.close();
    super.close();
  }
}

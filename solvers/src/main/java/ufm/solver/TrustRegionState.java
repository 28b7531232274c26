package ufm.solver;

import java.util.Arrays;
import java.util.function.IntPredicate;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.objective.Linearization;

/** Where {@link TrustRegion} stands: radius, the conjugate-gradient iterate of the model problem, and the phase of each lane. */
public final class TrustRegionState extends SolverState {
  /** The lane's next round is a Hessian-vector product. */
  static final int CURVATURE = 0;

  /** The lane's next round is an evaluation at the trial point. */
  static final int TRIAL = 1;

  final int[] phase;
  final double[] radius;
  final double[] radiusLimit;

  /** Norm of the gradient at the start. */
  final double[] firstNorm;

  /** Rejections in a row whose predicted decrease was below the rounding of the value. */
  final int[] refused;

  /** Largest Rayleigh quotient seen at x, the yardstick of "no curvature". */
  final double[] steepest;

  // Conjugate gradients on the model: iterations, |r|^2 now, residual to reach, |s|^2, <s,d>, |d|^2, and whether s ends on the boundary.
  final int[] inner;
  final double[] rr;
  final double[] target;
  final double[] ss;
  final double[] sd;
  final double[] dd;
  final boolean[] boundary;

  final LaneBuffer step;
  final LaneBuffer residual;
  final LaneBuffer direction;

  /** Scratch: Hessian times direction, then at the trial the displacement. */
  final LaneBuffer product;

  final LaneBuffer trial;
  final LaneBuffer trialGradient;

  /** Euclidean gradient at x and at the trial; the Riemannian one itself on a flat manifold. */
  final LaneBuffer ambient;

  final LaneBuffer trialAmbient;

  /** 1 on the free variables, 0 on those held at their bound; null without a constraint. */
  final LaneBuffer free;

  final Linearization linearization;
  final Criticality criticality;

  // Scratch of a round: nothing here outlives it.
  final Lanes curving;
  final Lanes trying;
  final Lanes some;
  final double[] one;
  final double[] minusOne;
  final double[] zero;
  final double[] a;
  final double[] b;
  final double[] c;
  final double[] e;
  final double[] trialValue;
  final double[] trialNorm;

  // Kept here because a lambda made in a round would be an allocation.
  final IntPredicate isCurving = l -> running(l) && phaseOf(l) == CURVATURE;
  final IntPredicate isTrying = l -> running(l) && phaseOf(l) == TRIAL;
  final IntPredicate moves = l -> factor(l) > 0;
  final IntPredicate continues = l -> phaseOf(l) == CURVATURE;
  final IntPredicate isRunning = this::running;
  final IntPredicate hasMoved = this::iterated;

  private final boolean flat;

  TrustRegionState(Problem problem, LaneBuffer start, Lanes lanes) {
    super(problem, start, lanes);
    int n = this.lanes;
    long size = start.length();
    flat = problem.manifold().flat();
    phase = new int[n];
    radius = new double[n];
    radiusLimit = new double[n];
    firstNorm = new double[n];
    refused = new int[n];
    steepest = new double[n];
    inner = new int[n];
    rr = new double[n];
    target = new double[n];
    ss = new double[n];
    sd = new double[n];
    dd = new double[n];
    boundary = new boolean[n];
    step = backend.allocate(n, size);
    residual = backend.allocate(n, size);
    direction = backend.allocate(n, size);
    product = backend.allocate(n, size);
    trial = backend.allocate(n, size);
    trialGradient = backend.allocate(n, size);
    ambient = flat ? gradient : backend.allocate(n, size);
    trialAmbient = flat ? trialGradient : backend.allocate(n, size);
    free = problem.set().constrains() ? backend.allocate(n, size) : null;
    linearization = problem.objective().linearize();
    criticality = new Criticality(n);
    curving = Lanes.none(n);
    trying = Lanes.none(n);
    some = Lanes.none(n);
    one = new double[n];
    minusOne = new double[n];
    zero = new double[n];
    Arrays.fill(one, 1);
    Arrays.fill(minusOne, -1);
    a = new double[n];
    b = new double[n];
    c = new double[n];
    e = new double[n];
    trialValue = new double[n];
    trialNorm = new double[n];
  }

  /** Trust-region radius. */
  public double radius(int lane) {
    return radius[lane];
  }

  private boolean running(int lane) {
    return outcome(lane) == Outcome.RUNNING;
  }

  private int phaseOf(int lane) {
    return phase[lane];
  }

  private double factor(int lane) {
    return a[lane];
  }

  @Override
  public void visit(StateFields fields) {
    super.visit(fields);
    fields.ints("phase", phase);
    fields.doubles("radius", radius);
    fields.doubles("radiusLimit", radiusLimit);
    fields.doubles("firstNorm", firstNorm);
    fields.ints("refused", refused);
    fields.doubles("steepest", steepest);
    fields.ints("inner", inner);
    fields.doubles("rr", rr);
    fields.doubles("target", target);
    fields.doubles("ss", ss);
    fields.doubles("sd", sd);
    fields.doubles("dd", dd);
    fields.booleans("boundary", boundary);
    fields.buffer("step", step);
    fields.buffer("residual", residual);
    fields.buffer("direction", direction);
    if (!flat) {
      fields.buffer("ambient", ambient);
    }
    if (free != null) {
      fields.buffer("free", free);
    }
  }

  @Override
  public void restored() {
    super.restored();
    linearization.at(active(), x);
  }

  @Override
  public void close() {
    linearization.close();
    for (LaneBuffer b : new LaneBuffer[] {step, residual, direction, product, trial, trialGradient}) {
      b.close();
    }
    if (!flat) {
      ambient.close();
      trialAmbient.close();
    }
    if (free != null) {
      free.close();
    }
    super.close();
  }
}

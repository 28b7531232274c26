package ufm.solver;

import java.util.Arrays;
import java.util.function.IntPredicate;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;

/**
 * Where a solver stands, for a batch of lanes: iterate, value, gradient, counters and each lane's outcome. All mutable data of a run is
 * in its state, so that a state written and read back goes on bit for bit.
 *
 * <p>A lane's {@code x}, {@code value} and {@code gradient} always belong together and are its last accepted iterate, also while a line
 * search is under way.
 */
public abstract class SolverState implements AutoCloseable {
  private static final Outcome[] OUTCOMES = Outcome.values();

  /** Where the buffers live. */
  protected final Backend backend;

  /** Number of lanes. */
  protected final int lanes;

  /** Last accepted iterate. A solver that keeps two buffers may exchange them between rounds. */
  protected LaneBuffer x;

  /** Riemannian gradient at {@link #x}. A solver that keeps two buffers may exchange them between rounds. */
  protected LaneBuffer gradient;

  /** Value at {@link #x}, per lane. */
  protected final double[] value;

  /** Norm of {@link #gradient}; for a constrained problem {@code |P(x - g) - x|}. */
  protected final double[] gradientNorm;

  /** Last known size of the gradient's terms (NaN before it is first needed), see {@link ufm.objective.Objective#gradientScale}. */
  protected final double[] gradientScale;

  /** Accepted iterations, per lane. */
  protected final long[] iterations;

  /** Value-and-gradient evaluations, per lane. */
  protected final long[] evaluations;

  /** Hessian-vector products, per lane. */
  protected final long[] hessianProducts;

  /** Whether the lane came to a new accepted iterate in the last round. */
  protected final boolean[] iterated;

  private final int[] outcome;
  private final String[] reason;
  private final long[] rounds = new long[1];
  private final double[] firstScale;
  private final double[] pointNorm;
  private final double[] previousValue;
  private final double[] latestValue;
  private final long[] latestIteration;
  private final Lanes active;
  private final Lanes scratch;
  private final IntPredicate running;
  private long started = System.nanoTime();

  /**
   * A state at the start, before anything is evaluated.
   *
   * @param problem objective and manifold
   * @param start starting points; copied for the given lanes
   * @param lanes lanes to work on; the others are never touched
   */
  protected SolverState(Problem problem, LaneBuffer start, Lanes lanes) {
    this.backend = problem.objective().backend();
    this.lanes = start.lanes();
    int n = this.lanes;
    x = backend.allocate(n, start.length());
    gradient = backend.allocate(n, start.length());
    backend.copy(lanes, start, x);
    value = new double[n];
    gradientNorm = new double[n];
    gradientScale = new double[n];
    Arrays.fill(gradientScale, Double.NaN);
    iterations = new long[n];
    evaluations = new long[n];
    hessianProducts = new long[n];
    iterated = new boolean[n];
    outcome = new int[n];
    reason = new String[n];
    firstScale = new double[n];
    pointNorm = new double[n];
    Arrays.fill(firstScale, Double.NaN);
    previousValue = new double[n];
    latestValue = new double[n];
    latestIteration = new long[n];
    Arrays.fill(previousValue, Double.NaN);
    Arrays.fill(latestValue, Double.NaN);
    Arrays.fill(latestIteration, -1);
    active = Lanes.none(n).set(lanes);
    scratch = Lanes.none(n);
    running = l -> outcome[l] == Outcome.RUNNING.ordinal();
  }

  /**
   * Evaluates value, Riemannian gradient and its norm at the starting points of the active lanes; a lane where they are not finite is
   * frozen as {@link Outcome#DIVERGED}. For unconstrained solvers.
   */
  protected final void evaluateStart(Problem problem) {
    problem.objective().valueGradient(active, x, value, gradient);
    if (!problem.manifold().flat()) {
      problem.manifold().project(backend, active, x, gradient, gradient);
    }
    backend.dot(active, gradient, gradient, gradientNorm);
    for (int i = 0; i < active.count(); i++) {
      int lane = active.at(i);
      gradientNorm[lane] = Math.sqrt(gradientNorm[lane]);
      evaluations[lane] = 1;
      iterated[lane] = true;
      if (!Double.isFinite(value[lane]) || !Double.isFinite(gradientNorm[lane])) {
        freeze(lane, Outcome.DIVERGED, "the start has value " + value[lane] + " and gradient norm " + gradientNorm[lane]);
      }
    }
  }

  /** Last accepted iterates. Ask again after each round: a solver may exchange its buffers. */
  public final LaneBuffer x() {
    return x;
  }

  /** Riemannian gradients at {@link #x()}. */
  public final LaneBuffer gradient() {
    return gradient;
  }

  /** Number of lanes. */
  public final int lanes() {
    return lanes;
  }

  /** Lanes that are still worked on; a view, changed by {@link #freeze}. */
  public final Lanes active() {
    return active;
  }

  /** Value at the last accepted iterate. */
  public final double value(int lane) {
    return value[lane];
  }

  /** Norm of the Riemannian gradient, or of the projected one, at the last accepted iterate. */
  public final double gradientNorm(int lane) {
    return gradientNorm[lane];
  }

  /** Last known size of the gradient's terms, NaN if never asked for. */
  public final double gradientScale(int lane) {
    return gradientScale[lane];
  }

  /** The array behind {@link #gradientScale(int)}, for criteria that refresh it. */
  public final double[] gradientScales() {
    return gradientScale;
  }

  /** Accepted iterations. */
  public final long iterations(int lane) {
    return iterations[lane];
  }

  /** Value-and-gradient evaluations. */
  public final long evaluations(int lane) {
    return evaluations[lane];
  }

  /** Hessian-vector products. */
  public final long hessianProducts(int lane) {
    return hessianProducts[lane];
  }

  /** Whether the lane came to a new accepted iterate in the last round. */
  public final boolean iterated(int lane) {
    return iterated[lane];
  }

  /** Batched rounds so far. */
  public final long rounds() {
    return rounds[0];
  }

  /**
   * Value at the accepted iterate before the last one; NaN at the start, and where no criterion looks at every iterate. Kept by
   * {@link SolverLoop}.
   */
  public final double previousValue(int lane) {
    return previousValue[lane];
  }

  /** Wall-clock seconds since the run was started, or resumed in this process. */
  public final double seconds() {
    return (System.nanoTime() - started) * 1e-9;
  }

  /** Size of the gradient's terms when it was first asked for, per lane; for criteria. */
  final double[] firstScales() {
    return firstScale;
  }

  /** Norm of x where a criterion has asked for it in this round, per lane; for criteria. */
  final double[] pointNorms() {
    return pointNorm;
  }

  /** Starts the clock of {@link #seconds()}; called by the loop. */
  final void startClock() {
    started = System.nanoTime();
  }

  /** A list for criteria that select lanes; its content is lost at the next call. */
  final Lanes scratch() {
    return scratch;
  }

  /**
   * Remembers the values of the two latest iterates of a lane; asked twice at one iterate, it changes nothing. Called by the loop.
   *
   * @param every whether every iterate is noted; otherwise the one before the last is not known
   */
  final void noteIterate(int lane, boolean every) {
    if (latestIteration[lane] != iterations[lane]) {
      previousValue[lane] = every && latestIteration[lane] == iterations[lane] - 1 ? latestValue[lane] : Double.NaN;
      latestValue[lane] = value[lane];
      latestIteration[lane] = iterations[lane];
    }
  }

  /** Counts rounds; called by the loop. */
  final void countRounds(long n) {
    rounds[0] += n;
  }

  /** How a lane stands. */
  public final Outcome outcome(int lane) {
    return OUTCOMES[outcome[lane]];
  }

  /** Why the lane stopped, null while it runs. */
  public final String reason(int lane) {
    return reason[lane];
  }

  /** Ends a lane with an outcome and a reason; it leaves {@link #active()} at the next {@link #compact()}. */
  public final void freeze(int lane, Outcome how, String why) {
    outcome[lane] = how.ordinal();
    reason[lane] = why;
  }

  /** Drops lanes that are no longer running from {@link #active()}. */
  public final void compact() {
    active.retain(running);
  }

  /** Lets lanes that ended by a budget run again, for a run that goes on under a larger one. */
  public final void reopen() {
    for (int l = 0; l < lanes; l++) {
      if (outcome[l] == Outcome.BUDGET.ordinal()) {
        outcome[l] = Outcome.RUNNING.ordinal();
        reason[l] = null;
      }
    }
    rebuildActive();
  }

  /** Simulated time of the lane where the solver has one (gradient flow), else its iterations. */
  public double time(int lane) {
    return iterations[lane];
  }

  /**
   * Names all mutable data; overriding methods call this one first.
   *
   * @param fields visitor
   */
  public void visit(StateFields fields) {
    fields.buffer("x", x);
    fields.buffer("gradient", gradient);
    fields.doubles("value", value);
    fields.doubles("gradientNorm", gradientNorm);
    fields.doubles("gradientScale", gradientScale);
    fields.longs("iterations", iterations);
    fields.longs("evaluations", evaluations);
    fields.longs("hessianProducts", hessianProducts);
    fields.booleans("iterated", iterated);
    fields.ints("outcome", outcome);
    fields.texts("reason", reason);
    fields.longs("rounds", rounds);
    fields.doubles("firstScale", firstScale);
    fields.doubles("previousValue", previousValue);
    fields.doubles("latestValue", latestValue);
    fields.longs("latestIteration", latestIteration);
  }

  /** After a reader has filled the fields: rebuilds what is derived from them. Overriding methods call this one first. */
  public void restored() {
    rebuildActive();
  }

  private void rebuildActive() {
    active.clear();
    for (int l = 0; l < lanes; l++) {
      if (running.test(l) && touched(l)) {
        active.add(l);
      }
    }
  }

  private boolean touched(int lane) {
    return evaluations[lane] > 0;
  }

  /** Frees the buffers; overriding methods call this one last. */
  @Override
  public void close() {
    x.close();
    gradient.close();
  }
}

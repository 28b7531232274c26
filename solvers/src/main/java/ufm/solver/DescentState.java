package ufm.solver;

import java.util.function.IntPredicate;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;

/**
 * State of a method that makes one evaluation in each iteration. It keeps a second pair of buffers for the next iterate and its gradient
 * and exchanges the pairs once all is known to be finite, so that the last finite iterate is never lost and nothing is copied for it.
 *
 * <p>Lanes that no longer move are the same in both pairs.
 */
public abstract class DescentState extends SolverState {
  /** Where the next iterate is built; its content between rounds means nothing. */
  protected LaneBuffer nextX;

  /** Learning rate of this round, per lane. */
  protected final double[] rate;

  private LaneBuffer nextGradient;
  private final double[] nextValue;
  private final double[] nextNorm2;
  private final Lanes moving;
  private final Lanes stopped;
  private final Lanes bad;
  private final IntPredicate done;

  /** A state at the start, evaluated. */
  protected DescentState(Problem problem, LaneBuffer start, Lanes lanes) {
    super(problem, start, lanes);
    nextX = backend.allocate(this.lanes, start.length());
    nextGradient = backend.allocate(this.lanes, start.length());
    rate = new double[this.lanes];
    nextValue = new double[this.lanes];
    nextNorm2 = new double[this.lanes];
    moving = Lanes.none(this.lanes);
    stopped = Lanes.none(this.lanes);
    bad = Lanes.none(this.lanes);
    done = l -> outcome(l) != Outcome.RUNNING;
    evaluateStart(problem);
    equalise(lanes);
  }

  /** Opens a round: learning rates are set, and lanes that ended since the last round are made equal in both pairs. */
  protected final void open(Schedule schedule) {
    equalise(stopped.select(moving, done));
    moving.set(active());
    for (int i = 0; i < moving.count(); i++) {
      int lane = moving.at(i);
      iterated[lane] = false;
      boolean again = i > 0 && iterations[lane] == iterations[moving.at(i - 1)];
      rate[lane] = again ? rate[moving.at(i - 1)] : schedule.rate(iterations[lane]);
    }
  }

  /** Closes a round: evaluates at {@link #nextX} and makes it the iterate of each lane where all is finite; the others end. */
  protected final void close(Problem problem) {
    evaluate(problem);
    accept(1);
  }

  /**
   * Closes several rounds in one, if all is finite in every lane.
   *
   * @param steps how many
   * @param check per lane, not finite if something on the way was not
   * @return false if something is not finite: nothing is accepted, x and gradient are as before
   */
  protected final boolean close(Problem problem, int steps, double[] check) {
    evaluate(problem);
    Lanes lanes = active();
    for (int i = 0; i < lanes.count(); i++) {
      int lane = lanes.at(i);
      if (!(Double.isFinite(check[lane]) && Double.isFinite(nextValue[lane]) && Double.isFinite(nextNorm2[lane]))) {
        return false;
      }
    }
    accept(steps);
    return true;
  }

  /** Room for a gradient on the way; its content between rounds means nothing. */
  protected final LaneBuffer gradientOnTheWay() {
    return nextGradient;
  }

  private void evaluate(Problem problem) {
    Lanes lanes = active();
    problem.objective().valueGradient(lanes, nextX, nextValue, nextGradient);
    if (!problem.manifold().flat()) {
      problem.manifold().project(backend, lanes, nextX, nextGradient, nextGradient);
    }
    backend.dot(lanes, nextGradient, nextGradient, nextNorm2);
  }

  private void accept(int steps) {
    Lanes lanes = active();
    bad.clear();
    for (int i = 0; i < lanes.count(); i++) {
      int lane = lanes.at(i);
      evaluations[lane] += steps;
      if (Double.isFinite(nextValue[lane]) && Double.isFinite(nextNorm2[lane])) {
        value[lane] = nextValue[lane];
        gradientNorm[lane] = Math.sqrt(nextNorm2[lane]);
        iterations[lane] += steps;
        iterated[lane] = true;
      } else {
        bad.add(lane);
        freeze(
            lane,
            Outcome.DIVERGED,
            "step " + (iterations[lane] + 1) + " with learning rate " + rate[lane] + " leads to value " + nextValue[lane]
                + " and gradient norm " + Math.sqrt(nextNorm2[lane]));
      }
    }
    equalise(bad);
    LaneBuffer b = x;
    x = nextX;
    nextX = b;
    b = gradient;
    gradient = nextGradient;
    nextGradient = b;
  }

  private void equalise(Lanes which) {
    if (!which.isEmpty()) {
      backend.copy(which, x, nextX);
      backend.copy(which, gradient, nextGradient);
    }
  }

  @Override
  public void restored() {
    super.restored();
    equalise(Lanes.all(lanes));
    moving.set(active());
  }

  @Override
  public void close() {
    nextX.close();
    nextGradient.close();
    super.close();
  }
}

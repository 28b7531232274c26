package ufm.solver;

import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.manifold.Manifold;
import ufm.objective.Objective;

/**
 * L-BFGS with a strong-Wolfe line search, each lane at its own pace: one round evaluates one trial point for every active lane, whichever
 * phase it is in.
 *
 * <p>Iteration: {@code p = -B g} by the two-loop recursion over the last {@code memory} pairs {@code s = x' - x, y = g' - g} (Nocedal and
 * Wright 2006, algorithms 7.4 and 7.5), then {@link WolfeSearch} from t = 1 (from {@code initialStep min(1, 1/|g|)} along the steepest
 * descent). A pair is kept if {@code <s,y> > 1e-10 |s||y|} (cautious update, Li and Fukushima 2001). On a manifold that is not flat, pairs
 * and directions are transported to the new point (Huang, Gallivan and Absil 2015).
 *
 * <p>Where p is no descent direction, or a search fails, the history is dropped and the steepest descent tried once; if that fails too,
 * the lane is {@link Outcome#STALLED}, as it is after 50 iterations in which the value did not change beyond rounding and the gradient norm
 * did not fall by a tenth. Trial values that are not finite shorten the step.
 *
 * @param memory number of pairs, at least 1
 * @param initialStep scale of the first step, greater than 0
 * @param c1 sufficient decrease, in (0, 1/2)
 * @param c2 curvature, in (c1, 1)
 */
public record Lbfgs(int memory, double initialStep, double c1, double c2) implements Solver<LbfgsState> {
  private static final double CAUTION = 1e-10;
  private static final int PATIENCE = 50;

  /** Checks the settings. */
  public Lbfgs {
    if (memory < 1) {
      throw new IllegalArgumentException("the memory of L-BFGS is " + memory + ", it must be at least 1");
    }
    if (!(initialStep > 0) || Double.isInfinite(initialStep)) {
      throw new IllegalArgumentException("the initial step is " + initialStep + ", it must be a finite number greater than 0");
    }
    if (!(c1 > 0 && c1 < 0.5 && c2 > c1 && c2 < 1)) {
      throw new IllegalArgumentException("the Wolfe constants are " + c1 + " and " + c2 + ", they must satisfy 0 < c1 < 1/2, c1 < c2 < 1");
    }
  }

  /** memory 10, initial step 1, c1 = 1e-4, c2 = 0.9. */
  public static Lbfgs defaults() {
    return withMemory(10);
  }

  /** The defaults with another memory. */
  public static Lbfgs withMemory(int memory) {
    return new Lbfgs(memory, 1, 1e-4, 0.9);
  }

  @Override
  public String description() {
    return "L-BFGS, memory " + memory + ", initial step " + initialStep + ", Wolfe " + c1 + " " + c2;
  }

  @Override
  public LbfgsState init(Problem problem, LaneBuffer start, Lanes lanes) {
    problem.requireUnconstrained("L-BFGS");
    return new LbfgsState(problem, start, lanes, this);
  }

  @Override
  public void step(Problem problem, LbfgsState s) {
    Lanes lanes = s.active();
    s.starting.select(lanes, s.searchless);
    for (int i = 0; i < lanes.count(); i++) {
      s.iterated[lanes.at(i)] = false;
    }
    if (!s.starting.isEmpty()) {
      directions(problem, s);
      s.compact();
    }
    if (!lanes.isEmpty()) {
      trial(problem, s);
    }
  }

  /** A new direction and a new search for the lanes that have none. */
  private void directions(Problem problem, LbfgsState s) {
    Backend backend = problem.objective().backend();
    backend.lbfgsDirection(s.starting, memory, s.newest, s.stored, s.pairs(), s.rho, s.gradient, s.direction);
    backend.dot(s.starting, s.gradient, s.direction, s.slope);
    s.reset.clear();
    for (int i = 0; i < s.starting.count(); i++) {
      int lane = s.starting.at(i);
      if (s.stored[lane] > 0 && !(s.slope[lane] < 0 && Double.isFinite(s.slope[lane]))) {
        s.stored[lane] = 0;
        s.reset.add(lane);
      }
    }
    if (!s.reset.isEmpty()) {
      backend.lbfgsDirection(s.reset, memory, s.newest, s.stored, s.pairs(), s.rho, s.gradient, s.direction);
      backend.dot(s.reset, s.gradient, s.direction, s.slope);
    }
    for (int i = 0; i < s.starting.count(); i++) {
      int lane = s.starting.at(i);
      double norm = s.gradientNorm[lane];
      if (!(s.slope[lane] < 0)) {
        s.freeze(lane, norm == 0 ? Outcome.CONVERGED : Outcome.STALLED, norm == 0
            ? "the gradient is zero"
            : "the squared gradient norm underflows, the norm is " + norm);
        continue;
      }
      double first = s.stored[lane] > 0 ? 1 : initialStep * Math.min(1, 1 / norm);
      s.search.begin(lane, s.value[lane], s.slope[lane], first);
      s.searching[lane] = true;
    }
  }

  /** One evaluation for each lane, and what follows from it. */
  private void trial(Problem problem, LbfgsState s) {
    Objective objective = problem.objective();
    Backend backend = objective.backend();
    Manifold manifold = problem.manifold();
    Lanes lanes = s.active();
    manifold.retract(backend, lanes, s.x, s.search.step, s.direction, s.trialX);
    objective.valueGradient(lanes, s.trialX, s.trialValue, s.trialGradient);
    LaneBuffer along = s.direction;
    if (!manifold.flat()) {
      manifold.project(backend, lanes, s.trialX, s.trialGradient, s.trialGradient);
      along = s.history.along();
      manifold.transport(backend, lanes, s.x, s.trialX, s.direction, along);
    }
    backend.dot(lanes, s.trialGradient, along, s.slope);
    s.accepted.clear();
    for (int i = 0; i < lanes.count(); i++) {
      int lane = lanes.at(i);
      s.evaluations[lane]++;
      switch (s.search.advance(lane, s.trialValue[lane], s.slope[lane])) {
        case TRY -> {
          // The next round evaluates the new trial.
        }
        case ACCEPT -> s.accepted.add(lane);
        case FAIL -> fail(s, lane);
      }
    }
    if (!s.accepted.isEmpty()) {
      accept(problem, s);
    }
  }

  private static void fail(LbfgsState s, int lane) {
    s.searching[lane] = false;
    if (s.stored[lane] > 0) {
      s.stored[lane] = 0;
      return;
    }
    s.freeze(
        lane,
        Outcome.STALLED,
        "no step along the steepest descent lowers the value " + s.value[lane] + " after " + s.search.trials(lane)
            + " trials; the gradient norm is " + s.gradientNorm[lane]);
  }

  /** The accepted trials become iterates, their pairs are stored. */
  private void accept(Problem problem, LbfgsState s) {
    Backend backend = problem.objective().backend();
    Manifold manifold = problem.manifold();
    Lanes lanes = s.accepted;
    if (manifold.flat()) {
      // x and gradient are about to be replaced: they take the differences first, the trial then overwrites them.
      backend.combine(lanes, s.one, s.trialX, s.minusOne, s.x, s.x);
      backend.combine(lanes, s.one, s.trialGradient, s.minusOne, s.gradient, s.gradient);
    } else {
      s.history.transport(manifold, s);
      manifold.transport(backend, lanes, s.x, s.trialX, s.gradient, s.gradient);
      backend.combine(lanes, s.one, s.trialGradient, s.minusOne, s.gradient, s.gradient);
      backend.copy(lanes, s.history.along(), s.x);
      backend.scale(lanes, s.search.step, s.x);
    }
    backend.dot(lanes, s.x, s.gradient, s.sy);
    backend.dot(lanes, s.x, s.x, s.ss);
    backend.dot(lanes, s.gradient, s.gradient, s.yy);
    s.kept.clear();
    for (int i = 0; i < lanes.count(); i++) {
      int lane = lanes.at(i);
      double reciprocal = 1 / s.sy[lane];
      if (s.sy[lane] > CAUTION * Math.sqrt(s.ss[lane]) * Math.sqrt(s.yy[lane]) && Double.isFinite(reciprocal) && s.yy[lane] > 0) {
        s.keep(lane, reciprocal);
      }
    }
    backend.store(s.kept, s.x, s.offsetS, s.pairs());
    backend.store(s.kept, s.gradient, s.offsetY, s.pairs());
    if (s.history != null) {
      s.history.add(s, s.x, s.gradient);
    }
    backend.copy(lanes, s.trialX, s.x);
    backend.copy(lanes, s.trialGradient, s.gradient);
    backend.dot(lanes, s.gradient, s.gradient, s.yy);
    for (int i = 0; i < lanes.count(); i++) {
      s.arrive(lanes.at(i), PATIENCE);
    }
  }
}

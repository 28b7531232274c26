package ufm.solver;

import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.manifold.ConvexSet;
import ufm.manifold.NonNegative;

/**
 * Two-metric projected L-BFGS for variables of which some must be non-negative.
 *
 * <p>At x the variables with {@code x_i <= epsilon} and {@code g_i > 0} are held, the others are free (epsilon falls with the measure of
 * optimality {@code |P(x - g) - x|}). The direction is {@code -B g} on the free variables, B the L-BFGS matrix of the pairs restricted to
 * them, and {@code -gamma g} on the held ones, gamma the scale of B. The next iterate is {@code P(x + t p)} with the first t of
 * 1, ... (quadratic interpolation between a tenth and a half) for which {@code f(x) - f(x(t)) >= 1e-4 <g, x - x(t)>}. Where that decrease
 * is below the rounding of f, values decide nothing, and the step is taken iff the measure of optimality falls.
 *
 * <p>Each pair is used only where its curvature on the free variables is positive, {@code <s,y> > 1e-10 |s||y|}.
 *
 * <p>It finds the active set and the value to rounding; the last digits of the gradient are for {@link TrustRegion}, which goes on from here
 * on the face.
 *
 * <p>A round is one evaluation of every active lane. Memory: {@code 2 memory + 7} vectors for each lane.
 *
 * <p>References: Bertsekas, SIAM J. Control Optim. 20 (1982) 221, eqs. 32-37; Nocedal, Wright, Numerical Optimization (2006), algorithm 7.4.
 *
 * @param memory number of pairs, at least 1
 * @param epsilon largest distance from the bound at which a variable can be held, at least 0
 */
public record ProjectedLbfgs(int memory, double epsilon) implements Solver<ProjectedLbfgsState> {
  private static final double EPS = Math.ulp(1.0);
  private static final double VALUE_ROUNDING = 1e3;
  private static final double ARMIJO = 1e-4;
  private static final double CURVATURE = 1e-10;

  /** Refusals after which the pairs are given up, and after which the lane is. */
  static final int RESTART = 12;

  private static final int GIVE_UP = 30;

  /** Checks the settings. */
  public ProjectedLbfgs {
    if (memory < 1 || !(epsilon >= 0) || Double.isInfinite(epsilon)) {
      throw new IllegalArgumentException(
          "projected L-BFGS needs memory >= 1 and a finite epsilon >= 0, but got memory=" + memory + ", epsilon=" + epsilon);
    }
  }

  /** 10 pairs, epsilon 1e-3. */
  public static ProjectedLbfgs standard() {
    return new ProjectedLbfgs(10, 1e-3);
  }

  @Override
  public String description() {
    return "projected L-BFGS (memory=" + memory + ", epsilon=" + epsilon + ")";
  }

  @Override
  public ProjectedLbfgsState init(Problem problem, LaneBuffer start, Lanes lanes) {
    if (!problem.manifold().flat()) {
      throw new IllegalArgumentException("projected L-BFGS works in Euclidean space, not on " + problem.manifold().name());
    }
    ProjectedLbfgsState s = new ProjectedLbfgsState(problem, start, lanes, memory);
    problem.set().project(s.backend, lanes, s.x);
    problem.objective().valueGradient(lanes, s.x, s.value, s.gradient);
    s.criticality.measure(s.backend, problem.set(), lanes, s.x, s.gradient, s.scratch, s.gradientNorm);
    s.backend.dot(lanes, s.x, s.x, s.a);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      s.size[l] = Math.max(1, Math.sqrt(s.a[l]));
      s.evaluations[l] = 1;
      s.iterated[l] = true;
      if (!Double.isFinite(s.value[l]) || !Double.isFinite(s.gradientNorm[l])) {
        s.freeze(l, Outcome.DIVERGED, "value or gradient is not finite at the start");
      }
    }
    s.compact();
    direct(problem.set(), s, s.accepted.set(s.active()));
    s.compact();
    return s;
  }

  @Override
  public void step(Problem problem, ProjectedLbfgsState s) {
    Backend backend = s.backend;
    for (int i = 0; i < s.active().count(); i++) {
      int l = s.active().at(i);
      s.iterated[l] = false;
      if (s.gradientNorm[l] * s.gradientNorm[l] < Double.MIN_NORMAL && s.outcome(l) == Outcome.RUNNING) {
        s.freeze(l, Outcome.CONVERGED, "measure of optimality is zero: its square underflows");
      }
    }
    Lanes lanes = s.accepted.select(s.active(), s.isRunning);
    backend.combine(lanes, s.t, s.direction, s.one, s.x, s.trial);
    problem.set().project(backend, lanes, s.trial);
    problem.objective().valueGradient(lanes, s.trial, s.trialValue, s.trialGradient);
    s.criticality.measure(backend, problem.set(), lanes, s.trial, s.trialGradient, s.scratch, s.trialNorm);
    double[] linear = s.a;
    backend.combine(lanes, s.one, s.x, s.minusOne, s.trial, s.scratch);
    backend.dot(lanes, s.gradient, s.scratch, linear);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      s.evaluations[l]++;
      s.iterated[l] = accepts(s, l, linear[l]);
    }
    s.restarted.select(lanes, s.givesUpPairs);
    for (int i = 0; i < s.restarted.count(); i++) {
      s.stored[s.restarted.at(i)] = 0;
    }
    lanes.retain(s.hasMoved);
    remember(s, lanes);
    backend.copy(lanes, s.trial, s.x);
    backend.copy(lanes, s.trialGradient, s.gradient);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      s.value[l] = s.trialValue[l];
      s.gradientNorm[l] = s.trialNorm[l];
      s.iterations[l]++;
      s.refused[l] = 0;
    }
    direct(problem.set(), s, lanes);
    direct(problem.set(), s, lanes.set(s.restarted));
  }

  /** Whether the trial point becomes the iterate; where not, sets the next step or freezes the lane. */
  private static boolean accepts(ProjectedLbfgsState s, int l, double linear) {
    boolean finite = Double.isFinite(s.trialValue[l]) && Double.isFinite(s.trialNorm[l]);
    double decrease = s.value[l] - s.trialValue[l];
    double rounding = VALUE_ROUNDING * EPS * Math.abs(s.value[l]);
    boolean blind = Math.abs(linear) <= rounding;
    if (finite && (blind ? s.trialNorm[l] < s.gradientNorm[l] && decrease >= -rounding : linear > 0 && decrease >= ARMIJO * linear)) {
      return true;
    }
    s.refused[l]++;
    double interpolated = finite && !blind && linear > decrease ? 0.5 * linear / (linear - decrease) : 0.25;
    s.t[l] *= Math.clamp(interpolated, 0.1, 0.5);
    if (s.refused[l] > GIVE_UP) {
      s.freeze(l, finite ? Outcome.STALLED : Outcome.DIVERGED,
          finite
              ? "no step along the projection arc decreases the value or, below its rounding, the measure of optimality"
              : "value or gradient is not finite at every trial point");
    }
    return false;
  }

  /** Makes the last move the newest pair of the lanes; the others grow older. */
  private void remember(ProjectedLbfgsState s, Lanes lanes) {
    Backend backend = s.backend;
    for (int age = memory - 2; age >= 0; age--) {
      s.some.select(lanes, s.remembers[age]);
      backend.copy(s.some, s.moves[age], s.moves[age + 1]);
      backend.copy(s.some, s.turns[age], s.turns[age + 1]);
    }
    backend.combine(lanes, s.one, s.trial, s.minusOne, s.x, s.moves[0]);
    backend.combine(lanes, s.one, s.trialGradient, s.minusOne, s.gradient, s.turns[0]);
    for (int i = 0; i < lanes.count(); i++) {
      s.stored[lanes.at(i)] = Math.min(memory, s.stored[lanes.at(i)] + 1);
    }
  }

  /** Free set and direction at x; the step becomes 1. */
  private void direct(ConvexSet set, ProjectedLbfgsState s, Lanes lanes) {
    if (lanes.isEmpty()) {
      return;
    }
    Backend backend = s.backend;
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      s.t[l] = 1;
      s.a[l] = Math.min(epsilon, s.gradientNorm[l]);
    }
    if (set instanceof NonNegative(long offset, long count)) {
      backend.freeMask(lanes, s.x, s.gradient, s.a, offset, count, s.free);
    } else {
      backend.fill(lanes, 1, s.free);
    }
    twoLoops(s, lanes);
    // The recursion loses descent only by rounding or by pairs of a far-away region: begin anew there.
    backend.dot(lanes, s.gradient, s.direction, s.a);
    s.some.select(lanes, s.climbs);
    if (!s.some.isEmpty()) {
      for (int i = 0; i < s.some.count(); i++) {
        s.stored[s.some.at(i)] = 0;
      }
      twoLoops(s, s.again.set(s.some));
    }
    for (int i = 0; i < lanes.count(); i++) {
      s.minusGamma[lanes.at(i)] = -s.gamma[lanes.at(i)];
    }
    backend.multiply(lanes, s.gradient, s.free, s.scratch);
    backend.combine(lanes, s.gamma, s.scratch, s.minusGamma, s.gradient, s.scratch);
    backend.combine(lanes, s.minusOne, s.direction, s.one, s.scratch, s.direction);
  }

  /** {@code direction = B g} on the free variables, 0 on the others; gamma is the scale of B. */
  private void twoLoops(ProjectedLbfgsState s, Lanes lanes) {
    Backend backend = s.backend;
    LaneBuffer q = s.direction;
    weighPairs(s, lanes);
    backend.multiply(lanes, s.gradient, s.free, q);
    for (int age = 0; age < memory; age++) {
      double[] sy = s.sy[age];
      double[] w = s.weight[age];
      s.some.select(lanes, s.uses[age]);
      backend.dot(s.some, s.moves[age], q, w);
      for (int i = 0; i < s.some.count(); i++) {
        int l = s.some.at(i);
        w[l] /= sy[l];
        s.b[l] = -w[l];
      }
      backend.axpy(s.some, s.b, s.turns[age], q);
      backend.multiply(s.some, q, s.free, q);
    }
    backend.scale(lanes, s.gamma, q);
    for (int age = memory - 1; age >= 0; age--) {
      double[] sy = s.sy[age];
      double[] w = s.weight[age];
      s.some.select(lanes, s.uses[age]);
      backend.dot(s.some, s.turns[age], q, s.b);
      for (int i = 0; i < s.some.count(); i++) {
        int l = s.some.at(i);
        s.b[l] = w[l] - s.b[l] / sy[l];
      }
      backend.axpy(s.some, s.b, s.moves[age], q);
      backend.multiply(s.some, q, s.free, q);
    }
  }

  /** Inner products of the pairs on the free variables, 0 where a pair is not stored or not curved enough there; sets gamma. */
  private void weighPairs(ProjectedLbfgsState s, Lanes lanes) {
    Backend backend = s.backend;
    for (int i = 0; i < lanes.count(); i++) {
      s.gamma[lanes.at(i)] = 0;
    }
    for (int age = 0; age < memory; age++) {
      double[] sy = s.sy[age];
      for (int i = 0; i < lanes.count(); i++) {
        sy[lanes.at(i)] = 0;
      }
      s.some.select(lanes, s.remembers[age]);
      backend.multiply(s.some, s.moves[age], s.free, s.scratch);
      backend.dot(s.some, s.scratch, s.turns[age], sy);
      backend.dot(s.some, s.scratch, s.moves[age], s.a);
      backend.multiply(s.some, s.turns[age], s.free, s.scratch);
      backend.dot(s.some, s.scratch, s.turns[age], s.b);
      for (int i = 0; i < s.some.count(); i++) {
        int l = s.some.at(i);
        if (!(sy[l] > CURVATURE * Math.sqrt(s.a[l] * s.b[l]))) {
          sy[l] = 0;
        } else if (s.gamma[l] == 0) {
          s.gamma[l] = sy[l] / s.b[l];
        }
      }
    }
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      if (s.gamma[l] == 0) {
        // No curvature known yet: a first step of a tenth of the size of x.
        s.gamma[l] = 0.1 * s.size[l] / s.gradientNorm[l];
      }
    }
  }
}

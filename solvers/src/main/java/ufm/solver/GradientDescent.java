package ufm.solver;

import java.util.Arrays;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.manifold.Manifold;

/**
 * Gradient descent with momentum in PyTorch's form: with g_k the gradient at x_k,
 *
 * <pre>
 * v_1 = g_0,   v_{k+1} = mu v_k + (1 - dampening) g_k   (k &gt;= 1)
 * x_{k+1} = x_k - eta_k v_{k+1}                          (heavy ball)
 * x_{k+1} = x_k - eta_k (g_k + mu v_{k+1})               (Nesterov)
 * </pre>
 *
 * <p>mu = 0 is plain gradient descent. On a manifold the step is a retraction and the velocity is transported to the new point. A step to
 * a value or gradient that is not finite ends the lane as {@link Outcome#DIVERGED} at its last finite iterate.
 *
 * <p>References: Polyak 1964; Sutskever et al. 2013 (ICML), section 2; {@code torch.optim.SGD}.
 *
 * @param schedule eta_k
 * @param momentum mu, at least 0
 * @param dampening at least 0 and at most 1
 * @param nesterov whether the step looks ahead; needs momentum and no dampening, as in PyTorch
 */
public record GradientDescent(Schedule schedule, double momentum, double dampening, boolean nesterov)
    implements Solver<GradientDescent.State> {
  /** Steps of the longest stretch. */
  private static final int LONGEST = 4096;

  /** Checks the settings. */
  public GradientDescent {
    if (!(momentum >= 0) || Double.isInfinite(momentum)) {
      throw new IllegalArgumentException("momentum is " + momentum + ", it must be a finite number of at least 0");
    }
    if (!(dampening >= 0 && dampening <= 1)) {
      throw new IllegalArgumentException("dampening is " + dampening + ", it must lie in [0, 1]");
    }
    if (nesterov && (momentum == 0 || dampening != 0)) {
      throw new IllegalArgumentException(
          "nesterov needs momentum > 0 and dampening = 0, they are " + momentum + " and " + dampening);
    }
  }

  /** Plain gradient descent with a constant learning rate. */
  public static GradientDescent plain(double rate) {
    return new GradientDescent(Schedule.constant(rate), 0, 0, false);
  }

  /** Heavy-ball momentum with a constant learning rate. */
  public static GradientDescent momentum(double rate, double momentum) {
    return new GradientDescent(Schedule.constant(rate), momentum, 0, false);
  }

  /** Nesterov momentum with a constant learning rate. */
  public static GradientDescent nesterov(double rate, double momentum) {
    return new GradientDescent(Schedule.constant(rate), momentum, 0, true);
  }

  @Override
  public String description() {
    return "gradient descent, " + schedule + (momentum == 0 ? "" : ", momentum " + momentum)
        + (dampening == 0 ? "" : ", dampening " + dampening) + (nesterov ? ", nesterov" : "");
  }

  @Override
  public State init(Problem problem, LaneBuffer start, Lanes lanes) {
    problem.requireUnconstrained("gradient descent");
    return new State(problem, start, lanes, this);
  }

  @Override
  public void step(Problem problem, State s) {
    s.open(schedule);
    Backend backend = problem.objective().backend();
    Manifold manifold = problem.manifold();
    Lanes lanes = s.active();
    for (int i = 0; i < lanes.count(); i++) {
      int lane = lanes.at(i);
      s.dampening[lane] = s.iterations(lane) == 0 ? 0 : dampening;
      s.minusRate[lane] = -s.rate[lane];
    }
    if (momentum == 0) {
      manifold.retract(backend, lanes, s.x, s.minusRate, s.gradient, s.nextX);
    } else if (manifold.flat()) {
      backend.copy(lanes, s.x, s.nextX);
      backend.momentumStep(lanes, s.mu, s.dampening, s.rate, nesterov, s.gradient, s.velocity, s.nextX);
    } else {
      for (int i = 0; i < lanes.count(); i++) {
        int lane = lanes.at(i);
        s.undamped[lane] = 1 - s.dampening[lane];
      }
      backend.combine(lanes, s.mu, s.velocity, s.undamped, s.gradient, s.velocity);
      LaneBuffer direction = s.velocity;
      if (nesterov) {
        direction = s.ahead;
        backend.combine(lanes, s.mu, s.velocity, s.one, s.gradient, direction);
      }
      manifold.retract(backend, lanes, s.x, s.minusRate, direction, s.nextX);
      manifold.transport(backend, lanes, s.x, s.nextX, s.velocity, s.velocity);
    }
    s.close(problem);
  }

  /**
   * Several rounds, the first from the gradient that is known, the others by {@link ufm.objective.Objective#descend}, which keeps no gradient. If
   * a fit on the way or anything at the end is not finite, all is taken back and made again step by step, so that a lane ends at its last
   * finite iterate. What is not seen is a square that overflows on the way (variables or gradients beyond 1e154) if all is finite again at
   * the end.
   */
  @Override
  public long advance(Problem problem, State s, long most) {
    if (most < 2 || s.singly > 0 || !problem.manifold().flat()) {
      s.singly = Math.max(0, s.singly - 1);
      step(problem, s);
      return 1;
    }
    int steps = (int) Math.min(most, LONGEST);
    s.open(schedule);
    Backend backend = problem.objective().backend();
    Lanes lanes = s.active();
    long first = s.iterations(lanes.at(0));
    for (int j = 1; j < steps; j++) {
      s.rates[j - 1] = schedule.rate(first + j);
    }
    for (int i = 0; i < lanes.count(); i++) {
      int lane = lanes.at(i);
      s.dampening[lane] = first == 0 ? 0 : dampening;
      s.minusRate[lane] = -s.rate[lane];
    }
    backend.copy(lanes, s.x, s.nextX);
    if (momentum == 0) {
      backend.axpy(lanes, s.minusRate, s.gradient, s.nextX);
    } else {
      backend.copy(lanes, s.velocity, s.heldVelocity());
      backend.momentumStep(lanes, s.mu, s.dampening, s.rate, nesterov, s.gradient, s.velocity, s.nextX);
    }
    for (int i = 0; i < lanes.count(); i++) {
      s.dampening[lanes.at(i)] = dampening;
    }
    problem.objective().descend(
        lanes, steps - 1, s.mu, s.dampening, s.rates, nesterov, s.nextX, momentum == 0 ? null : s.velocity, s.gradientOnTheWay(), s.check);
    if (s.close(problem, steps, s.check)) {
      return steps;
    }
    if (momentum != 0) {
      backend.copy(lanes, s.held, s.velocity);
    }
    s.singly = steps - 1;
    step(problem, s);
    return 1;
  }

  /** Iterate, gradient and velocity. */
  public static final class State extends DescentState {
    private final LaneBuffer velocity;
    private final LaneBuffer ahead;
    private final double[] mu;
    private final double[] dampening;
    private final double[] undamped;
    private final double[] minusRate;
    private final double[] one;
    private final double[] rates;
    private final double[] check;
    /** Velocities at the start of a stretch; made when first needed. */
    private LaneBuffer held;
    /** Rounds to be made one by one after a stretch that was taken back. */
    private long singly;

    private State(Problem problem, LaneBuffer start, Lanes lanes, GradientDescent solver) {
      super(problem, start, lanes);
      velocity = solver.momentum == 0 ? null : backend.allocate(this.lanes, start.length());
      ahead = solver.nesterov && !problem.manifold().flat() ? backend.allocate(this.lanes, start.length()) : null;
      mu = new double[this.lanes];
      Arrays.fill(mu, solver.momentum);
      dampening = new double[this.lanes];
      undamped = new double[this.lanes];
      minusRate = new double[this.lanes];
      one = new double[this.lanes];
      Arrays.fill(one, 1);
      rates = new double[LONGEST];
      check = new double[this.lanes];
    }

    private LaneBuffer heldVelocity() {
      if (held == null) {
        held = backend.allocate(lanes, velocity.length());
      }
      return held;
    }

    @Override
    public void visit(StateFields fields) {
      super.visit(fields);
      if (velocity != null) {
        fields.buffer("velocity", velocity);
      }
    }

    @Override
    public void close() {
      if (velocity != null) {
        velocity.close();
      }
      if (held != null) {
        held.close();
      }
      if (ahead != null) {
        ahead.close();
      }
      super.close();
    }
  }
}

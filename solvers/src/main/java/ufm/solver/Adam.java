package ufm.solver;

import java.util.Arrays;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.manifold.Manifold;

/**
 * Adam in PyTorch's form: with g_k the gradient at x_k, element by element,
 *
 * <pre>
 * m_{k+1} = beta1 m_k + (1-beta1) g_k,   s_{k+1} = beta2 s_k + (1-beta2) g_k^2,   m_0 = s_0 = 0
 * x_{k+1} = x_k - eta_k (m_{k+1} / (1-beta1^{k+1})) / (sqrt(s_{k+1} / (1-beta2^{k+1})) + epsilon)
 * </pre>
 *
 * <p>There is no weight decay: penalties belong to the objective. On a manifold the step is projected to the tangent space and retracted,
 * and m is transported to the new point. A step to a value or gradient that is not finite ends the lane as {@link Outcome#DIVERGED} at its
 * last finite iterate.
 *
 * <p>References: Kingma and Ba 2015 (arXiv 1412.6980), algorithm 1; {@code torch.optim.Adam}.
 *
 * @param schedule eta_k
 * @param beta1 in [0, 1)
 * @param beta2 in [0, 1)
 * @param epsilon at least 0
 */
public record Adam(Schedule schedule, double beta1, double beta2, double epsilon) implements Solver<Adam.State> {

  /** Checks the settings. */
  public Adam {
    if (!(beta1 >= 0 && beta1 < 1) || !(beta2 >= 0 && beta2 < 1)) {
      throw new IllegalArgumentException("beta1 and beta2 are " + beta1 + " and " + beta2 + ", they must lie in [0, 1)");
    }
    if (!(epsilon >= 0)) {
      throw new IllegalArgumentException("epsilon is " + epsilon + ", it must be at least 0");
    }
  }

  /** PyTorch's defaults: beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8. */
  public static Adam of(Schedule schedule) {
    return new Adam(schedule, 0.9, 0.999, 1e-8);
  }

  @Override
  public String description() {
    return "Adam, " + schedule + ", beta1 " + beta1 + ", beta2 " + beta2 + ", epsilon " + epsilon;
  }

  @Override
  public State init(Problem problem, LaneBuffer start, Lanes lanes) {
    problem.requireUnconstrained("Adam");
    return new State(problem, start, lanes);
  }

  @Override
  public void step(Problem problem, State s) {
    s.open(schedule);
    Backend backend = problem.objective().backend();
    Manifold manifold = problem.manifold();
    Lanes lanes = s.active();
    for (int i = 0; i < lanes.count(); i++) {
      int lane = lanes.at(i);
      s.power1[lane] *= beta1;
      s.power2[lane] *= beta2;
      s.correction1[lane] = 1 - s.power1[lane];
      s.correction2[lane] = 1 - s.power2[lane];
    }
    backend.copy(lanes, s.x, s.nextX);
    backend.adamStep(
        lanes, beta1, beta2, epsilon, s.rate, s.correction1, s.correction2, s.gradient, s.moment, s.square, s.nextX);
    if (!manifold.flat()) {
      backend.combine(lanes, s.one, s.nextX, s.minusOne, s.x, s.direction);
      manifold.project(backend, lanes, s.x, s.direction, s.direction);
      manifold.retract(backend, lanes, s.x, s.one, s.direction, s.nextX);
      manifold.transport(backend, lanes, s.x, s.nextX, s.moment, s.moment);
    }
    s.close(problem);
  }

  /** Iterate, gradient and both moments. */
  public static final class State extends DescentState {
    private final LaneBuffer moment;
    private final LaneBuffer square;
    private final LaneBuffer direction;
    private final double[] power1;
    private final double[] power2;
    private final double[] correction1;
    private final double[] correction2;
    private final double[] one;
    private final double[] minusOne;

    private State(Problem problem, LaneBuffer start, Lanes lanes) {
      super(problem, start, lanes);
      moment = backend.allocate(this.lanes, start.length());
      square = backend.allocate(this.lanes, start.length());
      direction = problem.manifold().flat() ? null : backend.allocate(this.lanes, start.length());
      power1 = new double[this.lanes];
      power2 = new double[this.lanes];
      Arrays.fill(power1, 1);
      Arrays.fill(power2, 1);
      correction1 = new double[this.lanes];
      correction2 = new double[this.lanes];
      one = new double[this.lanes];
      minusOne = new double[this.lanes];
      Arrays.fill(one, 1);
      Arrays.fill(minusOne, -1);
    }

    @Override
    public void visit(StateFields fields) {
      super.visit(fields);
      fields.buffer("moment", moment);
      fields.buffer("square", square);
      fields.doubles("power1", power1);
      fields.doubles("power2", power2);
    }

    @Override
    public void close() {
      moment.close();
      square.close();
      if (direction != null) {
        direction.close();
      }
      super.close();
    }
  }
}

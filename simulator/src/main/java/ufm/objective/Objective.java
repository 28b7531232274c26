package ufm.objective;

import java.util.List;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.Layout;

/**
 * A smooth function of each lane's variables, evaluated for a batch of lanes. No method allocates per evaluation ({@link #descend} may, once
 * a call).
 *
 * <p>Not safe for use by several threads: an objective owns scratch memory.
 */
public interface Objective extends AutoCloseable {

  /** The formula with its constants, in the convention of its theory sheet; printed with results. */
  String formula();

  /** Where buffers of this objective live. */
  Backend backend();

  /** The blocks of a lane's variables. */
  Layout layout();

  /** Number of lanes. */
  int lanes();

  /** Names of the separate terms, in the order of {@link #terms}, for example fit, penaltyW, penaltyH. */
  List<String> termNames();

  /**
   * The value of the objective.
   *
   * @param lanes active lanes
   * @param x variables; not modified
   * @param f per lane; modified
   */
  void value(Lanes lanes, LaneBuffer x, double[] f);

  /**
   * Value and Euclidean gradient in one pass.
   *
   * @param x variables; not modified
   * @param f per lane; modified
   * @param g gradient, same layout; modified
   */
  void valueGradient(Lanes lanes, LaneBuffer x, double[] f, LaneBuffer g);

  /**
   * Several steps of momentum descent, x and v in place, as {@link Backend#descend}: each step is {@link #valueGradient} at x followed by
   * {@link Backend#momentumStep}, bit for bit.
   *
   * @param steps how many, at least 1
   * @param mu momentum of each lane
   * @param damp dampening of each lane
   * @param eta step size of step j, the same in all lanes
   * @param x variables; modified
   * @param v velocity; modified; null for plain descent
   * @param gradient scratch of the layout of x; its content is lost
   * @param check per lane, not finite if the fit (the value but for its penalties) was not finite before one of the steps; modified
   */
  default void descend(
      Lanes lanes, int steps, double[] mu, double[] damp, double[] eta, boolean nesterov, LaneBuffer x, LaneBuffer v, LaneBuffer gradient,
      double[] check) {
    double[] f = new double[lanes()];
    double[] rate = new double[lanes()];
    for (int j = 0; j < steps; j++) {
      valueGradient(lanes, x, f, gradient);
      for (int i = 0; i < lanes.count(); i++) {
        check[lanes.at(i)] = (j == 0 ? 0 : check[lanes.at(i)]) + f[lanes.at(i)];
        rate[lanes.at(i)] = v == null ? -eta[j] : eta[j];
      }
      if (v == null) {
        backend().axpy(lanes, rate, gradient, x);
      } else {
        backend().momentumStep(lanes, mu, damp, rate, nesterov, gradient, v, x);
      }
    }
  }

  /**
   * The separate terms.
   *
   * @param x variables; not modified
   * @param terms {@code terms[t][lane]}, t in the order of {@link #termNames}; modified
   */
  void terms(Lanes lanes, LaneBuffer x, double[][] terms);

  /**
   * The size of the gradient's terms, the yardstick of a relative stopping test: the sum over the blocks of the norms of the terms whose
   * sum is the gradient, for example {@code |G H^T| + lambdaW |W| + |W^T G| + lambdaH |H| + |G 1| + lambdaB |b|}.
   *
   * @param x variables; not modified
   * @param g gradient at x; not modified
   * @param scale per lane; modified
   */
  void gradientScale(Lanes lanes, LaneBuffer x, LaneBuffer g, double[] scale);

  /** New curvature storage for Hessian-vector products; the caller closes it. */
  Linearization linearize();

  @Override
  void close();
}

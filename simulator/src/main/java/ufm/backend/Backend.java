package ufm.backend;

import java.util.Map;

/**
 * The operations a batch of lanes is made of, on one device.
 *
 * <p>Conventions of every method: {@code lanes} says which lanes are touched, all others keep their bits; scalars are host arrays
 * indexed by lane number; outputs named {@code out} or marked "modified" are overwritten for the active lanes only; matrices are
 * column-major. For given inputs a lane's bits depend on the shapes alone, neither on the other lanes nor on the number of threads.
 * An element that is not finite stays in its lane.
 *
 * <p>Methods may be called from one thread at a time.
 */
public interface Backend extends AutoCloseable {

  /** Short name: {@code cpu} or {@code cuda}. */
  String name();

  /** One line for people: device, library, vector width, threads. */
  String description();

  /** What a result's bits depend on besides its inputs: backend, library and version, kernel family. */
  Map<String, String> provenance();

  // ---- memory -------------------------------------------------------------------------------------------------

  /**
   * A new buffer of float64 zeros.
   *
   * @param lanes number of lanes, at least 1
   * @param length elements of a lane, at least 0
   */
  LaneBuffer allocate(int lanes, long length);

  /**
   * Copies {@code count} host numbers into a lane.
   *
   * @param dst modified
   * @param lane lane number
   * @param offset first element in the lane
   * @param src not modified
   * @param from first number in {@code src}
   * @param count how many
   */
  void write(LaneBuffer dst, int lane, long offset, double[] src, int from, int count);

  /** Copies {@code count} numbers of a lane to the host; {@code dst} is modified. */
  void read(LaneBuffer src, int lane, long offset, double[] dst, int from, int count);

  // ---- vectors ------------------------------------------------------------------------------------------------

  /** {@code x = value} in every element of the active lanes; x modified. */
  void fill(Lanes lanes, double value, LaneBuffer x);

  /** {@code dst = src}; dst modified. */
  void copy(Lanes lanes, LaneBuffer src, LaneBuffer dst);

  /** {@code x = alpha_l x}; x modified. */
  void scale(Lanes lanes, double[] alpha, LaneBuffer x);

  /** {@code y = y + alpha_l x}, one fused multiply-add for each element; y modified. */
  void axpy(Lanes lanes, double[] alpha, LaneBuffer x, LaneBuffer y);

  /** {@code out = alpha_l x + beta_l y} as {@code fma(alpha, x, beta*y)}; out modified, may be x or y. */
  void combine(Lanes lanes, double[] alpha, LaneBuffer x, double[] beta, LaneBuffer y, LaneBuffer out);

  /** {@code out = x .* y}, element by element; out modified, may be x or y. */
  void multiply(Lanes lanes, LaneBuffer x, LaneBuffer y, LaneBuffer out);

  /** {@code out_l = <x_l, y_l>}; out modified. */
  default void dot(Lanes lanes, LaneBuffer x, LaneBuffer y, double[] out) {
    dot(lanes, x, y, 0, x.length(), out);
  }

  /** {@code out_l = <x_l, y_l>} over elements {@code offset .. offset+count-1}; out modified. */
  void dot(Lanes lanes, LaneBuffer x, LaneBuffer y, long offset, long count, double[] out);

  /** {@code out_l = |x_l + alpha_l y_l|^2} over elements {@code offset .. offset+count-1}; out modified. */
  void distance2(Lanes lanes, LaneBuffer x, double[] alpha, LaneBuffer y, long offset, long count, double[] out);

  /** {@code out_l = max_i |x_li|}, NaN if an element is NaN; out modified. */
  void maxAbs(Lanes lanes, LaneBuffer x, double[] out);

  // ---- matrices -----------------------------------------------------------------------------------------------

  /**
   * {@code C = alpha op(A) op(B) + beta C} in every active lane, all column-major at the given offsets; op transposes where asked.
   *
   * @param transA whether op(A) = A^T
   * @param transB whether op(B) = B^T
   * @param m rows of C
   * @param n columns of C
   * @param k inner length
   * @param alpha factor, the same in all lanes
   * @param a A, at aOffset, leading dimension lda; not modified
   * @param b B, at bOffset, leading dimension ldb; not modified
   * @param beta factor of C; with 0, C is not read
   * @param c C, at cOffset, leading dimension ldc; modified, must not overlap A or B
   */
  void gemm(
      Lanes lanes, boolean transA, boolean transB, int m, int n, int k, double alpha, LaneBuffer a, long aOffset, int lda, LaneBuffer b,
      long bOffset, int ldb, double beta, LaneBuffer c, long cOffset, int ldc);

  // ---- the one-layer model, fused -----------------------------------------------------------------------------

  /**
   * Fit of the layer at x, without penalties: {@code fit_l = sum_i omega_i loss(s_i W h_i + b, y_i)}.
   *
   * @param x variables; not modified
   * @param fit modified
   */
  void fit(Lanes lanes, ClassifierLayer layer, LaneBuffer x, double[] fit);

  /**
   * Fit and the gradient of the whole objective (penalties included) in one pass: with G the derivative of the fit with respect to the
   * logits and {@code D_s = diag(s)}, {@code dW = G D_s H^T + lambdaW W}, {@code dH = W^T G D_s + lambdaH H}, {@code db = G 1 +
   * lambdaB b}.
   *
   * @param x variables; not modified
   * @param fit fit without penalties; modified
   * @param gradient same layout as x; modified
   */
  void fitGradient(Lanes lanes, ClassifierLayer layer, LaneBuffer x, double[] fit, LaneBuffer gradient);

  /**
   * The derivative G of the fit with respect to the logits, transposed: C x K, column-major, so that {@code G_ki} is at {@code i + C k}.
   *
   * @param x variables; not modified
   * @param out length C K; modified
   */
  void logitGradient(Lanes lanes, ClassifierLayer layer, LaneBuffer x, LaneBuffer out);

  /** Elements that {@link #curvature} writes for each lane. */
  long curvatureLength(ClassifierLayer layer);

  /**
   * Stores what {@link #hessian} needs at x.
   *
   * @param x variables; not modified
   * @param curvature length {@link #curvatureLength}; modified
   */
  void curvature(Lanes lanes, ClassifierLayer layer, LaneBuffer x, LaneBuffer curvature);

  /**
   * Hessian of the whole objective (penalties included) at x times v.
   *
   * @param x variables; not modified
   * @param curvature as written by {@link #curvature} at x; not modified
   * @param v direction; not modified
   * @param out same layout as x; modified, must not be v
   */
  void hessian(Lanes lanes, ClassifierLayer layer, LaneBuffer x, LaneBuffer curvature, LaneBuffer v, LaneBuffer out);

  /**
   * One step of momentum descent in PyTorch's form, fused over the variables: {@code v = mu_l v + (1-damp_l) g}, {@code x -= eta_l (nesterov ? g
   * + mu_l v : v)}. Penalties belong to the objective's gradient, so there is no weight decay here.
   *
   * @param mu momentum of each lane
   * @param damp dampening of each lane
   * @param eta step of each lane
   * @param g gradient; not modified
   * @param v velocity; modified
   * @param x variables; modified
   */
  void momentumStep(Lanes lanes, double[] mu, double[] damp, double[] eta, boolean nesterov, LaneBuffer g, LaneBuffer v, LaneBuffer x);

  /**
   * Several steps of momentum descent on the whole objective (penalties included), x and v in place: each step is {@link #fitGradient} at x
   * followed by {@link #momentumStep}, bit for bit, but the gradient need not go through memory. Without a velocity a step is {@code x -=
   * eta g}.
   *
   * @param steps how many, at least 1
   * @param mu momentum of each lane
   * @param damp dampening of each lane
   * @param eta step size of step j = 0, 1, ..., the same in all lanes
   * @param x variables; modified
   * @param v velocity; modified; null for plain descent
   * @param gradient scratch of the layout of x; its content is lost
   * @param check per lane, the sum of the fits before each step: not finite if one of them was not; modified
   */
  default void descend(
      Lanes lanes, ClassifierLayer layer, int steps, double[] mu, double[] damp, double[] eta, boolean nesterov, LaneBuffer x, LaneBuffer v,
      LaneBuffer gradient, double[] check) {
    double[] fit = new double[x.lanes()];
    double[] rate = new double[x.lanes()];
    for (int j = 0; j < steps; j++) {
      fitGradient(lanes, layer, x, fit, gradient);
      for (int i = 0; i < lanes.count(); i++) {
        check[lanes.at(i)] = (j == 0 ? 0 : check[lanes.at(i)]) + fit[lanes.at(i)];
        rate[lanes.at(i)] = v == null ? -eta[j] : eta[j];
      }
      if (v == null) {
        axpy(lanes, rate, gradient, x);
      } else {
        momentumStep(lanes, mu, damp, rate, nesterov, gradient, v, x);
      }
    }
  }

  /**
   * One Adam step, element by element: {@code m = beta1 m + (1-beta1) g}, {@code s = beta2 s + (1-beta2) g^2}, {@code x -= eta_l (m / c1_l)
   * / (sqrt(s / c2_l) + epsilon)}.
   *
   * @param eta step of each lane
   * @param c1 bias correction {@code 1 - beta1^t} of each lane
   * @param c2 bias correction {@code 1 - beta2^t} of each lane
   * @param g gradient; not modified
   * @param m first moment; modified
   * @param s second moment; modified
   * @param x variables; modified
   */
  void adamStep(
      Lanes lanes, double beta1, double beta2, double epsilon, double[] eta, double[] c1, double[] c2, LaneBuffer g, LaneBuffer m,
      LaneBuffer s, LaneBuffer x);

  /**
   * The L-BFGS two-loop recursion: {@code out = -B_l g} with the {@code stored_l} most recent pairs of lane l.
   *
   * <p>{@code pairs} holds for each lane {@code 2 m} vectors of the length n of g: s of slot j at {@code j n}, y of slot j at
   * {@code (m + j) n}. The newest pair of lane l is in slot {@code newest_l}, older ones in the slots before it, modulo m. The initial
   * matrix is {@code (<s,y>/<y,y>)} of the newest pair times the identity (1 where nothing is stored).
   *
   * @param memory m
   * @param newest slot of the newest pair, per lane
   * @param stored number of pairs, per lane, at most m
   * @param pairs not modified
   * @param rho {@code 1/<s,y>} of slot j of lane l at {@code l m + j}; not modified
   * @param g gradient; not modified
   * @param out modified
   */
  void lbfgsDirection(
      Lanes lanes, int memory, int[] newest, int[] stored, LaneBuffer pairs, double[] rho, LaneBuffer g, LaneBuffer out);

  /**
   * Stores {@code x} (the whole vector) at element {@code offset_l} of each lane of {@code dst}.
   *
   * @param offset per lane
   * @param dst modified
   */
  void store(Lanes lanes, LaneBuffer x, long[] offset, LaneBuffer dst);

  /** {@code x = max(x, 0)} in elements {@code offset .. offset+count-1}; x modified. */
  void clampNonNegative(Lanes lanes, LaneBuffer x, long offset, long count);

  /**
   * The free set of a non-negativity constraint: {@code mask = 0} where {@code x_i <= tolerance_l} and {@code g_i > 0}, else 1, in
   * elements {@code offset .. offset+count-1}; 1 elsewhere.
   *
   * @param mask modified
   */
  void freeMask(Lanes lanes, LaneBuffer x, LaneBuffer g, double[] tolerance, long offset, long count, LaneBuffer mask);

  @Override
  void close();
}

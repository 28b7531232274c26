package ufm.backend.cpu;

/**
 * Elementwise work on runs of doubles and on panels of logits, by address. Two implementations, {@link ScalarKernels} and one on the
 * Vector API, give the same bits: every element goes through the same fused operations, and every sum has a fixed order.
 *
 * <p>A <em>panel</em> is a matrix of logits transposed: sample i of the panel is row i, class k is column k, element at {@code i + ld
 * k}. Rows are padded to a multiple of 8; the padding is computed on but never used. Arguments named {@code rows} are such multiples.
 */
interface ElementKernels {

  /** {@code x_i = value}. */
  void fill(double value, long x, long n);

  /** {@code x_i = alpha x_i}. */
  void scale(double alpha, long x, long n);

  /** {@code y_i = fma(alpha, x_i, y_i)}. */
  void axpy(double alpha, long x, long y, long n);

  /** {@code out_i = fma(alpha, x_i, beta y_i)}. */
  void combine(double alpha, long x, double beta, long y, long out, long n);

  /** {@code out_i = x_i y_i}. */
  void multiply(long x, long y, long out, long n);

  /** {@code sum x_i y_i} in the fixed order of {@link ScalarKernels#dot}. */
  double dot(long x, long y, long n);

  /** {@code sum (x_i + alpha y_i)^2} in the same order. */
  double distance2(long x, double alpha, long y, long n);

  /** {@code max |x_i|}, NaN if an element is NaN, 0 if there is none. */
  double maxAbs(long x, long n);

  /** {@code v = fma(mu, v, (1-damp) g)}, {@code x = x - eta (nesterov ? fma(mu, v, g) : v)}. */
  void momentum(double mu, double damp, double eta, boolean nesterov, long g, long v, long x, long n);

  /** One Adam step, see {@link ufm.backend.Backend#adamStep}. */
  void adam(double beta1, double beta2, double epsilon, double eta, double c1, double c2, long g, long m, long s, long x, long n);

  /** {@code x_i = max(x_i, 0)}; NaN stays. */
  void clamp(long x, long n);

  /** {@code mask_i = x_i <= tolerance and g_i > 0 ? 0 : 1}. */
  void freeMask(long x, long g, double tolerance, long mask, long n);

  // ---- panels ---------------------------------------------------------------------------------------------------

  /** {@code z_ik = fma(z_ik, scale_i, bias_k)} (bias 0 where its address is 0) and {@code max_i = max_k z_ik} (NaN is ignored there). */
  void affineMax(long z, int ld, int rows, int classes, long scale, long bias, long max);

  /** {@code sum_i = sum_k (z_ik - max_i)} in class order. */
  void offsetSum(long z, int ld, int rows, int classes, long max, long sum);

  /** {@code z_ik = exp(z_ik - max_i)} and {@code sum_i = sum_k z_ik} in class order. */
  void expSum(long z, int ld, int rows, int classes, long max, long sum);

  /** {@code out_ik = fma(z_ik, factor_i, shift_i)}; shift is 0 where its address is 0. */
  void scaleRows(long z, int ld, int rows, int classes, long factor, long shift, long out, int ldOut);

  /**
   * What follows for each sample from {@code z_y}, {@code m = max_k z_k} and {@code S = sum_{j != y} exp(z_j - m)}: {@code u = 1 - p_y},
   * {@code p_y}, {@code L = -log p_y} (all without cancellation) and {@code inverse = 1/(sum of all)}. S and work
   * hold nothing of use afterwards.
   */
  void crossEntropy(int rows, long zy, long max, long s, long u, long py, long loss, long inverse, long work);

  /** {@code z_ik = fma(z_ik, scale_i, bias_k)} (bias 0 where its address is 0). */
  void affine(long z, int ld, int rows, int classes, long scale, long bias);

  /** {@code sum_k = sum_i z_ik} over the first n rows, in the order of {@link #dot} with {@code ones}. */
  void columnSums(long z, int ld, int n, int classes, long ones, long sum);

  /** {@code r_ik = r_ik - centre_i} and {@code a_i = sum_k p_ik r_ik} in class order. */
  void centre(long r, int ld, int rows, int classes, long centre, long p, int ldp, long a);

  /** {@code r_ik = p_ik (alpha_i r_ik - beta_i)}. */
  void curve(long r, int ld, int rows, int classes, long p, int ldp, long alpha, long beta);

  /** {@code out_i = sum_k z_ik^2} in class order. */
  void squaredNorms(long z, int ld, int rows, int classes, long out);

  /**
   * Focal loss from the quantities of {@link #crossEntropy}: {@code chi = u^gamma L}, {@code chi' = u^gamma (1 + gamma p_y L/u)} and
   * {@code c = u chi'' = gamma u^gamma p_y ((gamma-1) p_y L/u + 2 - L)}, with {@code L/u = 1} at u = 0 so that nothing is infinite there.
   */
  void focal(double gamma, int rows, long u, long py, long loss, long chi, long chi1, long c);
}

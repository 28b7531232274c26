package ufm.backend.cpu;

/**
 * The kernels of a small layer. A panel is held in <em>blocks</em> of eight rows, so that a register is eight rows of one element whatever
 * the shape; a row is a sample of one lane ({@link SmallPanel}), or a lane, block by block a sample ({@link LaneBundle}).
 *
 * <ul>
 *   <li>H: element j of row r of block b at {@code h + 8 (8 (stride b + j) + r)}; see {@link #stride}.
 *   <li>Z, and later G, transposed as in {@link ElementKernels}: class k at {@code z + 8 ld k}.
 *   <li>W: {@code W_kj} at {@code w + 8 (k + K j)}; where rows are lanes, eight of each.
 * </ul>
 *
 * <p>The order of sums is fixed: an inner product over features or classes is one chain of fused multiply-adds from 0 in increasing
 * index. A sum over samples is eight chains, sample i in chain i mod 8 (samples that fill up the last block count as zeros), added in
 * increasing order. Thus the two ways to use rows give the same bits, and so do plain loops and registers of any width.
 */
interface SmallKernels {
  /** Rows of a block. */
  int ROWS = 8;

  /** Elements of a block, in registers: d, or one more where blocks would otherwise share sets of the cache. */
  static int stride(int d) {
    return d % 16 == 0 ? d + 1 : d;
  }

  /**
   * Row r of block b is column {@code 8 b + r} of a matrix of {@code n} rows, {@code apart} bytes from one to the next; what fills
   * up the last block and the stride becomes 0; {@code to} modified.
   */
  void gather(long from, long apart, int columns, int n, int stride, long to);

  /** Back to the columns; {@code to} modified. */
  void scatter(long from, int columns, int n, int stride, long to, long apart);

  /** {@code Z_k = sum_j W_kj h_j} in each row; z modified. */
  void logits(int blocks, int d, int stride, int classes, long h, long w, long z, int ld);

  /** {@code out_j = sum_k W_kj g_k} in each row; out, laid out as H, modified. */
  void features(int blocks, int d, int stride, int classes, long w, long g, int ld, long out);

  /** The eight chains of {@code sum_i G_ki H_ji}, those of (k, j) at {@code sums + 64 (k + K j)}; sums modified. */
  void outer(int blocks, int d, int stride, int classes, long g, int ld, long h, long sums);

  /** The eight chains of {@code sum_i x_i y_i}; sums modified. */
  void weighted(int blocks, long x, long y, long sums);

  /** Adds up chains: {@code out_i} is the sum of those at {@code sums + 64 i}, or gains it; out modified. */
  void reduce(long sums, int n, boolean add, long out);

  /** As {@link #logits} where rows are lanes. */
  void laneLogits(int samples, int d, int classes, long h, long w, long z, int ld);

  /** As {@link #features} where rows are lanes. */
  void laneFeatures(int samples, int d, int classes, long w, long g, int ld, long out);

  /** {@code sum_i G_ki H_ji} where rows are lanes, eight of (k, j) at {@code out + 64 (k + K j)}; out modified. */
  void laneOuter(int samples, int d, int classes, long g, int ld, long h, long out);

  /**
   * A step of descent in every block: {@code g = g + lambda h}, then as {@link ElementKernels#momentum}, or {@code h -= eta g} without v.
   *
   * @param n elements of a block, in registers
   * @param parameters eight lambda, eight mu, eight {@code 1 - damp}: of the rows
   * @param g not modified
   * @param v modified; 0 where there is none
   * @param h modified
   */
  void move(int blocks, int n, int stride, double eta, boolean nesterov, long parameters, long g, long v, long h);

  /**
   * {@code z = s z + b}, the largest logit of each row and that of its label.
   *
   * @param bias eight copies for each class, or those of eight lanes
   * @param label of each row, as a double
   * @param max modified
   * @param zy modified
   */
  void maxima(long z, int ld, int rows, int classes, long scale, long bias, long label, long max, long zy);

  /** {@code z = exp(z - max)}, 0 for the label, and the sum of each row in the order of the classes; z and sum modified. */
  void exponentials(long z, int ld, int rows, int classes, long max, long label, long sum);

  /**
   * All that follows from the sums of exponentials but the logarithm: with {@code e = exp(zy - max)} and {@code inverse = 1/(s + e)},
   * {@code u = s inverse}, {@code py = e inverse}, {@code factor = omega inverse}, {@code gy = omega u}, and what goes into log1p.
   *
   * @param s sum of the exponentials of the other classes
   * @param u and all that follow modified
   */
  void shares(int rows, long zy, long max, long s, long omega, long u, long py, long inverse, long factor, long gy, long argument);

  /** {@code loss = (max - zy) + log1p(loss)}; loss modified. */
  void logarithms(int rows, long zy, long max, long loss);

  /** {@code z = s z + b - e_label} and the squared norm of each row in the order of the classes; z and norms modified. */
  void squares(long z, int ld, int rows, int classes, long scale, long bias, long label, long norms);

  /**
   * {@code g = f z + t}, for the label {@code -gy}; the eight chains of its sum over blocks; and it becomes {@code s g}.
   *
   * @param z modified
   * @param factor f of each row
   * @param shift t of each row
   * @param gy of each row
   * @param scale s of each row
   * @param sums chains of class k at {@code sums + 64 k}; modified
   */
  void residuals(long z, int ld, int rows, int classes, long factor, long shift, long gy, long label, long scale, long sums);
}

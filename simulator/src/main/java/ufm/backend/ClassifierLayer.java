package ufm.backend;

/**
 * What a backend must know of a batch of one-layer models to evaluate it: shapes, where the blocks lie, and the table of per-lane
 * constants. Lane l, column i with label {@code y_i}, weight {@code omega_li} and scale {@code s_li} contributes
 *
 * <pre>omega_li loss_l(s_li W h_i + b, y_i)</pre>
 *
 * <p>to the fit, and the objective is the fit plus {@code (lambdaW/2)|W|^2 + (lambdaH/2)|H|^2 + (lambdaB/2)|b|^2}. The full model has
 * {@code omega = 1/N}, {@code s = 1}; the class-mean-reduced one has K columns {@code sqrt(n_k) h_k}, {@code omega_k = n_k/N},
 * {@code s_k = 1/sqrt(n_k)} (theory sheet D3).
 *
 * @param classes K
 * @param dimension d
 * @param columns C, the number of columns of H
 * @param wOffset first element of W (K x d) in the variables, or -1 where W is fixed
 * @param hOffset first element of H (d x C) in the variables
 * @param bOffset first element of b (K), or -1 where there is no bias
 * @param fixedW W of each lane (length K d) where it is fixed, else null
 * @param labels class of each column, the same in all lanes, length C; not modified
 * @param loss kind of loss
 * @param lossParameter per lane: the off-class mass s of label smoothing for {@link Kind#SOFTMAX} (0 for cross-entropy), gamma for
 *     {@link Kind#FOCAL}, not read for {@link Kind#SQUARED}
 * @param weight omega, length C per lane
 * @param scale s, length C per lane
 * @param lambdaW per lane, not read where W is fixed
 * @param lambdaH per lane
 * @param lambdaB per lane, 0 for a free bias
 */
public record ClassifierLayer(
    int classes,
    int dimension,
    int columns,
    long wOffset,
    long hOffset,
    long bOffset,
    LaneBuffer fixedW,
    int[] labels,
    Kind loss,
    double[] lossParameter,
    LaneBuffer weight,
    LaneBuffer scale,
    double[] lambdaW,
    double[] lambdaH,
    double[] lambdaB) {

  /** Kind of loss of a column with logits z and label y; {@code p = softmax(z)}. */
  public enum Kind {
    /**
     * {@code -sum_j q_j log p_j} with {@code q_y = 1 - s}, the other {@code q_j = s/(K-1)}; cross-entropy is s = 0. Gradient p - q,
     * curvature diag(p) - p p^T.
     */
    SOFTMAX,
    /** {@code |z - e_y|^2 / 2}. Gradient z - e_y, curvature I. */
    SQUARED,
    /**
     * {@code chi(L) = (1-p_y)^gamma L}, {@code L = -log p_y}. Gradient chi'(L) (p - e_y), curvature chi' (diag p - p p^T) + chi''
     * (p-e_y)(p-e_y)^T (theory sheet L5).
     */
    FOCAL
  }

  /** Elements of a lane's variables. */
  public long size() {
    return (wOffset >= 0 ? (long) classes * dimension : 0) + (long) dimension * columns + (bOffset >= 0 ? classes : 0);
  }
}

package ufm.metric;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.Layout;
import ufm.problem.Point;
import ufm.problem.UfmProblem;

/**
 * How far a point is from neural collapse. N samples, K classes; class means {@code hbar_k}, sample mean {@code hG}, {@code M = [hbar_k -
 * hG]} (d x K), {@code E = (I - J/K)/sqrt(K-1)} of Frobenius norm 1.
 *
 * <p>A metric that is 0/0 is NaN: nc2_H, nc3, equinorm_H and the angles where all centred class means vanish (in particular where all
 * features are zero), nc2_W, equinorm_W and the angles of W where W = 0, nc1 and the trace ratio where the class means agree and no
 * feature deviates from its mean. A finite spread over coinciding means is infinite: nc1_trace_ratio and cdnv_mean are then
 * {@code +Infinity} (nc1 is too, since no direction between classes is left). What overflows, at entries beyond about 1e150, is NaN.
 *
 * @param nc1 {@code tr(Sigma_W Sigma_B^+)/K}; eigenvalues of Sigma_B below 1e-10 times the largest are dropped (H1)
 * @param nc1TraceRatio {@code tr Sigma_W / tr Sigma_B}
 * @param nc2W {@code | W W^T/|W W^T|_F - E |_F}, W not centred (H2)
 * @param nc2H {@code | M^T M/|M^T M|_F - E |_F}
 * @param nc3 {@code | W M/|W M|_F - E |_F} (H3, Zhu et al. 2021)
 * @param nc3Papyan {@code | W^T/|W|_F - M/|M|_F |_F^2} (Papyan, Han, Donoho 2020)
 * @param nc4Agreement share of samples whose class of largest logit is the one of the nearest class mean; ties go to the smaller index (H4)
 * @param accuracy share of samples whose largest logit is the true one; ties go to the smaller index
 * @param cdnvMean mean over ordered pairs of {@code (v_i+v_j)/(2|hbar_i-hbar_j|^2)}, v_k the mean square distance to the class mean (H5);
 *     pairs that are 0/0 make it NaN
 * @param equinormH population standard deviation over mean of the norms of the columns of M (H6)
 * @param equinormW the same for the rows of W, not centred
 * @param equiangularStdH population standard deviation of the cosines of ordered pairs of columns of M (H7)
 * @param equiangularStdW the same for the rows of W
 * @param maxAngleH mean of {@code |cos + 1/(K-1)|} over ordered pairs of columns of M
 * @param maxAngleW the same for the rows of W
 * @param margin smallest over the samples of the true logit minus the best other logit
 * @param meanMargin mean over the samples of that difference
 * @param traceSigmaW {@code (1/N) sum_i |h_i - hbar_{y_i}|^2}
 * @param traceSigmaB {@code (1/K) sum_k |hbar_k - hG|^2}
 */
public record CollapseMetrics(
    double nc1,
    double nc1TraceRatio,
    double nc2W,
    double nc2H,
    double nc3,
    double nc3Papyan,
    double nc4Agreement,
    double accuracy,
    double cdnvMean,
    double equinormH,
    double equinormW,
    double equiangularStdH,
    double equiangularStdW,
    double maxAngleH,
    double maxAngleW,
    double margin,
    double meanMargin,
    double traceSigmaW,
    double traceSigmaB) {

  /** The names of {@link #asMap}, in its order. */
  public static final List<String> NAMES =
      List.of(
          "nc1", "nc1_trace_ratio", "nc2_W", "nc2_H", "nc3", "nc3_papyan", "nc4_agreement", "accuracy", "cdnv_mean", "equinorm_H",
          "equinorm_W", "equiangular_std_H", "equiangular_std_W", "max_angle_H", "max_angle_W", "margin", "margin_mean", "trace_Sigma_W",
          "trace_Sigma_B");

  /**
   * The metrics of one point.
   *
   * @param problem shapes, labels, fixed classifier
   * @param point N columns, or K columns (class means, each standing for its n_k samples); not modified
   * @throws IllegalArgumentException if the point's shape does not fit the problem
   */
  public static CollapseMetrics of(UfmProblem problem, Point point) {
    return new MetricWorkspace(problem).measure(problem, point);
  }

  /**
   * The metrics of the active lanes.
   *
   * @param backend owner of x
   * @param layout blocks {@code W} (K x d; absent where fixed), {@code H} (d x N), {@code b} (K; absent where there is none)
   * @param lanes active lanes
   * @param x variables; not modified
   * @param problems the problem of each lane, all of the same shape and labels
   * @return one entry for each lane of x, null where the lane is not active
   */
  public static CollapseMetrics[] of(Backend backend, Layout layout, Lanes lanes, LaneBuffer x, List<UfmProblem> problems) {
    return new MetricWorkspace(problems.getFirst()).measure(backend, layout, lanes, x, problems);
  }

  /** All metrics under their standard names, in a fixed order (see {@link #NAMES}). */
  public Map<String, Double> asMap() {
    double[] values = {
      nc1, nc1TraceRatio, nc2W, nc2H, nc3, nc3Papyan, nc4Agreement, accuracy, cdnvMean, equinormH, equinormW, equiangularStdH,
      equiangularStdW, maxAngleH, maxAngleW, margin, meanMargin, traceSigmaW, traceSigmaB
    };
    Map<String, Double> map = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i++) {
      map.put(NAMES.get(i), values[i]);
    }
    return map;
  }
}

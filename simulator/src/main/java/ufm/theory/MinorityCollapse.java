package ufm.theory;

/**
 * When classes of one size lose their differences: equal classifier rows, equal class means, equal logits (E2).
 *
 * <p>If at least two classes have the same count n, their contrasts vanish at the optimum exactly when
 *
 * <pre>sqrt(n)/N (1 - s K/(K-1)) <= lz</pre>
 *
 * <p>for cross-entropy and label smoothing (s the mass off the true class), whatever the other classes, and for no, free and ridge bias: the
 * contrast block of the loss gradient has that singular value at zero contrast, whatever the rest. MSE has the same value with s = 0.
 *
 * <p>The minority collapse of Fang et al. 2021 (norm constraints, merging only as the ratio grows without bound) is another problem.
 */
public final class MinorityCollapse {
  private MinorityCollapse() {}

  /**
   * The value of lz at and above which the classes of this count merge.
   *
   * @param classes K
   * @param count n, shared by at least two classes
   * @param samples N
   * @param smoothing s, 0 except for label smoothing
   */
  public static double lambdaZ(int classes, int count, int samples, double smoothing) {
    return Math.sqrt(count) / samples * (1 - smoothing * classes / (classes - 1));
  }

  /**
   * The imbalance ratio R = n_A/n_B at and above which the minority merges: {@code R = ((1 - s K/(K-1))/(lz sqrt(n_B)) - K_B)/K_A}.
   *
   * @param lambdaZ lz, above 0
   * @param minorityCount n_B
   * @param classesA K_A
   * @param classesB K_B, at least 2
   * @param smoothing s
   */
  public static double ratio(double lambdaZ, int minorityCount, int classesA, int classesB, double smoothing) {
    int k = classesA + classesB;
    return ((1 - smoothing * k / (k - 1)) / (lambdaZ * Math.sqrt(minorityCount)) - classesB) / classesA;
  }
}

package ufm.theory;

import java.util.List;

/**
 * A value of lambda_Z = sqrt(lambda_W lambda_H) at which the solution of a problem degenerates.
 *
 * <p>The boundary on a phase diagram is the level set {@code lambda_Z(problem) = threshold(problem)}.
 *
 * <ul>
 *   <li>{@code zero-collapse}: W = H = 0 is the global minimum
 *   <li>{@code zero-local}: W = H = 0 is a strict local minimum (theory sheet F1), {@code |G|_2} at zero with the best bias; for a convex loss
 *       the same number as {@code zero-collapse}, for the focal loss at most that
 *   <li>{@code minority-collapse}: the classes of the smallest count that at least two classes share become equal; the largest count is
 *       never a minority
 *   <li>{@code majority-collapse}: the same for the larger of two counts
 *   <li>{@code group-collapse-<count>}: the same for every shared count among more than two counts; the first of them is
 *       {@code minority-collapse} as well, unless it is the largest count
 *   <li>{@code class-zero-<k>} (k is 0-based): class k has zero features
 *   <li>{@code mean-direction} (MSE with a ridge bias): the direction of ones vanishes
 * </ul>
 *
 * @param name one of the names above
 * @param lambdaZ the value; the degeneracy holds at and above it
 * @param statement what happens there, in one sentence
 * @param reference paper or section of the formula sheet
 */
public record Threshold(String name, double lambdaZ, String statement, String reference) {
  /** All names, with {@code <k>} and {@code <count>} in place of a number. */
  public static final List<String> NAMES =
      List.of(
          "zero-collapse", "zero-local", "minority-collapse", "majority-collapse", "group-collapse-<count>", "class-zero-<k>", "mean-direction");

  /** Whether there are problems with a threshold of this name. */
  public static boolean known(String name) {
    return NAMES.contains(name.replaceFirst("^group-collapse-[1-9]\\d*$", "group-collapse-<count>").replaceFirst("^class-zero-(0|[1-9]\\d*)$", "class-zero-<k>"))
        && name.indexOf('<') < 0;
  }
}

package ufm.solve;

import java.util.Optional;
import ufm.problem.Loss;
import ufm.problem.UfmProblem;

/**
 * The problem has no minimiser: without one of the penalties the objective falls for ever along a path to infinity. Such a problem can
 * be simulated, not solved.
 */
public final class InfimumNotAttained extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private InfimumNotAttained(String message) {
    super(message);
  }

  /**
   * Checks that a minimiser exists.
   *
   * @throws InfimumNotAttained if none does, with the reason in one sentence
   */
  public static void check(UfmProblem p) {
    reason(p).ifPresent(why -> {
      throw new InfimumNotAttained(why);
    });
  }

  /** Why no minimiser exists, empty if one does. */
  public static Optional<String> reason(UfmProblem p) {
    boolean softmaxToInfinity = p.loss() instanceof Loss.CrossEntropy || p.loss() instanceof Loss.Focal || p.loss().offClassMass(p.classes()) == 0
        && p.loss() instanceof Loss.LabelSmoothing;
    boolean free = p.classifier().learned();
    if (free && (p.lambdaW() == 0) != (p.lambdaH() == 0)) {
      String zero = p.lambdaW() == 0 ? "lambda.W" : "lambda.H";
      String other = p.lambdaW() == 0 ? "lambda.H" : "lambda.W";
      return Optional.of("infimum not attained: " + zero + " is 0 and " + other
          + " is not, so that rescaling W against H makes the penalty as small as one likes; set both above 0, or use simulate.");
    }
    if (p.lambdaH() == 0 && softmaxToInfinity) {
      return Optional.of("infimum not attained: " + (free ? "lambda.W and lambda.H are" : "lambda.H is")
          + " 0, and the loss " + p.loss().name() + " falls towards 0 only as the margins go to infinity; set "
          + (free ? "both" : "it") + " above 0, or use simulate.");
    }
    return Optional.empty();
  }
}

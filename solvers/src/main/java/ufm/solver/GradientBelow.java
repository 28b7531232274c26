package ufm.solver;

import java.util.Locale;

/**
 * Convergence in absolute terms: {@code |g| <= tolerance}, with the norm of {@link SolverState#gradientNorm}.
 *
 * @param tolerance at least 0
 */
public record GradientBelow(double tolerance) implements StoppingCriterion {
  /** Checks the tolerance. */
  public GradientBelow {
    if (!(tolerance >= 0)) {
      throw new IllegalArgumentException("the gradient tolerance is " + tolerance + ", it must be at least 0");
    }
  }

  @Override
  public Verdict check(SolverState state, int lane) {
    double g = state.gradientNorm(lane);
    return g <= tolerance
        ? new Verdict(Outcome.CONVERGED, String.format(Locale.ROOT, "gradient norm %.3g <= %.3g", g, tolerance))
        : Verdict.CONTINUE;
  }

  @Override
  public String description() {
    return "|g| <= " + tolerance;
  }
}

package ufm.solver;

import java.util.Locale;
import ufm.backend.Lanes;

/**
 * Convergence relative to the size of the gradient's own terms: {@code |g| <= tolerance * S}, S as in
 * {@link ufm.objective.Objective#gradientScale}, for the one-layer model {@code |G H^T| + lambdaW |W| + |W^T G| + lambdaH |H| + ...}. At a
 * critical point these terms cancel; their rounding, a small multiple of 2^-53 S, is what no solver can beat, so a tolerance below about
 * 1e-15 is never met.
 *
 * <p>S costs about as much as an evaluation and is refreshed only where it can matter: at the first iterate, where
 * {@code |g| <= 10 tolerance * (last S)}, and at every 32nd iteration. The choice looks at the lane alone, so a lane's result does not
 * depend on its neighbours.
 *
 * @param tolerance greater than 0
 */
public record RelativeGradient(double tolerance) implements StoppingCriterion {
  private static final long REFRESH = 32;

  /** Checks the tolerance. */
  public RelativeGradient {
    if (!(tolerance > 0)) {
      throw new IllegalArgumentException("the relative gradient tolerance is " + tolerance + ", it must be greater than 0");
    }
  }

  @Override
  public void prepare(Problem problem, SolverState state, Lanes fresh) {
    Lanes stale = state.scratch().clear();
    for (int i = 0; i < fresh.count(); i++) {
      int lane = fresh.at(i);
      double scale = state.gradientScale(lane);
      if (Double.isNaN(scale) || state.gradientNorm(lane) <= 10 * tolerance * scale || state.iterations(lane) % REFRESH == 0) {
        stale.add(lane);
      }
    }
    if (!stale.isEmpty()) {
      problem.objective().gradientScale(stale, state.x(), state.gradient(), state.gradientScales());
    }
  }

  @Override
  public Verdict check(SolverState state, int lane) {
    double g = state.gradientNorm(lane);
    double scale = state.gradientScale(lane);
    return g <= tolerance * scale
        ? new Verdict(
            Outcome.CONVERGED, String.format(Locale.ROOT, "gradient norm %.3g <= %.3g of its terms, whose size is %.3g", g, tolerance, scale))
        : Verdict.CONTINUE;
  }

  @Override
  public String description() {
    return "|g| <= " + tolerance + " |terms of g|";
  }
}

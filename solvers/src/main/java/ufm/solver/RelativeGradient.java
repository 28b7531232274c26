package ufm.solver;

import java.util.Locale;
import ufm.backend.Lanes;

/**
 * Convergence relative to the size of the gradient's own terms: {@code |g| <= tolerance * S}, S as in
 * {@link ufm.objective.Objective#gradientScale}, for the one-layer model {@code |G H^T| + lambdaW |W| + |W^T G| + lambdaH |H| + ...}. At a
 * critical point these terms cancel; their rounding, a small multiple of 2^-53 S, is what no solver can beat, so a tolerance below about
 * 1e-15 is never met.
 *
 * <p>Where the solution is the origin (collapse to zero), S vanishes with x and the ratio never gets small. There a lane has converged when
 * {@code |g| <= tolerance * (S at the start)} and {@code |g||x| <= tolerance^2 |f|}: to first order the value can't change by more than
 * |g||x| on the way to the origin.
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
    Lanes chosen = state.scratch().clear();
    for (int i = 0; i < fresh.count(); i++) {
      int lane = fresh.at(i);
      double scale = state.gradientScale(lane);
      if (Double.isNaN(scale) || state.gradientNorm(lane) <= 10 * tolerance * scale || state.iterations(lane) % REFRESH == 0) {
        chosen.add(lane);
      }
    }
    if (!chosen.isEmpty()) {
      problem.objective().gradientScale(chosen, state.x(), state.gradient(), state.gradientScales());
      for (int i = 0; i < chosen.count(); i++) {
        int lane = chosen.at(i);
        if (Double.isNaN(state.firstScales()[lane])) {
          state.firstScales()[lane] = state.gradientScale(lane);
        }
      }
    }
    chosen.clear();
    for (int i = 0; i < fresh.count(); i++) {
      if (small(state, fresh.at(i))) {
        chosen.add(fresh.at(i));
      }
    }
    if (!chosen.isEmpty()) {
      problem.objective().backend().dot(chosen, state.x(), state.x(), state.pointNorms());
      for (int i = 0; i < chosen.count(); i++) {
        int lane = chosen.at(i);
        state.pointNorms()[lane] = Math.sqrt(state.pointNorms()[lane]);
      }
    }
  }

  private boolean small(SolverState state, int lane) {
    return state.gradientNorm(lane) <= tolerance * state.firstScales()[lane];
  }

  @Override
  public Verdict check(SolverState state, int lane) {
    double g = state.gradientNorm(lane);
    double scale = state.gradientScale(lane);
    if (g <= tolerance * scale) {
      return new Verdict(
          Outcome.CONVERGED,
          String.format(Locale.ROOT, "gradient norm %.3g <= %.3g of its terms, whose size is %.3g", g, tolerance, scale));
    }
    double norm = state.pointNorms()[lane];
    if (small(state, lane) && g * norm <= tolerance * tolerance * Math.abs(state.value(lane))) {
      return new Verdict(
          Outcome.CONVERGED,
          String.format(Locale.ROOT, "gradient norm %.3g and |x| = %.3g both vanish: |g||x| <= %.3g |f|", g, norm, tolerance * tolerance));
    }
    return Verdict.CONTINUE;
  }

  @Override
  public String description() {
    return "|g| <= " + tolerance + " |terms of g|";
  }
}

package ufm.solve;

import ufm.backend.Lanes;
import ufm.backend.Layout;
import ufm.solver.Outcome;
import ufm.solver.Problem;
import ufm.solver.SolverState;
import ufm.solver.StoppingCriterion;

/**
 * The iterate is on its way to W = H = 0: what the penalties still hold is nothing against the value, {@code <x, x> over W and H weighted
 * by the penalties <= 1e-13 f}, and moving on towards zero still lowers f. Near zero every term of the gradient shrinks with the
 * iterate, so a relative gradient test alone would never end there.
 *
 * <p>Owns scratch arrays: one instance for one run.
 */
final class Vanishing implements StoppingCriterion {
  /** Share of the value below which the penalties of W and H are nothing. */
  static final double NEGLIGIBLE = 1e-13;
  private static final long SETTLED = 8;

  private final double[] lambdaW;
  private final double[] lambdaH;
  private final double[] energy;
  private final double[] part;
  private final double[] slope;

  /** For lanes with these penalties; lambdaW is not read where there is no block W. */
  Vanishing(double[] lambdaW, double[] lambdaH) {
    this.lambdaW = lambdaW;
    this.lambdaH = lambdaH;
    energy = new double[lambdaH.length];
    part = new double[lambdaH.length];
    slope = new double[lambdaH.length];
  }

  @Override
  public void prepare(Problem problem, SolverState state, Lanes fresh) {
    for (int i = 0; i < fresh.count(); i++) {
      energy[fresh.at(i)] = 0;
      slope[fresh.at(i)] = 0;
    }
    Layout layout = problem.objective().layout();
    add(problem, state, fresh, layout.has("W") ? layout.block("W") : null, lambdaW);
    add(problem, state, fresh, layout.block("H"), lambdaH);
  }

  @Override
  public Verdict check(SolverState state, int lane) {
    boolean gone = state.iterations(lane) >= SETTLED && slope[lane] >= 0 && energy[lane] <= NEGLIGIBLE * Math.abs(state.value(lane));
    return gone ? new Verdict(Outcome.CONVERGED, "W and H vanish (penalties " + (float) energy[lane] + ")") : Verdict.CONTINUE;
  }

  @Override
  public String description() {
    return "W and H vanish";
  }

  private void add(Problem problem, SolverState state, Lanes fresh, Layout.Block block, double[] lambda) {
    if (block == null) {
      return;
    }
    var backend = problem.objective().backend();
    backend.dot(fresh, state.x(), state.x(), block.offset(), block.size(), part);
    for (int i = 0; i < fresh.count(); i++) {
      int l = fresh.at(i);
      energy[l] += 0.5 * lambda[l] * part[l];
    }
    backend.dot(fresh, state.x(), state.gradient(), block.offset(), block.size(), part);
    for (int i = 0; i < fresh.count(); i++) {
      slope[fresh.at(i)] += part[fresh.at(i)];
    }
  }
}

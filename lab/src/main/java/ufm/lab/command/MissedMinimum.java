package ufm.lab.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import ufm.solve.Solution;
import ufm.solver.Outcome;
import ufm.theory.Prediction;

/** Tells when a solution is not the global minimum although nothing else would say so: theory, or zero itself, is lower. */
final class MissedMinimum {
  /** What a converged search may be above the minimum, relative to the minimum. */
  private static final double CONVERGED = 1e-9;

  /** What rounding may add where the minimum is zero, or tiny, relative to f(0). */
  private static final double ROUNDING = 1e-12;

  private MissedMinimum() {}

  /** The warning about a solution, empty where there is none to give. */
  static Optional<String> of(Solution s, Prediction prediction) {
    return of(s.value(), s.certificate().zeroValue(), prediction, s.outcome());
  }

  /**
   * The same from its parts.
   *
   * @param value f at the best point
   * @param zeroValue f at W = H = 0; NaN where it is not known
   * @param prediction theory; only a value proved to be the global minimum counts
   * @param outcome how the search ended
   */
  static Optional<String> of(double value, double zeroValue, Prediction prediction, Outcome outcome) {
    double rounding = Double.isNaN(zeroValue) ? 0 : ROUNDING * Math.abs(zeroValue);
    List<String> lower = new ArrayList<>();
    if (prediction.global() && prediction.value().isPresent()) {
      double star = prediction.value().getAsDouble();
      if (value - star > CONVERGED * Math.abs(star) + rounding) {
        lower.add("theory's value is lower by " + TextTable.small(value - star));
      }
    }
    if (value - zeroValue > CONVERGED * Math.abs(zeroValue)) {
      lower.add("the value at W = H = 0 is lower by " + TextTable.small(value - zeroValue));
    }
    String more = outcome == Outcome.BUDGET ? "more iterations may" : "more starts may";
    return lower.isEmpty()
        ? Optional.empty()
        : Optional.of(String.join(", and ", lower) + ": the search did not find the global minimum; " + more + ".");
  }
}

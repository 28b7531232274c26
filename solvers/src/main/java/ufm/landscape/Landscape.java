package ufm.landscape;

import ufm.problem.Point;
import ufm.problem.UfmProblem;

/** Second-order analysis of a point of the full problem. */
public final class Landscape {
  private Landscape() {}

  /** First- and second-order report. */
  public static CriticalPointReport analyse(UfmProblem problem, Point point) {
    double nan = Double.NaN;
    return new CriticalPointReport(
        nan, nan, nan, nan, problem.lambdaZ(), nan, nan, null, nan, nan, "not computed", 0, 0, CriticalPointReport.Verdict.DEGENERATE,
        "not computed");
  }
}

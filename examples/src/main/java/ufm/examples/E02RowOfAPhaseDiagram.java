package ufm.examples;

import java.util.ArrayList;
import java.util.List;
import ufm.backend.Backend;
import ufm.backend.cpu.CpuBackend;
import ufm.problem.UfmProblem;
import ufm.solve.CertifiedSolver;
import ufm.solve.Solution;
import ufm.solve.SolveOptions;
import ufm.theory.Predictions;
import ufm.theory.Threshold;

/**
 * Lesson 2: problems of one shape that differ in their constants are <em>lanes</em> of one batch, and cost far less together than one by
 * one.
 *
 * <p>The row runs over lambda_W at a fixed lambda_H. The more the weights are penalised, the smaller the logit margin; where lambda_Z =
 * sqrt(lambda_W lambda_H) passes 1/(K sqrt(n)) (sheet A5), everything collapses to zero. Theory states it as a threshold on lambda_Z, so
 * the boundary of a phase diagram is where {@code problem.lambdaZ()} meets it.
 *
 * <p>A lane's result does not depend on its neighbours: the same problem solved alone gives the same bits.
 */
public final class E02RowOfAPhaseDiagram {
  private static final int CELLS = 12;

  private E02RowOfAPhaseDiagram() {}

  /** Prints the row. */
  public static void main(String[] args) {
    System.out.println("lambda_W     margin     certified gap   lambda_Z / threshold");
    for (Solution s : row()) {
      System.out.printf(
          "%.3e  %9.6f   %.1e         %.3f%n",
          s.problem().lambdaW(), s.metrics().margin(), s.certificate().relativeGap(), s.problem().lambdaZ() / threshold(s.problem()));
    }
  }

  static List<Solution> row() {
    List<UfmProblem> cells = new ArrayList<>();
    UfmProblem.Builder builder = UfmProblem.builder(4, 4).samplesPerClass(10).lambdaH(5e-3);
    for (int i = 0; i < CELLS; i++) {
      cells.add(builder.lambdaW(1e-2 * Math.pow(1e3, i / (CELLS - 1.0))).build());
    }
    try (Backend backend = CpuBackend.create();
        CertifiedSolver solver = new CertifiedSolver(backend, SolveOptions.defaults())) {
      return solver.solve(cells);
    }
  }

  static double threshold(UfmProblem problem) {
    return Predictions.thresholds(problem).stream()
        .filter(t -> t.name().equals("zero-collapse"))
        .mapToDouble(Threshold::lambdaZ)
        .findFirst()
        .orElseThrow();
  }
}

package ufm.lab.sweep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import ufm.backend.Backend;
import ufm.certify.Certificate;
import ufm.lab.db.Run;
import ufm.problem.Point;
import ufm.problem.UfmProblem;
import ufm.solve.CertifiedSolver;
import ufm.solve.Solution;
import ufm.theory.Prediction;
import ufm.theory.Predictions;

/** Solves cells with {@link CertifiedSolver} on a backend of its own and puts theory's prediction beside the result. */
public final class CertifiedCells implements CellSolver {
  /** W H counts as zero where {@code |W| |H|}, an upper bound of its nuclear norm, is below this, relative to sqrt(N). */
  private static final double ZERO = 1e-7;

  private final Backend backend;
  private final String threshold;

  /**
   * A solver of cells.
   *
   * @param backend where to compute, on one thread of the host; closed with this
   * @param threshold name of the threshold that is noted in each row, null for none
   */
  public CertifiedCells(Backend backend, String threshold) {
    this.backend = backend;
    this.threshold = threshold;
  }

  @Override
  public List<Run> solve(Batch batch) {
    try (CertifiedSolver solver = new CertifiedSolver(backend, batch.options())) {
      List<Solution> solutions = solver.solve(batch.problems());
      List<Run> rows = new ArrayList<>(solutions.size());
      for (int i = 0; i < solutions.size(); i++) {
        rows.add(row(batch.cells().get(i), solutions.get(i), batch.options().firstStart()));
      }
      return rows;
    }
  }

  @Override
  public void close() {
    backend.close();
  }

  private Run row(Cell cell, Solution s, int firstStart) {
    UfmProblem p = cell.problem();
    Prediction theory = Predictions.of(p);
    double wNorm = norm(s.point().w());
    double hNorm = norm(s.point().h());
    boolean zero = wNorm * hNorm <= ZERO * Math.sqrt(p.samples());
    double[] numbers = new double[Run.NUMBERS.size()];
    Arrays.fill(numbers, Double.NaN);
    for (Map.Entry<String, Double> metric : s.metrics().asMap().entrySet()) {
      int column = Run.NUMBERS.indexOf(metric.getKey());
      // At W = H = 0 the normalised metrics are 0/0; what is left of them there is noise.
      if (column >= 0 && !(zero && normalised(metric.getKey()))) {
        numbers[column] = metric.getValue();
      }
    }
    Certificate c = s.certificate();
    numbers[Run.column("value")] = s.value();
    numbers[Run.column("lower")] = c.lower();
    numbers[Run.column("gap")] = c.gap();
    numbers[Run.column("relative_gap")] = c.relativeGap();
    numbers[Run.column("f_star")] = theory.value().orElse(Double.NaN);
    numbers[Run.column("lambda_z")] = p.lambdaZ();
    numbers[Run.column("threshold")] = threshold == null ? Double.NaN : Predictions.threshold(p, threshold).orElse(Double.NaN);
    numbers[Run.column("W_norm")] = wNorm;
    numbers[Run.column("H_norm")] = hNorm;
    return new Run(cell.axes(), firstStart, numbers, s.outcome().name(), theory.regime(), s.restricted(), zero, s.bestStart(),
        s.startsAtBest(), s.iterations(), s.seconds(), s.startValues());
  }

  private static boolean normalised(String metric) {
    return !List.of("margin", "nc4_agreement", "accuracy").contains(metric);
  }

  private static double norm(double[] x) {
    double sum = 0;
    for (double v : x) {
      sum = Math.fma(v, v, sum);
    }
    return Math.sqrt(sum);
  }
}

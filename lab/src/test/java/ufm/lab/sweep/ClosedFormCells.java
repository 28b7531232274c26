package ufm.lab.sweep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import ufm.lab.db.Run;
import ufm.problem.UfmProblem;

/**
 * Stands in for the solver where the engine is tested: balanced cross-entropy from the closed form (theory sheet A2, A3), written down
 * again here, with a pretended error for each start that depends on cell and start alone.
 */
final class ClosedFormCells implements CellSolver {
  private final Predicate<Cell> certified;
  private final long microsPerCell;

  ClosedFormCells() {
    this(cell -> true, 0);
  }

  ClosedFormCells(Predicate<Cell> certified, long microsPerCell) {
    this.certified = certified;
    this.microsPerCell = microsPerCell;
  }

  /** t* of A3 for cross-entropy. */
  static double margin(UfmProblem p) {
    double n = p.count(0);
    return Math.log(Math.max(1, 1 / (p.lambdaZ() * Math.sqrt(n)) - (p.classes() - 1)));
  }

  /** f* of A2 for cross-entropy. */
  static double minimum(UfmProblem p) {
    double t = margin(p);
    return Math.log1p((p.classes() - 1) * Math.exp(-t)) + p.lambdaZ() * (p.classes() - 1) * Math.sqrt(p.count(0)) * t;
  }

  @Override
  public List<Run> solve(Batch batch) {
    List<Run> rows = new ArrayList<>();
    for (Cell cell : batch.cells()) {
      rows.add(row(cell, batch.options().firstStart(), batch.options().starts()));
      if (microsPerCell > 0) {
        java.util.concurrent.locks.LockSupport.parkNanos(1000 * microsPerCell);
      }
    }
    return rows;
  }

  private Run row(Cell cell, int first, int count) {
    UfmProblem p = cell.problem();
    double[] numbers = new double[Run.NUMBERS.size()];
    Arrays.fill(numbers, Double.NaN);
    double[] values = new double[count];
    int best = 0;
    for (int i = 0; i < count; i++) {
      long mixed = (cell.axes().hashCode() * 31L + first + i) * 0x9E3779B97F4A7C15L;
      values[i] = minimum(p) + (mixed >>> 40) * 0x1p-60;
      best = values[i] < values[best] ? i : best;
    }
    double margin = margin(p);
    numbers[Run.column("value")] = values[best];
    numbers[Run.column("lower")] = minimum(p);
    numbers[Run.column("gap")] = values[best] - minimum(p);
    numbers[Run.column("relative_gap")] = certified.test(cell) ? 1e-12 : 1e-3;
    numbers[Run.column("f_star")] = minimum(p);
    numbers[Run.column("lambda_z")] = p.lambdaZ();
    numbers[Run.column("threshold")] = 1 / Math.sqrt((double) p.classes() * p.samples());
    numbers[Run.column("margin")] = margin;
    if (margin > 0) {
      numbers[Run.column("nc2_H")] = 1e-12 / margin;
    }
    return new Run(cell.axes(), first, numbers, "CONVERGED", margin == 0 ? "zero" : "simplex ETF", false, margin == 0, first + best, 1,
        10L * count, 0.001, values);
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}

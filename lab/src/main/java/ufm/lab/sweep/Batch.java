package ufm.lab.sweep;

import java.util.List;
import ufm.problem.UfmProblem;
import ufm.solve.SolveOptions;

/**
 * Cells of one shape that are solved together, each from the same range of starts: lanes = cells x starts.
 *
 * @param cells one or more
 * @param options how to solve them, with first start and number of starts
 */
public record Batch(List<Cell> cells, SolveOptions options) {

  /** Copies the list. */
  public Batch {
    cells = List.copyOf(cells);
  }

  /** The problems of the cells. */
  public List<UfmProblem> problems() {
    return cells.stream().map(Cell::problem).toList();
  }
}

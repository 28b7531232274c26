package ufm.lab.sweep;

import java.util.ArrayList;
import java.util.List;
import ufm.lab.spec.Axis;
import ufm.lab.spec.Experiment;
import ufm.lab.spec.SpecError;
import ufm.solve.InfimumNotAttained;

/**
 * The cells of a sweep: the experiment at every combination of the axes' values, the first axis running slowest.
 *
 * @param axes one or two
 * @param cells all cells
 */
public record Grid(List<Axis> axes, List<Cell> cells) {

  /** Copies the lists. */
  public Grid {
    axes = List.copyOf(axes);
    cells = List.copyOf(cells);
  }

  /**
   * The grid of an experiment's sweep.
   *
   * @throws ufm.lab.spec.SpecError if the experiment is not possible at one of the cells
   */
  public static Grid of(Experiment experiment) {
    List<Axis> axes = experiment.sweep().axes();
    List<Cell> cells = new ArrayList<>();
    for (Object x : axes.getFirst().values()) {
      if (axes.size() == 1) {
        cells.add(at(experiment, axes, List.of(x)));
      } else {
        for (Object y : axes.get(1).values()) {
          cells.add(at(experiment, axes, List.of(x, y)));
        }
      }
    }
    return new Grid(axes, cells);
  }

  /** The cell at any values of the axes, on the grid or not. */
  public static Cell at(Experiment experiment, List<Axis> axes, List<Object> values) {
    Experiment e = experiment.with(axes.stream().map(Axis::field).toList(), values);
    InfimumNotAttained.reason(e.problem()).ifPresent(why -> {
      throw new SpecError("the cell " + axes.stream().map(Axis::field).toList() + " = " + values + " can't be solved: " + why);
    });
    return new Cell(values, e.problem(), e.solve());
  }
}

package ufm.lab.sweep;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.DoubleSummaryStatistics;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import ufm.lab.db.CellRow;
import ufm.lab.db.ResultsError;
import ufm.lab.db.Run;
import ufm.lab.plot.Curve;
import ufm.lab.plot.Figure;
import ufm.lab.plot.HeatMap;
import ufm.lab.plot.LinePlot;
import ufm.lab.spec.Axis;
import ufm.lab.spec.Experiment;
import ufm.problem.UfmProblem;
import ufm.theory.Predictions;

/** The figure of a sweep: a heat map over two axes, a plot over one, with theory's boundary on it. */
public final class Diagram {
  /** Columns besides {@link Run#NUMBERS} that can be drawn. */
  private static final List<String> MORE = List.of("difference", "starts_at_best", "iterations", "seconds");

  private Diagram() {}

  /**
   * Draws what is in the database.
   *
   * @param experiment the experiment with its axes
   * @param cells rows of the view {@code cells}
   * @param quantity column to draw
   */
  public static Figure of(Experiment experiment, List<CellRow> cells, String quantity) {
    List<Axis> axes = experiment.sweep().axes();
    String theory = experiment.sweep().theory();
    Frontier frontier = theory == null ? null : new Frontier(experiment, theory);
    return axes.size() == 2 ? map(experiment, axes, cells, quantity, frontier) : plot(experiment, axes.getFirst(), cells, quantity, frontier);
  }

  /**
   * Checks the name of a quantity.
   *
   * @throws ResultsError if there is no such column
   */
  public static void check(String quantity) {
    if (!Run.NUMBERS.contains(quantity) && !MORE.contains(quantity)) {
      throw new ResultsError(
          "The quantity is " + quantity + ", but must be one of " + String.join(", ", Run.NUMBERS) + ", " + String.join(", ", MORE) + ".");
    }
  }

  /** One line where the experiment names a threshold that no cell has, so that there is no curve to draw. */
  public static Optional<String> withoutCurve(Experiment experiment, Grid grid) {
    String theory = experiment.sweep().theory();
    return theory == null || grid.cells().stream().anyMatch(c -> Predictions.threshold(c.problem(), theory).isPresent())
        ? Optional.empty()
        : Optional.of(String.format("%-12s%s applies to no cell of this grid: no curve is drawn.", "theory", theory));
  }

  /** The rows whose cells are on a grid; the database may hold those of older, other grids as well. */
  public static List<CellRow> onGrid(List<CellRow> cells, List<Axis> axes) {
    List<Set<Object>> values = axes.stream().map(Diagram::values).toList();
    return cells.stream().filter(c -> IntStream.range(0, axes.size()).allMatch(a -> values.get(a).contains(c.axes().get(a)))).toList();
  }

  private static Set<Object> values(Axis axis) {
    Set<Object> out = new HashSet<>();
    axis.values().forEach(v -> out.add(v instanceof Number n ? (Object) (n.doubleValue() + 0.0) : v));
    return out;
  }

  private static Figure map(Experiment e, List<Axis> axes, List<CellRow> cells, String quantity, Frontier frontier) {
    HeatMap map = new HeatMap(axes.get(0), axes.get(1), quantity, title(e), subtitle(e, cells));
    for (CellRow cell : cells) {
      map.set(cell.axes().get(0), cell.axes().get(1), cell.number(quantity), cell.zero(), cell.certified());
    }
    if (frontier != null) {
      List<Curve> curves = frontier.curves();
      map.overlay(curves, "theory: " + e.sweep().theory() + level(e));
    }
    return map;
  }

  private static Figure plot(Experiment e, Axis axis, List<CellRow> cells, String quantity, Frontier frontier) {
    LinePlot plot = new LinePlot(axis, quantity, title(e), subtitle(e, cells));
    for (CellRow cell : cells) {
      plot.add(cell.axes().getFirst(), cell.number(quantity), cell.certified());
      if (quantity.equals("value")) {
        plot.addTheory(cell.axes().getFirst(), cell.number("f_star"), "theory: f^{*}");
      }
    }
    if (frontier != null) {
      frontier.marks().forEach(at -> plot.mark(at, "theory: " + e.sweep().theory() + level(e)));
    }
    return plot;
  }

  /** The threshold as a number, where it is the same in all cells. */
  private static String level(Experiment e) {
    String theory = e.sweep().theory();
    // Not from the database: its rows hold the threshold that was asked for when they were computed.
    DoubleSummaryStatistics all =
        Grid.of(e).cells().stream().mapToDouble(c -> Predictions.threshold(c.problem(), theory).orElse(Double.NaN)).summaryStatistics();
    double low = all.getMin();
    double high = all.getMax();
    return high - low <= 1e-12 * high ? ", \u03bb_{W}\u03bb_{H} = " + new BigDecimal(low * low).round(new MathContext(6)).stripTrailingZeros() : "";
  }

  private static String title(Experiment e) {
    return e.name().replace('-', ' ').replace("_{", "_ {").replace("^{", "^ {");
  }

  private static String subtitle(Experiment e, List<CellRow> cells) {
    UfmProblem p = e.problem();
    List<String> fields = e.sweep().axes().stream().map(Axis::field).toList();
    StringBuilder s = new StringBuilder(fields.contains("loss.name") ? "" : loss(p.loss().name()) + ", ");
    if (!fields.contains("classes")) {
      s.append("K = ").append(p.classes()).append(", ");
    }
    if (!fields.contains("dimension") && !fields.contains("classes")) {
      s.append("d = ").append(p.dimension()).append(", ");
    }
    boolean counts = fields.stream().anyMatch(f -> f.equals("classes") || f.equals("samples-per-class") || f.startsWith("imbalance") || f.equals("counts"));
    if (!counts) {
      s.append("N = ").append(p.samples()).append(", ");
    }
    if (!fields.contains("bias")) {
      s.append(p.bias().present() ? p.bias().label() + " bias, " : "no bias, ");
    }
    long certified = cells.stream().filter(CellRow::certified).count();
    double worst = cells.stream().mapToDouble(c -> c.number("relative_gap")).filter(g -> !Double.isNaN(g)).max().orElse(Double.NaN);
    s.append(certified).append(" of ").append(cells.size()).append(" cells certified");
    if (!Double.isNaN(worst)) {
      s.append(String.format(Locale.ROOT, ", worst relative gap %.1e", worst));
    }
    return s.toString();
  }

  private static String loss(String name) {
    return switch (name) {
      case "ce" -> "cross-entropy";
      case "mse" -> "mean squared error";
      case "focal" -> "focal loss";
      default -> "label smoothing";
    };
  }
}

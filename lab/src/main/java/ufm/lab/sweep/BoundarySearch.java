package ufm.lab.sweep;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import ufm.lab.db.CellRow;
import ufm.lab.db.Run;
import ufm.lab.spec.Axis;
import ufm.lab.spec.Experiment;
import ufm.lab.spec.SweepPlan;
import ufm.solve.SolveOptions;

/**
 * Measures where a phase ends: in each row of a finished sweep (the first axis running), every pair of neighbouring cells between which a
 * quantity crosses a level is bisected with fresh certified solves, all rows together as lanes, until the bracket is as narrow as asked.
 */
public final class BoundarySearch {
  /**
   * One crossing.
   *
   * @param rest value of the second axis; empty if there is none
   * @param low largest value of the first axis that lies on the near side
   * @param high smallest value on the far side
   * @param gap bound on f - f* of the solves at both ends, the larger one; NaN if there is no certificate. Near a threshold f(0) - f* itself
   *     falls to rounding, so that no relative gap makes sense there
   * @param theory where theory puts the threshold in this row, NaN if it does not
   * @param log whether the axis is logarithmic
   */
  public record Crossing(List<Object> rest, double low, double high, double gap, double theory, boolean log) {
    /** The measured end of the phase: the middle of the bracket, on the axis' scale. */
    public double measured() {
      return log ? Math.sqrt(low) * Math.sqrt(high) : (low + high) / 2;
    }

    /** {@code measured / theory - 1}. */
    public double relativeDifference() {
      return measured() / theory - 1;
    }

    /** Width of the bracket relative to the measured value. */
    public double relativeWidth() {
      return (high - low) / Math.abs(measured());
    }
  }

  /**
   * What was found.
   *
   * @param crossings ordered by row
   * @param without rows in which the quantity does not cross the level
   * @param solves cells that were solved
   */
  public record Report(List<Crossing> crossings, List<List<Object>> without, int solves) {}

  private static final class Bracket {
    final List<Object> rest;
    double low;
    double high;
    final boolean lowAbove;
    double lowGap;
    double highGap;

    Bracket(List<Object> rest, double low, double high, boolean lowAbove, double lowGap, double highGap) {
      this.rest = rest;
      this.low = low;
      this.high = high;
      this.lowAbove = lowAbove;
      this.lowGap = lowGap;
      this.highGap = highGap;
    }
  }

  private final Experiment experiment;
  private final SweepPlan plan;
  private final Axis axis;
  private final List<Axis> axes;
  private final String quantity;
  private final double level;
  private final double tolerance;
  private final boolean log;
  private final boolean whole;

  /**
   * A search.
   *
   * @param experiment with a sweep whose first axis is numeric
   * @param quantity name of a column
   * @param level the value that it crosses
   * @param tolerance width of a bracket, relative to its value; whole-number axes end at neighbouring numbers
   */
  public BoundarySearch(Experiment experiment, String quantity, double level, double tolerance) {
    this.experiment = experiment;
    this.plan = experiment.sweep();
    this.axes = plan.axes();
    this.axis = axes.getFirst();
    this.quantity = quantity;
    this.level = level;
    this.tolerance = tolerance;
    this.log = axis.scale() == Axis.Scale.LOG;
    this.whole = axis.values().stream().allMatch(Long.class::isInstance);
    Run.column(quantity);
    if (!axis.numeric()) {
      throw new IllegalArgumentException("the first axis, " + axis.field() + ", has no numbers to bisect");
    }
  }

  /**
   * Bisects all rows.
   *
   * @param cells rows of the finished sweep
   * @param threads number of workers
   * @param solvers makes the solver of a worker
   */
  public Report run(List<CellRow> cells, int threads, Supplier<CellSolver> solvers) {
    Map<List<Object>, List<CellRow>> rows = new LinkedHashMap<>();
    for (CellRow cell : cells) {
      rows.computeIfAbsent(cell.axes().subList(1, cell.axes().size()), k -> new ArrayList<>()).add(cell);
    }
    List<Bracket> brackets = new ArrayList<>();
    List<List<Object>> without = new ArrayList<>();
    rows.forEach((rest, row) -> {
      List<Bracket> found = brackets(rest, row);
      brackets.addAll(found);
      if (found.isEmpty()) {
        without.add(rest);
      }
    });
    int solves = bisect(brackets, threads, solvers);
    Frontier frontier = plan.theory() == null ? null : new Frontier(experiment, plan.theory());
    List<Crossing> crossings = brackets.stream().map(b -> crossing(b, frontier, rows.get(b.rest))).toList();
    return new Report(crossings, without, solves);
  }

  private List<Bracket> brackets(List<Object> rest, List<CellRow> row) {
    List<CellRow> sorted = row.stream().sorted(Comparator.comparingDouble(this::position)).toList();
    List<Bracket> out = new ArrayList<>();
    for (int i = 0; i + 1 < sorted.size(); i++) {
      CellRow a = sorted.get(i);
      CellRow b = sorted.get(i + 1);
      if (above(a.number(quantity)) != above(b.number(quantity))) {
        out.add(new Bracket(rest, position(a), position(b), above(a.number(quantity)), a.number("gap"), b.number("gap")));
      }
    }
    return out;
  }

  private double position(CellRow cell) {
    return ((Number) cell.axes().getFirst()).doubleValue();
  }

  /** A quantity that is not defined (0/0 at zero) is not above any level. */
  private boolean above(double q) {
    return q >= level;
  }

  private boolean open(Bracket b) {
    return whole ? b.high - b.low > 1 : b.high - b.low > tolerance * Math.max(Math.abs(b.low), Math.abs(b.high)) && inside(b, middle(b));
  }

  private static boolean inside(Bracket b, double x) {
    return x > b.low && x < b.high;
  }

  private double middle(Bracket b) {
    double mid = log ? Math.sqrt(b.low) * Math.sqrt(b.high) : b.low + (b.high - b.low) / 2;
    return whole ? Math.clamp(Math.rint(mid), b.low + 1, b.high - 1) : mid;
  }

  private int bisect(List<Bracket> brackets, int threads, Supplier<CellSolver> solvers) {
    BlockingQueue<CellSolver> pool = new ArrayBlockingQueue<>(threads);
    int solves = 0;
    try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
      for (int t = 0; t < threads; t++) {
        pool.add(solvers.get());
      }
      for (List<Bracket> open = open(brackets); !open.isEmpty(); open = open(brackets)) {
        Map<Shape, List<Bracket>> shapes = new LinkedHashMap<>();
        Map<Bracket, Cell> middles = new LinkedHashMap<>();
        for (Bracket b : open) {
          List<Object> values = new ArrayList<>();
          values.add(whole ? (Object) (long) middle(b) : (Object) middle(b));
          values.addAll(b.rest);
          Cell cell = Grid.at(experiment, axes, numbersAsWritten(values));
          middles.put(b, cell);
          shapes.computeIfAbsent(Shape.of(cell.problem(), options(cell)), s -> new ArrayList<>()).add(b);
        }
        List<Callable<Void>> jobs = new ArrayList<>();
        shapes.forEach((shape, all) -> {
          int share = (all.size() + threads - 1) / threads;
          for (int from = 0; from < all.size(); from += share) {
            List<Bracket> part = all.subList(from, Math.min(all.size(), from + share));
            jobs.add(() -> halve(part, middles, shape, pool));
          }
        });
        for (Future<Void> job : workers.invokeAll(jobs)) {
          job.get();
        }
        solves += open.size();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the search for the boundary was interrupted", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException r ? r : new IllegalStateException(e.getCause());
    } finally {
      pool.forEach(CellSolver::close);
    }
    return solves;
  }

  private List<Bracket> open(List<Bracket> brackets) {
    return brackets.stream().filter(this::open).toList();
  }

  private Void halve(List<Bracket> part, Map<Bracket, Cell> middles, Shape shape, BlockingQueue<CellSolver> pool) throws InterruptedException {
    CellSolver solver = pool.take();
    try {
      List<Run> runs = solver.solve(new Batch(part.stream().map(middles::get).toList(), shape.options()));
      for (int i = 0; i < part.size(); i++) {
        Bracket b = part.get(i);
        Run run = runs.get(i);
        double mid = ((Number) run.axes().getFirst()).doubleValue();
        double gap = run.number("gap");
        if (above(run.number(quantity)) == b.lowAbove) {
          b.low = mid;
          b.lowGap = gap;
        } else {
          b.high = mid;
          b.highGap = gap;
        }
      }
      return null;
    } finally {
      pool.add(solver);
    }
  }

  private SolveOptions options(Cell cell) {
    return cell.options().withStarts(plan.starts());
  }

  /** The database holds whole numbers as floating-point ones. */
  private List<Object> numbersAsWritten(List<Object> values) {
    List<Object> out = new ArrayList<>(values);
    for (int a = 1; a < out.size(); a++) {
      boolean wholeAxis = axes.get(a).values().stream().allMatch(Long.class::isInstance);
      if (wholeAxis && out.get(a) instanceof Number n) {
        out.set(a, n.longValue());
      }
    }
    return out;
  }

  private Crossing crossing(Bracket b, Frontier frontier, List<CellRow> row) {
    double theory = Double.NaN;
    if (frontier != null && !whole) {
      double from = row.stream().mapToDouble(this::position).min().orElseThrow();
      double to = row.stream().mapToDouble(this::position).max().orElseThrow();
      theory = frontier.crossing(from, to, numbersAsWritten(withFirst(b)).subList(1, 1 + b.rest.size()));
    }
    return new Crossing(b.rest, b.low, b.high, Math.max(b.lowGap, b.highGap), theory, log);
  }

  private static List<Object> withFirst(Bracket b) {
    List<Object> values = new ArrayList<>();
    values.add(b.low);
    values.addAll(b.rest);
    return values;
  }
}

package ufm.lab.sweep;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ufm.lab.db.FinishedStarts;
import ufm.solve.SolveOptions;

/**
 * The work of a sweep, cut into batches on demand.
 *
 * <p>Cells are grouped by {@link Shape} and ordered by predicted cost, expensive ones first, so that lanes of a batch end together and
 * the last batches are small. A batch is filled until its predicted time reaches {@link #TARGET_SECONDS}, or a fair share of what is left,
 * or its memory the limit; the time that one unit of cost takes is learnt from the batches that come back. How the work is cut changes
 * no result: a lane does not depend on its neighbours.
 *
 * <p>Safe for use by several threads.
 */
public final class Schedule {
  /** What a batch should take: short enough that a killed sweep loses little, long enough that lanes pay. */
  static final double TARGET_SECONDS = 0.7;

  /** Near the end batches are cut smaller, but not below this. */
  private static final double SMALLEST_SECONDS = 0.1;

  /** Cells in the first batch of a shape, of which no time is known yet. */
  private static final int PROBE_CELLS = 8;

  /** A cell's variables are held about this many times: L-BFGS pairs, directions, gradients. */
  private static final double COPIES = 40;

  private record Work(Cell cell, double cost) {}

  private static final class Group {
    final Shape shape;
    final Deque<Work> work = new ArrayDeque<>();
    double cost;
    double secondsPerCost = Double.NaN;

    Group(Shape shape) {
      this.shape = shape;
    }
  }

  /** A batch together with what the schedule expects of it. */
  public record Task(Batch batch, double cost, Shape shape) {}

  private final Map<Shape, Group> groups = new LinkedHashMap<>();
  private final int threads;
  private final double memoryBytes;
  private final int cells;
  private double guess = 2e-10;
  private boolean stopped;

  /**
   * The work that is not finished.
   *
   * @param grid the cells
   * @param starts starts that each cell shall have
   * @param finished what is done already
   * @param threads number of workers that will ask
   * @param memoryBytes memory that one batch may take
   */
  public Schedule(Grid grid, int starts, FinishedStarts finished, int threads, double memoryBytes) {
    this.threads = threads;
    this.memoryBytes = memoryBytes;
    Map<Shape, List<Work>> sorted = new LinkedHashMap<>();
    int open = 0;
    for (Cell cell : grid.cells()) {
      List<FinishedStarts.Range> missing = finished.missing(cell.axes(), starts);
      open += missing.isEmpty() ? 0 : 1;
      for (FinishedStarts.Range range : missing) {
        SolveOptions options = cell.options().withStarts(range.count()).withFirstStart(range.first());
        Shape shape = Shape.of(cell.problem(), options);
        sorted.computeIfAbsent(shape, s -> new ArrayList<>()).add(new Work(cell, shape.cost(cell.problem())));
      }
    }
    cells = open;
    sorted.forEach((shape, list) -> {
      Group group = groups.computeIfAbsent(shape, Group::new);
      list.sort(Comparator.comparingDouble(Work::cost).reversed());
      group.work.addAll(list);
      group.cost = list.stream().mapToDouble(Work::cost).sum();
    });
  }

  /** Number of cells with work left at the beginning. */
  public int cells() {
    return cells;
  }

  /** The shapes with the number of cells in each. */
  synchronized Map<Shape, Integer> shapes() {
    Map<Shape, Integer> out = new LinkedHashMap<>();
    groups.forEach((shape, group) -> out.put(shape, group.work.size()));
    return out;
  }

  /** The next batch, null if there is none or the schedule was stopped. */
  public synchronized Task next() {
    if (stopped) {
      return null;
    }
    Group group = groups.values().stream().filter(g -> !g.work.isEmpty()).max(Comparator.comparingDouble(this::seconds)).orElse(null);
    if (group == null) {
      return null;
    }
    boolean known = !Double.isNaN(group.secondsPerCost);
    double rate = known ? group.secondsPerCost : guess;
    double left = groups.values().stream().mapToDouble(this::seconds).sum();
    double seconds = Math.clamp(left / (2.0 * threads), SMALLEST_SECONDS, TARGET_SECONDS);
    double laneBytes = group.shape.variables() * 8.0 * COPIES * group.shape.options().starts();
    double most = Math.max(1, Math.min(memoryBytes / laneBytes, known ? Double.MAX_VALUE : PROBE_CELLS));
    List<Cell> cells = new ArrayList<>();
    double cost = 0;
    while (!group.work.isEmpty() && cells.size() + 1 <= most && (cells.isEmpty() || cost * rate < seconds)) {
      Work w = group.work.poll();
      cells.add(w.cell());
      cost += w.cost();
    }
    group.cost = group.work.isEmpty() ? 0 : group.cost - cost;
    return new Task(new Batch(cells, group.shape.options()), cost, group.shape);
  }

  /** Learns from a finished batch. */
  public synchronized void finished(Task task, double seconds) {
    Group group = groups.get(task.shape());
    double measured = seconds / task.cost();
    // The first batches run cold code: trust later ones more.
    group.secondsPerCost = Double.isNaN(group.secondsPerCost) ? measured : 0.4 * group.secondsPerCost + 0.6 * measured;
    guess = group.secondsPerCost;
  }

  /** Predicted seconds until all is done, NaN before anything was measured. */
  public synchronized double secondsLeft() {
    if (groups.values().stream().allMatch(g -> Double.isNaN(g.secondsPerCost))) {
      return Double.NaN;
    }
    return groups.values().stream().mapToDouble(this::seconds).sum() / threads;
  }

  /** No further batches are handed out. */
  public synchronized void stop() {
    stopped = true;
  }

  private double seconds(Group g) {
    return g.cost * (Double.isNaN(g.secondsPerCost) ? guess : g.secondsPerCost);
  }
}

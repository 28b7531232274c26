package ufm.solver;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;

/**
 * Keeps a table for each lane: iteration, time, value, gradient norm, and named quantities of the iterate, on a schedule.
 *
 * <p>A run that is resumed with the same recorder continues the tables; an iterate that is seen twice is kept once.
 */
public final class TrajectoryRecorder implements Recorder {

  /** A quantity of the iterates of some lanes. */
  @FunctionalInterface
  public interface Quantity {
    /**
     * Measures.
     *
     * @param lanes lanes to measure
     * @param x iterates; not modified
     * @param out per lane; modified
     */
    void measure(Problem problem, Lanes lanes, LaneBuffer x, double[] out);

    /** A quantity that looks at one lane at a time. */
    static Quantity perLane(PerLane f) {
      return (problem, lanes, x, out) -> {
        for (int i = 0; i < lanes.count(); i++) {
          out[lanes.at(i)] = f.at(lanes.at(i), x);
        }
      };
    }

    /** A number that belongs to one lane's iterate. */
    @FunctionalInterface
    interface PerLane {
      /** The quantity of that lane. */
      double at(int lane, LaneBuffer x);
    }
  }

  /**
   * One line of a lane's table.
   *
   * @param iteration accepted iterations
   * @param time simulated time where the solver has one, else the iteration
   * @param value f
   * @param gradientNorm |g|
   * @param quantities in the order of {@link TrajectoryRecorder#names}
   */
  public record Row(long iteration, double time, double value, double gradientNorm, double[] quantities) {}

  private final RecordSchedule schedule;
  private final Map<String, Quantity> quantities;
  private final List<List<Row>> rows = new ArrayList<>();
  private double[] scratch = new double[0];

  /**
   * A recorder.
   *
   * @param schedule when
   * @param quantities what, besides value and gradient norm; the order is kept
   */
  public TrajectoryRecorder(RecordSchedule schedule, Map<String, Quantity> quantities) {
    this.schedule = schedule;
    this.quantities = new LinkedHashMap<>(quantities);
  }

  /** A recorder of value and gradient norm alone. */
  public TrajectoryRecorder(RecordSchedule schedule) {
    this(schedule, Map.of());
  }

  /** Names of the quantities. */
  public List<String> names() {
    return List.copyOf(quantities.keySet());
  }

  /** The table of a lane, in the order of iterations; empty for a lane that was never worked on. */
  public List<Row> rows(int lane) {
    return lane < rows.size() ? List.copyOf(rows.get(lane)) : List.of();
  }

  @Override
  public boolean due(long iteration) {
    return schedule.due(iteration);
  }

  @Override
  public void start(Problem problem, SolverState state) {
    while (rows.size() < state.lanes()) {
      rows.add(new ArrayList<>());
    }
    scratch = new double[state.lanes()];
  }

  @Override
  public void record(Problem problem, SolverState state, Lanes due) {
    double[][] measured = new double[due.count()][quantities.size()];
    int q = 0;
    for (Quantity quantity : quantities.values()) {
      Arrays.fill(scratch, Double.NaN);
      quantity.measure(problem, due, state.x(), scratch);
      for (int i = 0; i < due.count(); i++) {
        measured[i][q] = scratch[due.at(i)];
      }
      q++;
    }
    for (int i = 0; i < due.count(); i++) {
      int lane = due.at(i);
      List<Row> table = rows.get(lane);
      if (table.isEmpty() || table.getLast().iteration() != state.iterations(lane)) {
        table.add(new Row(state.iterations(lane), state.time(lane), state.value(lane), state.gradientNorm(lane), measured[i]));
      }
    }
  }
}

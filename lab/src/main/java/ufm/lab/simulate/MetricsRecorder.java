package ufm.lab.simulate;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.certify.Certificate;
import ufm.certify.DualityGap;
import ufm.metric.CollapseMetrics;
import ufm.metric.MetricWorkspace;
import ufm.objective.UfmObjective;
import ufm.problem.Point;
import ufm.problem.UfmProblem;
import ufm.solver.Problem;
import ufm.solver.RecordSchedule;
import ufm.solver.Recorder;
import ufm.solver.SolverState;

/** Measures the iterates that are due: value, terms, gradient, certificate, collapse metrics. One lane, the full problem. */
final class MetricsRecorder implements Recorder {
  private final UfmProblem model;
  private final RecordSchedule schedule;
  private final Consumer<double[]> rows;
  private final MetricWorkspace workspace;
  private double[] direction;

  /**
   * @param model the problem
   * @param schedule which iterations are recorded
   * @param rows gets a row of {@link Trajectory#COLUMNS} for each
   */
  MetricsRecorder(UfmProblem model, RecordSchedule schedule, Consumer<double[]> rows) {
    this.model = model;
    this.schedule = schedule;
    this.rows = rows;
    this.workspace = new MetricWorkspace(model);
  }

  @Override
  public boolean due(long iteration) {
    return schedule.due(iteration);
  }

  @Override
  public void record(Problem problem, SolverState state, Lanes due) {
    UfmObjective objective = (UfmObjective) problem.objective();
    LaneBuffer x = state.x();
    Point point = objective.read(x, 0);
    double[][] terms = new double[objective.termNames().size()][1];
    objective.terms(due, x, terms);
    Certificate certificate = DualityGap.certify(model, point);
    CollapseMetrics metrics = workspace.measure(model, point);
    double w = norm(point.w());
    double h = norm(point.h());

    double[] row = new double[Trajectory.COLUMNS.size()];
    int c = 0;
    row[c++] = state.iterations(0);
    row[c++] = state.time(0);
    row[c++] = state.evaluations(0);
    row[c++] = state.value(0);
    for (String term : List.of("fit", "penalty_W", "penalty_H", "penalty_b")) {
      int t = objective.termNames().indexOf(term);
      row[c++] = t < 0 ? 0 : terms[t][0];
    }
    row[c++] = state.gradientNorm(0);
    row[c++] = certificate.available() ? certificate.lower() : Double.NaN;
    row[c++] = certificate.available() ? certificate.gap() : Double.NaN;
    row[c++] = certificate.available() ? certificate.relativeGap() : Double.NaN;
    Map<String, Double> named = metrics.asMap();
    for (String name : CollapseMetrics.NAMES) {
      row[c++] = named.get(name);
    }
    row[c++] = w;
    row[c++] = h;
    row[c++] = model.classifier().learned() ? metrics.margin() / ((w * w + h * h) / 2) : metrics.margin() / h;
    row[c] = turn(point);
    rows.accept(row);
  }

  /** Distance of the normalised variables to those of the record before; NaN for the first. */
  private double turn(Point point) {
    int nw = model.classifier().learned() ? point.w().length : 0;
    int nb = point.b() == null ? 0 : point.b().length;
    double[] all = new double[nw + point.h().length + nb];
    System.arraycopy(point.w(), 0, all, 0, nw);
    System.arraycopy(point.h(), 0, all, nw, point.h().length);
    if (nb > 0) {
      System.arraycopy(point.b(), 0, all, nw + point.h().length, nb);
    }
    double size = norm(all);
    for (int i = 0; i < all.length; i++) {
      all[i] /= size;
    }
    double sum = direction == null ? Double.NaN : 0;
    for (int i = 0; direction != null && i < all.length; i++) {
      sum += (all[i] - direction[i]) * (all[i] - direction[i]);
    }
    direction = all;
    return Math.sqrt(sum);
  }

  private static double norm(double[] a) {
    double sum = 0;
    for (double v : a) {
      sum += v * v;
    }
    return Math.sqrt(sum);
  }
}

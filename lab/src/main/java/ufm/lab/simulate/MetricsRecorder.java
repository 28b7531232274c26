package ufm.lab.simulate;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.certify.Certificate;
import ufm.certify.DualityGap;
import ufm.metric.CollapseMetrics;
import ufm.metric.MetricWorkspace;
import ufm.objective.ClassMeanReduction;
import ufm.objective.UfmObjective;
import ufm.problem.Point;
import ufm.problem.UfmProblem;
import ufm.solver.Problem;
import ufm.solver.RecordSchedule;
import ufm.solver.Recorder;
import ufm.solver.SolverState;

/**
 * Measures the iterates that are due: value, terms, gradient, certificate, collapse metrics. One lane, the full problem. Holds two points, and
 * the bound's memory while that is computed.
 */
final class MetricsRecorder implements Recorder {
  /** Products K d N for which a thread is worth its start. */
  private static final double LARGE = 1e5;

  /** Logits K C of the distinct columns up to which a bound is recorded: it holds some ten arrays of that size, 320 MB. */
  private static final double MOST_LOGITS = 4e6;

  private final UfmProblem model;
  private final boolean large;
  private final RecordSchedule schedule;
  private final Consumer<double[]> rows;
  private final MetricWorkspace workspace;
  private Point before;
  private double sizeBefore;
  private Point spare;

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
    large = (double) model.classes() * model.dimension() * model.samples() > LARGE;
  }

  @Override
  public boolean due(long iteration) {
    return schedule.due(iteration);
  }

  @Override
  public void record(Problem problem, SolverState state, Lanes due) {
    UfmObjective objective = (UfmObjective) problem.objective();
    LaneBuffer x = state.x();
    Point point = read(objective, x);
    double[][] terms = new double[objective.termNames().size()][1];
    objective.terms(due, x, terms);
    // The metrics on another thread while this one computes the bound: the steps wait for both.
    CompletableFuture<CollapseMetrics> measured = large
        ? CompletableFuture.supplyAsync(() -> workspace.measure(model, point))
        : CompletableFuture.completedFuture(workspace.measure(model, point));
    Certificate certificate = uncertified(model, point) == null ? DualityGap.bound(model, point) : null;
    boolean bounded = certificate != null && certificate.available();
    double w = Math.sqrt(norm2(point.w()));
    double h = Math.sqrt(norm2(point.h()));
    double variables = (model.classifier().learned() ? w * w : 0) + h * h + (point.b() == null ? 0 : norm2(point.b()));

    CollapseMetrics metrics = measured.join();
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
    row[c++] = bounded ? certificate.lower() : Double.NaN;
    row[c++] = bounded ? certificate.gap() : Double.NaN;
    row[c++] = bounded ? certificate.relativeGap() : Double.NaN;
    Map<String, Double> named = metrics.asMap();
    for (String name : CollapseMetrics.NAMES) {
      row[c++] = named.get(name);
    }
    row[c++] = w;
    row[c++] = h;
    row[c++] = model.classifier().learned() ? metrics.margin() / ((w * w + h * h) / 2) : metrics.margin() / h;
    row[c] = turn(point, Math.sqrt(variables));
    rows.accept(row);
  }

  /**
   * Why no bound is recorded of a point: a sentence, or null where one is.
   *
   * @param point N columns; those of a class that agree bit for bit count as one
   */
  static String uncertified(UfmProblem model, Point point) {
    if ((double) model.classes() * point.columns() <= MOST_LOGITS || ClassMeanReduction.collapsed(model, point).columns() == model.classes()) {
      return null;
    }
    return String.format(
        Locale.ROOT, "not certified: K N = %d x %d logits are more than the %.0f up to which a bound is recorded", model.classes(),
        point.columns(), MOST_LOGITS);
  }

  /** The iterate, in the arrays of the last record but one. */
  private Point read(UfmObjective objective, LaneBuffer x) {
    Point point = spare;
    spare = null;
    if (point == null) {
      return objective.read(x, 0);
    }
    objective.read(x, 0, point);
    return point;
  }

  /** Distance of the normalised variables to those of the record before; NaN for the first. */
  private double turn(Point point, double size) {
    double sum = Double.NaN;
    if (before != null) {
      sum = model.classifier().learned() ? distance2(point.w(), size, before.w(), sizeBefore) : 0;
      sum += distance2(point.h(), size, before.h(), sizeBefore);
      sum += point.b() == null ? 0 : distance2(point.b(), size, before.b(), sizeBefore);
    }
    spare = before;
    before = point;
    sizeBefore = size;
    return Math.sqrt(sum);
  }

  private static double distance2(double[] x, double a, double[] y, double b) {
    double even = 0;
    double odd = 0;
    int i = 0;
    for (; i + 2 <= x.length; i += 2) {
      double first = x[i] / a - y[i] / b;
      double second = x[i + 1] / a - y[i + 1] / b;
      even += first * first;
      odd += second * second;
    }
    if (i < x.length) {
      double last = x[i] / a - y[i] / b;
      even += last * last;
    }
    return even + odd;
  }

  private static double norm2(double[] a) {
    double s0 = 0;
    double s1 = 0;
    double s2 = 0;
    double s3 = 0;
    int i = 0;
    for (; i + 4 <= a.length; i += 4) {
      s0 = Math.fma(a[i], a[i], s0);
      s1 = Math.fma(a[i + 1], a[i + 1], s1);
      s2 = Math.fma(a[i + 2], a[i + 2], s2);
      s3 = Math.fma(a[i + 3], a[i + 3], s3);
    }
    for (; i < a.length; i++) {
      s0 = Math.fma(a[i], a[i], s0);
    }
    return (s0 + s1) + (s2 + s3);
  }
}

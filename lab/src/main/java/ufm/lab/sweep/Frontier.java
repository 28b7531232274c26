package ufm.lab.sweep;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import ufm.lab.plot.Curve;
import ufm.lab.spec.Axis;
import ufm.lab.spec.Experiment;
import ufm.lab.spec.SpecError;
import ufm.problem.InvalidProblem;
import ufm.problem.UfmProblem;
import ufm.theory.Predictions;

/**
 * Theory's boundary on a phase diagram: the level set {@code lambda_Z(problem) = threshold(problem)} of a named threshold.
 *
 * <p>Between the points where it is evaluated, {@code log(lambda_Z / threshold)} is taken as linear in the axes' own scales, which is
 * exact for lambda axes that are logarithmic.
 */
public final class Frontier {
  /** Points along an axis at which a continuous boundary is evaluated. */
  private static final int FINE = 65;

  private final Experiment experiment;
  private final List<Axis> axes;
  private final String threshold;

  /**
   * A boundary.
   *
   * @param experiment the experiment
   * @param threshold name of the threshold, for example {@code zero-collapse}
   */
  public Frontier(Experiment experiment, String threshold) {
    this.experiment = experiment;
    this.axes = experiment.sweep().axes();
    this.threshold = threshold;
  }

  /** {@code log(lambda_Z / threshold)} of a problem: negative below the boundary; NaN where it has no such threshold. */
  double level(UfmProblem p) {
    OptionalDouble t = Predictions.threshold(p, threshold);
    return t.isPresent() && t.getAsDouble() > 0 && p.lambdaZ() > 0 ? Math.log(p.lambdaZ() / t.getAsDouble()) : Double.NaN;
  }

  private double level(List<Object> values) {
    try {
      return level(Grid.at(experiment, axes, values).problem());
    } catch (SpecError | InvalidProblem impossible) {
      return Double.NaN;
    }
  }

  /**
   * Where the boundary lies between two values of the first axis, by bisection.
   *
   * @param rest values of the other axis, empty if there is none
   * @return NaN if it does not cross
   */
  public double crossing(double from, double to, List<Object> rest) {
    boolean log = axes.getFirst().scale() == Axis.Scale.LOG;
    double a = log ? Math.log(from) : from;
    double b = log ? Math.log(to) : to;
    double fa = level(at(from, rest));
    double fb = level(at(to, rest));
    if (Double.isNaN(fa) || Double.isNaN(fb) || fa * fb > 0) {
      return Double.NaN;
    }
    for (int i = 0; i < 100 && Math.abs(b - a) > 1e-15 * Math.max(1e-300, Math.max(Math.abs(a), Math.abs(b))); i++) {
      double mid = (a + b) / 2;
      double f = level(at(log ? Math.exp(mid) : mid, rest));
      if (Double.isNaN(f)) {
        return Double.NaN;
      }
      if (f * fa > 0) {
        a = mid;
      } else {
        b = mid;
      }
    }
    return log ? Math.exp((a + b) / 2) : (a + b) / 2;
  }

  private List<Object> at(double first, List<Object> rest) {
    List<Object> values = new ArrayList<>();
    values.add(first);
    values.addAll(rest);
    return values;
  }

  /** The curves on a diagram of two numeric axes; empty where there is no such threshold, or an axis has names. */
  public List<Curve> curves() {
    if (axes.size() != 2 || !axes.stream().allMatch(Axis::numeric)) {
      return List.of();
    }
    double[][] fine = {fine(axes.get(0)), fine(axes.get(1))};
    double[][] levels = levels(fine);
    if (Arrays.stream(levels).flatMapToDouble(Arrays::stream).anyMatch(Double::isNaN)) {
      // In between there may be no problem at all, for example half a sample: keep to the cells.
      fine = new double[][] {sorted(axes.get(0)), sorted(axes.get(1))};
      levels = levels(fine);
    }
    return new Contour(fine[0], fine[1], axes.get(0).scale() == Axis.Scale.LOG, axes.get(1).scale() == Axis.Scale.LOG, levels).lines();
  }

  /** Where the boundary crosses the only axis of a one-dimensional diagram. */
  public List<Double> marks() {
    if (axes.size() != 1 || !axes.getFirst().numeric()) {
      return List.of();
    }
    boolean whole = whole(axes.getFirst());
    boolean log = axes.getFirst().scale() == Axis.Scale.LOG;
    double[] nodes = sorted(axes.getFirst());
    List<Double> out = new ArrayList<>();
    for (int i = 0; i + 1 < nodes.length; i++) {
      double fa = level(List.of(value(axes.getFirst(), nodes[i])));
      double fb = level(List.of(value(axes.getFirst(), nodes[i + 1])));
      if (fa * fb < 0) {
        double exact = whole ? Double.NaN : crossing(nodes[i], nodes[i + 1], List.of());
        double u = log ? Math.log(nodes[i]) : nodes[i];
        double v = log ? Math.log(nodes[i + 1]) : nodes[i + 1];
        double between = u + (v - u) * fa / (fa - fb);
        out.add(Double.isNaN(exact) ? (log ? Math.exp(between) : between) : exact);
      }
    }
    return out;
  }

  private double[][] levels(double[][] nodes) {
    double[][] out = new double[nodes[0].length][nodes[1].length];
    for (int i = 0; i < out.length; i++) {
      for (int j = 0; j < out[i].length; j++) {
        out[i][j] = level(List.of(value(axes.get(0), nodes[0][i]), value(axes.get(1), nodes[1][j])));
      }
    }
    return out;
  }

  private static double[] sorted(Axis axis) {
    return Arrays.stream(axis.numbers()).sorted().distinct().toArray();
  }

  private static boolean whole(Axis axis) {
    return axis.values().stream().allMatch(Long.class::isInstance);
  }

  private static Object value(Axis axis, double number) {
    return whole(axis) ? (Object) (long) number : (Object) number;
  }

  private static double[] fine(Axis axis) {
    double[] nodes = sorted(axis);
    if (whole(axis) || nodes.length < 2) {
      return nodes;
    }
    // Half a cell beyond the first and last value, so that the curve reaches the edge of the picture.
    boolean log = axis.scale() == Axis.Scale.LOG;
    double[] u = Arrays.stream(nodes).map(v -> log ? Math.log(v) : v).toArray();
    double low = u[0] - (u[1] - u[0]) / 2;
    double high = u[u.length - 1] + (u[u.length - 1] - u[u.length - 2]) / 2;
    double[] out = new double[FINE];
    for (int i = 0; i < FINE; i++) {
      double at = low + (high - low) * i / (FINE - 1);
      out[i] = log ? Math.exp(at) : at;
    }
    return out;
  }
}

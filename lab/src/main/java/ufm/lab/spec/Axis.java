package ufm.lab.spec;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One axis of a sweep: a field of the experiment and the values it takes.
 *
 * @param field dotted name, for example {@code lambda.W}
 * @param scale how the values are spaced (and drawn)
 * @param values in the order written: Double, Long (whole-number fields) or String (enumerated fields)
 */
public record Axis(String field, Scale scale, List<Object> values) {

  /** How the values of an axis are spaced. */
  public enum Scale {
    /** Equal differences. */
    LINEAR,
    /** Equal ratios; all values above 0. */
    LOG
  }

  /** Copies the list. */
  public Axis {
    values = List.copyOf(values);
  }

  /** Number of values. */
  public int points() {
    return values.size();
  }

  /** Whether the values are numbers (else they are names, as of a loss). */
  public boolean numeric() {
    return values.stream().allMatch(Number.class::isInstance);
  }

  /**
   * The values as numbers.
   *
   * @throws IllegalStateException if the axis is not {@link #numeric}
   */
  public double[] numbers() {
    if (!numeric()) {
      throw new IllegalStateException("the axis " + field + " has values that are no numbers");
    }
    return values.stream().mapToDouble(v -> ((Number) v).doubleValue()).toArray();
  }

  /**
   * Evenly spaced numbers with both ends. Point i of n depends on i/(n-1) alone, so that a refined grid meets the old points bit for
   * bit, and is rounded to 12 significant digits, so that an axis holds the numbers that a person would write.
   *
   * @param from first
   * @param to last
   * @param points at least 2
   * @param scale equal differences or equal ratios
   */
  static double[] spaced(double from, double to, int points, Scale scale) {
    double[] out = new double[points];
    for (int i = 0; i < points; i++) {
      double t = (double) i / (points - 1);
      double x =
          scale == Scale.LOG ? StrictMath.exp(StrictMath.log(from) + t * (StrictMath.log(to) - StrictMath.log(from))) : from + t * (to - from);
      out[i] = i == 0 ? from : i == points - 1 ? to : new BigDecimal(x).round(new MathContext(12)).doubleValue();
    }
    return out;
  }

  /** Numbers rounded to whole ones, without repetitions. */
  static List<Object> whole(double[] numbers) {
    Set<Object> out = new LinkedHashSet<>();
    for (double x : numbers) {
      out.add(Math.round(x));
    }
    return List.copyOf(out);
  }
}

package ufm.lab.plot;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A scale along one direction of a figure: maps values to coordinates in which it is linear, and knows its tick marks.
 *
 * @param log whether equal distances are equal ratios
 * @param low first value
 * @param high last value, above {@code low}
 * @param names where not null, position i of the scale carries this name, and there are no other ticks
 */
record Ruler(boolean log, double low, double high, List<String> names) {

  /** More than a linear scale ever has: its steps are at least a ninth of it. */
  private static final int MOST_TICKS = 12;

  /** A tick mark; minor ones have no label. */
  record Tick(double value, String label) {}

  /** A scale for numbers; where the ends leave no room between them or can't be represented, the next ones that do. */
  static Ruler numbers(boolean log, double low, double high) {
    double a = Math.clamp(low, log ? Double.MIN_VALUE : -Double.MAX_VALUE, Double.MAX_VALUE);
    double b = Math.clamp(high, log ? Double.MIN_VALUE : -Double.MAX_VALUE, Double.MAX_VALUE);
    if (a < b) {
      return new Ruler(log, a, b, null);
    }
    if (Double.isNaN(a)) {
      return new Ruler(false, 0, 1, null);
    }
    // A single number: room on both sides of it.
    double room = Math.max(0.5, Math.abs(a) / 2);
    return log ? numbers(true, a / 2, a * 2) : numbers(false, a - room, a + room);
  }

  static Ruler names(List<String> names) {
    return new Ruler(false, -0.5, names.size() - 0.5, List.copyOf(names));
  }

  /** The linear coordinate of a value. */
  double coordinate(double value) {
    return log ? Math.log(value) : value;
  }

  /** The value at a linear coordinate. */
  double value(double coordinate) {
    return log ? Math.exp(coordinate) : coordinate;
  }

  /** Where a value lies, 0 at {@code low} and 1 at {@code high}. */
  double fraction(double value) {
    double from = coordinate(low);
    double span = coordinate(high) - from;
    // The difference of two large numbers may be no number; that of their halves is one.
    return Double.isInfinite(span) ? (coordinate(value) / 2 - from / 2) / (coordinate(high) / 2 - from / 2) : (coordinate(value) - from) / span;
  }

  List<Tick> ticks() {
    List<Tick> out = new ArrayList<>();
    if (names != null) {
      for (int i = 0; i < names.size(); i++) {
        out.add(new Tick(i, names.get(i)));
      }
    } else if (log) {
      logTicks(out);
    } else {
      double step = step(high / 5 - low / 5);
      double first = Math.ceil(low / step - 1e-9);
      // A count, not a condition: where steps are below the spacing of numbers, first + 1 may be first.
      for (int k = 0; k < MOST_TICKS; k++) {
        double v = (first + k) * step;
        if (Double.isFinite(v) && v <= high + 1e-9 * step && (out.isEmpty() || v > out.getLast().value())) {
          out.add(new Tick(v, number(v, step)));
        }
      }
    }
    return out;
  }

  private void logTicks(List<Tick> out) {
    int first = (int) Math.floor(Math.log10(low) + 1e-12);
    int last = (int) Math.ceil(Math.log10(high) - 1e-12);
    int inside = (int) Math.floor(Math.log10(high) + 1e-9) - (int) Math.ceil(Math.log10(low) - 1e-9) + 1;
    int every = Math.max(1, (int) Math.ceil(inside / 9.0));
    for (int e = first; e <= last; e++) {
      for (int m = 1; m <= 9; m++) {
        double v = Double.parseDouble(m + "e" + e);
        if (v == 0 || Double.isInfinite(v) || (!out.isEmpty() && v <= out.getLast().value()) || v < low * (1 - 1e-9) || v > high * (1 + 1e-9) || (every > 1 && m > 1)) {
          continue;
        }
        // Fewer than two powers of ten in sight: label the 2 and 5 as well, as numbers.
        boolean few = inside < 2;
        String label = m == 1 && Math.floorMod(e, every) == 0 ? (few ? number(v, v) : "10^{" + minus(e) + "}")
            : few && (m == 2 || m == 5) ? number(v, v) : null;
        out.add(new Tick(v, label));
      }
    }
  }

  private static String minus(int e) {
    return e < 0 ? "\u2212" + -e : Integer.toString(e);
  }

  /** The largest of 1, 2, 5 times a power of ten that is not above 1.5 times the wish. */
  private static double step(double wish) {
    double power = Math.max(Double.MIN_VALUE, Math.pow(10, Math.floor(Math.log10(wish))));
    double r = wish / power;
    return (r < 1.5 ? 1 : r < 3.5 ? 2 : r < 7.5 ? 5 : 10) * power;
  }

  static String number(double v, double step) {
    if (Math.abs(v) < 1e-12 * Math.abs(step) || v == 0) {
      return "0";
    }
    double size = Math.abs(v);
    if (size >= 1e5 || size < 1e-3) {
      int e = (int) Math.floor(Math.log10(size) + 1e-12);
      String m = trim(String.format(Locale.ROOT, "%.3f", new BigDecimal(v).movePointLeft(e)));
      return (m.equals("1") ? "" : m + "\u00d7") + "10^{" + minus(e) + "}";
    }
    int digits = Math.max(0, (int) Math.ceil(-Math.log10(Math.abs(step)) - 1e-9));
    return trim(String.format(Locale.ROOT, "%." + Math.min(digits + 1, 8) + "f", v)).replace("-", "\u2212");
  }

  private static String trim(String decimal) {
    return decimal.contains(".") ? decimal.replaceAll("0+$", "").replaceAll("\\.$", "") : decimal;
  }
}

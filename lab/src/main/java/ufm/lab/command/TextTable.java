package ufm.lab.command;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A table of text: first column to the left, the others to the right, a line under the head. */
final class TextTable {
  private final List<String[]> rows = new ArrayList<>();

  /** With the head of each column. */
  TextTable(String... head) {
    rows.add(head);
  }

  /** Adds a row. */
  void row(String... cells) {
    rows.add(cells);
  }

  /** Writes the table. */
  void print(PrintWriter out) {
    int columns = rows.getFirst().length;
    int[] width = new int[columns];
    for (String[] row : rows) {
      for (int c = 0; c < columns; c++) {
        width[c] = Math.max(width[c], row[c].length());
      }
    }
    for (int r = 0; r < rows.size(); r++) {
      StringBuilder line = new StringBuilder();
      for (int c = 0; c < columns; c++) {
        String cell = rows.get(r)[c];
        String space = " ".repeat(width[c] - cell.length());
        line.append(c == 0 ? cell + space : "   " + space + cell);
      }
      out.println(line.toString().stripTrailing());
      if (r == 0) {
        out.println("-".repeat(Arrays.stream(width).sum() + 3 * (columns - 1)));
      }
    }
  }

  /** A number for people: 12 significant digits, small ones with an exponent. */
  static String number(double x) {
    if (Double.isNaN(x)) {
      return "undefined";
    }
    if (Double.isInfinite(x) || x == Math.rint(x) && Math.abs(x) < 1e6) {
      return Double.isInfinite(x) ? (x > 0 ? "infinite" : "-infinite") : Long.toString((long) x);
    }
    double size = Math.abs(x);
    return size >= 1e-3 && size < 1e6
        ? String.format(Locale.ROOT, "%." + Math.max(0, 11 - (int) Math.floor(Math.log10(size))) + "f", x)
        : String.format(Locale.ROOT, "%.6e", x);
  }

  /** A number, or what stands for it. */
  static String value(Object v) {
    return v instanceof Double x ? number(x) : v == null ? "undefined" : v.toString();
  }

  /** A small number such as a difference: three digits. */
  static String small(double x) {
    return Double.isNaN(x) ? "undefined" : x == 0 ? "0" : String.format(Locale.ROOT, "%.1e", x);
  }

  /** A vector for people: equal neighbours are counted, {@code 4.2 (x3), 0}. */
  static String vector(double[] v) {
    StringBuilder out = new StringBuilder();
    int parts = 0;
    for (int i = 0; i < v.length; parts++) {
      int j = i;
      while (j < v.length && Math.abs(v[j] - v[i]) <= 1e-7 * (1e-3 + Math.abs(v[i]))) {
        j++;
      }
      if (parts == 3) {
        return out.append(", ...").toString();
      }
      double shown = Math.abs(v[i]) < 1e-9 ? 0 : v[i];
      out.append(out.isEmpty() ? "" : ", ")
          .append(shown == 0 ? "0" : String.format(Locale.ROOT, "%.6g", shown)).append(j - i > 1 ? " (x" + (j - i) + ")" : "");
      i = j;
    }
    return out.toString();
  }
}

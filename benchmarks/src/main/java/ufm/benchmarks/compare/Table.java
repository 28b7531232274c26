package ufm.benchmarks.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Rows as a Markdown table, and notes below it. */
final class Table {
  private final List<String> peers;

  /**
   * @param peers names of the columns between ours and the ratio
   */
  Table(List<String> peers) {
    this.peers = peers;
  }

  /** The head, two lines. */
  String head() {
    List<String> names = new ArrayList<>(List.of("work", "UFM"));
    names.addAll(peers);
    if (!peers.isEmpty()) {
      names.add("best peer / UFM");
    }
    names.addAll(List.of("share of the limit", "target", ""));
    return line(names) + "\n" + "|---".repeat(names.size()) + "|";
  }

  /** One line. */
  String line(Row row) {
    List<String> cells = new ArrayList<>();
    int lanes = row.plan().work().lanes();
    cells.add(row.plan().work().title());
    cells.add(cell(row.ours(), lanes));
    for (String p : peers) {
      cells.add(cell(row.peers().get(p), lanes));
    }
    if (!peers.isEmpty()) {
      String best = row.bestPeer();
      boolean bound = best != null && row.peers().get(best).unfinished();
      cells.add(best == null ? "" : (bound ? "> " : "") + number(row.ratio(best)) + " (" + best + ")");
    }
    cells.add(Double.isNaN(row.share()) ? "" : Math.round(100 * row.share()) + " %");
    cells.add(row.plan().target().toString());
    String verdict = row.verdict();
    cells.add(verdict.equals("not met") ? "**not met**" : verdict);
    return line(cells);
  }

  /** How each program did it and what came out, a line for each row that has something to say. */
  String notes(List<Row> rows) {
    StringBuilder out = new StringBuilder();
    for (Row row : rows) {
      List<String> parts = new ArrayList<>();
      if (row.ours() != null && !row.ours().outcome().isEmpty()) {
        parts.add("UFM: " + row.ours().outcome());
      }
      for (Map.Entry<String, Timing> p : row.peers().entrySet()) {
        String outcome = p.getValue().outcome();
        parts.add(p.getKey() + ": " + p.getValue().how() + (outcome.isEmpty() ? "" : ", " + outcome));
      }
      row.failures().forEach((peer, why) -> parts.add(peer + " failed: " + why));
      if (!parts.isEmpty()) {
        out.append("- ").append(row.plan().work().title()).append(": ").append(String.join("; ", parts)).append('\n');
      }
    }
    return out.toString();
  }

  private static String line(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }

  private static String cell(Timing t, int lanes) {
    if (t == null) {
      return "";
    }
    return (t.unfinished() ? "> " : "") + time(t.best() / lanes) + " (" + time(t.median() / lanes) + ")";
  }

  /** A time with three digits and the unit that suits it. */
  static String time(double seconds) {
    if (seconds < 1e-6) {
      return number(seconds * 1e9) + " ns";
    }
    if (seconds < 1e-3) {
      return number(seconds * 1e6) + " us";
    }
    return seconds < 1 ? number(seconds * 1e3) + " ms" : number(seconds) + " s";
  }

  /** Three digits. */
  static String number(double v) {
    int places = v >= 99.95 ? 0 : v >= 9.995 ? 1 : 2;
    return String.format(Locale.ROOT, "%." + places + "f", v);
  }
}

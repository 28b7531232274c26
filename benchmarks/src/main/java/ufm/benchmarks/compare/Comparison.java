package ufm.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Measures a row: every program is prepared, must show value and gradient (or the point after some steps) that agree with ours to 1e-12,
 * and then they are timed in turn, several times over, so that a slow spell of the machine hits all of them.
 */
final class Comparison {
  /** Disagreement that ends a peer's part in a row, relative. */
  static final double AGREEMENT = 1e-12;

  /** Longer than this, a peer is timed only once. */
  private static final double LONG = 4;

  /** Libraries' threads spin for a while after their work; they are given time to stop. */
  private static final long PAUSE_MILLIS = 120;

  private final Peers peers;
  private final Settings settings;
  private final Path logs;

  Comparison(Peers peers, Settings settings, Path logs) {
    this.peers = peers;
    this.settings = settings;
    this.logs = logs;
  }

  /** One of ours, a JVM of its own, so that each row meets a compiler that saw nothing else. */
  private Program ours() throws IOException {
    return new Program("UFM", OurProcess.command(Worker.class, List.of(Integer.toString(settings.threads()))),
        logs.resolve("ufm.log").toFile());
  }

  /** Measures one row. */
  Row measure(Plan plan) throws IOException, Program.Failure {
    Work work = plan.work();
    Row row = new Row(plan);
    List<Program> taking = new ArrayList<>();
    try (Program ours = ours()) {
      double[] digest = numbers(ours.ask(prepare(work, 0), "ready")[1]);
      row.ours(new Timing(""));
      prepare(work, digest, row, taking);
      for (int i = 0; i < settings.repetitions(); i++) {
        time(ours, row.ours());
        for (Program p : List.copyOf(taking)) {
          try {
            Timing t = row.peers().get(p.name());
            time(p, t);
            if (t.best() > LONG || t.unfinished()) {
              end(p, taking);
            }
          } catch (Program.Failure e) {
            row.peers().remove(p.name());
            row.failures().put(p.name(), e.getMessage());
            end(p, taking);
          }
        }
      }
    } finally {
      List.copyOf(taking).forEach(p -> end(p, taking));
    }
    return row;
  }

  /** Two kinds of our own work in turn, for example with and without records. */
  List<Row> measureOwn(List<Plan> plans) throws IOException, Program.Failure {
    List<Program> programs = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    try {
      for (Plan plan : plans) {
        Program p = ours();
        programs.add(p);
        p.ask(prepare(plan.work(), 0), "ready");
        Row row = new Row(plan);
        row.ours(new Timing(""));
        rows.add(row);
      }
      for (int i = 0; i < settings.repetitions(); i++) {
        for (int p = 0; p < programs.size(); p++) {
          time(programs.get(p), rows.get(p).ours());
        }
      }
    } finally {
      programs.forEach(Program::close);
    }
    return rows;
  }

  /** Starts and prepares the peers of a row; those that do what we do are added to {@code taking}. */
  private void prepare(Work work, double[] digest, Row row, List<Program> taking) throws IOException {
    if (!work.task().checked()) {
      return;
    }
    boolean solve = work.task() == Task.SOLVE || work.task() == Task.SOLVE_MEANS;
    for (String name : peers.names()) {
      try {
        Program p = peers.open(name);
        taking.add(p);
        String[] answer = p.ask(prepare(work, solve ? settings.cap() : settings.seconds() / 3), "ready");
        String wrong = disagreement(digest, numbers(answer[1]));
        if (!wrong.isEmpty()) {
          throw new Program.Failure(wrong);
        }
        row.peers().put(name, new Timing(answer[0]));
      } catch (Program.Failure e) {
        row.failures().put(name, e.getMessage());
        taking.stream().filter(p -> p.name().equals(name)).toList().forEach(p -> end(p, taking));
      }
    }
  }

  private static void end(Program p, List<Program> taking) {
    taking.remove(p);
    p.close();
  }

  private void time(Program p, Timing into) throws Program.Failure {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Program.Failure("interrupted");
    }
    String[] answer = p.ask("time " + settings.seconds(), "took");
    into.add(Double.parseDouble(answer[0]), answer[1]);
  }

  private static String prepare(Work work, double seconds) {
    return "prepare " + work.task().key() + " " + work.shape() + " " + work.lanes() + " " + seconds;
  }

  private static double[] numbers(String text) {
    return text.isBlank() ? new double[0] : Collections.list(new java.util.StringTokenizer(text)).stream()
        .mapToDouble(t -> Double.parseDouble((String) t)).toArray();
  }

  /** Empty if two digests agree, else what is wrong. The last number is a sum of signed terms, so its scale is the norm before it. */
  static String disagreement(double[] ours, double[] theirs) {
    if (ours.length != theirs.length) {
      return "it showed " + theirs.length + " numbers to compare, we " + ours.length;
    }
    for (int i = 0; i < ours.length; i++) {
      double scale = Math.max(Math.abs(ours[i]), i == 2 ? ours[1] : 0);
      if (!(Math.abs(ours[i] - theirs[i]) <= AGREEMENT * scale)) {
        return "it computes something else: " + java.util.Arrays.toString(theirs) + " where we have " + java.util.Arrays.toString(ours);
      }
    }
    return "";
  }
}

package ufm.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import ufm.benchmarks.Shape;
import ufm.benchmarks.roofline.Roofline;

/** Times our work and that of the peers that are installed, in turn, and prints one Markdown page; {@code benchmarks/compare} starts it. */
public final class Compare {
  private static final double RECORDING = 1.2;
  private static final double VERSION_SECONDS = 0.3;
  private static final double SOLVE_SECONDS = 1;
  private static final long[] WORKING_SETS = {256L << 10, 1L << 20, 4L << 20, 16L << 20, 64L << 20, 512L << 20};

  private final Settings settings;
  private final StringBuilder page = new StringBuilder();

  private Compare(Settings settings) {
    this.settings = settings;
  }

  /** Options: see {@code benchmarks/compare --help}. */
  public static void main(String[] args) throws Exception {
    Locale.setDefault(Locale.ROOT);
    Settings settings;
    try {
      settings = Settings.of(args);
    } catch (IllegalArgumentException e) {
      System.err.println("compare: " + e.getMessage());
      System.exit(2);
      return;
    }
    new Compare(settings).run();
  }

  private void run() throws IOException, Program.Failure {
    Path folder = settings.root().resolve("benchmarks");
    Path logs = Files.createDirectories(folder.resolve("target").resolve("compare"));
    Peers peers = new Peers(settings.python(), folder.resolve("peers"), logs, settings.threads());
    List<Plan> plans = Plan.all().stream().filter(settings::wants).toList();
    List<Roofline> machine = new ArrayList<>();
    List<Row> rows = new ArrayList<>();
    Comparison comparison = new Comparison(peers, settings, logs);
    if (!plans.isEmpty()) {
      progress("what the machine can do");
      machine.addAll(rooflines());
    }
    for (Plan plan : plans) {
      progress(plan.work().title());
      rows.add(comparison.measure(plan));
    }
    machine.forEach(Roofline::lookAgain);
    head(peers);
    if (!plans.isEmpty()) {
      roofline(machine);
      table(rows, peers, machine.getLast());
    }
    recording(comparison);
    startUp();
    if (settings.out() != null) {
      Files.writeString(settings.out(), page.toString());
    }
  }

  private static void progress(String what) {
    System.err.println("compare: " + what);
  }

  private void head(Peers peers) {
    say("# UFM and its peers\n");
    for (String line : Machine.description(settings, peers.versions())) {
      say("- " + line);
    }
    if (peers.names().isEmpty()) {
      say("\nOurs alone: " + String.join("; ", peers.missing()) + ".");
    } else if (!peers.missing().isEmpty()) {
      say("\nNot compared: " + String.join("; ", peers.missing()) + ".");
    }
  }

  /** One for a single thread, one for all. */
  private List<Roofline> rooflines() {
    List<Roofline> all = new ArrayList<>();
    for (int threads : settings.threads() == 1 ? new int[] {1} : new int[] {1, settings.threads()}) {
      all.add(Roofline.measure(threads, settings.quick() ? 3 : 4, settings.quick() ? 0.03 : 0.06));
    }
    return all;
  }

  private void roofline(List<Roofline> machine) {
    say("\n## What the machine can do\n");
    StringBuilder head = new StringBuilder("| threads | products P, GFLOP/s | at | exponentials E, 10^9/s |");
    StringBuilder rule = new StringBuilder("|---|---|---|---|");
    for (long bytes : WORKING_SETS) {
      head.append(" B, GB/s, ").append(bytes >= 1 << 20 ? (bytes >> 20) + " MB" : (bytes >> 10) + " KB").append(" |");
      rule.append("---|");
    }
    say(head.toString());
    say(rule.toString());
    for (Roofline r : machine) {
      StringBuilder line = new StringBuilder(String.format("| %d | %.1f | %s | %.2f |", r.threads(), r.products() / 1e9, r.bestShape(),
          r.exponentials() / 1e9));
      for (long bytes : WORKING_SETS) {
        line.append(String.format(" %.0f |", r.bandwidth(bytes) / 1e9));
      }
      say(line.toString());
    }
    say("""

        P is the best rate of products through the backend, E that of the softmax kernel, B the better of a triad (24 bytes an element) and of a
        momentum update in place (32 bytes). The limit of an evaluation or a step of one lane is max(6 K d N / P + K N / E, bytes / B), where a
        step reads and writes x and velocity once (32 bytes for each of the d (K + N) + K variables), an evaluation reads x and writes the
        gradient (16 bytes), and B is measured at the working set of that row: 16 bytes for each variable of the lanes that are in work
        at one time, one for each thread.""");
  }

  private void table(List<Row> rows, Peers peers, Roofline roofline) {
    say("\n## Comparison\n");
    say("Best of " + settings.repetitions() + " repetitions in turn, the median in brackets; for one lane, one step, one evaluation or one solve.");
    say("Ratios are of best times. \">\" means given up after that time.\n");
    Table table = new Table(peers.names());
    say(table.head());
    for (Row row : rows) {
      Work work = row.plan().work();
      if (work.task() == Task.STEP || work.task() == Task.GRADIENT) {
        row.limit(work.lanes() * roofline.limit(work.shape(), work.bytes(), work.workingSet(settings.threads())));
      }
      say(table.line(row));
    }
    say("\nHow it was done, and what came out:\n");
    say(table.notes(rows));
  }

  private void recording(Comparison comparison) throws IOException, Program.Failure {
    Shape shape = Shape.of("10x64x100");
    Plan plain = new Plan(new Work(Task.SIMULATE, shape, 1), Target.NONE, true);
    Plan recorded = new Plan(new Work(Task.SIMULATE_RECORDED, shape, 1), Target.NONE, true);
    if (!settings.wants(recorded)) {
      return;
    }
    List<Row> rows = comparison.measureOwn(List.of(plain, recorded));
    double ratio = rows.get(1).ours().best() / rows.get(0).ours().best();
    say("## Records\n");
    say("| run | without records | NC1-NC4 and duality gap at 100 points | ratio | target | |\n|---|---|---|---|---|---|");
    say(String.format("| %s %s | %s | %s | %.2f | <= %.1f | %s |", plain.work().task().title(), shape, Table.time(rows.get(0).ours().best()),
        Table.time(rows.get(1).ours().best()), ratio, RECORDING, verdict(ratio <= RECORDING)));
  }

  private void startUp() throws IOException {
    if (!settings.only().matcher("start of the program").find()) {
      return;
    }
    StartUp start = new StartUp(settings.root(), settings.repetitions());
    say("\n## Start of the program\n");
    say("| command | best (median) | target | |\n|---|---|---|---|");
    commandLine(start.time("--version"), "./ufm --version", VERSION_SECONDS);
    commandLine(start.time("solve", "examples/simplex-etf.yaml"), "./ufm solve examples/simplex-etf.yaml", SOLVE_SECONDS);
  }

  private void commandLine(Timing t, String command, double most) {
    say(String.format("| `%s` | %s (%s) | < %s | %s |", command, Table.time(t.best()), Table.time(t.median()), Table.time(most),
        verdict(t.best() < most)));
  }

  private static String verdict(boolean met) {
    return met ? "met" : "**not met**";
  }

  private void say(String line) {
    System.out.println(line);
    System.out.flush();
    page.append(line).append('\n');
  }
}

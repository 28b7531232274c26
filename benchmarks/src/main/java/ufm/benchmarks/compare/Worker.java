package ufm.benchmarks.compare;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import ufm.benchmarks.Shape;
import ufm.benchmarks.Stopwatch;

/**
 * Our side of a comparison: a process that does one piece of work again and again when told to. It reads lines from standard input and
 * answers each with one line, fields divided by tabs:
 *
 * <pre>
 * prepare TASK SHAPE LANES SECONDS   -&gt;  ready, how it is done, digest (numbers divided by spaces)
 * time SECONDS                       -&gt;  took, seconds per unit, outcome
 * quit
 * </pre>
 *
 * <p>Peers speak the same language, see {@code benchmarks/peers/serve.py}; what can't be done is answered by {@code failed} and the reason.
 */
public final class Worker {
  private static final double SHORTEST_WARM_UP = 4;
  private static final double LONGEST_WARM_UP = 12;

  private final int threads;
  private Job job;

  private Worker(int threads) {
    this.threads = threads;
  }

  /** Arguments: the number of threads. */
  public static void main(String[] args) throws IOException {
    Worker worker = new Worker(Integer.parseInt(args[0]));
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    for (String line = in.readLine(); line != null && !line.equals("quit"); line = in.readLine()) {
      String answer;
      try {
        answer = worker.answer(line.split(" "));
      } catch (RuntimeException | OutOfMemoryError e) {
        answer = "failed\t" + e;
      }
      out.println(answer.replace('\n', ' '));
    }
    worker.close();
  }

  private String answer(String[] words) {
    switch (words[0]) {
      case "prepare" -> {
        close();
        Work work = new Work(Task.of(words[1]), Shape.of(words[2]), Integer.parseInt(words[3]));
        job = job(work, threads);
        StringBuilder digest = new StringBuilder();
        for (double v : job.digest()) {
          digest.append(digest.isEmpty() ? "" : " ").append(v);
        }
        Stopwatch.warmUp(job::run, SHORTEST_WARM_UP, LONGEST_WARM_UP);
        return "ready\t\t" + digest;
      }
      case "time" -> {
        double seconds = Stopwatch.secondsPerRun(job::run, Double.parseDouble(words[1])) / job.units();
        return String.format(Locale.ROOT, "took\t%.9e\t%s", seconds, job.outcome());
      }
      default -> throw new IllegalArgumentException("unknown request '" + words[0] + "'");
    }
  }

  /** The job for some work. */
  static Job job(Work work, int threads) {
    return switch (work.task()) {
      case GRADIENT -> new EvaluationJob(work, threads);
      case STEP -> new StepJob(work, threads);
      case LBFGS -> new LbfgsJob(work, threads, LbfgsJob.roundsFor(work));
      case SOLVE, SOLVE_MEANS -> new SolveJob(work, threads);
      case SWEEP_ROW -> new SweepRowJob(work, threads);
      case SIMULATE, SIMULATE_RECORDED -> new SimulationJob(work, threads);
    };
  }

  private void close() {
    if (job != null) {
      job.close();
      job = null;
    }
  }
}

package ufm.benchmarks.roofline;

import ufm.benchmarks.Stopwatch;

/** Something the machine can do so many times a second. */
public interface Rate extends AutoCloseable {

  /** Does it for some milliseconds, on all threads it was made for. */
  void run();

  /** How many (operations, exponentials, bytes) in one run. */
  double amount();

  @Override
  void close();

  /** The best rate of several repetitions, per second. */
  default double best(int repetitions, double seconds) {
    double best = 0;
    Stopwatch.secondsPerRun(this::run, 2 * seconds);
    for (int i = 0; i < repetitions; i++) {
      best = Math.max(best, amount() / Stopwatch.secondsPerRun(this::run, seconds));
    }
    return best;
  }
}

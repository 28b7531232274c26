package ufm.benchmarks.compare;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Times of one program at one piece of work, in seconds per unit, and what it said about itself. */
final class Timing {
  private final List<Double> seconds = new ArrayList<>();
  private final String how;
  private String outcome = "";

  /**
   * @param how the way the work is written
   */
  Timing(String how) {
    this.how = how;
  }

  /** One more repetition. */
  void add(double time, String said) {
    seconds.add(time);
    outcome = said;
  }

  /** The shortest. */
  double best() {
    return Collections.min(seconds);
  }

  /** The middle one. */
  double median() {
    List<Double> sorted = seconds.stream().sorted().toList();
    int n = sorted.size();
    return (sorted.get((n - 1) / 2) + sorted.get(n / 2)) / 2;
  }

  /** The way the work is written. */
  String how() {
    return how;
  }

  /** What came out, in words. */
  String outcome() {
    return outcome;
  }

  /** Whether it gave up before the goal: its time is then only a lower bound. */
  boolean unfinished() {
    return outcome.startsWith("not reached");
  }
}

package ufm.benchmarks.roofline;

import java.util.Map;
import java.util.TreeMap;
import ufm.benchmarks.Shape;

/**
 * What the machine can do in this run on a number of threads: P, the best rate of products through the backend; E, exponentials a second;
 * B, bytes a second for a working set. The limit of a piece of work is
 *
 * <pre>max(6 K d N / P + K N / E, bytes / B)</pre>
 */
public final class Roofline {
  /** m x n x k of the products tried: as they occur at the larger shapes, and square ones. */
  private static final int[][] PRODUCTS = {{512, 512, 512}, {1000, 512, 512}, {1024, 1024, 1024}, {512, 1000, 1000}, {128, 2048, 128}};

  private final int threads;
  private final int repetitions;
  private final double seconds;
  private final double products;
  private final String bestShape;
  private final double exponentials;
  private final Map<Long, Double> bandwidth = new TreeMap<>();

  private Roofline(int threads, int repetitions, double seconds) {
    this.threads = threads;
    this.repetitions = repetitions;
    this.seconds = seconds;
    double best = 0;
    String shape = "";
    for (int[] s : PRODUCTS) {
      double rate = best(new ProductRate(threads, s[0], s[1], s[2]));
      if (rate > best) {
        best = rate;
        shape = s[0] + " x " + s[2] + " x " + s[1];
      }
    }
    products = best;
    bestShape = shape;
    exponentials = best(new ExponentialRate(threads));
  }

  /**
   * Measures P and E.
   *
   * @param repetitions of each measurement, the best counts
   * @param seconds of a repetition
   */
  public static Roofline measure(int threads, int repetitions, double seconds) {
    return new Roofline(threads, repetitions, seconds);
  }

  private double best(Rate rate) {
    try (rate) {
      return rate.best(repetitions, seconds);
    }
  }

  /** Threads it holds for. */
  public int threads() {
    return threads;
  }

  /** P, operations a second. */
  public double products() {
    return products;
  }

  /** The shape at which P was reached. */
  public String bestShape() {
    return bestShape;
  }

  /** E, exponentials a second. */
  public double exponentials() {
    return exponentials;
  }

  /** B, the better of triad and update in place, for a working set of so many bytes (measured when first asked for). */
  public double bandwidth(long bytes) {
    return bandwidth.computeIfAbsent(bytes, n -> {
      double triad = best(new MemoryRate(threads, MemoryRate.Pattern.TRIAD, n));
      return Math.max(triad, best(new MemoryRate(threads, MemoryRate.Pattern.UPDATE, n)));
    });
  }

  /**
   * The limit, in seconds, for one evaluation or step of one lane.
   *
   * @param bytes that must move
   * @param workingSet bytes that are worked on at one time
   */
  public double limit(Shape shape, double bytes, long workingSet) {
    return Math.max(shape.flops() / products + shape.exponentials() / exponentials, bytes / bandwidth(workingSet));
  }
}

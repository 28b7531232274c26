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
  private double products;
  private int[] bestShape;
  private double exponentials;
  private final Map<Long, Double> bandwidth = new TreeMap<>();

  private Roofline(int threads, int repetitions, double seconds) {
    this.threads = threads;
    this.repetitions = repetitions;
    this.seconds = seconds;
    for (int[] shape : PRODUCTS) {
      product(shape);
    }
    exponentials = best(new ExponentialRate(threads));
  }

  private void product(int[] shape) {
    double rate = best(new ProductRate(threads, shape[0], shape[1], shape[2]));
    if (rate > products) {
      products = rate;
      bestShape = shape;
    }
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

  /** Looks again whether the machine can do more than it did so far: a slow spell must not pass for its limit. */
  public void lookAgain() {
    product(bestShape);
    exponentials = Math.max(exponentials, best(new ExponentialRate(threads)));
    bandwidth.replaceAll((bytes, rate) -> Math.max(rate, measured(bytes)));
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
    return bestShape[0] + " x " + bestShape[2] + " x " + bestShape[1];
  }

  /** E, exponentials a second. */
  public double exponentials() {
    return exponentials;
  }

  /** B, the better of triad and update in place, for a working set of so many bytes (measured when first asked for). */
  public double bandwidth(long bytes) {
    return bandwidth.computeIfAbsent(bytes, this::measured);
  }

  private double measured(long bytes) {
    double triad = best(new MemoryRate(threads, MemoryRate.Pattern.TRIAD, bytes));
    return Math.max(triad, best(new MemoryRate(threads, MemoryRate.Pattern.UPDATE, bytes)));
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

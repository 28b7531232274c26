package ufm.benchmarks;

import java.util.ArrayList;
import java.util.List;
import ufm.problem.Bias;
import ufm.problem.UfmProblem;

/**
 * The sizes of a one-layer problem with balanced classes, and the constants that all benchmarks share: cross-entropy, lambda_W = lambda_H =
 * 5e-4, a bias with lambda_b = 0.01.
 *
 * @param classes K
 * @param dimension d
 * @param perClass samples per class, n; N = K n
 */
public record Shape(int classes, int dimension, int perClass) {
  private static final double LAMBDA = 5e-4;
  private static final double LAMBDA_BIAS = 0.01;

  /**
   * Reads K x d x n, for example {@code 10x64x100}.
   *
   * @throws IllegalArgumentException if it is written otherwise
   */
  public static Shape of(String text) {
    String[] sizes = text.split("x");
    if (sizes.length != 3) {
      throw new IllegalArgumentException("a shape is written K x d x n, for example 10x64x100, but this one is '" + text + "'");
    }
    return new Shape(Integer.parseInt(sizes[0]), Integer.parseInt(sizes[1]), Integer.parseInt(sizes[2]));
  }

  /** N. */
  public int samples() {
    return Math.multiplyExact(classes, perClass);
  }

  /** Variables: {@code K d + d N + K}. */
  public long variables() {
    return (long) dimension * (classes + samples()) + classes;
  }

  /** Floating-point operations of the three products of an evaluation: {@code 6 K d N}. */
  public double flops() {
    return 6.0 * classes * dimension * samples();
  }

  /** Exponentials of an evaluation: {@code K N}. */
  public double exponentials() {
    return (double) classes * samples();
  }

  /** The problem. */
  public UfmProblem problem() {
    return UfmProblem.builder(classes, dimension).samplesPerClass(perClass).lambdaW(LAMBDA).lambdaH(LAMBDA)
        .bias(new Bias.Ridge(LAMBDA_BIAS)).build();
  }

  /** The same problem several times, one for each lane. */
  public List<UfmProblem> problems(int lanes) {
    List<UfmProblem> all = new ArrayList<>();
    UfmProblem one = problem();
    for (int l = 0; l < lanes; l++) {
      all.add(one);
    }
    return all;
  }

  @Override
  public String toString() {
    return classes + "x" + dimension + "x" + perClass;
  }
}

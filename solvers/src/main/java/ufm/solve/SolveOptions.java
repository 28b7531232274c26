package ufm.solve;

import ufm.problem.InvalidProblem;
import ufm.random.StartKind;

/**
 * How to solve.
 *
 * @param starts number of random starts, at least 1
 * @param firstStart index of the first start, at least 0; starts are numbered, so that more of them can be added later
 * @param seed key of the random numbers
 * @param start law of a start
 * @param startScale factor of a start's entries, finite and above 0
 * @param reduce whether to work on class means where the minimum is the same (convex losses); the result is always a full point
 * @param tolerance goal of the gradient norm, relative to the sum of the norms of its terms; in [1e-16, 1e-2]
 * @param maxIterations bound on accepted iterations of each phase of a lane, at least 1
 */
public record SolveOptions(
    int starts, int firstStart, long seed, StartKind start, double startScale, boolean reduce, double tolerance, long maxIterations) {

  /** Checks every field. */
  public SolveOptions {
    if (starts < 1) {
      throw new InvalidProblem("solve.starts", starts, "a whole number of at least 1");
    }
    if (firstStart < 0) {
      throw new InvalidProblem("solve.first-start", firstStart, "a whole number of at least 0");
    }
    if (!(startScale > 0) || Double.isInfinite(startScale)) {
      throw new InvalidProblem("solve.scale", startScale, "a finite number above 0");
    }
    if (!(tolerance >= 1e-16 && tolerance <= 1e-2)) {
      throw new InvalidProblem("solve.tolerance", tolerance, "between 1e-16 and 1e-2");
    }
    if (maxIterations < 1) {
      throw new InvalidProblem("solve.max-iterations", maxIterations, "a whole number of at least 1");
    }
  }

  /** 8 Gaussian starts of scale 1 with seed 1, reduction on, tolerance 1e-12, at most 10000 iterations. */
  public static SolveOptions defaults() {
    return new SolveOptions(8, 0, 1, StartKind.GAUSSIAN, 1, true, 1e-12, 10_000);
  }

  /** The same with another number of starts. */
  public SolveOptions withStarts(int starts) {
    return new SolveOptions(starts, firstStart, seed, start, startScale, reduce, tolerance, maxIterations);
  }

  /** The same with another first start. */
  public SolveOptions withFirstStart(int firstStart) {
    return new SolveOptions(starts, firstStart, seed, start, startScale, reduce, tolerance, maxIterations);
  }

  /** The same with another seed. */
  public SolveOptions withSeed(long seed) {
    return new SolveOptions(starts, firstStart, seed, start, startScale, reduce, tolerance, maxIterations);
  }

  /** The same with another law of the starts. */
  public SolveOptions withStart(StartKind start, double scale) {
    return new SolveOptions(starts, firstStart, seed, start, scale, reduce, tolerance, maxIterations);
  }

  /** The same with reduction on or off. */
  public SolveOptions withReduce(boolean reduce) {
    return new SolveOptions(starts, firstStart, seed, start, startScale, reduce, tolerance, maxIterations);
  }

  /** The same with another tolerance. */
  public SolveOptions withTolerance(double tolerance) {
    return new SolveOptions(starts, firstStart, seed, start, startScale, reduce, tolerance, maxIterations);
  }

  /** The same with another bound on iterations. */
  public SolveOptions withMaxIterations(long maxIterations) {
    return new SolveOptions(starts, firstStart, seed, start, startScale, reduce, tolerance, maxIterations);
  }
}

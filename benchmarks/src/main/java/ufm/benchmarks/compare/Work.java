package ufm.benchmarks.compare;

import ufm.benchmarks.Shape;

/**
 * A piece of work that all programs do.
 *
 * @param task what is done
 * @param shape sizes of each lane
 * @param lanes how many independent problems
 */
public record Work(Task task, Shape shape, int lanes) {

  /** For a table: {@code momentum step 10x64x100, 256 lanes}. */
  public String title() {
    return task.title() + " " + shape + (lanes == 1 ? "" : ", " + lanes + " lanes");
  }

  /** Bytes of x and velocity (or gradient) of the lanes that are worked on at one time. */
  public long workingSet(int threads) {
    return 16 * shape.variables() * Math.min(lanes, threads);
  }

  /**
   * Bytes that must move for one evaluation or step of one lane: a step reads and writes x and velocity once (32 for each variable), an
   * evaluation reads x and writes the gradient (16).
   */
  public double bytes() {
    return (task == Task.STEP ? 32.0 : 16.0) * shape.variables();
  }
}

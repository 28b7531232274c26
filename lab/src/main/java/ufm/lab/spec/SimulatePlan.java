package ufm.lab.spec;

import java.nio.file.Path;
import ufm.random.StartKind;

/**
 * What a simulation does: the dynamics, how long, what is recorded and where it starts.
 *
 * @param optimizer dynamics
 * @param iterations budget of iterations, at least 1
 * @param tolerance stops at a gradient this small relative to the size of its terms; 0 to use up the budget
 * @param record which iterations are recorded
 * @param start law of a random start, null where a point is given
 * @param point file with the starting point, null where the start is random
 * @param seed key of the random numbers
 * @param scale factor on the random start, above 0
 */
public record SimulatePlan(
    OptimizerPlan optimizer, long iterations, double tolerance, Record record, StartKind start, Path point, long seed, double scale) {

  /**
   * Which iterations are recorded besides the first and the last.
   *
   * @param every each multiple of this, 0 for none
   * @param perDecade so many a decade, evenly on a log axis, 0 for none
   */
  public record Record(long every, int perDecade) {}
}

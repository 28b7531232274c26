package ufm.benchmarks.compare;

import java.util.List;
import ufm.benchmarks.Shape;

/**
 * A row of the table.
 *
 * @param work what is done
 * @param target what is to be reached
 * @param quick whether it is part of a quick comparison
 */
record Plan(Work work, Target target, boolean quick) {
  private static final String TINY = "10x16x10";
  private static final String SMALL = "10x64x100";
  private static final String MEDIUM = "100x128x100";
  private static final String LARGE = "1000x512x20";

  /** All rows that are compared with peers. */
  static List<Plan> all() {
    return List.of(
        row(Task.STEP, TINY, 1, Target.faster(1.5), true),
        row(Task.STEP, SMALL, 1, Target.faster(2).share(0.5), true),
        row(Task.STEP, MEDIUM, 1, Target.faster(1.3).share(0.75), true),
        row(Task.STEP, LARGE, 1, Target.faster(1.15).share(0.75), false),
        row(Task.STEP, TINY, 256, Target.faster(3, Peers.JAX), true),
        row(Task.STEP, SMALL, 256, Target.NONE, false),
        row(Task.STEP, TINY, 4096, Target.NONE, false),
        row(Task.STEP, "4x8x5", 4096, Target.faster(3, Peers.JAX), true),
        row(Task.GRADIENT, TINY, 1, Target.NONE, false),
        row(Task.GRADIENT, SMALL, 1, Target.NONE, false),
        row(Task.GRADIENT, MEDIUM, 1, Target.NONE, false),
        row(Task.GRADIENT, LARGE, 1, Target.NONE, false),
        row(Task.GRADIENT, TINY, 256, Target.NONE, false),
        row(Task.LBFGS, TINY, 1, Target.NONE, false),
        row(Task.LBFGS, SMALL, 1, Target.NONE, false),
        row(Task.LBFGS, MEDIUM, 1, Target.NONE, false),
        row(Task.SOLVE, TINY, 1, Target.faster(10), true),
        row(Task.SOLVE_MEANS, TINY, 1, Target.NONE, true),
        row(Task.SOLVE, SMALL, 1, Target.NONE, false),
        row(Task.SOLVE_MEANS, SMALL, 1, Target.NONE, false),
        row(Task.SOLVE, MEDIUM, 1, Target.faster(300, Peers.TORCH), false),
        row(Task.SOLVE_MEANS, MEDIUM, 1, Target.faster(2), true),
        row(Task.SWEEP_ROW, "4x4x10", 1, Target.NONE, false));
  }

  private static Plan row(Task task, String shape, int lanes, Target target, boolean quick) {
    return new Plan(new Work(task, Shape.of(shape), lanes), target, quick);
  }
}

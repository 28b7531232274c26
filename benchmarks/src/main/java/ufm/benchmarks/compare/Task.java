package ufm.benchmarks.compare;

/** What is timed. */
public enum Task {
  /** One value and gradient. */
  GRADIENT("gradient", "value + gradient"),
  /** One step of momentum descent within a long run. */
  STEP("step", "momentum step"),
  /** One round of L-BFGS, that is one evaluation with all that belongs to it, among the first of a run from a random start. */
  LBFGS("lbfgs", "L-BFGS round"),
  /** From a random start to the minimum; peers are handed the full problem. */
  SOLVE("solve", "solve, peers on all samples"),
  /** The same, peers are handed the problem of the class means. */
  SOLVE_MEANS("solve-means", "solve, peers on class means"),
  /** A row of 40 cells of a phase diagram, 4 starts each. */
  SWEEP_ROW("sweep-row", "sweep row, 40 cells, 4 starts"),
  /** A run of 10,000 momentum steps. */
  SIMULATE("simulate", "simulate, 10,000 steps"),
  /** The same with metrics and duality gap at 100 points. */
  SIMULATE_RECORDED("simulate-recorded", "simulate, 10,000 steps, 100 records");

  private final String key;
  private final String title;

  Task(String key, String title) {
    this.key = key;
    this.title = title;
  }

  /** Its name between programs. */
  public String key() {
    return key;
  }

  /** Its name in a table. */
  public String title() {
    return title;
  }

  /** Whether a peer must show value and gradient at the common point. */
  public boolean checked() {
    return this == GRADIENT || this == STEP || this == LBFGS || this == SOLVE || this == SOLVE_MEANS;
  }

  /** The task of a name. */
  static Task of(String key) {
    for (Task t : values()) {
      if (t.key.equals(key)) {
        return t;
      }
    }
    throw new IllegalArgumentException("no task is called '" + key + "'");
  }
}

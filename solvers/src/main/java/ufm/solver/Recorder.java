package ufm.solver;

import ufm.backend.Lanes;

/** Observes a run. Sees iterate 0 and the last one of every lane, and those between that its schedule asks for. */
public interface Recorder {

  /** Whether iteration {@code n} of a lane is to be seen (0 and the last always are). */
  boolean due(long iteration);

  /** Before the first record. */
  default void start(Problem problem, SolverState state) {}

  /**
   * Some lanes are at iterates that are due.
   *
   * @param due those lanes
   */
  void record(Problem problem, SolverState state, Lanes due);

  /** After the last record, also when the run ended by an error. */
  default void finish(Problem problem, SolverState state) {}

  /** Sees nothing. */
  static Recorder none() {
    return new Recorder() {
      @Override
      public boolean due(long iteration) {
        return false;
      }

      @Override
      public void record(Problem problem, SolverState state, Lanes due) {
        // Nothing to keep.
      }
    };
  }
}

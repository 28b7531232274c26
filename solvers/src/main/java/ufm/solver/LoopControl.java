package ufm.solver;

import java.util.function.BooleanSupplier;

/** Asked between two rounds whether a run goes on; also the place for work that happens every so often, such as saving the state. */
@FunctionalInterface
public interface LoopControl {

  /**
   * Whether to go on. After a no, the lanes that still run stay {@link Outcome#RUNNING}, and the state can be resumed.
   *
   * @param problem what is minimised
   * @param state between two rounds; not modified
   */
  boolean proceed(Problem problem, SolverState state);

  /** Always goes on. */
  static LoopControl always() {
    return (problem, state) -> true;
  }

  /** Goes on until the supplier says true. */
  static LoopControl unless(BooleanSupplier cancelled) {
    return (problem, state) -> !cancelled.getAsBoolean();
  }

  /** Asks both, this one first; goes on if both do. */
  default LoopControl and(LoopControl other) {
    return (problem, state) -> {
      boolean first = proceed(problem, state);
      return other.proceed(problem, state) && first;
    };
  }
}

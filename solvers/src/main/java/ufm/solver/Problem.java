package ufm.solver;

import ufm.manifold.ConvexSet;
import ufm.manifold.Euclidean;
import ufm.manifold.Manifold;
import ufm.objective.Objective;

/**
 * What is minimised and where.
 *
 * @param objective value, gradient, curvature
 * @param manifold where the variables live
 * @param set a further constraint; only projected solvers accept one that constrains
 */
public record Problem(Objective objective, Manifold manifold, ConvexSet set) {

  /** Minimise over the whole space. */
  public static Problem unconstrained(Objective objective) {
    return new Problem(objective, new Euclidean(), new ConvexSet.Whole());
  }

  /**
   * For solvers that know no constraint.
   *
   * @throws IllegalArgumentException if there is one
   */
  void requireUnconstrained(String solver) {
    if (set.constrains()) {
      throw new IllegalArgumentException(solver + " can't handle the constraint " + set + "; a projected solver can");
    }
  }
}

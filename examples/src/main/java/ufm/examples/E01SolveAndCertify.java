package ufm.examples;

import ufm.backend.Backend;
import ufm.backend.cpu.CpuBackend;
import ufm.problem.UfmProblem;
import ufm.solve.CertifiedSolver;
import ufm.solve.Solution;
import ufm.solve.SolveOptions;
import ufm.theory.Predictions;

/**
 * Lesson 1: state a problem, solve it, and see how sure the answer is.
 *
 * <p>The problem is cross-entropy on 4 balanced classes. Theory (sheet A2) says that the features of each class collapse to one point and
 * that the four points, and the four rows of W, are a simplex equiangular tight frame. The solver knows nothing of that: it starts from
 * random points. Three numbers are worth comparing:
 *
 * <ul>
 *   <li>theory's optimal value against the value reached;
 *   <li>the certificate's {@code gap}, a bound on f - f* that uses no theory of the optimum, only convex duality; and
 *   <li>NC2, the distance of W from a simplex frame, 0 if it is one.
 * </ul>
 */
public final class E01SolveAndCertify {
  private E01SolveAndCertify() {}

  /** Prints the comparison. */
  public static void main(String[] args) {
    Solution s = solve();
    System.out.printf("value      %.15f%n", s.value());
    System.out.printf("theory     %.15f%n", Predictions.of(s.problem()).value().orElseThrow());
    System.out.printf("f - f* <=  %.2e  (%s)%n", s.certificate().gap(), s.certificate().verdict());
    System.out.printf("NC2 of W   %.2e%n", s.metrics().nc2W());
  }

  static Solution solve() {
    UfmProblem problem = UfmProblem.builder(4, 8).samplesPerClass(10).lambdaW(5e-3).lambdaH(5e-3).build();
    try (Backend backend = CpuBackend.create();
        CertifiedSolver solver = new CertifiedSolver(backend, SolveOptions.defaults())) {
      return solver.solve(problem);
    }
  }
}

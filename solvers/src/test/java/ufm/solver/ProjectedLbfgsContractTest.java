package ufm.solver;

import java.util.List;

/** The contract for projected L-BFGS, with and without bounds. */
class ProjectedLbfgsContractTest extends SolverContract<ProjectedLbfgsState> {
  @Override
  Solver<ProjectedLbfgsState> solver() {
    return ProjectedLbfgs.standard();
  }

  @Override
  List<ContractCase> cases() {
    return List.of(
        ContractCase.of("quadratic", new TestFamilies.Quadratic(), 30, l -> 1),
        ContractCase.of("rosenbrock", new TestFamilies.Rosenbrock(), 10, l -> 1),
        UfmCases.balanced(),
        BoundedCase.quadratic());
  }

  @Override
  StoppingCriterion goal() {
    return new RelativeGradient(1e-9).or(new MaxIterations(5000));
  }

  @Override
  double tolerance() {
    return 1e-13;
  }
}

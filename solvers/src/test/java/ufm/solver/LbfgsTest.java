package ufm.solver;

import java.util.List;

/** The contract for L-BFGS. */
class LbfgsTest extends SolverContract<LbfgsState> {
  @Override
  Solver<LbfgsState> solver() {
    return Lbfgs.defaults();
  }

  @Override
  List<ContractCase> cases() {
    return List.of(
        ContractCase.of("quadratic", new TestFamilies.Quadratic(), 30, l -> 1),
        ContractCase.of("rosenbrock", new TestFamilies.Rosenbrock(), 10, l -> 1),
        ContractCase.of("quartic", new TestFamilies.Quartic(), 6, l -> 1 + l),
        UfmCases.balanced(),
        UfmCases.imbalanced());
  }

  @Override
  StoppingCriterion goal() {
    return new RelativeGradient(1e-12).or(new MaxIterations(2000));
  }

  @Override
  double tolerance() {
    return 1e-13;
  }
}

package ufm.solver;

import java.util.List;

/** The contract for the trust region. */
class TrustRegionContractTest extends SolverContract<TrustRegionState> {
  @Override
  Solver<TrustRegionState> solver() {
    return TrustRegion.standard();
  }

  @Override
  List<ContractCase> cases() {
    return List.of(
        ContractCase.of("quadratic", new TestFamilies.Quadratic(), 30, l -> 1),
        ContractCase.of("rosenbrock", new TestFamilies.Rosenbrock(), 10, l -> 1),
        ContractCase.of("quartic", new TestFamilies.Quartic(), 6, l -> 1 + l),
        UfmCases.balanced(),
        UfmCases.imbalanced(),
        BoundedCase.quadratic());
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

package ufm.solver;

import java.util.List;

/** The contract for the gradient flow, followed until the gradient vanishes. */
class GradientFlowContractTest extends SolverContract<GradientFlowState> {
  @Override
  Solver<GradientFlowState> solver() {
    return new GradientFlow(Double.POSITIVE_INFINITY, 1e-10, 1e-12);
  }

  @Override
  List<ContractCase> cases() {
    return List.of(ContractCase.of("quadratic", new TestFamilies.Quadratic(), 6, l -> 1));
  }

  @Override
  StoppingCriterion goal() {
    return new GradientBelow(1e-5).or(new MaxIterations(50_000));
  }

  /** {@code f - 1 <= |g|^2 / 2}, the curvatures being at least 1. */
  @Override
  double tolerance() {
    return 1e-10;
  }
}

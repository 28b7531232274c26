package ufm.solver;

import java.util.List;

/** The contract for Adam. */
class AdamTest extends SolverContract<Adam.State> {
  @Override
  Solver<Adam.State> solver() {
    return Adam.of(new Schedule.Cosine(0.05, 0, 4000));
  }

  @Override
  List<ContractCase> cases() {
    return List.of(ContractCase.of("quadratic", new TestFamilies.Quadratic(), 30, l -> 1));
  }

  @Override
  StoppingCriterion goal() {
    return new RelativeGradient(1e-8).or(new MaxIterations(20000));
  }

  @Override
  double tolerance() {
    return 1e-13;
  }
}

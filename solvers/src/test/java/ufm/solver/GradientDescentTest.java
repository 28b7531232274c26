package ufm.solver;

import java.util.List;

/** The contract for gradient descent with momentum. */
class GradientDescentTest extends SolverContract<GradientDescent.State> {
  @Override
  Solver<GradientDescent.State> solver() {
    return new GradientDescent(Schedule.constant(1e-3), 0.95, 0, true);
  }

  @Override
  List<ContractCase> cases() {
    return List.of(ContractCase.of("quadratic", new TestFamilies.Quadratic(), 30, l -> 1));
  }

  @Override
  StoppingCriterion goal() {
    return new RelativeGradient(1e-10).or(new MaxIterations(20000));
  }

  @Override
  double tolerance() {
    return 1e-13;
  }
}

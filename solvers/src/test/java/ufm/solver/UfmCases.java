package ufm.solver;

import java.util.List;
import java.util.stream.DoubleStream;
import ufm.problem.Loss;
import ufm.problem.UfmProblem;

/** One-layer models whose minimum is known in closed form. */
final class UfmCases {
  private UfmCases() {}

  /** Balanced cross-entropy on the reduced model, K = 4, d = 5, n = 3, several penalties: theory sheet A2 and A3. */
  static ContractCase balanced() {
    double[] lambda = {1e-3, 5e-3, 2e-2, 5e-2};
    List<UfmProblem> problems = DoubleStream.of(lambda)
        .mapToObj(l -> UfmProblem.builder(4, 5).samplesPerClass(3).lambdaW(l).lambdaH(l / 2).build())
        .toList();
    return ContractCase.of("balanced cross-entropy", true, problems, l -> {
      double rho = Math.sqrt(lambda[l] * lambda[l] / 2) * 3 * Math.sqrt(3);
      double t = Math.log(3 * (1 - rho) / rho);
      return Math.log1p(3 * Math.exp(-t)) + rho * t;
    });
  }

  /** Mean square error without bias, unequal counts, on the full model: theory sheet B1. */
  static ContractCase imbalanced() {
    int[] counts = {6, 4, 3, 1};
    double[] lambda = {1e-3, 5e-3, 2e-2};
    List<UfmProblem> problems = DoubleStream.of(lambda)
        .mapToObj(l -> UfmProblem.builder(4, 6).counts(counts).loss(new Loss.MeanSquaredError()).lambdaW(l).lambdaH(l).build())
        .toList();
    return ContractCase.of("imbalanced mean square", false, problems, l -> {
      double f = 0;
      for (int n : counts) {
        double threshold = 14 * lambda[l];
        f += Math.sqrt(n) > threshold ? lambda[l] * Math.sqrt(n) - 7 * lambda[l] * lambda[l] : n / 28.0;
      }
      return f;
    });
  }
}

package ufm.solver;

import java.util.function.IntToDoubleFunction;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.manifold.ConvexSet;
import ufm.manifold.Euclidean;
import ufm.objective.Objective;

/**
 * A case whose variables must be non-negative.
 *
 * @param free the case without the bound
 * @param bounded minimum of a lane under the bound
 */
record BoundedCase(ContractCase free, IntToDoubleFunction bounded) implements ContractCase {

  /** {@code 1 + sum a_i (x_i - c_i)^2 / 2}, {@code c_i = +-1} in turn: where c_i = -1 the bound holds x_i at 0, at a cost of a_i/2. */
  static ContractCase quadratic() {
    int n = 12;
    FamilyObjective.Family family = new FamilyObjective.Family() {
      @Override
      public double valueGradient(int member, double[] x, double[] g) {
        double f = 1;
        for (int i = 0; i < n; i++) {
          double r = x[i] - centre(i);
          g[i] = curvature(member, i) * r;
          f += 0.5 * g[i] * r;
        }
        return f;
      }

      @Override
      public void hessian(int member, double[] x, double[] v, double[] out) {
        for (int i = 0; i < n; i++) {
          out[i] = curvature(member, i) * v[i];
        }
      }
    };
    return new BoundedCase(ContractCase.of("bounded quadratic", family, n, l -> 1), l -> {
      double f = 1;
      for (int i = 1; i < n; i += 2) {
        f += 0.5 * curvature(l, i);
      }
      return f;
    });
  }

  private static double centre(int i) {
    return i % 2 == 0 ? 1 : -1;
  }

  private static double curvature(int member, int i) {
    return 1 + member * i;
  }

  @Override
  public String name() {
    return free.name();
  }

  @Override
  public int lanes() {
    return free.lanes();
  }

  @Override
  public Objective objective(Backend backend, int... which) {
    return free.objective(backend, which);
  }

  @Override
  public void start(Objective objective, LaneBuffer x, int... which) {
    free.start(objective, x, which);
  }

  @Override
  public double minimum(int lane) {
    return bounded.applyAsDouble(lane);
  }

  @Override
  public Problem problem(Objective objective) {
    return new Problem(objective, new Euclidean(), ConvexSet.nonNegative(objective.layout(), "x"));
  }
}

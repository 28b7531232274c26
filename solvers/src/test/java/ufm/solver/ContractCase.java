package ufm.solver;

import java.util.List;
import java.util.function.IntToDoubleFunction;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.objective.Objective;
import ufm.objective.UfmObjective;
import ufm.problem.UfmProblem;
import ufm.random.Philox;
import ufm.random.StartKind;

/** A batch of problems with known minima, from which any choice of lanes can be made. */
interface ContractCase {
  /** Name. */
  String name();

  /** Number of lanes of the whole batch. */
  int lanes();

  /** The objective of the chosen lanes. */
  Objective objective(Backend backend, int... which);

  /** Writes the starts of the chosen lanes. */
  void start(Objective objective, LaneBuffer x, int... which);

  /** The known minimum of a lane, NaN where none is known. */
  double minimum(int lane);

  /** What to minimise, and where. */
  default Problem problem(Objective objective) {
    return Problem.unconstrained(objective);
  }

  /** Four lanes of a test family, started at points that depend on the lane. */
  static ContractCase of(String name, FamilyObjective.Family family, int n, IntToDoubleFunction minimum) {
    return new ContractCase() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public int lanes() {
        return 4;
      }

      @Override
      public Objective objective(Backend backend, int... which) {
        return new FamilyObjective(backend, family, n, which);
      }

      @Override
      public void start(Objective objective, LaneBuffer x, int... which) {
        double[] p = new double[n];
        for (int l = 0; l < which.length; l++) {
          for (int i = 0; i < n; i++) {
            p[i] = Philox.gaussian(7, which[l], 0, i);
          }
          objective.backend().write(x, l, 0, p, 0, n);
        }
      }

      @Override
      public double minimum(int lane) {
        return minimum.applyAsDouble(lane);
      }
    };
  }

  /** The one-layer model, one problem for each lane, Gaussian starts. */
  static ContractCase of(String name, boolean reduced, List<UfmProblem> problems, IntToDoubleFunction minimum) {
    return new ContractCase() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public int lanes() {
        return problems.size();
      }

      @Override
      public Objective objective(Backend backend, int... which) {
        List<UfmProblem> chosen = java.util.Arrays.stream(which).mapToObj(problems::get).toList();
        return reduced ? UfmObjective.reduced(backend, chosen) : UfmObjective.full(backend, chosen);
      }

      @Override
      public void start(Objective objective, LaneBuffer x, int... which) {
        ((UfmObjective) objective).randomize(ufm.backend.Lanes.all(which.length), x, StartKind.GAUSSIAN, 0.5, 3, which);
      }

      @Override
      public double minimum(int lane) {
        return minimum.applyAsDouble(lane);
      }
    };
  }
}

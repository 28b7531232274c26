package ufm.solver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.cpu.CpuBackend;
import ufm.backend.cpu.CpuOptions;
import ufm.objective.Objective;
import ufm.random.Philox;

/**
 * A round makes no garbage of the size of the problem. Scalar kernels are used because vector ones make objects until they are
 * compiled; the bound leaves room for a few small objects of code that is still interpreted, and lies far below one vector.
 */
class AllocationTest {
  private static final int N = 4000;
  private static final long BOUND = 500;

  @TestFactory
  Stream<DynamicTest> aRoundAllocatesNothingOfTheSizeOfTheProblem() {
    return Stream.<Solver<?>>of(
            GradientDescent.plain(1e-4), GradientDescent.nesterov(1e-4, 0.9), Adam.of(Schedule.constant(1e-4)), Lbfgs.defaults())
        .map(s -> DynamicTest.dynamicTest(s.description(), () -> check(s)));
  }

  private static <S extends SolverState> void check(Solver<S> solver) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    CpuOptions plain = new CpuOptions(1, CpuOptions.Blas.JAVA, CpuOptions.Kernels.SCALAR);
    try (Backend b = CpuBackend.create(plain);
        Objective o = new FamilyObjective(b, new TestFamilies.Rosenbrock(), N, 0, 1, 2, 3);
        LaneBuffer x = b.allocate(4, N)) {
      double[] start = new double[N];
      for (int l = 0; l < 4; l++) {
        for (int i = 0; i < N; i++) {
          start[i] = Philox.gaussian(1, l, 0, i);
        }
        b.write(x, l, 0, start, 0, N);
      }
      long[] at = new long[2];
      StoppingCriterion stop = new RelativeGradient(1e-300).or(new RelativeChange(0)).or(new MaxIterations(1000));
      SolverLoop.run(Problem.unconstrained(o), solver, x, Lanes.all(4), stop, Recorder.none(), (p, s) -> {
        if (s.rounds() == 8) {
          at[0] = threads.getCurrentThreadAllocatedBytes();
        } else if (s.rounds() == 24) {
          at[1] = threads.getCurrentThreadAllocatedBytes();
          assertEquals(4, s.active().count());
        }
        return s.rounds() < 24;
      }).close();
      long perRound = (at[1] - at[0]) / 16;
      assertTrue(at[0] > 0 && at[1] >= at[0] && perRound < BOUND, perRound + " bytes in each round");
    }
  }
}

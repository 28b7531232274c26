package ufm.solver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.cpu.CpuBackend;
import ufm.manifold.ConvexSet;
import ufm.manifold.Euclidean;
import ufm.objective.UfmObjective;
import ufm.problem.UfmProblem;
import ufm.random.StartKind;

/** The second-order solvers and the flow, interrupted in the middle of a phase, written, read and continued, give the same bits. */
class ResumeTest {
  private final Backend backend = CpuBackend.create();

  @TempDir Path folder;

  private <S extends SolverState> void resumesBitForBit(Problem problem, Solver<S> solver, LaneBuffer start, StoppingCriterion stop)
      throws IOException {
    int size = Math.toIntExact(start.length());
    int n = start.lanes();
    try (S whole = SolverLoop.run(problem, solver, start, Lanes.all(n), stop, Recorder.none())) {
      for (int rounds : new int[] {0, 1, 7, 18, 31}) {
        Path file = folder.resolve("state-" + rounds);
        try (S part = SolverLoop.run(problem, solver, start, Lanes.all(n), stop, Recorder.none(), (p, s) -> s.rounds() < rounds)) {
          StateFile.write(file, problem, solver, part);
        }
        try (S again = StateFile.read(file, problem, solver)) {
          SolverLoop.resume(problem, solver, again, stop, Recorder.none());
          for (int l = 0; l < n; l++) {
            double[] a = new double[size];
            double[] b = new double[size];
            backend.read(whole.x(), l, 0, a, 0, size);
            backend.read(again.x(), l, 0, b, 0, size);
            assertArrayEquals(a, b, solver.description() + " after " + rounds + " rounds");
            assertEquals(whole.reason(l), again.reason(l));
            assertEquals(whole.evaluations(l), again.evaluations(l));
            assertEquals(whole.hessianProducts(l), again.hessianProducts(l));
            assertEquals(whole.time(l), again.time(l));
          }
        }
      }
    }
  }

  @Test
  void everySolverGoesOnAsIfNothingHadHappened() throws IOException {
    UfmProblem p = UfmProblem.builder(3, 3).counts(4, 2, 1).lambdaW(0.02).lambdaH(0.01).build();
    UfmObjective f = UfmObjective.full(backend, List.of(p, p));
    try (f; LaneBuffer x = backend.allocate(2, f.layout().size())) {
      f.randomize(Lanes.all(2), x, StartKind.GAUSSIAN, 0.6, 8, new int[] {0, 1});
      Problem free = Problem.unconstrained(f);
      Problem nonNegative = new Problem(f, new Euclidean(), ConvexSet.nonNegative(f.layout(), "H"));
      StoppingCriterion stop = new RelativeGradient(1e-9).or(new MaxIterations(500));
      resumesBitForBit(free, TrustRegion.standard(), x, stop);
      resumesBitForBit(nonNegative, TrustRegion.standard(), x, stop);
      resumesBitForBit(nonNegative, ProjectedLbfgs.standard(), x, stop);
      resumesBitForBit(free, new GradientFlow(8, 1e-6, 1e-8), x, new MaxIterations(500));
    }
    FamilyObjective sphere = new FamilyObjective(backend, new QuadraticForm(new double[][] {{2.5, -1.5, 0}, {-1.5, 2.5, 0}, {0, 0, 2}}, new double[3]), 3, 0, 1);
    try (LaneBuffer x = new HostPoints(sphere).write(new double[] {0.6, 0, 0.8}, new double[] {0.6, -0.64, 0.48})) {
      Problem curved = new Problem(sphere, new UnitSphere(2), new ConvexSet.Whole());
      resumesBitForBit(curved, TrustRegion.standard(), x, new RelativeGradient(1e-12).or(new MaxIterations(100)));
      resumesBitForBit(curved, new GradientFlow(5, 1e-6, 1e-8), x, new MaxIterations(500));
    }
  }
}

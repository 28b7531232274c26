package ufm.benchmarks.compare;

import java.util.Locale;
import ufm.backend.Backend;
import ufm.backend.cpu.CpuBackend;
import ufm.backend.cpu.CpuOptions;
import ufm.benchmarks.OneLayer;
import ufm.objective.UfmObjective;
import ufm.problem.UfmProblem;
import ufm.solve.CertifiedSolver;
import ufm.solve.Solution;
import ufm.solve.SolveOptions;

/** From one random start to the certificate. */
final class SolveJob implements Job {
  private final Work work;
  private final Backend backend;
  private final CertifiedSolver solver;
  private final UfmProblem problem;
  private final int threads;
  private Solution solution;

  SolveJob(Work work, int threads) {
    this.work = work;
    this.threads = threads;
    backend = CpuBackend.create(CpuOptions.defaults().withThreads(threads));
    solver = new CertifiedSolver(backend, SolveOptions.defaults().withStarts(1));
    problem = work.shape().problem();
  }

  @Override
  public void run() {
    solution = solver.solve(problem);
  }

  @Override
  public double[] digest() {
    OneLayer model = OneLayer.of(work.shape(), 1, threads);
    try (UfmObjective means = UfmObjective.reduced(model.backend(), work.shape().problems(1))) {
      return EvaluationJob.digest(model, work.task() == Task.SOLVE_MEANS ? means : model.objective());
    } finally {
      model.close();
    }
  }

  @Override
  public String outcome() {
    return String.format(Locale.ROOT, "relative gap %.1e, gradient %.1e", solution.certificate().relativeGap(), solution.gradientNorm());
  }

  @Override
  public void close() {
    solver.close();
    backend.close();
  }
}

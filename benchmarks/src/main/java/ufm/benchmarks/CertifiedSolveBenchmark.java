package ufm.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import ufm.backend.Backend;
import ufm.backend.cpu.CpuBackend;
import ufm.backend.cpu.CpuOptions;
import ufm.problem.UfmProblem;
import ufm.solve.CertifiedSolver;
import ufm.solve.Solution;
import ufm.solve.SolveOptions;

/** One solve from several starts with its certificate. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0",
      "--enable-native-access=ALL-UNNAMED"})
@State(Scope.Benchmark)
public class CertifiedSolveBenchmark {
  /** K x d x n: classes, feature dimension, samples per class. */
  @Param({"10x16x10", "10x64x100", "100x128x100"})
  public String shape = "10x16x10";

  /** Random starts. */
  @Param({"1", "4"})
  public int starts = 4;

  /** Whether the solver may work on class means. */
  @Param({"true", "false"})
  public boolean reduce = true;

  /** Threads of the backend. */
  @Param("1")
  public int threads = 1;

  private Backend backend;
  private CertifiedSolver solver;
  private UfmProblem problem;

  /** Opens the backend. */
  @Setup(Level.Trial)
  public void open() {
    backend = CpuBackend.create(CpuOptions.defaults().withThreads(threads));
    solver = new CertifiedSolver(backend, SolveOptions.defaults().withStarts(starts).withReduce(reduce));
    problem = Shape.of(shape).problem();
  }

  /** Closes it. */
  @TearDown(Level.Trial)
  public void close() {
    solver.close();
    backend.close();
  }

  /** From random starts to the certificate. */
  @Benchmark
  public Solution solve() {
    return solver.solve(problem);
  }
}

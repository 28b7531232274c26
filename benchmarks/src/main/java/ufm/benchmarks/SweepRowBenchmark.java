package ufm.benchmarks;

import java.util.ArrayList;
import java.util.List;
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

/** One row of a phase diagram: the cells of the main job's grid at one lambda_H, solved as lanes of one batch, each certified. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0",
      "--enable-native-access=ALL-UNNAMED"})
@State(Scope.Benchmark)
public class SweepRowBenchmark {
  private static final double FIRST = 1e-3;
  private static final double RANGE = 1e3;

  /** K x d x n: classes, feature dimension, samples per class. */
  @Param("4x4x10")
  public String shape = "4x4x10";

  /** Cells of the row. */
  @Param("40")
  public int cells = 40;

  /** Random starts of each cell. */
  @Param("4")
  public int starts = 4;

  /** Threads of the backend. */
  @Param("1")
  public int threads = 1;

  private Backend backend;
  private CertifiedSolver solver;
  private List<UfmProblem> row;

  /** Opens the backend. */
  @Setup(Level.Trial)
  public void open() {
    backend = CpuBackend.create(CpuOptions.defaults().withThreads(threads));
    solver = new CertifiedSolver(backend, SolveOptions.defaults().withStarts(starts));
    row = new ArrayList<>();
    UfmProblem first = Shape.of(shape).problem();
    for (int i = 0; i < cells; i++) {
      row.add(first.toBuilder().lambdaH(5e-3).lambdaW(FIRST * Math.pow(RANGE, i / (cells - 1.0))).build());
    }
  }

  /** Closes it. */
  @TearDown(Level.Trial)
  public void close() {
    solver.close();
    backend.close();
  }

  /** All cells of the row. */
  @Benchmark
  public List<Solution> row() {
    return solver.solve(row);
  }
}

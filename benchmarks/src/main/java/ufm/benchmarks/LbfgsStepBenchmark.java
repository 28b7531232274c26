package ufm.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import ufm.solver.Lbfgs;
import ufm.solver.LbfgsState;

/** One round of L-BFGS on the full model: an evaluation of every lane in its line search, and where that accepts, the next direction. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0",
      "--enable-native-access=ALL-UNNAMED"})
@State(Scope.Benchmark)
public class LbfgsStepBenchmark {
  /** So many rounds fill the memory first. */
  private static final int ROUNDS_BEFORE = 15;

  private StepLoop<LbfgsState> steps;

  /** Evaluates the start and makes the first rounds. */
  @Setup(Level.Trial)
  public void open(OneLayer model) {
    steps = new StepLoop<>(model, Lbfgs.defaults(), ROUNDS_BEFORE);
  }

  /** Back to after those. */
  @Setup(Level.Invocation)
  public void rewind() {
    steps.rewind();
  }

  /** Frees the state. */
  @TearDown(Level.Trial)
  public void close() {
    steps.close();
  }

  /** Some rounds; the result is the time of one. */
  @Benchmark
  @OperationsPerInvocation(StepLoop.ROUNDS)
  public LbfgsState step() {
    return steps.run();
  }
}

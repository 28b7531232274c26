package ufm.benchmarks;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import ufm.solver.GradientDescent;

/**
 * Steps of gradient descent with momentum on the full model, by the way every simulation goes: a budget, and nobody who looks on. The
 * counter {@code steps} is steps a second.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0",
      "--enable-native-access=ALL-UNNAMED"})
@State(Scope.Benchmark)
public class MomentumStepBenchmark {
  private MomentumRun run;
  private long steps;

  /** Steps made. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Made {
    /** Reported per second. */
    public long steps;
  }

  /** Evaluates the start. */
  @Setup(Level.Trial)
  public void open(OneLayer model) {
    run = new MomentumRun(model);
    steps = MomentumRun.stepsFor(Shape.of(model.shape), model.lanes);
  }

  /** Frees the state. */
  @TearDown(Level.Trial)
  public void close() {
    run.close();
  }

  /** Some more steps of one run. */
  @Benchmark
  public GradientDescent.State steps(Made made) {
    made.steps += steps;
    return run.advance(steps);
  }
}

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
import ufm.solver.GradientDescent;

/** One step of gradient descent with momentum on the full model: value, gradient, update. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "--enable-native-access=ALL-UNNAMED"})
@State(Scope.Benchmark)
public class MomentumStepBenchmark {
  private static final double RATE = 0.1;
  private static final double MOMENTUM = 0.9;

  private StepLoop<GradientDescent.State> steps;

  /** Evaluates the start. */
  @Setup(Level.Trial)
  public void open(OneLayer model) {
    steps = new StepLoop<>(model, GradientDescent.momentum(RATE, MOMENTUM), 0);
  }

  /** Back to the start. */
  @Setup(Level.Invocation)
  public void rewind() {
    steps.rewind();
  }

  /** Frees the state. */
  @TearDown(Level.Trial)
  public void close() {
    steps.close();
  }

  /** The first steps from the start; the result is the time of one. */
  @Benchmark
  @OperationsPerInvocation(StepLoop.ROUNDS)
  public GradientDescent.State step() {
    return steps.run();
  }
}

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
import ufm.lab.simulate.Simulation;
import ufm.lab.spec.OptimizerPlan;
import ufm.lab.spec.SchedulePlan;
import ufm.lab.spec.SimulatePlan;
import ufm.random.StartKind;
import ufm.solver.LoopControl;

/** A run of momentum descent with its records, NC1 to NC4 and the duality gap in each; with one record it is the run alone. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0",
      "--enable-native-access=ALL-UNNAMED"})
@State(Scope.Benchmark)
public class SimulateRecordingBenchmark {
  private static final double RATE = 0.1;
  private static final double MOMENTUM = 0.9;

  /** K x d x n: classes, feature dimension, samples per class. */
  @Param("10x64x100")
  public String shape = "10x64x100";

  /** Steps of the run. */
  @Param("10000")
  public int steps = 10_000;

  /** Records, besides the one of the start; the last is that of the end. */
  @Param({"1", "100"})
  public int records = 100;

  /** Threads of the backend. */
  @Param("1")
  public int threads = 1;

  private Backend backend;
  private Simulation simulation;

  /** Opens the backend. */
  @Setup(Level.Trial)
  public void open() {
    backend = CpuBackend.create(CpuOptions.defaults().withThreads(threads));
    SimulatePlan plan =
        new SimulatePlan(new OptimizerPlan.GradientDescent(RATE, MOMENTUM, false, 0, new SchedulePlan.Constant()), steps, 0,
            new SimulatePlan.Record(steps / records, 0), StartKind.GAUSSIAN, null, 1, 0.1);
    simulation = new Simulation(Shape.of(shape).problem(), plan);
  }

  /** Closes it. */
  @TearDown(Level.Trial)
  public void close() {
    backend.close();
  }

  /** The whole run. */
  @Benchmark
  public Simulation.Result simulate() {
    return simulation.run(backend, Simulation.Files.none(), LoopControl.always());
  }
}

package ufm.benchmarks;

import java.util.concurrent.TimeUnit;
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
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.objective.Linearization;

/** One evaluation of value and gradient, and one Hessian-vector product, of the full model. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0",
      "--enable-native-access=ALL-UNNAMED"})
@State(Scope.Benchmark)
public class ValueGradientBenchmark {
  private LaneBuffer gradient;
  private LaneBuffer product;
  private double[] value;
  private Lanes all;
  private Linearization linearization;

  /** Allocates the results. */
  @Setup(Level.Trial)
  public void open(OneLayer model) {
    gradient = model.backend().allocate(model.lanes, model.start().length());
    product = model.backend().allocate(model.lanes, model.start().length());
    value = new double[model.lanes];
    all = model.all();
    linearization = model.objective().linearize();
    linearization.at(all, model.start());
    model.objective().valueGradient(all, model.start(), value, gradient);
  }

  /** Frees them. */
  @TearDown(Level.Trial)
  public void close() {
    linearization.close();
    product.close();
    gradient.close();
  }

  /** Value and gradient. */
  @Benchmark
  public double[] valueGradient(OneLayer model) {
    model.objective().valueGradient(all, model.start(), value, gradient);
    return value;
  }

  /** The Hessian times the gradient, curvature being stored. */
  @Benchmark
  public LaneBuffer hessianProduct(OneLayer model) {
    linearization.apply(all, gradient, product);
    return product;
  }
}

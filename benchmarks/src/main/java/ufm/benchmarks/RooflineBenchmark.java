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
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import ufm.benchmarks.roofline.ExponentialRate;
import ufm.benchmarks.roofline.MemoryRate;
import ufm.benchmarks.roofline.ProductRate;
import ufm.benchmarks.roofline.Rate;

/** What the machine can do: the counter {@code billions} is operations, exponentials or bytes a second, in billions. */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 1,
    jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Djdk.incubator.vector.VECTOR_ACCESS_OOB_CHECK=0",
      "--enable-native-access=ALL-UNNAMED", "-Xmx2g"})
@State(Scope.Benchmark)
public class RooflineBenchmark {
  /** {@code product-MxKxN}, {@code exponentials}, {@code triad-KILOBYTES} or {@code update-KILOBYTES}. */
  @Param({
    "product-512x512x512", "product-1000x512x512", "product-128x128x2048", "exponentials", "triad-256", "triad-1024", "triad-4096",
    "triad-16384", "triad-65536", "triad-524288", "update-256", "update-1024", "update-4096", "update-16384", "update-65536", "update-524288"
  })
  public String what = "exponentials";

  /** Threads. */
  @Param({"1", "2"})
  public int threads = 1;

  private Rate rate;

  /** So many of them in billions. */
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  @State(Scope.Thread)
  public static class Amount {
    /** Reported per second. */
    public double billions;
  }

  /** Allocates what is needed. */
  @Setup(Level.Trial)
  public void open() {
    String[] words = what.split("-");
    rate = switch (words[0]) {
      case "product" -> {
        Shape s = Shape.of(words[1]);
        yield new ProductRate(threads, s.classes(), s.perClass(), s.dimension());
      }
      case "exponentials" -> new ExponentialRate(threads);
      case "triad", "update" ->
          new MemoryRate(threads, MemoryRate.Pattern.valueOf(words[0].toUpperCase(java.util.Locale.ROOT)), 1024 * Long.parseLong(words[1]));
      default -> throw new IllegalArgumentException("no rate is called '" + what + "'");
    };
  }

  /** Frees it. */
  @TearDown(Level.Trial)
  public void close() {
    rate.close();
  }

  /** Some milliseconds of it. */
  @Benchmark
  public Rate rate(Amount amount) {
    rate.run();
    amount.billions += rate.amount() * 1e-9;
    return rate;
  }
}

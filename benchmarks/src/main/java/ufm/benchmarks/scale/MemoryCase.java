package ufm.benchmarks.scale;

import java.util.Locale;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.cpu.CpuBackend;
import ufm.backend.cpu.CpuOptions;
import ufm.benchmarks.Shape;
import ufm.benchmarks.Stopwatch;
import ufm.objective.UfmObjective;
import ufm.solver.Lbfgs;
import ufm.solver.LbfgsState;
import ufm.solver.Problem;

/**
 * One large problem in a process of its own; prints seconds per evaluation, seconds per operation and the peak of the memory held.
 *
 * <pre>
 * java ... -cp benchmarks/target/benchmarks.jar ufm.benchmarks.scale.MemoryCase lbfgs 1000x512x20 12 2
 * java ... -cp benchmarks/target/benchmarks.jar ufm.benchmarks.scale.MemoryCase gradient 50000x1024x1 1 2
 * </pre>
 *
 * <p>Arguments: {@code lbfgs} or {@code gradient}, the shape, evaluations, threads. L-BFGS keeps 10 pairs; twelve rounds fill its memory.
 */
public final class MemoryCase {
  /** A small problem first, so that the large one meets compiled code. */
  private static final Shape WARM_UP = new Shape(100, 128, 20);

  private MemoryCase() {}

  /** See above. */
  public static void main(String[] args) {
    int threads = Integer.parseInt(args[3]);
    Stopwatch.warmUp(() -> run(args[0], WARM_UP, 12, threads), 2, 8);
    Result result = run(args[0], Shape.of(args[1]), Integer.parseInt(args[2]), threads);
    System.out.println(String.format(Locale.ROOT, "%s %s: %.3f s each, %.3e s per operation (6 K d N = %.3e), value %.12g, peak RSS %.2f GB",
        args[0], args[1], result.seconds(), result.seconds() / Shape.of(args[1]).flops(), Shape.of(args[1]).flops(), result.value(),
        PeakMemory.bytes() / 1e9));
  }

  /**
   * What a case took.
   *
   * @param seconds of one evaluation with all that belongs to it; the first of several is not counted
   * @param value of the objective in the end
   */
  record Result(double seconds, double value) {}

  static Result run(String what, Shape shape, int evaluations, int threads) {
    Lanes one = Lanes.all(1);
    try (Backend backend = CpuBackend.create(CpuOptions.defaults().withThreads(threads));
        UfmObjective objective = UfmObjective.full(backend, shape.problems(1));
        LaneBuffer x = backend.allocate(1, objective.layout().size())) {
      fill(backend, x);
      return switch (what) {
        case "gradient" -> gradients(backend, objective, one, x, evaluations);
        case "lbfgs" -> rounds(Problem.unconstrained(objective), one, x, evaluations);
        default -> throw new IllegalArgumentException("the case is '" + what + "', it must be lbfgs or gradient");
      };
    }
  }

  private static Result gradients(Backend backend, UfmObjective objective, Lanes one, LaneBuffer x, int evaluations) {
    double[] value = new double[1];
    try (LaneBuffer g = backend.allocate(1, x.length())) {
      long began = System.nanoTime();
      for (int i = 0; i < evaluations; i++) {
        began = i == 1 ? System.nanoTime() : began;
        objective.valueGradient(one, x, value, g);
      }
      return new Result((System.nanoTime() - began) * 1e-9 / Math.max(1, evaluations - 1), value[0]);
    }
  }

  private static Result rounds(Problem problem, Lanes one, LaneBuffer x, int rounds) {
    Lbfgs solver = Lbfgs.withMemory(10);
    try (LbfgsState state = solver.init(problem, x, one)) {
      // The state has its own copy.
      x.close();
      long began = System.nanoTime();
      for (int i = 0; i < rounds; i++) {
        solver.step(problem, state);
      }
      return new Result((System.nanoTime() - began) * 1e-9 / Math.max(1, rounds), state.value(0));
    }
  }

  /** Entries 0.1 sin(i), a piece at a time, so that no array of the size of x is made. */
  private static void fill(Backend backend, LaneBuffer x) {
    double[] piece = new double[1 << 16];
    for (long from = 0; from < x.length(); from += piece.length) {
      int count = (int) Math.min(piece.length, x.length() - from);
      for (int i = 0; i < count; i++) {
        piece[i] = 0.1 * Math.sin((double) (from + i) * (from + i + 1));
      }
      backend.write(x, 0, from, piece, 0, count);
    }
  }
}

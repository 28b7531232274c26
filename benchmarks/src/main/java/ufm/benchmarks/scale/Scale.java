package ufm.benchmarks.scale;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import ufm.benchmarks.MomentumRun;
import ufm.benchmarks.OneLayer;
import ufm.benchmarks.Stopwatch;
import ufm.backend.LaneBuffer;

/**
 * How the time of an evaluation and of a momentum step grows with K, d, n and lanes: a CSV of all points, and a plot of each on log axes with
 * the slopes of the upper half of the points.
 *
 * <pre>java ... -cp benchmarks/target/benchmarks.jar ufm.benchmarks.scale.Scale FOLDER THREADS [OPERATIONS [BYTES]]</pre>
 *
 * <p>Sizes double until an evaluation has more than OPERATIONS (2e11) or the vectors need more than BYTES (18e9).
 */
public final class Scale {
  private static final double OPERATIONS = 2e11;
  private static final double BYTES = 18e9;

  private Scale() {}

  /** See above. */
  public static void main(String[] args) throws IOException {
    double operations = args.length > 2 ? Double.parseDouble(args[2]) : OPERATIONS;
    double bytes = args.length > 3 ? Double.parseDouble(args[3]) : BYTES;
    run(Path.of(args[0]), Integer.parseInt(args[1]), operations, bytes, 0.3);
  }

  /**
   * Measures and writes {@code scale.csv}, {@code scale-gradient.svg}, {@code scale-step.svg}.
   *
   * @param seconds of one timing, at least
   */
  static void run(Path folder, int threads, double operations, double bytes, double seconds) throws IOException {
    Files.createDirectories(folder);
    StringBuilder csv = new StringBuilder("grows,K,d,n,lanes,operations,seconds_gradient,seconds_step\n");
    List<ScalePlot.Curve> gradients = new ArrayList<>();
    List<ScalePlot.Curve> steps = new ArrayList<>();
    List<Sweep> sweeps = Sweep.all(operations, bytes).stream().filter(s -> s.points().size() > 1).toList();
    // The first point would be measured while the compiler is still at work.
    times(sweeps.getFirst().points().getFirst(), threads, 4 * seconds);
    for (Sweep sweep : sweeps) {
      int count = sweep.points().size();
      double[] at = new double[count];
      double[] gradient = new double[count];
      double[] step = new double[count];
      for (int i = 0; i < count; i++) {
        Sweep.Point p = sweep.points().get(i);
        at[i] = p.at();
        double[] times = times(p, threads, seconds);
        gradient[i] = times[0];
        step[i] = times[1];
        String line = String.format(Locale.ROOT, "%s,%d,%d,%d,%d,%.4e,%.4e,%.4e", sweep.name(), p.shape().classes(), p.shape().dimension(),
            p.shape().perClass(), p.lanes(), p.shape().flops() * p.lanes(), gradient[i], step[i]);
        System.out.println(line);
        csv.append(line).append('\n');
      }
      gradients.add(curve(sweep, at, gradient));
      steps.add(curve(sweep, at, step));
    }
    Files.writeString(folder.resolve("scale.csv"), csv.toString());
    String where = ", " + threads + (threads == 1 ? " thread" : " threads");
    ScalePlot.write(folder.resolve("scale-gradient.svg"), "Value and gradient" + where, gradients);
    ScalePlot.write(folder.resolve("scale-step.svg"), "Momentum step" + where, steps);
  }

  private static double[] times(Sweep.Point p, int threads, double seconds) {
    OneLayer model = OneLayer.of(p.shape(), p.lanes(), threads);
    double[] value = new double[p.lanes()];
    double gradient;
    try (LaneBuffer g = model.backend().allocate(p.lanes(), model.start().length())) {
      gradient = time(() -> model.objective().valueGradient(model.all(), model.start(), value, g), seconds);
    }
    long steps = (long) Math.clamp(seconds * 4e10 / (p.shape().flops() * p.lanes()), 8, 2000);
    try (MomentumRun run = new MomentumRun(model)) {
      return new double[] {gradient, time(() -> run.advance(steps), seconds) / steps};
    } finally {
      model.close();
    }
  }

  /** The shorter of two timings after a warm-up; where one run is long, it is its own warm-up. */
  private static double time(Runnable run, double seconds) {
    double first = Stopwatch.secondsPerRun(run, 0);
    if (first > 4 * seconds) {
      return first;
    }
    Stopwatch.warmUp(run, seconds, 4 * seconds);
    return Math.min(Stopwatch.secondsPerRun(run, seconds), Stopwatch.secondsPerRun(run, seconds));
  }

  private static ScalePlot.Curve curve(Sweep sweep, double[] at, double[] seconds) {
    int from = at.length < 4 ? 0 : at.length / 2;
    double slope = Slope.of(Arrays.copyOfRange(at, from, at.length), Arrays.copyOfRange(seconds, from, at.length));
    String label = String.format(Locale.ROOT, "%s (%s), slope %.2f", sweep.name(), sweep.fixed(), slope);
    System.out.println(label);
    return new ScalePlot.Curve(label, at, seconds);
  }
}

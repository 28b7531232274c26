package ufm.lab.sweep;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.DoubleSupplier;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/** Live progress of a sweep: a bar with the time left on a terminal, else a line every few seconds. */
public final class Progress implements AutoCloseable {
  private static final double LINE_SECONDS = 5;

  private final int total;
  private final PrintStream err;
  private final DoubleSupplier secondsLeft;
  private final ProgressBar bar;
  private final long began = System.nanoTime();
  private long last = began;
  private int done;

  /**
   * Begins the display.
   *
   * @param total number of cells to do
   * @param terminal whether {@code err} is a terminal
   * @param err where to write
   * @param secondsLeft predicted time to the end
   */
  public Progress(int total, boolean terminal, PrintStream err, DoubleSupplier secondsLeft) {
    this.total = total;
    this.err = err;
    this.secondsLeft = secondsLeft;
    bar = terminal && total > 0
        ? new ProgressBarBuilder()
            .setTaskName("sweep")
            .setInitialMax(total)
            .setUnit(" cells", 1)
            .setStyle(ProgressBarStyle.UNICODE_BLOCK)
            .setUpdateIntervalMillis(200)
            .setConsumer(new ConsoleProgressBarConsumer(err))
            .build()
        : null;
  }

  /** Nothing is displayed. */
  public static Progress silent() {
    return new Progress(0, false, System.err, () -> 0);
  }

  /** Counts finished cells. */
  public void add(int cells) {
    done += cells;
    if (bar != null) {
      bar.stepBy(cells);
    }
  }

  /** Writes a line if it is time for one. */
  public void tick() {
    long now = System.nanoTime();
    if (bar == null && total > 0 && (now - last) * 1e-9 >= LINE_SECONDS) {
      last = now;
      double left = secondsLeft.getAsDouble();
      String rest = Double.isNaN(left) ? "" : String.format(Locale.ROOT, ", about %.0f s left", Math.ceil(left));
      err.printf(Locale.ROOT, "sweep: %d of %d cells, %.0f s%s%n", done, total, (now - began) * 1e-9, rest);
    }
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}

package ufm.benchmarks.roofline;

/**
 * Bytes that move between the cores and the level of the memory hierarchy in which a working set lies, divided evenly over threads.
 *
 * <p>{@link Pattern#TRIAD} is {@code a = b + s c}, 24 bytes an element (what a store reads before it writes isn't counted);
 * {@link Pattern#UPDATE} is a momentum step in place, two arrays read and written, 32 bytes an element.
 */
public final class MemoryRate implements Rate {
  private static final double BYTES_OF_A_RUN = 1e9;

  /** What is done with the memory. */
  public enum Pattern {
    /** {@code a = b + s c}. */
    TRIAD,
    /** {@code v = mu v + s x, x = x - s v}. */
    UPDATE
  }

  private final Pattern pattern;
  private final double[][][] arrays;
  private final int repeats;

  /**
   * @param bytes size of all arrays together
   */
  public MemoryRate(int threads, Pattern pattern, long bytes) {
    this.pattern = pattern;
    int count = pattern == Pattern.TRIAD ? 3 : 2;
    int length = Math.toIntExact(Math.max(64, bytes / 8 / count / threads));
    arrays = new double[threads][count][];
    OnThreads.run(threads, t -> {
      for (int a = 0; a < count; a++) {
        arrays[t][a] = new double[length];
        java.util.Arrays.fill(arrays[t][a], 1 + a);
      }
    });
    repeats = (int) Math.max(1, BYTES_OF_A_RUN / (perElement() * length * threads));
  }

  private double perElement() {
    return pattern == Pattern.TRIAD ? 24 : 32;
  }

  @Override
  public void run() {
    OnThreads.run(arrays.length, t -> {
      for (int i = 0; i < repeats; i++) {
        if (pattern == Pattern.TRIAD) {
          triad(arrays[t][0], arrays[t][1], arrays[t][2]);
        } else {
          update(arrays[t][0], arrays[t][1]);
        }
      }
    });
  }

  private static void triad(double[] a, double[] b, double[] c) {
    for (int i = 0; i < a.length; i++) {
      a[i] = Math.fma(0.5, c[i], b[i]);
    }
  }

  private static void update(double[] v, double[] x) {
    for (int i = 0; i < v.length; i++) {
      double w = Math.fma(0.9, v[i], 0.1 * x[i]);
      v[i] = w;
      x[i] = Math.fma(-0.1, w, x[i]);
    }
  }

  @Override
  public double amount() {
    return perElement() * arrays[0][0].length * arrays.length * repeats;
  }

  @Override
  public void close() {
    java.util.Arrays.fill(arrays, null);
  }
}

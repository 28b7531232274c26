package ufm.benchmarks;

/** Times of repeated runs. */
public final class Stopwatch {
  private Stopwatch() {}

  /** Mean seconds of a run, repeated until some time has passed; at least one. */
  public static double secondsPerRun(Runnable run, double atLeast) {
    long began = System.nanoTime();
    long runs = 0;
    double spent;
    do {
      run.run();
      runs++;
      spent = (System.nanoTime() - began) * 1e-9;
    } while (spent < atLeast);
    return spent / runs;
  }

  /**
   * Runs until times no longer fall, because the compiler, which works beside us, is through.
   *
   * @param shortest seconds it takes at least
   * @param longest seconds after which it ends in any case
   */
  public static void warmUp(Runnable run, double shortest, double longest) {
    long began = System.nanoTime();
    double best = Double.POSITIVE_INFINITY;
    int settled = 0;
    double spent;
    do {
      double t = secondsPerRun(run, 0.1 * shortest);
      settled = t > 0.97 * best ? settled + 1 : 0;
      best = Math.min(best, t);
      spent = (System.nanoTime() - began) * 1e-9;
    } while (spent < longest && (spent < shortest || settled < 4));
  }
}

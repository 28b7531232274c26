package ufm.benchmarks.compare;

/** A piece of work, ready to be repeated. */
interface Job extends AutoCloseable {

  /** Does it once. */
  void run();

  /** Units of work in one run; times are per unit. */
  default long units() {
    return 1;
  }

  /** Numbers by which two programs see that they do the same: at {@link CheckPoint}; empty where there is nothing to compare. */
  default double[] digest() {
    return new double[0];
  }

  /** What came out of the last run, for people; empty if there is nothing to tell. */
  default String outcome() {
    return "";
  }

  @Override
  void close();
}

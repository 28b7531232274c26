package ufm.solver;

/** Which iterations a recorder sees, besides the first and the last. */
@FunctionalInterface
public interface RecordSchedule {

  /** Whether iteration {@code n} is due. */
  boolean due(long n);

  /** Every k-th iteration: {@code n mod k = 0}. */
  static RecordSchedule every(long k) {
    if (k < 1) {
      throw new IllegalArgumentException("the recording interval is " + k + ", it must be at least 1");
    }
    return n -> n % k == 0;
  }

  /**
   * Evenly spaced in log n: n is due where it is the first iteration at or above one of {@code 10^(j / perDecade)}, j = 0, 1, ...; the
   * first ones are all due.
   *
   * @param perDecade points for each factor of ten, at least 1
   */
  static RecordSchedule logarithmic(int perDecade) {
    if (perDecade < 1) {
      throw new IllegalArgumentException("the number of records per decade is " + perDecade + ", it must be at least 1");
    }
    return n -> n <= 1 || Math.floor(perDecade * Math.log10(n)) > Math.floor(perDecade * Math.log10(n - 1));
  }
}

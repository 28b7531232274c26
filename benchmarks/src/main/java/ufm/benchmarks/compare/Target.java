package ufm.benchmarks.compare;

import java.util.Locale;

/**
 * What a row of the table must reach.
 *
 * @param ratio so many times faster than the peer, 0 for no such goal
 * @param against the peer; empty for the best of all
 * @param share of the limit, 0 for no such goal
 */
record Target(double ratio, String against, double share) {
  /** No goal. */
  static final Target NONE = new Target(0, "", 0);

  /** So many times faster than the best peer. */
  static Target faster(double ratio) {
    return new Target(ratio, "", 0);
  }

  /** So many times faster than one peer. */
  static Target faster(double ratio, String than) {
    return new Target(ratio, than, 0);
  }

  /** The same with a share of the limit. */
  Target share(double atLeast) {
    return new Target(ratio, against, atLeast);
  }

  /**
   * Whether it is met.
   *
   * @param measuredRatio to the peer it names, NaN if that was not measured
   * @param measuredShare of the limit, NaN if there is none
   * @return {@code met}, {@code not met}, {@code not measured}, or empty where there is no goal
   */
  String verdict(double measuredRatio, double measuredShare) {
    if (this.equals(NONE)) {
      return "";
    }
    if ((ratio > 0 && measuredRatio < ratio) || (share > 0 && measuredShare < share)) {
      return "not met";
    }
    boolean known = (ratio == 0 || !Double.isNaN(measuredRatio)) && (share == 0 || !Double.isNaN(measuredShare));
    return known ? "met" : "not measured";
  }

  @Override
  public String toString() {
    String faster = ratio == 0 ? "" : ">= " + number(ratio) + "x " + (against.isEmpty() ? "the best peer" : against);
    String limit = share == 0 ? "" : ">= " + Math.round(100 * share) + " % of the limit";
    return faster + (faster.isEmpty() || limit.isEmpty() ? "" : ", ") + limit;
  }

  private static String number(double v) {
    return v == Math.rint(v) ? Long.toString((long) v) : String.format(Locale.ROOT, "%s", v);
  }
}

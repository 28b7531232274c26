package ufm.benchmarks.compare;

import java.util.LinkedHashMap;
import java.util.Map;

/** What was measured for one piece of work. */
final class Row {
  private final Plan plan;
  private final Map<String, Timing> peers = new LinkedHashMap<>();
  private final Map<String, String> failures = new LinkedHashMap<>();
  private Timing ours;
  private double limit = Double.NaN;

  Row(Plan plan) {
    this.plan = plan;
  }

  Plan plan() {
    return plan;
  }

  /** Our times. */
  Timing ours() {
    return ours;
  }

  /** Sets our times. */
  void ours(Timing timing) {
    ours = timing;
  }

  /** The times of each peer that did the work. */
  Map<String, Timing> peers() {
    return peers;
  }

  /** Why the others did not. */
  Map<String, String> failures() {
    return failures;
  }

  /** Sets the seconds of one unit of all lanes at the machine's limit. */
  void limit(double seconds) {
    limit = seconds;
  }

  /** The quickest peer, null if there is none. Of those that gave up none is quickest, unless all did. */
  String bestPeer() {
    String best = null;
    for (Map.Entry<String, Timing> p : peers.entrySet()) {
      if (best == null || rank(p.getValue()) < rank(peers.get(best))) {
        best = p.getKey();
      }
    }
    return best;
  }

  private static double rank(Timing t) {
    return t.unfinished() ? 1e9 * t.best() : t.best();
  }

  /** How many times faster we are than a peer, best time against best time; NaN if it was not measured. */
  double ratio(String peer) {
    Timing t = peer == null ? null : peers.get(peer);
    return t == null || ours == null ? Double.NaN : t.best() / ours.best();
  }

  /** The limit's time over ours, NaN where no limit is stated. */
  double share() {
    return ours == null ? Double.NaN : limit / ours.best();
  }

  /** {@code met}, {@code not met}, {@code not measured} or empty. */
  String verdict() {
    Target target = plan.target();
    return target.verdict(ratio(target.against().isEmpty() ? bestPeer() : target.against()), share());
  }
}

package ufm.benchmarks.compare;

import java.util.List;
import ufm.benchmarks.SweepRowBenchmark;
import ufm.solve.Solution;

/** A row of a phase diagram. */
final class SweepRowJob implements Job {
  private final SweepRowBenchmark row = new SweepRowBenchmark();
  private List<Solution> cells;

  SweepRowJob(Work work, int threads) {
    row.shape = work.shape().toString();
    row.threads = threads;
    row.open();
  }

  @Override
  public void run() {
    cells = row.row();
  }

  @Override
  public String outcome() {
    return cells.stream().filter(s -> s.certificate().globallyOptimal()).count() + " of " + cells.size() + " certified";
  }

  @Override
  public void close() {
    row.close();
  }
}

package ufm.lab.sweep;

import java.util.List;
import ufm.lab.db.Run;

/** Solves batches of cells on one thread; every worker of a sweep has its own. */
public interface CellSolver extends AutoCloseable {

  /**
   * One row for each cell of a batch. A row must not depend on the other cells of the batch.
   *
   * @param batch not modified
   */
  List<Run> solve(Batch batch);

  @Override
  void close();
}

package ufm.lab.sweep;

import java.util.List;
import ufm.lab.db.ResultsDatabase;
import ufm.lab.db.Run;

/**
 * Lets rows land in the results database: about one transaction a second, and a fresh live copy every few seconds (more rarely where the
 * copy takes long), so that others can read the finished part.
 */
public final class DatabaseSink implements SweepEngine.Sink {
  private static final double COMMIT_SECONDS = 1;
  private static final double PUBLISH_SECONDS = 3;

  /** The share of the time that may go into live copies is one in this many. */
  private static final double PUBLISH_SHARE = 25;

  private final ResultsDatabase db;
  private final Progress progress;
  private long committed = System.nanoTime();
  private long published = System.nanoTime();
  private double pause = COMMIT_SECONDS;
  private boolean dirty;
  private boolean stale;

  /** Writes to a database and reports to a progress display. */
  public DatabaseSink(ResultsDatabase db, Progress progress) {
    this.db = db;
    this.progress = progress;
  }

  @Override
  public void accept(List<Run> rows) {
    db.append(rows);
    dirty = true;
    progress.add(rows.size());
  }

  @Override
  public void tick() {
    long now = System.nanoTime();
    if (dirty && (now - committed) * 1e-9 >= COMMIT_SECONDS) {
      db.commit();
      committed = now;
      dirty = false;
      stale = true;
    }
    if (stale && !dirty && (now - published) * 1e-9 >= pause) {
      db.publish();
      published = System.nanoTime();
      pause = Math.max(PUBLISH_SECONDS, PUBLISH_SHARE * (published - now) * 1e-9);
      stale = false;
    }
    progress.tick();
  }
}

package ufm.lab.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import ufm.lab.db.Run;

/**
 * Works off a {@link Schedule}: each worker has its own {@link CellSolver} and takes whole batches, the calling thread hands finished rows
 * to the sink. Rows are the same for any number of workers, only their order differs.
 */
public final class SweepEngine {
  /** Where finished rows go; called by one thread. */
  public interface Sink {
    /** Takes the rows of a finished batch. */
    void accept(List<Run> rows);

    /** Called at least every quarter of a second. */
    void tick();
  }

  private sealed interface Message {
    record Rows(List<Run> rows) implements Message {}

    record Failed(Throwable cause) implements Message {}

    record Ended() implements Message {}
  }

  private final Schedule schedule;
  private final int threads;
  private final Supplier<CellSolver> solvers;
  private volatile boolean stopped;

  /**
   * An engine.
   *
   * @param schedule what to do
   * @param threads number of workers
   * @param solvers makes the solver of a worker, called on its thread
   */
  public SweepEngine(Schedule schedule, int threads, Supplier<CellSolver> solvers) {
    this.schedule = schedule;
    this.threads = threads;
    this.solvers = solvers;
  }

  /** Asks to stop: {@link #run} returns at once; batches that are not finished are dropped. */
  public void stop() {
    stopped = true;
    schedule.stop();
  }

  /**
   * Runs until the schedule is empty or {@link #stop} is called.
   *
   * @return whether all work is done
   * @throws RuntimeException the first failure of a worker or of the sink; no further batches are begun
   */
  public boolean run(Sink sink) {
    BlockingQueue<Message> messages = new LinkedBlockingQueue<>();
    List<Thread> workers = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      workers.add(Thread.ofPlatform().daemon().name("sweep-" + t).start(() -> work(messages)));
    }
    boolean complete = false;
    try {
      int running = threads;
      while (running > 0 && !stopped) {
        Message message = messages.poll(250, TimeUnit.MILLISECONDS);
        switch (message) {
          case Message.Rows(List<Run> rows) -> sink.accept(rows);
          case Message.Failed(Throwable cause) -> throw cause instanceof RuntimeException r ? r : new IllegalStateException(cause);
          case Message.Ended ended -> running--;
          case null -> { }
        }
        sink.tick();
      }
      complete = running == 0 && !stopped;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      schedule.stop();
      if (complete) {
        join(workers);
      }
    }
    return complete;
  }

  private void work(BlockingQueue<Message> messages) {
    try (CellSolver solver = solvers.get()) {
      for (Schedule.Task task = schedule.next(); task != null; task = schedule.next()) {
        long began = System.nanoTime();
        List<Run> rows = solver.solve(task.batch());
        schedule.finished(task, (System.nanoTime() - began) * 1e-9);
        messages.add(new Message.Rows(rows));
      }
      messages.add(new Message.Ended());
    } catch (Throwable e) {
      // Also errors such as a lack of memory: the caller must hear of them, whatever they are.
      messages.add(new Message.Failed(e));
    }
  }

  private static void join(List<Thread> workers) {
    for (Thread worker : workers) {
      try {
        worker.join(5000);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

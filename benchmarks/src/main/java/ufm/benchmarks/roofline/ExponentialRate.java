package ufm.benchmarks.roofline;

import ufm.backend.cpu.ExponentialPanel;

/** Exponentials of the backend's softmax kernel, with its sums, on panels that lie in the first-level cache. */
public final class ExponentialRate implements Rate {
  private static final int REPEATS = 8000;

  private final ExponentialPanel[] panels;

  /** One panel for each thread. */
  public ExponentialRate(int threads) {
    panels = new ExponentialPanel[threads];
    for (int t = 0; t < threads; t++) {
      panels[t] = new ExponentialPanel();
    }
  }

  @Override
  public void run() {
    OnThreads.run(panels.length, t -> {
      for (int i = 0; i < REPEATS; i++) {
        panels[t].take();
      }
    });
  }

  @Override
  public double amount() {
    return (double) REPEATS * ExponentialPanel.count() * panels.length;
  }

  @Override
  public void close() {
    for (ExponentialPanel p : panels) {
      p.close();
    }
  }
}

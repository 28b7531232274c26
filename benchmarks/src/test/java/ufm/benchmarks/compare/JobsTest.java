package ufm.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import ufm.benchmarks.Shape;

/** Every piece of work runs, and shows what programs compare. */
class JobsTest {
  private static final Shape SHAPE = new Shape(3, 4, 2);

  @ParameterizedTest
  @EnumSource(Task.class)
  void runs(Task task) {
    assertEquals(task, Task.of(task.key()));
    try (Job job = Worker.job(new Work(task, SHAPE, 1), 1)) {
      job.run();
      assertTrue(job.units() >= 1);
      assertEquals(task.checked() ? 3 : 0, job.digest().length);
      assertTrue(task == Task.GRADIENT || !job.outcome().isEmpty());
    }
  }

  /** Value and gradient of the common point, written out with plain loops from the formula of the model. */
  @ParameterizedTest
  @EnumSource(value = Task.class, names = {"GRADIENT", "SOLVE_MEANS"})
  void digestIsThatOfTheModel(Task task) {
    int k = 3;
    int d = 4;
    boolean means = task == Task.SOLVE_MEANS;
    int columns = means ? 3 : 6;
    double scale = means ? 1 / Math.sqrt(2) : 1;
    double[] x = new double[k * d + d * columns + k];
    for (int i = 0; i < x.length; i++) {
      x[i] = 0.1 * Math.sin((i + 1.0) * (i + 1.0));
    }
    double[] g = new double[x.length];
    double f = 0;
    for (int i = 0; i < x.length; i++) {
      double lambda = i < k * d + d * columns ? 5e-4 : 0.01;
      f += lambda / 2 * x[i] * x[i];
      g[i] = lambda * x[i];
    }
    int b = k * d + d * columns;
    for (int i = 0; i < columns; i++) {
      int h = k * d + d * i;
      int label = means ? i : i / 2;
      double[] e = new double[k];
      double sum = 0;
      for (int c = 0; c < k; c++) {
        double z = x[b + c];
        for (int j = 0; j < d; j++) {
          z += scale * x[c + k * j] * x[h + j];
        }
        e[c] = Math.exp(z);
        sum += e[c];
      }
      f -= Math.log(e[label] / sum) / columns;
      for (int c = 0; c < k; c++) {
        double r = (e[c] / sum - (c == label ? 1 : 0)) / columns;
        g[b + c] += r;
        for (int j = 0; j < d; j++) {
          g[c + k * j] += scale * r * x[h + j];
          g[h + j] += scale * r * x[c + k * j];
        }
      }
    }
    double norm = 0;
    double weighted = 0;
    for (int i = 0; i < g.length; i++) {
      norm += g[i] * g[i];
      weighted += g[i] * Math.cos(i + 1.0);
    }
    try (Job job = Worker.job(new Work(task, SHAPE, 1), 1)) {
      assertEquals("", Comparison.disagreement(new double[] {f, Math.sqrt(norm), weighted}, job.digest()));
    }
  }

  @Test
  void stepsMoveThePoint() {
    try (Job job = Worker.job(new Work(Task.STEP, SHAPE, 2), 1); Job one = Worker.job(new Work(Task.STEP, SHAPE, 1), 1)) {
      assertTrue(job.digest()[1] > one.digest()[1], "two lanes are longer than one");
    }
  }
}

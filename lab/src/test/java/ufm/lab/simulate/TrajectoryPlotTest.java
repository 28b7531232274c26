package ufm.lab.simulate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.knowm.xchart.XYChart;

/** A flow is drawn over its time, every other method over its iterations. */
class TrajectoryPlotTest {

  private static XYChart chart(double timePerIteration) {
    Trajectory t = new Trajectory();
    for (int i = 1; i <= 3; i++) {
      double[] row = new double[Trajectory.COLUMNS.size()];
      Arrays.fill(row, 0.5);
      row[Trajectory.COLUMNS.indexOf("iteration")] = i;
      row[Trajectory.COLUMNS.indexOf("time")] = i * timePerIteration;
      t.add(row);
    }
    return TrajectoryPlot.chart(t, "title", true);
  }

  @Test
  void theAxisIsTimeOrIteration() {
    assertEquals("iteration", chart(1).getXAxisTitle());
    XYChart flow = chart(0.25);
    assertEquals("time", flow.getXAxisTitle());
    assertArrayEquals(new double[] {0.25, 0.5, 0.75}, flow.getSeries("NC1").getXData());
  }
}

package ufm.benchmarks.scale;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler;

/** Time against size on log axes, a curve for each sweep with its slope. */
final class ScalePlot {
  private static final Color[] COLOURS = {new Color(0x0072B2), new Color(0xD55E00), new Color(0x009E73), new Color(0xCC79A7)};

  private ScalePlot() {}

  /**
   * One curve.
   *
   * @param label what grows, what stays, the slope
   * @param x sizes
   * @param seconds times
   */
  record Curve(String label, double[] x, double[] seconds) {}

  /** Writes an SVG. */
  static void write(Path file, String title, List<Curve> curves) throws IOException {
    XYChart chart = new XYChartBuilder().width(800).height(560).title(title).xAxisTitle("size that grows").yAxisTitle("seconds").build();
    chart.getStyler().setXAxisLogarithmic(true).setYAxisLogarithmic(true).setLegendPosition(Styler.LegendPosition.InsideNW);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    for (int i = 0; i < curves.size(); i++) {
      Curve c = curves.get(i);
      XYSeries series = chart.addSeries(c.label(), c.x(), c.seconds());
      series.setLineColor(COLOURS[i % COLOURS.length]);
      series.setMarkerColor(COLOURS[i % COLOURS.length]);
    }
    VectorGraphicsEncoder.saveVectorGraphic(chart, file.toString(), VectorGraphicsEncoder.VectorGraphicsFormat.SVG);
  }
}

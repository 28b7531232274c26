package ufm.lab.simulate;

import de.erichseifert.vectorgraphics2d.Processor;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.pdf.PDFProcessor;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.style.Styler;
import org.knowm.xchart.style.markers.SeriesMarkers;
import ufm.lab.UnusableFile;
import ufm.lab.io.PngFile;
import ufm.lab.io.WholeFile;

/** NC1, NC2, NC3, value and gap of a trajectory against the iteration (the time of a flow), on log axes. */
public final class TrajectoryPlot {
  private static final int WIDTH = 900;
  private static final int HEIGHT = 560;

  /** What is smaller is rounding, and is not drawn. */
  private static final double ROUNDING = 1e-18;

  private static final Map<String, String> SERIES = new LinkedHashMap<>();
  private static final Map<String, Color> COLOURS =
      Map.of(
          "nc1", new Color(0x0072B2), "nc2_H", new Color(0xD55E00), "nc2_W", new Color(0xE69F00), "nc3", new Color(0x009E73),
          "value", new Color(0x404040), "gap", new Color(0xCC79A7));

  static {
    SERIES.put("nc1", "NC1");
    SERIES.put("nc2_H", "NC2 (features)");
    SERIES.put("nc2_W", "NC2 (classifier)");
    SERIES.put("nc3", "NC3");
    SERIES.put("value", "f");
    SERIES.put("gap", "bound on f - f*");
  }

  private TrajectoryPlot() {}

  /**
   * Checks the ending of a plot's name.
   *
   * @throws UnusableFile if it is none of .png, .svg, .pdf
   */
  public static void check(Path file) {
    if (!Arrays.asList("png", "svg", "pdf").contains(ending(file))) {
      throw new UnusableFile((file.toString().isEmpty() ? "an empty name" : file) + " has no ending of a plot, but must end in .png, .svg or .pdf.");
    }
  }

  /**
   * Draws a trajectory.
   *
   * @param title first line
   * @param logTime whether the iterations are drawn on a log axis (iteration 0 is then left out)
   * @param file ends in .png, .svg or .pdf
   * @throws UnusableFile if it can't be written
   */
  public static void write(Trajectory t, String title, boolean logTime, Path file) {
    System.setProperty("java.awt.headless", "true");
    XYChart chart = chart(t, title, logTime);
    WholeFile.write(file, out -> {
      switch (ending(file)) {
        case "png" -> PngFile.write(BitmapEncoder.getBufferedImage(chart), out);
        case "svg" -> vector(chart, out, new SVGProcessor());
        case "pdf" -> vector(chart, out, new PDFProcessor(true));
        default -> throw new IOException("its ending is none of .png, .svg, .pdf");
      }
    });
  }

  private static void vector(XYChart chart, OutputStream out, Processor processor) throws IOException {
    VectorGraphics2D g = new VectorGraphics2D();
    chart.paint(g, WIDTH, HEIGHT);
    processor.getDocument(g.getCommands(), new PageSize(WIDTH, HEIGHT)).writeTo(out);
  }

  static XYChart chart(Trajectory t, String title, boolean logTime) {
    // The steps of a flow have no meaning of their own; for every other method both columns are the same.
    double[] time = t.column("time");
    String axis = Arrays.equals(time, t.column("iteration")) ? "iteration" : "time";
    XYChart chart = new XYChartBuilder().width(WIDTH).height(HEIGHT).title(title).xAxisTitle(axis).yAxisTitle("").build();
    chart.getStyler().setYAxisLogarithmic(true);
    chart.getStyler().setXAxisLogarithmic(logTime);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setPlotBorderVisible(false);
    chart.getStyler().setLegendPosition(Styler.LegendPosition.OutsideE);
    chart.getStyler().setLegendBorderColor(Color.WHITE);
    chart.getStyler().setPlotGridLinesColor(new Color(0xEEEEEE));
    chart.getStyler().setPlotGridLinesStroke(new BasicStroke(0.6f));
    chart.getStyler().setPlotGridVerticalLinesVisible(false);
    chart.getStyler().setAxisTickMarksColor(new Color(0x404040));
    chart.getStyler().setAxisTickLabelsFont(new Font(Font.SANS_SERIF, Font.PLAIN, 11));
    chart.getStyler().setAxisTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    chart.getStyler().setChartTitleFont(new Font(Font.SANS_SERIF, Font.PLAIN, 14));
    chart.getStyler().setLegendFont(new Font(Font.SANS_SERIF, Font.PLAIN, 12));
    chart.getStyler().setYAxisDecimalPattern("0E0");
    SERIES.forEach((column, label) -> {
      double[] y = t.column(column);
      // A log axis has no place for 0 and for what is not defined.
      int[] shown =
          IntStream.range(0, y.length).filter(i -> y[i] > ROUNDING && Double.isFinite(y[i]) && (!logTime || time[i] > 0)).toArray();
      if (shown.length > 0) {
        var series =
            chart.addSeries(
                label, Arrays.stream(shown).mapToDouble(i -> time[i]).toArray(), Arrays.stream(shown).mapToDouble(i -> y[i]).toArray());
        series.setMarker(SeriesMarkers.NONE);
        series.setLineColor(COLOURS.get(column));
        series.setLineStyle(new BasicStroke(column.equals("gap") ? 1.6f : 2.2f));
      }
    });
    return chart;
  }

  private static String ending(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return name.substring(name.lastIndexOf('.') + 1);
  }
}

package ufm.lab.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ufm.lab.UnusableFile;
import ufm.lab.db.ResultsError;
import ufm.lab.spec.Axis;

class FigureTest {
  private static final Axis X = new Axis("lambda.W", Axis.Scale.LOG, List.of(1e-3, 1e-2, 1e-1));
  private static final Axis Y = new Axis("imbalance.ratio", Axis.Scale.LINEAR, List.of(1.0, 2.0, 4.0));

  @TempDir Path dir;

  private static HeatMap map() {
    HeatMap map = new HeatMap(X, Y, "margin", "a title with \u03bb_{W}", "below it");
    map.set(1e-3, 1.0, 2.0, false, true);
    map.set(1e-2, 1.0, 5.0, false, true);
    map.set(1e-1, 1.0, 3.5, false, false);
    map.set(1e-3, 2.0, 0.0, true, true);
    map.set(1e-2, 2.0, Double.NaN, false, true);
    map.set(7e-2, 2.0, 4, false, true);
    map.overlay(List.of(new Curve(new double[] {1e-3, 1e-1}, new double[] {3.4, 3.4})), "theory");
    return map;
  }

  private BufferedImage png(Figure figure) throws Exception {
    Path file = dir.resolve("f.png");
    FigureFile.write(figure, file);
    BufferedImage image = ImageIO.read(file.toFile());
    assertEquals(Math.ceil(figure.width() * FigureFile.PIXELS), image.getWidth());
    assertEquals(Math.ceil(figure.height() * FigureFile.PIXELS), image.getHeight());
    return image;
  }

  private static Color at(BufferedImage image, double x, double y) {
    return new Color(image.getRGB((int) (x * FigureFile.PIXELS), (int) (y * FigureFile.PIXELS)));
  }

  private static Color cell(BufferedImage image, HeatMap map, double x, double y) {
    double[] c = map.centre(x, y);
    return at(image, c[0], c[1]);
  }

  /** Share of the pixels of a square around a point that have the colour of the hatching. */
  private static double hatched(BufferedImage image, double[] centre) {
    int red = 0;
    int all = 0;
    for (int dx = -30; dx <= 30; dx++) {
      for (int dy = -30; dy <= 30; dy++, all++) {
        Color c = new Color(image.getRGB((int) (centre[0] * FigureFile.PIXELS) + dx, (int) (centre[1] * FigureFile.PIXELS) + dy));
        red += c.getRed() > 150 && c.getGreen() < 110 && c.getBlue() < 110 ? 1 : 0;
      }
    }
    return (double) red / all;
  }

  @Test
  void cellsHaveTheColoursOfTheirValues() throws Exception {
    HeatMap map = map();
    BufferedImage image = png(map);
    assertEquals(Viridis.at(0), cell(image, map, 1e-3, 1.0), "the smallest value");
    assertEquals(Viridis.at(1), cell(image, map, 1e-2, 1.0), "the largest value");
    assertEquals(HeatMap.ZERO, cell(image, map, 1e-3, 2.0));
    assertEquals(Color.WHITE, cell(image, map, 1e-2, 2.0), "not defined");
    assertEquals(Color.WHITE, cell(image, map, 1e-1, 4.0), "not computed");
  }

  @Test
  void onlyUncertifiedCellsAreHatched() throws Exception {
    HeatMap map = map();
    BufferedImage image = png(map);
    assertTrue(hatched(image, map.centre(1e-1, 1.0)) > 0.1, "hatched " + hatched(image, map.centre(1e-1, 1.0)));
    assertEquals(0, hatched(image, map.centre(1e-3, 1.0)));
    assertEquals(0, hatched(image, map.centre(1e-3, 2.0)));
  }

  @Test
  void theCurveOfTheoryIsDrawnAtItsPlace() throws Exception {
    HeatMap map = map();
    BufferedImage with = png(map);
    map.overlay(List.of(), "");
    BufferedImage without = png(map);
    // y = 3.4 lies 0.6 of the way from 1 to 5 on the scale of the cells' edges 0.5, 1.5, 3, 5.
    double[] low = map.centre(1e-2, 1.0);
    double[] high = map.centre(1e-2, 4.0);
    double y = low[1] + (high[1] - low[1]) * (3.4 - 1) / 3;
    assertNotEquals(at(with, low[0], y), at(without, low[0], y));
    assertTrue(at(with, low[0], y).getRed() > 200);
  }

  @Test
  void vectorFormatsAreWholeDocuments() throws Exception {
    Path svg = dir.resolve("f.svg");
    FigureFile.write(map(), svg);
    var root = DocumentBuilderFactory.newInstance();
    root.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
    var document = root.newDocumentBuilder().parse(svg.toFile());
    assertEquals("svg", document.getDocumentElement().getTagName());
    assertTrue(document.getElementsByTagName("path").getLength() > 20);
    Path pdf = dir.resolve("f.pdf");
    FigureFile.write(map(), pdf);
    String text = Files.readString(pdf, StandardCharsets.ISO_8859_1);
    assertTrue(text.startsWith("%PDF-") && text.stripTrailing().endsWith("%%EOF"));
    var page = java.util.regex.Pattern.compile("/MediaBox \\[0 0 ([0-9.]+) ([0-9.]+)\\]").matcher(text);
    assertTrue(page.find());
    assertEquals(map().width(), Double.parseDouble(page.group(1)), 1e-6, "a page as wide as the figure, in points");
    assertEquals(map().height(), Double.parseDouble(page.group(2)), 1e-6);
    assertTrue(text.contains("h  f\n") && !text.contains("/ f\n") && !text.contains("/ S\n"), "painting operators without operands");
  }

  @Test
  void aLinePlotShowsDotsRingsAndTheory() throws Exception {
    LinePlot plot = new LinePlot(X, "value", "title", "below");
    plot.add(1e-3, 1.0, true);
    plot.add(1e-2, 0.5, false);
    plot.add(1e-1, 0.2, true);
    plot.add(0.5, 0.2, true);
    BufferedImage dots = png(plot);
    plot.addTheory(1e-3, 1.0, "theory");
    plot.addTheory(1e-1, 0.2, "theory");
    plot.mark(3e-2, "end");
    BufferedImage all = png(plot);
    int changed = 0;
    for (int x = 0; x < all.getWidth(); x++) {
      for (int y = 0; y < all.getHeight(); y++) {
        changed += all.getRGB(x, y) != dots.getRGB(x, y) ? 1 : 0;
      }
    }
    assertTrue(changed > 1000, "pixels of theory: " + changed);
  }

  @Test
  void namesAndWholeNumbersMakeAxesToo() throws Exception {
    HeatMap map = new HeatMap(new Axis("loss.name", Axis.Scale.LINEAR, List.of("ce", "mse")), new Axis("classes", Axis.Scale.LINEAR, List.of(3L, 5L)),
        "nc1", "t", "s");
    map.set("mse", 5.0, 1e-9, false, true);
    map.set("ce", 3.0, 1e-3, false, true);
    BufferedImage image = png(map);
    double[] low = map.centre("mse", 5.0);
    double[] high = map.centre("ce", 3.0);
    assertEquals(Viridis.at(0), at(image, low[0], low[1]));
    assertEquals(Viridis.at(1), at(image, high[0], high[1]));
  }

  @Test
  void mapsAndPlotsWithNothingToScaleAreDrawn() throws Exception {
    Axis two = new Axis("lambda.W", Axis.Scale.LOG, List.of(4.9e-324, 1.7e308));
    Axis near = new Axis("lambda.H", Axis.Scale.LINEAR, List.of(1.0, Math.nextUp(1.0)));
    for (double value : new double[] {Double.NaN, 3, 0, 1e300, -1e300, 4.9e-324, Double.POSITIVE_INFINITY}) {
      for (String quantity : List.of("margin", "nc1")) {
        HeatMap map = new HeatMap(two, near, quantity, "t", "s");
        LinePlot plot = new LinePlot(two, quantity, "t", "s");
        for (Object x : two.values()) {
          plot.add(x, value, true);
          for (Object y : near.values()) {
            map.set(x, y, value, false, true);
          }
        }
        HeatMap one = new HeatMap(two, near, quantity, "t", "s");
        one.set(1.7e308, 1.0, value, false, true);
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> List.of(png(map), png(plot), png(one)));
      }
    }
  }

  @Test
  void whatCanNotBeWrittenIsSaid() throws Exception {
    assertThrows(ResultsError.class, () -> FigureFile.write(map(), dir.resolve("f.gif")));
    Path file = Files.writeString(dir.resolve("file"), "x");
    UnusableFile e = assertThrows(UnusableFile.class, () -> FigureFile.write(map(), file.resolve("f.png")));
    assertEquals(file + " can't be written: it is no folder.", e.getMessage());
  }
}

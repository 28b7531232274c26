package ufm.lab.plot;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import ufm.lab.spec.Axis;

/**
 * A quantity along one axis: a dot for each cell (a ring where it is not certified), theory's curve where there is one, and a dashed
 * vertical line where theory says that the phase ends.
 */
public final class LinePlot implements Figure {
  private static final Color DOTS = new Color(0x31688e);
  private static final Color THEORY = new Color(0xff3b30);
  private static final Color SOFT = new Color(0x57606a);
  private static final Color GRID = new Color(0xe6e8eb);

  private static final double LEFT = 92;
  private static final double TOP = 78;
  private static final double WIDTH = 600;
  private static final double HEIGHT = 380;
  private static final double RIGHT = 36;
  private static final double BOTTOM = 112;

  private record Dot(double x, double y, boolean certified) {}

  private final AxisView axis;
  private final String quantity;
  private final String title;
  private final String subtitle;
  private final List<Dot> dots = new ArrayList<>();
  private final List<Dot> theory = new ArrayList<>();
  private final List<Double> boundaries = new ArrayList<>();
  private String theoryLabel = "";
  private String boundaryLabel = "";

  /**
   * An empty plot.
   *
   * @param axis the axis of the sweep
   * @param quantity name of the column that is drawn
   * @param title first line, in markup
   * @param subtitle second line, in markup
   */
  public LinePlot(Axis axis, String quantity, String title, String subtitle) {
    this.axis = new AxisView(axis);
    this.quantity = quantity;
    this.title = title;
    this.subtitle = subtitle;
  }

  /** Adds the cell at a value of the axis; a value that is not finite, or not on this grid, is left out. */
  public void add(Object at, double value, boolean certified) {
    int i = axis.index(at);
    if (i >= 0 && Double.isFinite(value)) {
      dots.add(new Dot(axis.centre(i), value, certified));
    }
  }

  /** Adds a point of theory's curve. */
  public void addTheory(Object at, double value, String label) {
    int i = axis.index(at);
    if (i >= 0 && Double.isFinite(value)) {
      theory.add(new Dot(axis.centre(i), value, true));
      theoryLabel = label;
    }
  }

  /** Marks where theory says that a phase ends. */
  public void mark(double at, String label) {
    boundaries.add(at);
    boundaryLabel = label;
  }

  @Override
  public double width() {
    return LEFT + WIDTH + RIGHT;
  }

  @Override
  public double height() {
    return TOP + HEIGHT + BOTTOM;
  }

  @Override
  public void draw(Canvas c) {
    Ruler vertical = vertical();
    c.text(title, LEFT, 34, 18, Canvas.Align.LEFT, HeatMap.INK, true);
    c.text(subtitle, LEFT, 58, 12, Canvas.Align.LEFT, SOFT, false);
    frame(c, vertical);
    c.clip(LEFT, TOP, WIDTH, HEIGHT);
    for (double b : boundaries) {
      c.line(px(b), TOP, px(b), TOP + HEIGHT, 1.8, THEORY, 6, 4);
    }
    double[] xs = theory.stream().mapToDouble(d -> px(d.x())).toArray();
    double[] ys = theory.stream().mapToDouble(d -> py(d.y(), vertical)).toArray();
    c.polyline(xs, ys, 2, THEORY);
    for (Dot d : dots) {
      c.disc(px(d.x()), py(d.y(), vertical), 3.4, DOTS, d.certified() ? DOTS : Color.WHITE);
    }
    c.unclip();
    legend(c);
  }

  private void frame(Canvas c, Ruler vertical) {
    for (Ruler.Tick t : vertical.ticks()) {
      double at = py(t.value(), vertical);
      if (t.label() != null) {
        c.line(LEFT, at, LEFT + WIDTH, at, 0.8, GRID);
        c.text(t.label(), LEFT - 10, at + 4.5, 13, Canvas.Align.RIGHT, HeatMap.INK, false);
      }
      c.line(LEFT, at, LEFT - (t.label() == null ? 3.5 : 6), at, 1, HeatMap.INK);
    }
    for (Ruler.Tick t : axis.ruler.ticks()) {
      double at = px(t.value());
      if (t.label() != null) {
        c.line(at, TOP, at, TOP + HEIGHT, 0.8, GRID);
        c.text(t.label(), at, TOP + HEIGHT + 22, 13, Canvas.Align.CENTRE, HeatMap.INK, false);
      }
      c.line(at, TOP + HEIGHT, at, TOP + HEIGHT + (t.label() == null ? 3.5 : 6), 1, HeatMap.INK);
    }
    c.frame(LEFT, TOP, WIDTH, HEIGHT, 1, HeatMap.INK);
    c.text(axis.label, LEFT + WIDTH / 2, TOP + HEIGHT + 47, 15, Canvas.Align.CENTRE, HeatMap.INK, false);
    c.text(Names.quantity(quantity), 28, TOP + HEIGHT / 2, 15, Canvas.Align.CENTRE, HeatMap.INK, false, 1);
  }

  private void legend(Canvas c) {
    double at = LEFT;
    double line = TOP + HEIGHT + 84;
    c.disc(at + 6, line - 4.5, 3.4, DOTS, DOTS);
    c.text("measured, certified", at + 18, line, 13, Canvas.Align.LEFT, HeatMap.INK, false);
    at += 18 + Canvas.width("measured, certified", 13, false) + 24;
    if (dots.stream().anyMatch(d -> !d.certified())) {
      c.disc(at + 6, line - 4.5, 3.4, DOTS, Color.WHITE);
      c.text("not certified", at + 18, line, 13, Canvas.Align.LEFT, HeatMap.INK, false);
      at += 18 + Canvas.width("not certified", 13, false) + 24;
    }
    if (!theory.isEmpty()) {
      c.line(at, line - 4.5, at + 26, line - 4.5, 2, THEORY);
      c.text(theoryLabel, at + 34, line, 13, Canvas.Align.LEFT, HeatMap.INK, false);
      at += 34 + Canvas.width(theoryLabel, 13, false) + 24;
    }
    if (!boundaries.isEmpty()) {
      if (at + 34 + Canvas.width(boundaryLabel, 13, false) > width() - 12) {
        at = LEFT;
        line += 22;
      }
      c.line(at, line - 4.5, at + 26, line - 4.5, 1.8, THEORY, 6, 4);
      c.text(boundaryLabel, at + 34, line, 13, Canvas.Align.LEFT, HeatMap.INK, false);
    }
  }

  private Ruler vertical() {
    List<Dot> all = new ArrayList<>(dots);
    all.addAll(theory);
    boolean log = Names.logarithmic(quantity) && all.stream().allMatch(d -> d.y() > 0);
    double low = all.stream().mapToDouble(Dot::y).min().orElse(0);
    double high = all.stream().mapToDouble(Dot::y).max().orElse(1);
    if (log) {
      return Ruler.numbers(true, Math.pow(10, Math.floor(Math.log10(low))), Math.pow(10, Math.ceil(Math.log10(Math.max(high, 2 * low)))));
    }
    double pad = Math.max(0.04 * (high - low), 1e-9 * Math.max(1, Math.abs(high)));
    return Ruler.numbers(false, low - pad, high + pad);
  }

  private double px(double value) {
    return LEFT + WIDTH * axis.ruler.fraction(value);
  }

  private double py(double value, Ruler vertical) {
    return TOP + HEIGHT * (1 - vertical.fraction(value));
  }
}

package ufm.lab.plot;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;
import ufm.lab.spec.Axis;

/**
 * A phase diagram over two axes: a colour for each cell, grey where the optimum is zero, hatched where the result is not certified, and
 * curves of theory on top.
 */
public final class HeatMap implements Figure {
  static final Color ZERO = new Color(0xd4d4d8);
  static final Color MISSING = Color.WHITE;
  static final Color HATCH = new Color(0xc62828);
  static final Color INK = new Color(0x1f2328);
  private static final Color SOFT = new Color(0x57606a);
  private static final Color CURVE = new Color(0xff3b30);

  private static final double LEFT = 92;
  private static final double TOP = 78;
  private static final double SIDE = 520;
  private static final double BAR_GAP = 26;
  private static final double BAR = 20;
  private static final double RIGHT = 84;
  private static final double BOTTOM = 112;

  /** How a cell is drawn. */
  public enum State {
    /** Not in the database. */
    MISSING,
    /** The optimum is W = H = 0. */
    ZERO,
    /** Has a value. */
    VALUE,
    /** Has a result, but not this quantity. */
    UNDEFINED
  }

  private final AxisView x;
  private final AxisView y;
  private final double[][] values;
  private final State[][] states;
  private final boolean[][] certified;
  private final String quantity;
  private final String title;
  private final String subtitle;
  private List<Curve> curves = List.of();
  private String curveLabel = "";

  /**
   * An empty map of all cells.
   *
   * @param horizontal first axis
   * @param vertical second axis
   * @param quantity name of the column that is drawn
   * @param title first line, in markup
   * @param subtitle second line, in markup
   */
  public HeatMap(Axis horizontal, Axis vertical, String quantity, String title, String subtitle) {
    x = new AxisView(horizontal);
    y = new AxisView(vertical);
    this.quantity = quantity;
    this.title = title;
    this.subtitle = subtitle;
    values = new double[x.cells()][y.cells()];
    states = new State[x.cells()][y.cells()];
    certified = new boolean[x.cells()][y.cells()];
    for (State[] column : states) {
      java.util.Arrays.fill(column, State.MISSING);
    }
  }

  /** Sets the cell at these values of the axes; a point that is not on this grid is left out. */
  public void set(Object atX, Object atY, double value, boolean zero, boolean isCertified) {
    int i = x.index(atX);
    int j = y.index(atY);
    if (i >= 0 && j >= 0) {
      values[i][j] = value;
      states[i][j] = zero ? State.ZERO : Double.isFinite(value) ? State.VALUE : State.UNDEFINED;
      certified[i][j] = isCertified;
    }
  }

  /** Draws curves over the map, with one entry in the legend. */
  public void overlay(List<Curve> lines, String label) {
    curves = List.copyOf(lines);
    curveLabel = label;
  }

  @Override
  public double width() {
    return LEFT + SIDE + BAR_GAP + BAR + RIGHT;
  }

  @Override
  public double height() {
    return TOP + SIDE + BOTTOM;
  }

  /** Centre of a cell on the canvas, {@code {x, y}}, in points. */
  double[] centre(Object atX, Object atY) {
    return new double[] {px(x.centre(x.index(atX))), py(y.centre(y.index(atY)))};
  }

  @Override
  public void draw(Canvas c) {
    Ruler colours = colours();
    c.text(title, LEFT, 34, 18, Canvas.Align.LEFT, INK, true);
    c.text(subtitle, LEFT, 58, 12, Canvas.Align.LEFT, SOFT, false);
    cells(c, colours);
    c.clip(LEFT, TOP, SIDE, SIDE);
    for (Curve curve : curves) {
      double[] xs = java.util.Arrays.stream(curve.x()).map(this::px).toArray();
      double[] ys = java.util.Arrays.stream(curve.y()).map(this::py).toArray();
      c.polyline(xs, ys, 4.6, Color.WHITE);
      c.polyline(xs, ys, 2.4, CURVE);
    }
    c.unclip();
    axes(c);
    bar(c, colours);
    legend(c);
  }

  private void cells(Canvas c, Ruler colours) {
    for (int i = 0; i < x.cells(); i++) {
      double left = px(x.edge(i));
      double width = px(x.edge(i + 1)) - left;
      for (int j = 0; j < y.cells(); j++) {
        double top = py(y.edge(j + 1));
        double height = py(y.edge(j)) - top;
        // Neighbours overlap by a hair, so that no white line shows between them.
        double overX = i + 1 < x.cells() ? 0.4 : 0;
        double overY = j > 0 ? 0.4 : 0;
        c.fill(left, top, width + overX, height + overY, colour(i, j, colours));
      }
    }
    for (int j = 0; j < y.cells(); j++) {
      double top = py(y.edge(j + 1));
      double height = py(y.edge(j)) - top;
      for (int i = 0; i < x.cells(); i++) {
        int first = i;
        while (i < x.cells() && states[i][j] != State.MISSING && !certified[i][j]) {
          i++;
        }
        if (i > first) {
          c.hatch(px(x.edge(first)), top, px(x.edge(i)) - px(x.edge(first)), height, 5, 1, HATCH);
        }
      }
    }
  }

  /** Colour of a cell. */
  private Color colour(int i, int j, Ruler colours) {
    return switch (states[i][j]) {
      case MISSING, UNDEFINED -> MISSING;
      case ZERO -> ZERO;
      case VALUE -> Viridis.at(colours.fraction(Math.max(values[i][j], colours.log() ? colours.low() : values[i][j])));
    };
  }

  /** The range of the values that are drawn. */
  private Ruler colours() {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    boolean log = Names.logarithmic(quantity);
    for (int i = 0; i < x.cells(); i++) {
      for (int j = 0; j < y.cells(); j++) {
        if (states[i][j] == State.VALUE && (!log || values[i][j] > 0)) {
          low = Math.min(low, values[i][j]);
          high = Math.max(high, values[i][j]);
        }
      }
    }
    if (low > high) {
      return Ruler.numbers(false, 0, 1);
    }
    if (log) {
      low = Math.max(low, 1e-17);
      return Ruler.numbers(true, Math.pow(10, Math.floor(Math.log10(low))), Math.pow(10, Math.ceil(Math.log10(Math.max(high, 2 * low)))));
    }
    double spread = high - low;
    return spread <= 1e-9 * Math.max(1, Math.abs(high)) ? Ruler.numbers(false, low - 0.5, high + 0.5)
        : Ruler.numbers(false, low > 0 && low < 0.3 * high ? 0 : low, high);
  }

  private void axes(Canvas c) {
    c.frame(LEFT, TOP, SIDE, SIDE, 1, INK);
    for (Ruler.Tick t : x.ruler.ticks()) {
      double at = px(t.value());
      c.line(at, TOP + SIDE, at, TOP + SIDE + (t.label() == null ? 3.5 : 6), 1, INK);
      if (t.label() != null) {
        c.text(t.label(), at, TOP + SIDE + 22, 13, Canvas.Align.CENTRE, INK, false);
      }
    }
    for (Ruler.Tick t : y.ruler.ticks()) {
      double at = py(t.value());
      c.line(LEFT, at, LEFT - (t.label() == null ? 3.5 : 6), at, 1, INK);
      if (t.label() != null) {
        c.text(t.label(), LEFT - 10, at + 4.5, 13, Canvas.Align.RIGHT, INK, false);
      }
    }
    c.text(x.label, LEFT + SIDE / 2, TOP + SIDE + 47, 15, Canvas.Align.CENTRE, INK, false);
    c.text(y.label, 30, TOP + SIDE / 2, 15, Canvas.Align.CENTRE, INK, false, 1);
  }

  private void bar(Canvas c, Ruler colours) {
    double left = LEFT + SIDE + BAR_GAP;
    int strips = 260;
    for (int s = 0; s < strips; s++) {
      double top = TOP + SIDE * (1 - (s + 1.0) / strips);
      c.fill(left, top, BAR, SIDE / strips + (s > 0 ? 0.4 : 0), Viridis.at((s + 0.5) / strips));
    }
    c.frame(left, TOP, BAR, SIDE, 1, INK);
    for (Ruler.Tick t : colours.ticks()) {
      double at = TOP + SIDE * (1 - colours.fraction(t.value()));
      c.line(left + BAR, at, left + BAR + (t.label() == null ? 3 : 5), at, 1, INK);
      if (t.label() != null) {
        c.text(t.label(), left + BAR + 9, at + 4.5, 12, Canvas.Align.LEFT, INK, false);
      }
    }
    c.text(Names.quantity(quantity), width() - 18, TOP + SIDE / 2, 14, Canvas.Align.CENTRE, INK, false, 1);
  }

  private void legend(Canvas c) {
    double at = LEFT;
    double line = TOP + SIDE + 84;
    if (!curves.isEmpty()) {
      c.line(at, line - 4.5, at + 28, line - 4.5, 2.4, CURVE);
      c.text(curveLabel, at + 36, line, 13, Canvas.Align.LEFT, INK, false);
      at += 36 + Canvas.width(curveLabel, 13, false) + 28;
    }
    for (Key key : keys()) {
      double needed = 26 + Canvas.width(key.label(), 13, false);
      if (at + needed > width() - 12) {
        at = LEFT;
        line += 22;
      }
      c.fill(at, line - 12, 18, 14, key.fill());
      if (key.hatched()) {
        c.hatch(at, line - 12, 18, 14, 5, 1, HATCH);
      }
      c.frame(at, line - 12, 18, 14, 0.8, SOFT);
      c.text(key.label(), at + 26, line, 13, Canvas.Align.LEFT, INK, false);
      at += needed + 28;
    }
  }

  private record Key(Color fill, boolean hatched, String label) {}

  private List<Key> keys() {
    boolean zero = false;
    boolean hatched = false;
    boolean missing = false;
    boolean undefined = false;
    for (int i = 0; i < x.cells(); i++) {
      for (int j = 0; j < y.cells(); j++) {
        zero |= states[i][j] == State.ZERO;
        undefined |= states[i][j] == State.UNDEFINED;
        missing |= states[i][j] == State.MISSING;
        hatched |= states[i][j] != State.MISSING && !certified[i][j];
      }
    }
    List<Key> out = new ArrayList<>();
    if (zero) {
      out.add(new Key(ZERO, false, "W = H = 0"));
    }
    if (hatched) {
      out.add(new Key(Color.WHITE, true, "not certified (relative gap > 10^{\u22128})"));
    }
    if (undefined) {
      out.add(new Key(MISSING, false, "not defined"));
    }
    if (missing) {
      out.add(new Key(MISSING, false, "not computed"));
    }
    return out;
  }

  private double px(double value) {
    return LEFT + SIDE * x.ruler.fraction(value);
  }

  private double py(double value) {
    return TOP + SIDE * (1 - y.ruler.fraction(value));
  }
}

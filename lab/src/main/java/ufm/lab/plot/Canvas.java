package ufm.lab.plot;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;

/**
 * Lines, areas and text on a graphics context, in points from the top left corner.
 *
 * <p>Text is drawn as outlines, so that Greek letters look the same in PNG, SVG and PDF whatever fonts the reader has. Markup:
 * {@code _{...}} lowers and {@code ^{...}} raises.
 */
public final class Canvas {
  private static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

  private final Graphics2D g;

  /** Draws on g. */
  public Canvas(Graphics2D g) {
    this.g = g;
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
  }

  /** Horizontal place of a text relative to its anchor. */
  public enum Align {
    /** The text begins at the anchor. */
    LEFT,
    /** The anchor is in the middle. */
    CENTRE,
    /** The text ends at the anchor. */
    RIGHT
  }

  /** A filled rectangle. */
  public void fill(double x, double y, double width, double height, Color color) {
    g.setColor(color);
    g.fill(new Rectangle2D.Double(x, y, width, height));
  }

  /** The outline of a rectangle. */
  public void frame(double x, double y, double width, double height, double pen, Color color) {
    g.setColor(color);
    g.setStroke(new BasicStroke((float) pen));
    g.draw(new Rectangle2D.Double(x, y, width, height));
  }

  /** A straight line. */
  public void line(double x1, double y1, double x2, double y2, double pen, Color color, float... dash) {
    stroke(new Line2D.Double(x1, y1, x2, y2), pen, color, dash);
  }

  /** A line through points, {@code xs[i], ys[i]}. */
  public void polyline(double[] xs, double[] ys, double pen, Color color, float... dash) {
    if (xs.length < 2) {
      return;
    }
    Path2D path = new Path2D.Double();
    path.moveTo(xs[0], ys[0]);
    for (int i = 1; i < xs.length; i++) {
      path.lineTo(xs[i], ys[i]);
    }
    stroke(path, pen, color, dash);
  }

  /** A disc, or a ring where {@code inside} is another colour. */
  public void disc(double x, double y, double radius, Color edge, Color inside) {
    Shape s = new Ellipse2D.Double(x - radius, y - radius, 2 * radius, 2 * radius);
    g.setColor(inside);
    g.fill(s);
    stroke(s, 1.2, edge);
  }

  /** Parallel diagonal lines in a rectangle; they go on from one rectangle to its neighbour. */
  public void hatch(double x, double y, double width, double height, double spacing, double pen, Color color) {
    double first = Math.ceil((x + y) / spacing) * spacing;
    for (double c = first; c < x + width + y + height; c += spacing) {
      // The line u + v = c from the lower left to the upper right end inside the rectangle.
      double left = Math.max(x, c - (y + height));
      double right = Math.min(x + width, c - y);
      if (right > left) {
        stroke(new Line2D.Double(left, c - left, right, c - right), pen, color);
      }
    }
  }

  /** Restricts what follows to a rectangle, until {@link #unclip}. */
  public void clip(double x, double y, double width, double height) {
    g.setClip(new Rectangle2D.Double(x, y, width, height));
  }

  /** Ends {@link #clip}. */
  public void unclip() {
    g.setClip(null);
  }

  /** A text whose base line is at y. */
  public void text(String markup, double x, double y, double size, Align align, Color color, boolean bold) {
    text(markup, x, y, size, align, color, bold, 0);
  }

  /** A text that is turned against the clock around its anchor. */
  public void text(String markup, double x, double y, double size, Align align, Color color, boolean bold, double quarterTurns) {
    Path2D outline = outline(markup, size, bold);
    double width = width(markup, size, bold);
    AffineTransform at = AffineTransform.getTranslateInstance(x, y);
    at.rotate(-quarterTurns * Math.PI / 2);
    at.translate(align == Align.LEFT ? 0 : align == Align.CENTRE ? -width / 2 : -width, 0);
    g.setColor(color);
    g.fill(at.createTransformedShape(outline));
  }

  /** Width of a text. */
  public static double width(String markup, double size, boolean bold) {
    double[] end = new double[1];
    lay(markup, size, bold, null, end);
    return end[0];
  }

  private static Path2D outline(String markup, double size, boolean bold) {
    Path2D path = new Path2D.Double();
    lay(markup, size, bold, path, new double[1]);
    return path;
  }

  private static void lay(String markup, double size, boolean bold, Path2D path, double[] x) {
    int i = 0;
    while (i < markup.length()) {
      boolean script = (markup.charAt(i) == '_' || markup.charAt(i) == '^') && i + 1 < markup.length() && markup.charAt(i + 1) == '{';
      int end;
      if (script) {
        end = markup.indexOf('}', i);
        double shift = markup.charAt(i) == '_' ? 0.22 * size : -0.38 * size;
        run(markup.substring(i + 2, end), 0.72 * size, bold, shift, path, x);
        end++;
      } else {
        end = i + 1;
        while (end < markup.length() && !((markup.charAt(end) == '_' || markup.charAt(end) == '^') && markup.startsWith("{", end + 1))) {
          end++;
        }
        run(markup.substring(i, end), size, bold, 0, path, x);
      }
      i = end;
    }
  }

  private static void run(String text, double size, boolean bold, double shift, Path2D path, double[] x) {
    Font font = new Font(Font.SANS_SERIF, bold ? Font.BOLD : Font.PLAIN, 1).deriveFont((float) size);
    var glyphs = font.createGlyphVector(CONTEXT, text);
    if (path != null) {
      path.append(glyphs.getOutline((float) x[0], (float) shift), false);
    }
    x[0] += glyphs.getLogicalBounds().getWidth();
  }

  private void stroke(Shape shape, double pen, Color color, float... dash) {
    g.setColor(color);
    g.setStroke(dash.length == 0
        ? new BasicStroke((float) pen, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND)
        : new BasicStroke((float) pen, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1, dash, 0));
    g.draw(shape);
  }
}

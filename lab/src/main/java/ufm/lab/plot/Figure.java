package ufm.lab.plot;

/** Something that can be drawn on a canvas of a given size. */
public interface Figure {
  /** Width in points. */
  double width();

  /** Height in points. */
  double height();

  /** Draws itself; the canvas is white. */
  void draw(Canvas canvas);
}

package ufm.lab.plot;

import de.erichseifert.vectorgraphics2d.Document;
import de.erichseifert.vectorgraphics2d.Processor;
import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.pdf.PDFProcessor;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Locale;
import ufm.lab.db.ResultsError;
import ufm.lab.io.PngFile;
import ufm.lab.io.WholeFile;

/** Writes a figure to a file, whole or not at all; the ending of the name chooses PNG, SVG or PDF. */
public final class FigureFile {
  /** Pixels of a PNG for each point of a figure. */
  static final int PIXELS = 2;

  private static final double MILLIMETRES_PER_POINT = 25.4 / 72;

  private FigureFile() {}

  /** Whether the ending is one of a figure. */
  public static boolean supports(Path file) {
    return format(file) != null;
  }

  /**
   * Writes a figure.
   *
   * @param file ends in .png, .svg or .pdf; replaced if it exists
   * @throws ResultsError if the name ends otherwise
   * @throws ufm.lab.UnusableFile if it can't be written
   */
  public static void write(Figure figure, Path file) {
    String format = format(file);
    if (format == null) {
      throw new ResultsError(file + " has no ending of a figure, but must end in .png, .svg or .pdf.");
    }
    System.setProperty("java.awt.headless", "true");
    WholeFile.folder(file.toAbsolutePath().getParent());
    WholeFile.write(file, out -> {
      switch (format) {
        case "png" -> png(figure, out);
        case "svg" -> vector(figure, 1, new SVGProcessor()).writeTo(out);
        default -> pdf(figure, out);
      }
    });
  }

  private static String format(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    for (String ending : new String[] {"png", "svg", "pdf"}) {
      if (name.endsWith("." + ending)) {
        return ending;
      }
    }
    return null;
  }

  private static void png(Figure figure, OutputStream out) throws IOException {
    int width = (int) Math.ceil(figure.width() * PIXELS);
    int height = (int) Math.ceil(figure.height() * PIXELS);
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    Graphics2D g = image.createGraphics();
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, width, height);
    g.scale(PIXELS, PIXELS);
    figure.draw(new Canvas(g));
    g.dispose();
    PngFile.write(image, out);
  }

  /**
   * The library counts a page in millimetres, and writes an empty name before each painting operator ({@code "h/ f"}), which strict readers
   * may refuse: it becomes a space, so that all offsets stay right.
   */
  private static void pdf(Figure figure, OutputStream out) throws IOException {
    ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    vector(figure, MILLIMETRES_PER_POINT, new PDFProcessor(false)).writeTo(buffer);
    byte[] b = buffer.toByteArray();
    for (int i = 0; i + 3 < b.length; i++) {
      if (b[i] == '/' && b[i + 1] == ' ' && (b[i + 2] == 'f' || b[i + 2] == 'S') && b[i + 3] == '\n') {
        b[i] = ' ';
      }
    }
    out.write(b);
  }

  private static Document vector(Figure figure, double scale, Processor processor) {
    VectorGraphics2D g = new VectorGraphics2D();
    g.scale(scale, scale);
    figure.draw(new Canvas(g));
    return processor.getDocument(g.getCommands(), new PageSize(figure.width() * scale, figure.height() * scale));
  }
}

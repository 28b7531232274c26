package ufm.lab.io;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** An image as PNG. */
public final class PngFile {
  private PngFile() {}

  /**
   * Writes an image.
   *
   * @throws IOException the stream's own: the encoder works in memory, because its messages hide why a stream fails
   */
  public static void write(BufferedImage image, OutputStream out) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (MemoryCacheImageOutputStream encoded = new MemoryCacheImageOutputStream(bytes)) {
      ImageIO.write(image, "png", encoded);
    }
    bytes.writeTo(out);
  }
}

package ufm.lab.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import ufm.lab.UnusableFile;

/**
 * An array of numbers as NumPy stores it in a {@code .npy} file (format versions 1, 2 and 3).
 *
 * @param shape lengths of the axes
 * @param data entries in C order (the last axis fastest)
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">NumPy's description of the format</a>
 */
public record NpyArray(int[] shape, double[] data) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final Pattern DESCR = Pattern.compile("'descr'\\s*:\\s*'([<>|=]?)([a-zA-Z?])(\\d+)'");
  private static final Pattern FORTRAN = Pattern.compile("'fortran_order'\\s*:\\s*(True|False)");
  private static final Pattern SHAPE = Pattern.compile("'shape'\\s*:\\s*\\(([^)]*)\\)");

  /**
   * Reads a file of float64, float32, signed or unsigned integers or booleans, in either byte order, in C or Fortran order.
   *
   * @throws UnusableFile if the file can't be read, is no {@code .npy} file or holds something else
   */
  public static NpyArray read(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw UnusableFile.reading(file, e);
    }
    return parse(bytes, file.toString());
  }

  /**
   * Parses the bytes of a file.
   *
   * @param name for messages
   * @throws UnusableFile if they are no {@code .npy} file of numbers
   */
  public static NpyArray parse(byte[] bytes, String name) {
    if (bytes.length < 10 || !Arrays.equals(Arrays.copyOf(bytes, 6), MAGIC)) {
      throw new UnusableFile(name + " is no .npy file: it does not begin with NumPy's magic bytes.");
    }
    int version = bytes[6];
    if (version < 1 || version > 3) {
      throw new UnusableFile(name + " has .npy format version " + version + ", but must have 1, 2 or 3.");
    }
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int start = version == 1 ? 10 : 12;
    long length = bytes.length < start ? Long.MAX_VALUE : version == 1 ? in.getShort(8) & 0xFFFF : in.getInt(8) & 0xFFFFFFFFL;
    if (start + length > bytes.length || length < 0) {
      throw new UnusableFile(name + " is cut off: its header is incomplete.");
    }
    String header = new String(bytes, start, (int) length, version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
    Matcher descr = DESCR.matcher(header);
    Matcher fortran = FORTRAN.matcher(header);
    Matcher shape = SHAPE.matcher(header);
    if (!fortran.find() || !shape.find()) {
      throw new UnusableFile(name + " has an unusable .npy header: fortran_order or shape is missing.");
    }
    if (!descr.find()) {
      throw new UnusableFile(name + " holds entries of another kind than numbers, but must hold float64, float32 or integers.");
    }
    int[] axes;
    long size;
    try {
      axes = Arrays.stream(shape.group(1).split(",")).map(String::strip).filter(s -> !s.isEmpty()).mapToInt(Integer::parseInt).toArray();
      size = Arrays.stream(axes).asLongStream().reduce(1, Math::multiplyExact);
    } catch (ArithmeticException | NumberFormatException e) {
      throw new UnusableFile(name + " has the shape (" + shape.group(1) + "), but must have a shape of whole numbers.");
    }
    char kind = descr.group(2).charAt(0);
    int width = Integer.parseInt(descr.group(3));
    if (!supported(kind, width)) {
      throw new UnusableFile(name + " holds entries of type " + kind + width + ", but must hold float64, float32 or integers.");
    }
    long first = start + length;
    if (bytes.length - first < size * width) {
      throw new UnusableFile(name + " is cut off: it holds " + (bytes.length - first) / width + " of " + size + " entries.");
    }
    in.order(descr.group(1).equals(">") ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN).position((int) first);
    double[] data = new double[(int) size];
    for (int i = 0; i < data.length; i++) {
      data[i] = entry(in, kind, width);
    }
    return new NpyArray(axes, fortran.group(1).equals("True") ? transposed(axes, data) : data);
  }

  /** The bytes of a version 1 file: float64, little-endian, C order. */
  public byte[] bytes() {
    String shapeText = Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(", ")) + (shape.length == 1 ? "," : "");
    String dictionary = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + shapeText + "), }";
    int header = (10 + dictionary.length() + 1 + 63) / 64 * 64;
    ByteBuffer out = ByteBuffer.allocate(header + 8 * data.length).order(ByteOrder.LITTLE_ENDIAN);
    out.put(MAGIC).put((byte) 1).put((byte) 0).putShort((short) (header - 10));
    out.put((dictionary + " ".repeat(header - 11 - dictionary.length()) + "\n").getBytes(StandardCharsets.ISO_8859_1));
    for (double x : data) {
      out.putDouble(x);
    }
    return out.array();
  }

  /** A matrix, given as rows. */
  public static NpyArray of(double[][] rows) {
    return new NpyArray(new int[] {rows.length, rows[0].length}, Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray());
  }

  /**
   * The array as rows; it must have two axes.
   *
   * @param name for messages
   * @throws UnusableFile if it has not
   */
  public double[][] rows(String name) {
    if (shape.length != 2) {
      throw new UnusableFile(name + " has the shape " + Arrays.toString(shape) + ", but must have two axes (rows, columns).");
    }
    double[][] out = new double[shape[0]][];
    for (int i = 0; i < out.length; i++) {
      out[i] = Arrays.copyOfRange(data, i * shape[1], (i + 1) * shape[1]);
    }
    return out;
  }

  private static boolean supported(char kind, int width) {
    return switch (kind) {
      case 'f' -> width == 4 || width == 8;
      case 'i', 'u' -> width == 1 || width == 2 || width == 4 || width == 8;
      case 'b' -> width == 1;
      default -> false;
    };
  }

  private static double entry(ByteBuffer in, char kind, int width) {
    if (kind == 'f') {
      return width == 4 ? in.getFloat() : in.getDouble();
    }
    boolean unsigned = kind == 'u';
    return switch (width) {
      case 1 -> unsigned ? in.get() & 0xFF : in.get();
      case 2 -> unsigned ? in.getShort() & 0xFFFF : in.getShort();
      case 4 -> unsigned ? in.getInt() & 0xFFFFFFFFL : in.getInt();
      default -> unsigned ? unsigned(in.getLong()) : in.getLong();
    };
  }

  private static double unsigned(long bits) {
    return bits >= 0 ? bits : (double) ((bits >>> 1) | (bits & 1)) * 2;
  }

  /** Fortran order (first axis fastest) to C order. */
  private static double[] transposed(int[] shape, double[] data) {
    double[] out = new double[data.length];
    int[] index = new int[shape.length];
    for (double x : data) {
      int at = 0;
      for (int axis = 0; axis < shape.length; axis++) {
        at = at * shape[axis] + index[axis];
      }
      out[at] = x;
      for (int axis = 0; axis < shape.length && ++index[axis] == shape[axis]; axis++) {
        index[axis] = 0;
      }
    }
    return out;
  }
}

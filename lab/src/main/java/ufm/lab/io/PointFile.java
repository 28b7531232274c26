package ufm.lab.io;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import ufm.lab.UnusableFile;
import ufm.problem.Point;
import ufm.problem.UfmProblem;

/**
 * A point as other programs hand it over: W (K x d), H (d x N, or K columns of class means), b (K), and the labels of the columns of H.
 *
 * @param w row-major, null where not given
 * @param h row-major, null where not given
 * @param b null where not given
 * @param labels 0-based, null where not given
 * @param name for messages
 */
public record PointFile(double[][] w, double[][] h, double[] b, int[] labels, String name) {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  /**
   * Reads {@code {"W": [[..]], "H": [[..]], "b": [..], "labels": [..]}}; a matrix may also be {@code {"rows", "cols", "data"}} with the
   * data row by row, and the point may stand under {@code "point"}, as in the output of solve.
   *
   * @throws UnusableFile if the file can't be read or holds something else
   */
  public static PointFile read(Path file) {
    JsonNode root;
    try {
      root = JSON.readTree(Files.readAllBytes(file));
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      throw new UnusableFile(file + (at == null ? "" : ":" + at.getLineNr()) + " is no valid JSON: " + e.getOriginalMessage().split("\n")[0] + ".");
    } catch (IOException e) {
      throw UnusableFile.reading(file, e);
    }
    String name = file.toString();
    if (root.has("point") && root.get("point").isObject()) {
      root = root.get("point");
    }
    if (!root.isObject()) {
      throw new UnusableFile(name + " holds no point: it must be a JSON object with W, H and, where there is a bias, b.");
    }
    for (var fields = root.fieldNames(); fields.hasNext(); ) {
      String key = fields.next();
      if (!Arrays.asList("W", "H", "b", "labels").contains(key)) {
        throw new UnusableFile(name + " has the key " + key + ", but a point has only W, H, b and labels.");
      }
    }
    return new PointFile(
        matrix(root.get("W"), "W", name), matrix(root.get("H"), "H", name), vector(root.get("b"), "b", name), labels(root.get("labels"), name), name);
  }

  /**
   * Reads arrays of {@code .npy} files.
   *
   * @param w file of W, null for none
   * @param h file of H, null for none
   * @param b file of b, null for none
   * @param labels file of the labels, null for none
   */
  public static PointFile read(Path w, Path h, Path b, Path labels) {
    return new PointFile(
        w == null ? null : NpyArray.read(w).rows(w.toString()),
        h == null ? null : NpyArray.read(h).rows(h.toString()),
        b == null ? null : NpyArray.read(b).data(),
        labels == null ? null : wholes(NpyArray.read(labels).data(), labels.toString()),
        "the point");
  }

  /**
   * The problem with the labels given here in place of its own.
   *
   * @throws UnusableFile if they are no labels of the problem's classes
   */
  public UfmProblem relabel(UfmProblem p) {
    if (labels == null) {
      return p;
    }
    try {
      return p.toBuilder().labels(labels).build();
    } catch (ufm.problem.InvalidProblem e) {
      throw new UnusableFile(name + ": " + e.getMessage());
    }
  }

  /**
   * The point, checked against a problem.
   *
   * @param p problem, with these labels where they are given
   * @param fixedW W of a fixed classifier (row-major), taken where W is not given; null where W is learned
   * @throws UnusableFile if something is missing, not finite or of the wrong shape
   */
  public Point point(UfmProblem p, double[][] fixedW) {
    double[][] weights = w == null ? fixedW : w;
    require(weights != null, "W is missing, but must be a matrix of K = " + p.classes() + " rows and d = " + p.dimension() + " columns.");
    require(h != null, "H is missing, but must be a matrix of d = " + p.dimension() + " rows and N = " + p.samples() + " columns.");
    shape(weights, "W", p.classes(), "K", p.dimension(), "d");
    shape(h, "H", p.dimension(), "d", h.length == p.dimension() && h[0].length == p.classes() ? p.classes() : p.samples(), "N");
    require(
        b != null || !p.bias().present(),
        "b is missing, but must be a list of K = " + p.classes() + " numbers because bias is " + p.bias().label()
            + " (the key b of the JSON file, or --b FILE beside --W and --H).");
    if (b != null) {
      require(b.length == p.classes(), "b has " + b.length + " entries, but must have K = " + p.classes() + ".");
      require(p.bias().present() || Arrays.stream(b).allMatch(x -> x == 0), "b is given, but bias is none.");
      for (int k = 0; k < b.length; k++) {
        finite(b[k], "b[" + k + "]");
      }
    }
    if (fixedW != null && w != null) {
      for (int k = 0; k < fixedW.length; k++) {
        for (int j = 0; j < fixedW[k].length; j++) {
          require(
              Math.abs(fixedW[k][j] - w[k][j]) <= 1e-9 * (1 + Math.abs(fixedW[k][j])),
              "W[" + k + "][" + j + "] is " + w[k][j] + ", but the classifier is fixed with " + fixedW[k][j] + " there.");
        }
      }
    }
    return Point.of(fixedW != null ? fixedW : weights, h, p.bias().present() ? b : null);
  }

  /** What {@link #read(Path)} reads: W, H and, where there is one, b, as nested lists. */
  public static Map<String, Object> tree(Point point) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("W", point.wRows());
    out.put("H", point.hRows());
    if (point.b() != null) {
      out.put("b", point.b());
    }
    return out;
  }

  private void shape(double[][] a, String field, int rows, String rowName, int cols, String colName) {
    require(
        a.length == rows && a[0].length == cols,
        field + " is a matrix of " + a.length + " x " + a[0].length + ", but must be " + rowName + " x " + colName + " = " + rows + " x " + cols + ".");
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < cols; j++) {
        finite(a[i][j], field + "[" + i + "][" + j + "]");
      }
    }
  }

  private void finite(double x, String field) {
    require(Double.isFinite(x), field + " is " + x + ", but must be a finite number.");
  }

  private void require(boolean condition, String sentence) {
    if (!condition) {
      throw new UnusableFile(name + ": " + sentence);
    }
  }

  private static double[][] matrix(JsonNode node, String field, String name) {
    if (node == null) {
      return null;
    }
    if (node.isObject() && node.path("rows").isInt() && node.path("cols").isInt() && node.path("data").isArray()) {
      int rows = node.get("rows").intValue();
      int cols = node.get("cols").intValue();
      double[] data = vector(node.get("data"), field + ".data", name);
      if (rows < 1 || cols < 1 || data.length != (long) rows * cols) {
        throw new UnusableFile(name + ": " + field + ".data has " + data.length + " entries, but must have rows x cols = " + rows + " x " + cols + ".");
      }
      double[][] out = new double[rows][];
      for (int i = 0; i < rows; i++) {
        out[i] = Arrays.copyOfRange(data, i * cols, (i + 1) * cols);
      }
      return out;
    }
    if (!node.isArray() || node.isEmpty() || !node.get(0).isArray() || node.get(0).isEmpty()) {
      throw new UnusableFile(name + ": " + field + " is no matrix, but must be a list of rows or {rows, cols, data}.");
    }
    double[][] out = new double[node.size()][];
    for (int i = 0; i < out.length; i++) {
      out[i] = vector(node.get(i), field + "[" + i + "]", name);
      if (out[i].length != out[0].length) {
        throw new UnusableFile(
            name + ": " + field + "[" + i + "] has " + out[i].length + " entries, but must have " + out[0].length + " as the first row.");
      }
    }
    return out;
  }

  private static double[] vector(JsonNode node, String field, String name) {
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isArray()) {
      throw new UnusableFile(name + ": " + field + " is no list, but must be a list of numbers.");
    }
    double[] out = new double[node.size()];
    for (int i = 0; i < out.length; i++) {
      JsonNode x = node.get(i);
      boolean number = x.isNumber() || x.isTextual() && x.textValue().equals("NaN");
      if (!number) {
        throw new UnusableFile(name + ": " + field + "[" + i + "] is " + x + ", but must be a finite number.");
      }
      out[i] = x.isNumber() ? x.doubleValue() : Double.NaN;
    }
    return out;
  }

  private static int[] labels(JsonNode node, String name) {
    double[] list = vector(node, "labels", name);
    return list == null ? null : wholes(list, name + ": labels");
  }

  private static int[] wholes(double[] list, String name) {
    int[] out = new int[list.length];
    for (int i = 0; i < out.length; i++) {
      out[i] = (int) list[i];
      if (out[i] != list[i]) {
        throw new UnusableFile(name + " has the entry " + list[i] + ", but must hold whole numbers.");
      }
    }
    return out;
  }
}

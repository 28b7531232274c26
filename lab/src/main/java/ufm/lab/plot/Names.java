package ufm.lab.plot;

import java.util.Map;

/** How fields and quantities are written in figures, in the markup of {@link Canvas}. */
public final class Names {
  private static final Map<String, String> FIELDS =
      Map.ofEntries(
          Map.entry("lambda.W", "\u03bb_{W}"),
          Map.entry("lambda.H", "\u03bb_{H}"),
          Map.entry("lambda.b", "\u03bb_{b}"),
          Map.entry("classes", "number of classes K"),
          Map.entry("dimension", "feature dimension d"),
          Map.entry("samples-per-class", "samples per class n"),
          Map.entry("imbalance.ratio", "imbalance ratio R"),
          Map.entry("imbalance.majority", "samples of a majority class"),
          Map.entry("imbalance.minorities", "number of minority classes"),
          Map.entry("loss.gamma", "focusing exponent \u03b3"),
          Map.entry("loss.alpha", "smoothing \u03b1"),
          Map.entry("classifier.row-norm", "row norm of the fixed classifier"));

  private static final Map<String, String> QUANTITIES =
      Map.ofEntries(
          Map.entry("value", "objective f"),
          Map.entry("f_star", "f^{*} (theory)"),
          Map.entry("difference", "f \u2212 f^{*} (theory)"),
          Map.entry("gap", "duality gap"),
          Map.entry("relative_gap", "relative duality gap"),
          Map.entry("margin", "smallest logit margin"),
          Map.entry("W_norm", "|W|_{F}"),
          Map.entry("H_norm", "|H|_{F}"),
          Map.entry("nc1", "NC1"),
          Map.entry("nc2_W", "NC2 (classifier)"),
          Map.entry("nc2_H", "NC2 (features)"),
          Map.entry("nc3", "NC3"),
          Map.entry("nc4_agreement", "NC4 agreement"),
          Map.entry("starts_at_best", "starts that reach the best value"),
          Map.entry("iterations", "iterations"),
          Map.entry("seconds", "seconds"));

  private Names() {}

  /** A field of an experiment. */
  public static String field(String name) {
    return FIELDS.getOrDefault(name, name);
  }

  /** A column of the results. */
  public static String quantity(String name) {
    return QUANTITIES.getOrDefault(name, name.replace('_', ' '));
  }

  /** Whether a quantity is drawn on a logarithmic scale where it is positive: errors and variances that reach rounding. */
  public static boolean logarithmic(String quantity) {
    return quantity.startsWith("nc1") || quantity.startsWith("nc2") || quantity.startsWith("nc3") || quantity.endsWith("gap")
        || quantity.startsWith("cdnv") || quantity.startsWith("equi") || quantity.startsWith("max_angle") || quantity.equals("seconds")
        || quantity.equals("difference");
  }
}

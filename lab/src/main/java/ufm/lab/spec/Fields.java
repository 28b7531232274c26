package ufm.lab.spec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import ufm.theory.Threshold;

/** All fields of the schema {@code ufm/1}: the one place that the reader, the JSON Schema and the documentation are held against. */
final class Fields {
  /** Version written in files. */
  static final String VERSION = "ufm/1";

  /** Section to the field that a single value in its place stands for: {@code loss: ce} is {@code loss: {name: ce}}. */
  static final Map<String, String> SHORTHAND =
      Map.of(
          "loss", "loss.name",
          "classifier", "classifier.kind",
          "simulate.optimizer", "simulate.optimizer.name",
          "simulate.optimizer.schedule", "simulate.optimizer.schedule.name",
          "simulate.record", "simulate.record.every");

  /** Other names of fields. */
  static final Map<String, String> ALIASES = Map.of("classifier.etf", "classifier.row-norm");

  /** Groups of fields (or sections) that exclude each other. */
  static final List<List<String>> EXCLUSIVE =
      List.of(
          List.of("samples-per-class", "counts", "imbalance", "labels"),
          List.of("classifier.kind", "classifier.row-norm", "classifier.W"),
          List.of("simulate.start", "simulate.point"),
          List.of("simulate.record.every", "simulate.record.per-decade"));

  private static final Map<String, Field> ALL = new LinkedHashMap<>();
  private static final Set<String> SECTIONS = new TreeSet<>();

  static {
    // Products of a few such numbers, and their squares, stay within the range of a double.
    FieldType.Real positive = new FieldType.Real(1e-30, false, 1e30, false);
    FieldType penalty = new FieldType.ZeroOr(positive);
    FieldType below1 = new FieldType.Real(0, false, 1, true);
    FieldType upTo1 = new FieldType.Real(0, false, 1, false);
    FieldType count = new FieldType.Whole(1, 100_000_000);
    FieldType seed = new FieldType.Whole(0, Long.MAX_VALUE);
    FieldType iterations = new FieldType.Whole(1, 1_000_000_000_000L);
    FieldType start = choice("gaussian", "uniform");

    add("schema", choice(VERSION), VERSION, "Version of the format.");
    add("name", new FieldType.FileName(), "experiment", "Name of the experiment, used in titles and for output files.");
    add("classes", new FieldType.Whole(2, 1_000_000), null, "Number of classes K. Required.");
    add("dimension", new FieldType.Whole(1, 1_000_000), null, "Dimension d of a feature vector. Default: the number of classes.");
    add("samples-per-class", count, null, "Samples of every class (balanced). Default 1 where no counts, imbalance or labels are given.");
    add("counts", new FieldType.Wholes(1), null, "Number of samples of each class, a list of K numbers.");
    add("imbalance.majority", count, null, "Step imbalance: samples of a majority class (the first classes). Required in imbalance.");
    add("imbalance.ratio", new FieldType.Real(1, false, Double.POSITIVE_INFINITY, true), null,
        "Imbalance ratio R: a minority class has majority/R samples, a whole number. Required in imbalance.");
    add("imbalance.minorities", new FieldType.Whole(0, 1_000_000), null, "How many of the last classes are minorities. Default: K/2, rounded down.");
    add("labels", new FieldType.Wholes(0), null, "Class of each sample, 0-based, in the order of the columns of H, in place of class by class.");
    add("loss.name", choice("ce", "mse", "focal", "ls", "ls_torch"), "ce",
        "ce: cross-entropy; mse: |z - e_y|^2/2; focal: -(1-p_y)^gamma log p_y; ls: label smoothing with q_y = 1-alpha, others alpha/(K-1);"
            + " ls_torch: q = (1-alpha) e_y + alpha/K.");
    add("loss.gamma", new FieldType.Real(0, false, 1000, false), 2.0, "loss.name", "focal", "Focusing exponent of the focal loss.");
    add("loss.alpha", below1, 0.1, "loss.name", "ls ls_torch", "Smoothing mass of label smoothing.");
    add("lambda.W", penalty, 5e-4, "Weight of the penalty (lambda.W/2)|W|^2. Not used where the classifier is fixed.");
    add("lambda.H", penalty, 5e-4, "Weight of the penalty (lambda.H/2)|H|^2, summed over all N columns.");
    add("lambda.b", positive, null, "bias", "ridge", "Weight of the penalty (lambda.b/2)|b|^2. Required with bias: ridge.");
    add("bias", choice("none", "free", "ridge"), "none", "No bias, a bias without penalty, or one with the penalty lambda.b.");
    add("classifier.kind", choice("learned", "etf"), "learned",
        "learned: W is optimised; etf: W is a fixed simplex equiangular tight frame with rows of norm 1.");
    add("classifier.row-norm", positive, null, "W is a fixed simplex equiangular tight frame with rows of this norm (short: etf).");
    add("classifier.W", new FieldType.Matrix(), null, "W is fixed to this K x d matrix, a list of rows.");
    add("features", choice("free", "non-negative"), "free", "Whether the entries of H may have any sign.");

    add("solve.starts", new FieldType.Whole(1, 100_000), 8L, "Random starts.");
    add("solve.seed", seed, 1L, "Seed of the random starts.");
    add("solve.start", start, "gaussian", "Law of a start: standard normal entries, or uniform in +-1/sqrt(d).");
    add("solve.scale", positive, 1.0, "Factor on the entries of a start.");
    add("solve.reduce", new FieldType.Flag(), true, "Whether N columns may be reduced to K class means where theory allows it.");
    add("solve.tolerance", new FieldType.Real(1e-16, false, 1e-2, false), 1e-12, "Gradient relative to the size of its terms at which a start is done.");
    add("solve.max-iterations", iterations, 10_000L, "Budget of iterations of each start.");

    add("simulate.optimizer.name", choice("gd", "adam", "lbfgs", "flow"), "gd",
        "Gradient descent, Adam, L-BFGS, or the gradient flow by Dormand-Prince 5(4).");
    add("simulate.optimizer.lr", positive, null, "simulate.optimizer.name", "gd adam", "Learning rate. Default 0.1 for gd, 0.001 for adam.");
    add("simulate.optimizer.momentum", below1, 0.0, "simulate.optimizer.name", "gd", "Momentum in PyTorch's form.");
    add("simulate.optimizer.nesterov", new FieldType.Flag(), false, "simulate.optimizer.name", "gd", "Nesterov's form of momentum.");
    add("simulate.optimizer.dampening", upTo1, 0.0, "simulate.optimizer.name", "gd", "Dampening of the momentum in PyTorch's form.");
    add("simulate.optimizer.beta1", below1, 0.9, "simulate.optimizer.name", "adam", "Decay of the mean of gradients.");
    add("simulate.optimizer.beta2", below1, 0.999, "simulate.optimizer.name", "adam", "Decay of the mean of squared gradients.");
    add("simulate.optimizer.epsilon", positive, 1e-8, "simulate.optimizer.name", "adam", "Added to the root of the mean square.");
    add("simulate.optimizer.memory", new FieldType.Whole(1, 1000), 10L, "simulate.optimizer.name", "lbfgs", "Number of stored pairs.");
    add("simulate.optimizer.rtol", positive, 1e-8, "simulate.optimizer.name", "flow", "Relative tolerance of a step.");
    add("simulate.optimizer.atol", positive, 1e-10, "simulate.optimizer.name", "flow", "Absolute tolerance of a step.");
    add("simulate.optimizer.end-time", positive, null, "simulate.optimizer.name", "flow", "Time at which the flow ends. Default: no end but the iterations.");
    add("simulate.optimizer.schedule.name", choice("constant", "step", "linear", "cosine"), "constant", "simulate.optimizer.name", "gd adam",
        "How the learning rate changes.");
    add("simulate.optimizer.schedule.every", iterations, 1000L, "simulate.optimizer.schedule.name", "step", "Iterations between two drops.");
    add("simulate.optimizer.schedule.factor", new FieldType.Real(0, true, 1, false), 0.1, "simulate.optimizer.schedule.name", "step", "Factor of a drop.");
    add("simulate.optimizer.schedule.end", upTo1, 0.0, "simulate.optimizer.schedule.name", "linear cosine",
        "Last learning rate as a fraction of the first.");
    add("simulate.iterations", iterations, 10_000L, "Budget of iterations.");
    add("simulate.tolerance", below1, 0.0, "Stops at a gradient this small relative to the size of its terms; 0: never.");
    add("simulate.record.every", iterations, 100L, "Records every so many iterations (and the first and last).");
    add("simulate.record.per-decade", new FieldType.Whole(1, 1000), null, "Records so many iterations a decade, evenly on a log axis.");
    add("simulate.start", start, "gaussian", "Law of the start: standard normal entries, or uniform in +-1/sqrt(d).");
    add("simulate.point", new FieldType.Text(), null, "File with the starting point (JSON with W, H, b), in place of a random start.");
    add("simulate.seed", seed, 1L, "Seed of the random start.");
    add("simulate.scale", positive, 0.1, "Factor on the entries of the random start.");

    add("sweep.axes[].field", new FieldType.Text(), null, "Field that the axis runs over: any number or name of this table, as lambda.W.");
    add("sweep.axes[].from", FieldType.FINITE, null, "First value.");
    add("sweep.axes[].to", FieldType.FINITE, null, "Last value.");
    add("sweep.axes[].points", new FieldType.Whole(2, 100_000), null, "Number of values, both ends included. A grid has at most 4,000,000 cells.");
    add("sweep.axes[].scale", choice("linear", "log"), "linear", "Spacing of the values, and how the axis is drawn.");
    add("sweep.axes[].values", new FieldType.Values(), null, "The values one by one, in place of from, to and points.");
    add("sweep.starts", new FieldType.Whole(1, 100_000), 4L, "Random starts of each cell.");
    add("sweep.quantity", new FieldType.Text(), "nc2_H", "What the heat map shows: a metric, value, margin or gap.");
    add("sweep.theory", new FieldType.Text(), null, "Threshold drawn over the heat map: " + String.join(", ", Threshold.NAMES) + ". Default: none.");
  }

  private Fields() {}

  private static FieldType choice(String... names) {
    return new FieldType.Choice(List.of(names));
  }

  private static void add(String name, FieldType type, Object initial, String text) {
    add(name, type, initial, null, "", text);
  }

  private static void add(String name, FieldType type, Object initial, String depends, String when, String text) {
    ALL.put(name, new Field(name, type, initial, depends, when.isEmpty() ? List.of() : Arrays.asList(when.split(" ")), text));
    for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', dot + 1)) {
      SECTIONS.add(name.substring(0, dot));
    }
  }

  /** All fields in the order of the documentation. */
  static List<Field> all() {
    return List.copyOf(ALL.values());
  }

  /** The field of that name, aliases and list indices included, or null. */
  static Field find(String name) {
    return ALL.get(pattern(name));
  }

  /** Whether fields stand below that name. */
  static boolean section(String name) {
    return name.isEmpty() || SECTIONS.contains(pattern(name));
  }

  /** Whether it is a list of sections. */
  static boolean list(String name) {
    return SECTIONS.contains(pattern(name) + "[]");
  }

  /** Keys that may stand in a section, without aliases. */
  static List<String> keys(String section) {
    String prefix = section.isEmpty() ? "" : pattern(section) + ".";
    List<String> out = new ArrayList<>();
    for (String name : ALL.keySet()) {
      if (name.startsWith(prefix)) {
        String key = name.substring(prefix.length()).split("[.\\[]", 2)[0];
        if (!out.contains(key)) {
          out.add(key);
        }
      }
    }
    return out;
  }

  /** The canonical name of a field or section: an alias is replaced. */
  static String canonical(String name) {
    return ALIASES.getOrDefault(name, name);
  }

  private static String pattern(String name) {
    return canonical(name).replaceAll("\\[\\d+]", "[]");
  }
}

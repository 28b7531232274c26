package ufm.lab.spec;

import java.util.List;
import ufm.problem.Bias;
import ufm.problem.Classifier;
import ufm.problem.InvalidProblem;
import ufm.problem.Loss;
import ufm.problem.UfmProblem;

/** Builds the problem from checked fields. */
final class ProblemBuilder {
  private static final long LARGEST_BLOCK = 2_000_000_000;

  private ProblemBuilder() {}

  /**
   * The problem.
   *
   * @throws SpecError where the fields do not fit together, with the line of the field to blame
   */
  static UfmProblem build(Given given) {
    if (!given.has("classes")) {
      throw new SpecError(
          new Where(given.origin(), 0).prefix() + "classes is missing, but must be " + Fields.find("classes").type().allowed()
              + " (in the file, or as --set classes=4).");
    }
    try {
      int classes = whole(given, "classes");
      int dimension = given.has("dimension") ? whole(given, "dimension") : classes;
      UfmProblem.Builder b = UfmProblem.builder(classes, dimension);
      samples(given, b, classes);
      size(given, b.build());
      return b.loss(loss(given))
          .lambdaW(real(given, "lambda.W"))
          .lambdaH(real(given, "lambda.H"))
          .bias(bias(given))
          .classifier(classifier(given))
          .nonNegativeFeatures("non-negative".equals(Rules.value(given, "features")))
          .build();
    } catch (InvalidProblem e) {
      throw new SpecError(given.where(e.field()).prefix() + e.getMessage());
    }
  }

  /** A block of variables must fit an array of the host. */
  private static void size(Given given, UfmProblem p) {
    long largest = (long) p.dimension() * Math.max(p.samples(), p.classes());
    if (largest > LARGEST_BLOCK) {
      throw new SpecError(
          given.where("dimension").prefix() + "dimension times samples is " + largest + ", but must be at most " + LARGEST_BLOCK + ".");
    }
  }

  private static void samples(Given given, UfmProblem.Builder b, int classes) {
    if (given.has("counts")) {
      b.counts(wholes(given, "counts"));
    } else if (given.has("labels")) {
      b.labels(wholes(given, "labels"));
    } else if (given.has("imbalance")) {
      int minorities = given.has("imbalance.minorities") ? whole(given, "imbalance.minorities") : classes / 2;
      b.stepImbalance(whole(given, "imbalance.majority"), real(given, "imbalance.ratio"), minorities);
    } else if (given.has("samples-per-class")) {
      long n = (long) given.get("samples-per-class");
      if (n * classes > 100_000_000) {
        throw new InvalidProblem("samples-per-class", n, "at most " + 100_000_000 / classes + " for " + classes + " classes");
      }
      b.samplesPerClass((int) n);
    }
  }

  private static Loss loss(Given given) {
    return switch ((String) Rules.value(given, "loss.name")) {
      case "mse" -> new Loss.MeanSquaredError();
      case "focal" -> new Loss.Focal(real(given, "loss.gamma"));
      case "ls" -> new Loss.LabelSmoothing(real(given, "loss.alpha"), Loss.Smoothing.TUTORIAL);
      case "ls_torch" -> new Loss.LabelSmoothing(real(given, "loss.alpha"), Loss.Smoothing.PYTORCH);
      default -> new Loss.CrossEntropy();
    };
  }

  private static Bias bias(Given given) {
    return switch ((String) Rules.value(given, "bias")) {
      case "free" -> new Bias.Free();
      case "ridge" -> new Bias.Ridge(real(given, "lambda.b"));
      default -> new Bias.None();
    };
  }

  private static Classifier classifier(Given given) {
    if (given.has("classifier.W")) {
      List<?> rows = (List<?>) given.get("classifier.W");
      double[][] w = new double[rows.size()][];
      for (int k = 0; k < w.length; k++) {
        w[k] = ((List<?>) rows.get(k)).stream().mapToDouble(x -> ((Number) x).doubleValue()).toArray();
      }
      return new Classifier.Fixed(w);
    }
    if (given.has("classifier.row-norm")) {
      return new Classifier.FixedEtf(real(given, "classifier.row-norm"));
    }
    return "etf".equals(Rules.value(given, "classifier.kind")) ? new Classifier.FixedEtf(1) : new Classifier.Learned();
  }

  private static int whole(Given given, String field) {
    return Math.toIntExact((long) Rules.value(given, field));
  }

  private static double real(Given given, String field) {
    return (double) Rules.value(given, field);
  }

  private static int[] wholes(Given given, String field) {
    return ((List<?>) given.get(field)).stream().mapToInt(n -> Math.toIntExact((long) n)).toArray();
  }
}

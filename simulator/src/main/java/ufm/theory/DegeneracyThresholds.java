package ufm.theory;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import ufm.problem.Bias;
import ufm.problem.Loss;
import ufm.problem.UfmProblem;

/** The list of thresholds of one problem; none depends on the problem's own lambda_W and lambda_H. */
final class DegeneracyThresholds {
  private static final String LOCAL =
      "W = H = 0 is a strict local minimum above this (up to b + c 1 where that changes nothing) and a strict saddle below it";

  private DegeneracyThresholds() {}

  static List<Threshold> of(UfmProblem p) {
    List<Threshold> out = new ArrayList<>();
    if (!p.classifier().learned()) {
      return out;
    }
    if (p.nonNegativeFeatures()) {
      nonNegative(p, out);
      return out;
    }
    switch (p.loss()) {
      case Loss.Focal(double gamma) -> focal(p, gamma, out);
      case Loss.MeanSquaredError mse -> {
        zero(p, out);
        meanSquaredError(p, out);
      }
      case Loss.CrossEntropy ce -> zero(p, out);
      case Loss.LabelSmoothing ls -> zero(p, out);
    }
    if (p.loss().convex()) {
      groups(p, out);
    }
    return out;
  }

  /** For a convex loss zero is globally optimal as soon as it is locally so: both are the singular value condition at zero. */
  private static void zero(UfmProblem p, List<Threshold> out) {
    double norm = ZeroSolution.of(p).spectralNorm();
    String statement = "W = H = 0 is the global minimum if and only if lambda_Z is at least this (any counts, any d)";
    out.add(new Threshold("zero-collapse", norm, statement, "Zhu et al. 2021 (2105.02375); sheet A5, E1"));
    out.add(new Threshold("zero-local", norm, LOCAL, "Zhu et al. 2021 (2105.02375); sheet F1"));
  }

  private static void focal(UfmProblem p, double gamma, List<Threshold> out) {
    if (!p.balanced()) {
      if (!p.bias().present()) {
        out.add(new Threshold("zero-local", ZeroSolution.of(p).spectralNorm(), LOCAL, "Sheet A6, E1"));
      }
      return;
    }
    FocalThresholds t = FocalThresholds.of(p.classes(), p.count(0), gamma);
    if (p.dimension() >= p.classes() - 1) {
      String order = t.firstOrder() ? "; first-order transition, the margin jumps by " + t.jump() : "";
      boolean proved = !p.bias().present() || SimplexEtf.biasKeepsOptimum(p.classes(), gamma, t.jump());
      String status = proved ? "" : "; with a bias the best known value, not proved";
      out.add(
          new Threshold(
              "zero-collapse", t.global(), "W = H = 0 is the global minimum if and only if lambda_Z is at least this" + order + status, "Sheet A6"));
    }
    out.add(new Threshold("zero-local", t.local(), LOCAL, "Zhou et al. 2022 (2210.02192); sheet A6"));
  }

  private static void meanSquaredError(UfmProblem p, List<Threshold> out) {
    double n = p.samples();
    if (!p.bias().present()) {
      for (int k = 0; k < p.classes(); k++) {
        out.add(
            new Threshold(
                "class-zero-" + k,
                Math.sqrt(p.count(k)) / n,
                "class " + k + " has zero logits and features if and only if lambda_Z is at least this (or d cuts it off)",
                "Zhou et al. 2022 (2203.01238); sheet B1"));
      }
    }
    if (p.bias() instanceof Bias.Ridge(double lb) && p.balanced() && p.dimension() >= p.classes()) {
      out.add(
          new Threshold(
              "mean-direction",
              Math.sqrt(p.count(0)) / n * lb / (1 + lb),
              "the direction of ones vanishes and the optimum is a simplex ETF if and only if lambda_Z is at least this",
              "Zhou et al. 2022 (2203.01238); sheet B4"));
    }
  }

  /** Classes of equal count merge (E2); in the balanced case this is the collapse to zero and is not listed again. */
  private static void groups(UfmProblem p, List<Threshold> out) {
    int k = p.classes();
    double s = p.loss().offClassMass(k);
    // Columns of W H sum to zero for softmax losses and for MSE with a free bias, so that K-1 dimensions suffice there.
    boolean centred = !(p.loss() instanceof Loss.MeanSquaredError) || p.bias() instanceof Bias.Free;
    if (p.balanced() || p.dimension() < (centred ? k - 1 : k) || s >= (k - 1.0) / k) {
      return;
    }
    int[] sizes = Arrays.stream(p.counts()).distinct().sorted().toArray();
    int largest = sizes[sizes.length - 1];
    boolean minority = false;
    for (int size : sizes) {
      if (Arrays.stream(p.counts()).filter(n -> n == size).count() < 2) {
        continue;
      }
      double lz = MinorityCollapse.lambdaZ(k, size, p.samples(), s);
      String statement =
          "the classes of " + size + " samples have equal classifier rows, class means and logits if and only if lambda_Z is at least this";
      String reference = "Hong and Ling 2023 (2309.09725); sheet E2";
      if (size < largest && !minority) {
        minority = true;
        out.add(new Threshold("minority-collapse", lz, statement, reference));
      }
      if (sizes.length > 2) {
        out.add(new Threshold("group-collapse-" + size, lz, statement, reference));
      } else if (size == largest) {
        out.add(new Threshold("majority-collapse", lz, statement, reference));
      }
    }
  }

  private static void nonNegative(UfmProblem p, List<Threshold> out) {
    int k = p.classes();
    double s = p.loss().offClassMass(k);
    if (p.bias().present() || s >= (k - 1.0) / k) {
      return;
    }
    double largest = 0;
    List<Threshold> classes = new ArrayList<>();
    for (int c = 0; c < k; c++) {
      double lz =
          switch (p.loss()) {
            case Loss.MeanSquaredError mse -> Math.sqrt(p.count(c)) / p.samples();
            // The split problem of one class is the balanced one up to its weight.
            case Loss.Focal(double gamma) ->
                FocalThresholds.of(k, 1, gamma).global() * Math.sqrt(p.count(c) * k * (k - 1.0)) / p.samples();
            default -> NonNegativeFeatures.classZero(k, p.count(c), p.samples(), s);
          };
      largest = Math.max(largest, lz);
      classes.add(
          new Threshold(
              "class-zero-" + c,
              lz,
              "class " + c + " has zero features if and only if lambda_Z is at least this (d at least the number of non-zero classes)",
              "Dang et al. 2024 (2401.02058); sheet E8, B1"));
    }
    out.add(new Threshold("zero-collapse", largest, "all classes have zero features from here on", "Dang et al. 2024 (2401.02058); sheet E8, B1"));
    out.addAll(classes);
  }
}

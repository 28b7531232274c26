package ufm.theory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import ufm.problem.Bias;
import ufm.problem.Classifier;
import ufm.problem.Loss;
import ufm.problem.SimplexFrame;
import ufm.problem.UfmProblem;

/** Every theorem against the objective written down a second time: value, vanishing gradient, dual certificate, no better point nearby. */
class TheoremProperties {

  @Property(tries = 150)
  void balancedSoftmaxLosses(
      @ForAll("softmaxLosses") Loss loss,
      @ForAll("biases") Bias bias,
      @ForAll @IntRange(min = 2, max = 7) int k,
      @ForAll @IntRange(min = 1, max = 4) int n,
      @ForAll @IntRange(min = 0, max = 3) int extra,
      @ForAll("penalties") double lw,
      @ForAll("penalties") double lh) {
    UfmProblem p = UfmProblem.builder(k, k - 1 + extra).samplesPerClass(n).loss(loss).bias(bias).lambdaW(lw).lambdaH(lh).build();
    checkOptimum(p);
  }

  @Property(tries = 150)
  void squaredError(
      @ForAll("counts") int[] counts,
      @ForAll("biases") Bias bias,
      @ForAll @IntRange(min = 1, max = 7) int d,
      @ForAll("penalties") double lw,
      @ForAll("penalties") double lh) {
    UfmProblem.Builder b = UfmProblem.builder(counts.length, d).loss(new Loss.MeanSquaredError()).bias(bias).lambdaW(lw).lambdaH(lh);
    UfmProblem p = bias instanceof Bias.Ridge ? b.samplesPerClass(counts[0]).build() : b.counts(counts).build();
    checkOptimum(p);
  }

  @Property(tries = 150)
  void twoClassSizes(
      @ForAll("smoothLosses") Loss loss,
      @ForAll("biases") Bias bias,
      @ForAll @IntRange(min = 1, max = 3) int ka,
      @ForAll @IntRange(min = 1, max = 3) int kb,
      @ForAll @IntRange(min = 1, max = 4) int small,
      @ForAll @IntRange(min = 1, max = 30) int more,
      @ForAll("penalties") double lw,
      @ForAll("penalties") double lh,
      @ForAll boolean minorityFirst) {
    int k = ka + kb;
    int[] counts = new int[k];
    for (int j = 0; j < k; j++) {
      counts[j] = (minorityFirst ? j >= kb : j < ka) ? small + more : small;
    }
    UfmProblem p = UfmProblem.builder(k, k - 1).counts(counts).loss(loss).bias(bias).lambdaW(lw).lambdaH(lh).build();
    checkOptimum(p);
  }

  @Property(tries = 150)
  void nonNegativeFeatures(
      @ForAll("counts") int[] counts,
      @ForAll("allLosses") Loss loss,
      @ForAll("penalties") double lw,
      @ForAll("penalties") double lh,
      @ForAll Random random) {
    int k = counts.length;
    UfmProblem p = UfmProblem.builder(k, k).counts(counts).loss(loss).lambdaW(lw).lambdaH(lh).nonNegativeFeatures(true).build();
    Prediction q = Predictions.of(p);
    assertTrue(q.closedForm() && q.global(), q.explanation());
    double[][] w = new double[k][k];
    double[][] h = new double[k][p.samples()];
    double[] norms = q.vectors().get("h_norms");
    double[][] zbar = q.matrices().get("Zbar");
    for (int c = 0; c < k; c++) {
      for (int i = 0; i < k && norms[c] > 0; i++) {
        w[i][c] = zbar[i][c] / norms[c];
      }
    }
    for (int i = 0; i < p.samples(); i++) {
      h[p.label(i)][i] = norms[p.label(i)];
    }
    NaiveModel x = new NaiveModel(p, w, h, null);
    assertEquals(q.value().orElseThrow(), x.value, 1e-13 * x.value);
    assertEquals(q.scalars().get("W_fro2"), Math.pow(NaiveModel.norm(w), 2), 1e-11 * q.scalars().get("W_fro2"));
    assertEquals(q.scalars().get("H_fro2"), Math.pow(NaiveModel.norm(h), 2), 1e-11 * q.scalars().get("H_fro2"));
    assertSmall(NaiveModel.norm(x.gw), p.lambdaW() * NaiveModel.norm(w), rounding(p) * NaiveModel.norm(h));
    double bound = p.lambdaH() * NaiveModel.norm(h) + 1e10 * rounding(p) * NaiveModel.norm(w);
    for (int c = 0; c < k; c++) {
      for (int i = 0; i < p.samples(); i++) {
        double g = x.gh[c][i];
        assertTrue(h[c][i] > 0 ? Math.abs(g) <= 1e-10 * bound : g >= -1e-10 * bound, "gradient " + g + " at h=" + h[c][i]);
      }
    }
    noBetterPointNearby(x, random);
  }

  @Property(tries = 150)
  void fixedClassifier(
      @ForAll("counts") int[] counts,
      @ForAll("allLosses") Loss loss,
      @ForAll @IntRange(min = 0, max = 2) int extra,
      @ForAll @DoubleRange(min = 0.1, max = 5) double r,
      @ForAll("penalties") double lh,
      @ForAll boolean given,
      @ForAll Random random) {
    int k = counts.length;
    int d = k - 1 + extra;
    double[] frame = SimplexFrame.classifier(k, d, r);
    double[][] w = new double[k][d];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < d; j++) {
        w[i][j] = frame[i + k * j];
      }
    }
    Classifier classifier = given ? new Classifier.Fixed(w) : new Classifier.FixedEtf(r);
    UfmProblem p = UfmProblem.builder(k, d).counts(counts).loss(loss).lambdaH(lh).classifier(classifier).build();
    Prediction q = Predictions.of(p);
    assertTrue(q.closedForm() && q.global(), q.explanation());
    double[][] h = new double[d][p.samples()];
    for (int i = 0; i < p.samples(); i++) {
      for (int j = 0; j < d; j++) {
        h[j][i] = q.scalars().get("beta") * w[p.label(i)][j] / r;
      }
    }
    NaiveModel x = new NaiveModel(p, w, h, null);
    assertEquals(q.value().orElseThrow(), x.value, 1e-13 * x.value);
    assertSmall(NaiveModel.norm(x.gh), p.lambdaH() * NaiveModel.norm(h), rounding(p) * NaiveModel.norm(w));
    noBetterPointNearby(x, random);
  }

  @Property(tries = 150)
  void lowDimensionalCodesAreCriticalAndAboveTheBound(
      @ForAll @IntRange(min = 2, max = 4) int half,
      @ForAll boolean plane,
      @ForAll @IntRange(min = 1, max = 3) int n,
      @ForAll @DoubleRange(min = -4, max = 0) double exponent,
      @ForAll Random random) {
    int k = plane ? half + 2 : 2 * half;
    int d = plane ? 2 : half;
    if (d >= k - 1) {
      return;
    }
    double lambda = Math.pow(10, exponent) / k;
    UfmProblem p = UfmProblem.builder(k, d).samplesPerClass(n).lambdaW(lambda).lambdaH(lambda / 3).build();
    Prediction q = Predictions.of(p);
    assertTrue(q.closedForm(), q.explanation());
    assertEquals(q.scalars().get("nuclear_norm") == 0, q.global(), "only zero is proved global here");
    NaiveModel x = checkPoint(p, q);
    if (!q.global()) {
      assertTrue(q.scalars().get("lower_bound") <= x.value * (1 + 1e-15));
    }
    noBetterPointNearby(x, random);
  }

  @Property(tries = 150)
  void zeroIsOptimalExactlyFromItsThreshold(
      @ForAll("counts") int[] counts, @ForAll("convexLosses") Loss loss, @ForAll("biases") Bias bias, @ForAll @IntRange(min = 1, max = 5) int d) {
    UfmProblem.Builder b = UfmProblem.builder(counts.length, d).counts(counts).loss(loss).bias(bias);
    double threshold = Predictions.threshold(b.build(), "zero-collapse").orElseThrow();
    Prediction above = Predictions.of(b.lambdaW(2 * threshold * (1 + 1e-9)).lambdaH(threshold / 2).build());
    assertTrue(above.closedForm() && above.scalars().get("rank") == 0, above.explanation());
    NaiveModel x = checkPoint(b.build(), above);
    assertTrue(x.gradientSpectralNorm() <= threshold * (1 + 1e-12));
    UfmProblem p = b.lambdaW(2 * threshold * (1 - 1e-3)).build();
    Prediction below = Predictions.of(p);
    assertFalse(below.closedForm() && below.scalars().get("rank") == 0, "zero claimed below the threshold");
    if (below.closedForm()) {
      double drop = x.value - below.value().orElseThrow();
      assertTrue(drop > 0 && drop < 1e-3 * x.value, "the value is not continuous at the threshold: " + drop);
    }
  }

  @Property(tries = 150)
  void groupsMergeExactlyFromTheirThreshold(
      @ForAll("smoothLosses") Loss loss,
      @ForAll("biases") Bias bias,
      @ForAll @IntRange(min = 2, max = 3) int ka,
      @ForAll @IntRange(min = 2, max = 3) int kb,
      @ForAll @IntRange(min = 2, max = 20) int large) {
    int[] counts = new int[ka + kb];
    Arrays.fill(counts, 0, ka, large);
    Arrays.fill(counts, ka, ka + kb, 1);
    UfmProblem.Builder b = UfmProblem.builder(ka + kb, ka + kb).counts(counts).loss(loss).bias(bias);
    double lz = Predictions.threshold(b.build(), "minority-collapse").orElseThrow();
    Prediction merged = Predictions.of(b.lambdaW(lz * 1.01).lambdaH(lz).build());
    Prediction apart = Predictions.of(b.lambdaW(lz * 0.99).lambdaH(lz).build());
    assertEquals(0, merged.scalars().get("two_group_b"));
    assertTrue(apart.scalars().get("two_group_b") > 0);
    checkOptimum(b.lambdaW(lz * 1.01).build());
    checkOptimum(b.lambdaW(lz * 0.99).build());
    if (loss instanceof Loss.CrossEntropy) {
      assertEquals(large, MinorityCollapse.ratio(lz, 1, ka, kb, 0), 1e-9 * large);
    }
  }

  @Property(tries = 300)
  void everyProblemGetsAnAnswerThatIsFinite(
      @ForAll("extremeLosses") Loss loss,
      @ForAll("biases") Bias bias,
      @ForAll("extremeCounts") int[] counts,
      @ForAll @IntRange(min = 1, max = 14) int d,
      @ForAll("extremePenalties") double lw,
      @ForAll("extremePenalties") double lh,
      @ForAll boolean nonNegative,
      @ForAll boolean learned) {
    UfmProblem p =
        UfmProblem.builder(counts.length, d)
            .counts(counts)
            .loss(loss)
            .bias(bias)
            .lambdaW(lw)
            .lambdaH(lh)
            .nonNegativeFeatures(nonNegative)
            .classifier(learned || d < counts.length - 1 ? new Classifier.Learned() : new Classifier.FixedEtf(1))
            .build();
    Prediction q = Predictions.of(p);
    assertEquals(q.closedForm(), q.value().isPresent());
    assertTrue(q.closedForm() || !q.global());
    assertTrue(q.explanation().length() > 20 && q.reference().length() > 4);
    q.scalars().forEach((name, x) -> assertTrue(Double.isFinite(x), name + " is " + x + " for " + p));
    q.vectors().forEach((name, v) -> assertTrue(Arrays.stream(v).allMatch(Double::isFinite), name + " for " + p));
    q.matrices().values().forEach(m -> assertTrue(Arrays.stream(m).flatMapToDouble(Arrays::stream).allMatch(Double::isFinite)));
    double[] sv = q.vectors().getOrDefault("sv", new double[0]);
    for (int i = 1; i < sv.length; i++) {
      assertTrue(sv[i] <= sv[i - 1] && sv[i] >= 0, Arrays.toString(sv));
    }
    for (Threshold t : Predictions.thresholds(p)) {
      assertTrue(t.lambdaZ() >= 0 && Double.isFinite(t.lambdaZ()), t + " for " + p);
    }
  }

  /** Value, gradient and, for convex losses where d does not cut, the dual certificate. */
  private static void checkOptimum(UfmProblem p) {
    Prediction q = Predictions.of(p);
    assertTrue(q.closedForm(), q.explanation());
    NaiveModel x = checkPoint(p, q);
    boolean cut = p.loss() instanceof Loss.MeanSquaredError && p.dimension() < p.classes();
    if (p.loss().convex() && !cut) {
      assertTrue(
          x.gradientSpectralNorm() <= p.lambdaZ() * (1 + 1e-9) + rounding(p), "|G| = " + x.gradientSpectralNorm() + " above lz = " + p.lambdaZ() + " for " + p);
    }
    noBetterPointNearby(x, new Random(7));
  }

  private static NaiveModel checkPoint(UfmProblem p, Prediction q) {
    NaiveModel x = NaiveModel.at(p, q);
    assertEquals(q.value().orElseThrow(), x.value, 1e-13 * x.value + 1e-15, () -> "value for " + p + " " + q.regime());
    assertSmall(NaiveModel.norm(x.gw), p.lambdaW() * NaiveModel.norm(x.w), rounding(p) * NaiveModel.norm(x.h));
    assertSmall(NaiveModel.norm(x.gh), p.lambdaH() * NaiveModel.norm(x.h), rounding(p) * NaiveModel.norm(x.w));
    if (p.bias().present()) {
      double size = Arrays.stream(x.gz).flatMapToDouble(Arrays::stream).map(Math::abs).sum();
      // Each of the K entries is a mean of differences of numbers of size one, with their rounding.
      double bound = 1e-11 * size + 1e-15 * p.classes();
      assertTrue(Arrays.stream(x.gb).map(Math::abs).sum() <= bound, "bias gradient " + Arrays.toString(x.gb));
    }
    return x;
  }

  private static void assertSmall(double gradient, double penaltyTerm, double rounding) {
    assertTrue(gradient <= 1e-9 * penaltyTerm + rounding + 1e-15, "gradient " + gradient + " against " + penaltyTerm + " and rounding " + rounding);
  }

  /** Rounding of the loss gradient: without smoothing a sum of small probabilities; p - q and z - e_y are differences of numbers of size one. */
  private static double rounding(UfmProblem p) {
    return p.loss() instanceof Loss.CrossEntropy || p.loss() instanceof Loss.Focal ? 0 : 5e-16;
  }

  private static void noBetterPointNearby(NaiveModel x, Random random) {
    for (double size : new double[] {1e-4, 1e-2, 0.3, 3}) {
      double f = x.perturbed(random, size);
      assertTrue(f >= x.value * (1 - 1e-13), "a point " + size + " away is better: " + f + " < " + x.value + " for " + x.p);
    }
  }

  @Provide
  Arbitrary<Double> penalties() {
    return Arbitraries.doubles().between(-9, 0).ofScale(4).map(e -> Math.pow(10, e));
  }

  @Provide
  Arbitrary<Bias> biases() {
    return Arbitraries.oneOf(
        Arbitraries.just(new Bias.None()),
        Arbitraries.just(new Bias.Free()),
        Arbitraries.doubles().between(-4, 2).map(e -> new Bias.Ridge(Math.pow(10, e))));
  }

  @Provide
  Arbitrary<int[]> counts() {
    return Arbitraries.integers().between(1, 12).array(int[].class).ofMinSize(2).ofMaxSize(5);
  }

  @Provide
  Arbitrary<Loss> smoothLosses() {
    Arbitrary<Double> alpha = Arbitraries.doubles().between(0.001, 0.4).ofScale(3);
    return Arbitraries.oneOf(
        Arbitraries.just(new Loss.CrossEntropy()),
        Combinators.combine(alpha, Arbitraries.of(Loss.Smoothing.values())).as(Loss.LabelSmoothing::new));
  }

  @Provide
  Arbitrary<Loss> convexLosses() {
    return Arbitraries.oneOf(smoothLosses(), Arbitraries.just(new Loss.MeanSquaredError()));
  }

  @Provide
  Arbitrary<Loss> softmaxLosses() {
    return Arbitraries.oneOf(
        smoothLosses(),
        Arbitraries.doubles().between(0.5, 0.99).map(a -> new Loss.LabelSmoothing(a, Loss.Smoothing.TUTORIAL)),
        Arbitraries.doubles().between(0, 4).map(Loss.Focal::new));
  }

  @Provide
  Arbitrary<Loss> extremeLosses() {
    return Arbitraries.oneOf(
        Arbitraries.just(new Loss.CrossEntropy()),
        Arbitraries.just(new Loss.MeanSquaredError()),
        Arbitraries.of(0.0, 1e-12, 0.5, 0.75, 0.999).map(a -> new Loss.LabelSmoothing(a, Loss.Smoothing.TUTORIAL)),
        Arbitraries.of(1e-12, 0.999).map(a -> new Loss.LabelSmoothing(a, Loss.Smoothing.PYTORCH)),
        Arbitraries.of(0.0, 1e-9, 0.3, 2.0, 20.0, 300.0).map(Loss.Focal::new));
  }

  @Provide
  Arbitrary<int[]> extremeCounts() {
    Arbitrary<Integer> size = Arbitraries.integers().between(2, 12);
    Arbitrary<int[]> equal = Combinators.combine(size, Arbitraries.of(1, 7)).as((k, n) -> java.util.stream.IntStream.generate(() -> n).limit(k).toArray());
    Arbitrary<int[]> two = Arbitraries.of(1, 300).array(int[].class).ofMinSize(2).ofMaxSize(8);
    return Arbitraries.oneOf(equal, two, counts());
  }

  @Provide
  Arbitrary<Double> extremePenalties() {
    return Arbitraries.of(0.0, 1e-30, 1e-16, 1e-9, 1e-4, 0.01, 0.1, 1.0, 1e6);
  }

  @Provide
  Arbitrary<Loss> allLosses() {
    return Arbitraries.oneOf(convexLosses(), Arbitraries.doubles().between(0, 4).map(Loss.Focal::new));
  }
}

package ufm.theory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import ufm.problem.Bias;
import ufm.problem.Classifier;
import ufm.problem.Loss;
import ufm.problem.UfmProblem;

/** Which theorem is picked, what is refused and why, and what is said nevertheless. */
class PredictionsTest {
  private static final Loss MSE = new Loss.MeanSquaredError();

  private static UfmProblem.Builder model(int k, int d) {
    return UfmProblem.builder(k, d).lambdaW(1e-3).lambdaH(1e-3);
  }

  private static void refuses(UfmProblem.Builder b, String... words) {
    Prediction p = Predictions.of(b.build());
    assertFalse(p.closedForm(), p.regime());
    assertFalse(p.global());
    assertTrue(p.value().isEmpty(), "a value is claimed");
    for (String word : words) {
      assertTrue(p.explanation().contains(word), p.explanation());
    }
  }

  @Test
  void refusesWithTheFailingAssumption() {
    refuses(model(3, 3).counts(6, 3, 1), "imbalanced counts of 3 different sizes", "cross-entropy", "duality gap");
    refuses(model(3, 3).counts(6, 3, 1).loss(new Loss.Focal(2)), "focal loss with unequal class counts");
    refuses(model(3, 3).counts(6, 3, 1).loss(MSE).bias(new Bias.Ridge(0.1)), "MSE with a ridge bias and unequal counts");
    refuses(model(5, 3), "d = 3 is below K-1 = 4", "polygon");
    refuses(model(5, 2).bias(new Bias.Free()), "without bias only");
    refuses(model(5, 2).loss(new Loss.Focal(2)), "below K-1");
    refuses(model(4, 1).counts(9, 9, 1, 1), "d = 1 is below", "lower bound");
    refuses(model(3, 3).nonNegativeFeatures(true).bias(new Bias.Free()), "non-negative features with a bias");
    refuses(model(3, 2).nonNegativeFeatures(true), "number of non-zero classes");
    refuses(model(2, 2).classifier(new Classifier.Fixed(new double[][] {{1, 0}, {0, 1}})), "not a simplex ETF", "strongly convex");
    refuses(model(3, 2).classifier(new Classifier.FixedEtf(1)).bias(new Bias.Free()), "without bias");
    refuses(model(3, 2).classifier(new Classifier.FixedEtf(1)).nonNegativeFeatures(true), "non-negative");
  }

  @Test
  void lowerBoundsHoldForTheKnownLowDimensionalOptima() {
    // (C4): unequal norms, best of many starts.
    Prediction five = Predictions.of(UfmProblem.builder(5, 3).lambdaW(0.01).lambdaH(0.01).build());
    assertFalse(five.closedForm());
    assertTrue(five.scalars().get("lower_bound") < 0.245561858774 && five.scalars().get("lower_bound") > 0.15);
    Prediction seven = Predictions.of(UfmProblem.builder(7, 3).lambdaW(0.005).lambdaH(0.005).build());
    assertFalse(seven.closedForm());
    assertTrue(seven.scalars().get("lower_bound") < 0.233768744050);
  }

  @Test
  void twoClassesNeedOneDimension() {
    Prediction p = Predictions.of(model(2, 1).samplesPerClass(3).build());
    assertEquals("simplex ETF", p.regime());
    assertTrue(p.global());
    assertEquals(1.0, p.scalars().get("rank"));
  }

  @Test
  void withoutPenaltyTheInfimumIsNotAttained() {
    for (Loss loss : new Loss[] {new Loss.CrossEntropy(), new Loss.Focal(2)}) {
      refuses(model(3, 2).loss(loss).lambdaW(0).lambdaH(0), "Infimum 0 not attained");
      refuses(model(3, 2).loss(loss).lambdaW(0), "Infimum 0 not attained");
      refuses(model(3, 2).loss(loss).classifier(new Classifier.FixedEtf(2)).lambdaH(0), "Infimum 0 not attained");
    }
    refuses(model(3, 1).lambdaW(0).lambdaH(0), "on a line");
    refuses(model(3, 1).lambdaW(0).lambdaH(0).bias(new Bias.Free()), "Infimum 0 not attained");
  }

  @Test
  void withoutPenaltySmoothingAndSquaredErrorReachTheirTargets() {
    Loss smoothing = new Loss.LabelSmoothing(0.1, Loss.Smoothing.TUTORIAL);
    Prediction ls = Predictions.of(model(3, 2).counts(5, 2, 1).loss(smoothing).lambdaW(0).lambdaH(0).build());
    assertEquals(-0.9 * Math.log(0.9) - 0.1 * Math.log(0.05), ls.value().orElseThrow(), 1e-15);
    assertFalse(ls.determines("WWt"));
    Prediction mse = Predictions.of(model(3, 2).counts(5, 2, 1).loss(MSE).lambdaW(0).lambdaH(0).build());
    assertEquals(1.0 / 16, mse.value().orElseThrow(), 1e-15, "the smallest class is cut off");
    refuses(model(3, 3).loss(MSE).lambdaW(0), "Infimum 0.0 not attained");
  }

  @Test
  void zeroIsPredictedForAnyCountsAndDimensionFromItsThreshold() {
    UfmProblem.Builder b = model(4, 1).counts(7, 4, 2, 1).bias(new Bias.Ridge(0.1)).lambdaW(0.5).lambdaH(0.5);
    Prediction p = Predictions.of(b.build());
    assertEquals("zero", p.regime());
    assertTrue(p.closedForm() && p.global());
    assertFalse(p.scalars().containsKey("nc2_W"), "a metric is claimed where it is 0/0");
    Prediction constrained = Predictions.of(b.nonNegativeFeatures(true).build());
    assertEquals(p.value(), constrained.value());
  }

  @Test
  void squaredErrorSaysWhereTheGeometryIsNotUnique() {
    Prediction cut = Predictions.of(model(4, 3).loss(MSE).build());
    assertTrue(cut.closedForm() && cut.notUnique().contains("WWt") && cut.determines("sv"));
    Prediction contrasts = Predictions.of(model(4, 3).loss(MSE).bias(new Bias.Ridge(1)).build());
    assertTrue(contrasts.notUnique().isEmpty(), "d = K-1 keeps exactly the contrasts");
    assertEquals(0, contrasts.scalars().get("nc2_W"), 1e-14);
    assertTrue(Predictions.of(model(4, 3).counts(4, 3, 2, 1).loss(MSE).build()).determines("WWt"));
  }

  @Test
  void meanDirectionThresholdSeparatesFrameFromSimplex() {
    UfmProblem.Builder b = model(4, 4).samplesPerClass(3).loss(MSE).bias(new Bias.Ridge(0.2)).lambdaH(1);
    double lz = Predictions.threshold(b.build(), "mean-direction").orElseThrow();
    assertEquals(4.0, Predictions.of(b.lambdaW(lz * lz * 0.999).build()).scalars().get("rank"));
    Prediction etf = Predictions.of(b.lambdaW(lz * lz * 1.001).build());
    assertEquals(3.0, etf.scalars().get("rank"));
    assertEquals(0, etf.scalars().get("nc2_W"), 1e-14);
  }

  @Test
  void degenerateParametersOfALossAreCrossEntropy() {
    Prediction ce = Predictions.of(model(3, 3).counts(4, 4, 1).build());
    for (Loss loss : new Loss[] {new Loss.Focal(0), new Loss.LabelSmoothing(0, Loss.Smoothing.PYTORCH)}) {
      assertEquals(ce.value(), Predictions.of(model(3, 3).counts(4, 4, 1).loss(loss).build()).value());
    }
  }

  @Test
  void groupsOfMoreThanTwoSizesAreNamedByTheirCount() {
    UfmProblem p = model(5, 5).counts(9, 9, 4, 1, 1).build();
    assertEquals(3.0 / 24, Predictions.threshold(p, "group-collapse-9").orElseThrow(), 1e-15);
    assertEquals(1.0 / 24, Predictions.threshold(p, "group-collapse-1").orElseThrow(), 1e-15);
    assertTrue(Predictions.threshold(p, "group-collapse-4").isEmpty());
    assertTrue(Predictions.threshold(model(4, 4).counts(9, 9, 9, 1).build(), "minority-collapse").isEmpty());
    assertEquals(3.0 / 28, Predictions.threshold(model(4, 4).counts(9, 9, 9, 1).build(), "majority-collapse").orElseThrow(), 1e-15);
  }

  @Test
  void minorityIsTheSmallestCountThatClassesShareButNeverTheLargest() {
    // E2: sqrt(n_B)/N.
    assertEquals(1.0 / 24, Predictions.threshold(model(5, 5).counts(9, 9, 4, 1, 1).build(), "minority-collapse").orElseThrow(), 1e-15);
    UfmProblem middle = model(5, 5).counts(9, 4, 1, 4, 9).build();
    assertEquals(2.0 / 27, Predictions.threshold(middle, "minority-collapse").orElseThrow(), 1e-15);
    assertEquals(2.0 / 27, Predictions.threshold(middle, "group-collapse-4").orElseThrow(), 1e-15);
    UfmProblem top = model(4, 4).counts(9, 9, 4, 1).build();
    assertTrue(Predictions.threshold(top, "minority-collapse").isEmpty());
    assertEquals(3.0 / 23, Predictions.threshold(top, "group-collapse-9").orElseThrow(), 1e-15);
  }

  @Test
  void zeroIsLocallyOptimalForConvexLossesWhereItIsGloballyOptimal() {
    // B1: the label matrix of squared error has the singular values sqrt(n_k), so |G|_2 = sqrt(9)/14 at zero.
    UfmProblem squares = model(3, 3).counts(9, 4, 1).loss(MSE).build();
    assertEquals(3.0 / 14, Predictions.threshold(squares, "zero-local").orElseThrow(), 1e-15);
    // E1, free bias, counts (3, 1): D - n n^T/N = [[3/4, -3/4], [-3/4, 3/4]].
    UfmProblem free = model(2, 2).counts(3, 1).bias(new Bias.Free()).build();
    assertEquals(Math.sqrt(1.5) / 4, Predictions.threshold(free, "zero-local").orElseThrow(), 1e-15);
  }

  @Test
  void dualFactorsNeedPenalties() {
    assertThrows(IllegalArgumentException.class, () -> DualFactors.of(new double[][] {{1, 0}, {0, 1}}, new int[] {1, 1}, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> TwoGroups.of(model(3, 3).build()));
    assertThrows(IllegalArgumentException.class, () -> MseSpectrum.value(model(3, 3).counts(3, 2, 1).loss(MSE).bias(new Bias.Ridge(1)).build()));
    UfmProblem focal = model(3, 3).counts(3, 2, 1).loss(new Loss.Focal(1)).bias(new Bias.Free()).build();
    assertThrows(IllegalArgumentException.class, () -> ZeroSolution.of(focal));
  }
}

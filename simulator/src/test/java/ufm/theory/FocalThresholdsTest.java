package ufm.theory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ufm.problem.Bias;
import ufm.problem.Loss;
import ufm.problem.UfmProblem;

/** The facts of (A6): two thresholds, a transition of first order from a certain number of classes on, spurious minima in between. */
class FocalThresholdsTest {

  @Test
  void windowOfThirtyClasses() {
    FocalThresholds t = FocalThresholds.of(30, 1, 3);
    assertEquals(0.0407040, t.local(), 5e-8);
    assertEquals(0.0412289, t.global(), 5e-8);
    assertTrue(t.firstOrder());
  }

  @ParameterizedTest
  @CsvSource({"0.5, 57", "1, 24", "2, 18", "3, 18", "5, 20"})
  void transitionIsOfFirstOrderFromThisNumberOfClasses(double gamma, int classes) {
    for (int k = 2; k < 80; k++) {
      assertEquals(k >= classes, FocalThresholds.curvatureAtZero(k, gamma) < 0, "K=" + k);
      FocalThresholds t = FocalThresholds.of(k, 2, gamma);
      assertEquals(k >= classes, t.firstOrder(), "K=" + k);
      assertTrue(k >= classes ? t.global() > t.local() : t.global() == t.local());
    }
  }

  @Test
  void marginJumpsAtTheGlobalThresholdAndTheValueDoesNot() {
    FocalThresholds t = FocalThresholds.of(30, 1, 3);
    UfmProblem.Builder b = UfmProblem.builder(30, 29).loss(new Loss.Focal(3));
    Prediction below = Predictions.of(b.lambdaW(t.global() * (1 - 1e-9)).lambdaH(t.global()).build());
    Prediction above = Predictions.of(b.lambdaW(t.global() * (1 + 1e-9)).build());
    assertEquals(t.jump(), below.scalars().get("margin"), 1e-6);
    assertTrue(t.jump() > 0.5);
    assertEquals(0, above.scalars().get("margin"));
    assertEquals(above.value().orElseThrow(), below.value().orElseThrow(), 1e-8);
    assertTrue(below.value().orElseThrow() < above.value().orElseThrow());
    assertTrue(below.global() && above.global());
  }

  @Test
  void globalValueInTheWindowIsBelowZeroThoughZeroIsALocalMinimum() {
    // (A6): K = d = 40, n = 1, gamma = 3; the global optimum is this much below psi(0).
    double lambda = 0.030120031089530562;
    UfmProblem p = UfmProblem.builder(40, 40).loss(new Loss.Focal(3)).lambdaW(lambda).lambdaH(lambda).build();
    double zero = ZeroSolution.of(p).value();
    assertEquals(-0.018785153876, Predictions.of(p).value().orElseThrow() - zero, 1e-12);
    assertTrue(Predictions.threshold(p, "zero-local").orElseThrow() < lambda);
    assertTrue(Predictions.threshold(p, "zero-collapse").orElseThrow() > lambda);
  }

  @Test
  void valueIsTheLeastOverMargins() {
    Random random = new Random(5);
    for (int i = 0; i < 200; i++) {
      int k = 2 + random.nextInt(60);
      double gamma = 5 * random.nextDouble();
      double lz = FocalThresholds.of(k, 1, gamma).global() * Math.pow(10, -3 + 3.2 * random.nextDouble());
      double f = SimplexEtf.value(k, 1, new Loss.Focal(gamma), lz);
      for (double t = 0; t < 30; t += 0.01) {
        double u = (k - 1) / (k - 1 + Math.exp(t));
        double psi = Math.pow(u, gamma) * Math.log1p((k - 1) * Math.exp(-t));
        assertTrue(psi + lz * (k - 1) * t >= f * (1 - 1e-14), "margin " + t + " is better for K=" + k + ", gamma=" + gamma);
      }
    }
  }

  @Test
  void focalWithABiasIsProvedOnlyWhereTheLossIsConvexAtTheOptimum() {
    UfmProblem.Builder b = UfmProblem.builder(30, 30).loss(new Loss.Focal(3)).bias(new Bias.Free());
    assertTrue(Predictions.of(b.lambdaW(1e-4).lambdaH(1e-4).build()).global());
    double window = FocalThresholds.of(30, 1, 3).global() * 1.001;
    Prediction doubtful = Predictions.of(b.lambdaW(window).lambdaH(window).build());
    assertFalse(doubtful.global());
    assertTrue(doubtful.explanation().contains("not proved"));
    Threshold zero = Predictions.thresholds(b.build()).getFirst();
    assertEquals("zero-collapse", zero.name());
    assertTrue(zero.statement().contains("first-order"));
    assertEquals(FocalThresholds.of(30, 1, 3).global(), zero.lambdaZ());
  }
}

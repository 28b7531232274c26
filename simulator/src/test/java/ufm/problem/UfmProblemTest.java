package ufm.problem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class UfmProblemTest {

  @Test
  void stepImbalanceGivesTheCountsOfTheLiterature() {
    UfmProblem p = UfmProblem.builder(10, 20).stepImbalance(50, 10, 5).build();
    assertArrayEquals(new int[] {50, 50, 50, 50, 50, 5, 5, 5, 5, 5}, p.counts());
    assertEquals(275, p.samples());
  }

  @Test
  void everyRuleNamesFieldValueAndWhatIsAllowed() {
    refuses("classes is 0, but must be a whole number of at least 2.", () -> UfmProblem.builder(0, 3));
    refuses("dimension is 0, but must be a whole number of at least 1.", () -> UfmProblem.builder(3, 0));
    refuses("samples-per-class is 0, but must be a whole number of at least 1.", () -> UfmProblem.builder(3, 3).samplesPerClass(0));
    refuses("counts is [2, 1], but must be a list of 3 whole numbers, one for each class.", () -> UfmProblem.builder(3, 3).counts(2, 1));
    refuses("counts is [2, 0, 1], but must be a list of whole numbers of at least 1.", () -> UfmProblem.builder(3, 3).counts(2, 0, 1));
    refuses("lambda.W is -1.0, but must be a finite number of at least 0.", () -> UfmProblem.builder(3, 3).lambdaW(-1));
    refuses("lambda.H is NaN, but must be a finite number of at least 0.", () -> UfmProblem.builder(3, 3).lambdaH(Double.NaN));
    refuses("lambda.b is 0.0, but must be a finite number above 0 (bias: free stands for 0).", () -> new Bias.Ridge(0));
    refuses("loss.gamma is -0.5, but must be a finite number of at least 0.", () -> new Loss.Focal(-0.5));
    refuses("loss.alpha is 1.0, but must be at least 0 and less than 1.", () -> new Loss.LabelSmoothing(1, Loss.Smoothing.PYTORCH));
    refuses("imbalance.ratio is 7.0, but must be a divisor of the majority count, 50.", () -> UfmProblem.builder(4, 4).stepImbalance(50, 7, 2));
    refuses("labels is 3, but must be between 0 and 2.", () -> UfmProblem.builder(3, 3).labels(0, 1, 2, 3));
    refuses("labels is a list without class 1, but must be a list in which every class occurs.", () -> UfmProblem.builder(3, 3).labels(0, 2));
    refuses("dimension is 2, but must be at least K-1 = 3 for a fixed simplex ETF classifier.",
        () -> UfmProblem.builder(4, 2).classifier(new Classifier.FixedEtf(1)).build());
    refuses("classifier.W is a matrix with the entry NaN, but must be a matrix of finite numbers.",
        () -> UfmProblem.builder(2, 1).classifier(new Classifier.Fixed(new double[][] {{1}, {Double.NaN}})).build());
  }

  @Test
  void theFixedFrameIsASimplexEtf() {
    int k = 5;
    double r = 1.7;
    double[] w = SimplexFrame.classifier(k, 6, r);
    for (int a = 0; a < k; a++) {
      for (int b = 0; b < k; b++) {
        double dot = 0;
        for (int j = 0; j < 6; j++) {
          dot += w[a + k * j] * w[b + k * j];
        }
        assertEquals(r * r * k / (k - 1.0) * ((a == b ? 1 : 0) - 1.0 / k), dot, 1e-14);
      }
    }
  }

  private static void refuses(String sentence, Supplier<?> maker) {
    InvalidProblem e = assertThrows(InvalidProblem.class, maker::get);
    assertEquals(sentence, e.getMessage());
    assertTrue(e.field().length() > 1);
  }
}

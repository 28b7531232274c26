package ufm.theory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ufm.problem.UfmProblem;

/** The SELI limit: its singular values (E5) and how slowly the optimum approaches it (E4). */
class SeliTest {

  @ParameterizedTest
  @CsvSource({"2, 10, 2, 1", "1, 7, 3, 2", "3, 100, 1, 1", "4, 5, 6, 3"})
  void singularValuesOfTwoGroups(int ka, int na, int kb, int nb) {
    int[] counts = new int[ka + kb];
    for (int k = 0; k < counts.length; k++) {
      counts[k] = k < ka ? na : nb;
    }
    assertArrayEquals(Seli.twoGroupSingularValues(ka, na, kb, nb), Seli.of(counts).singularValues(), 1e-13 * Math.sqrt(na));
  }

  @ParameterizedTest
  @CsvSource({"1e-4, 0.077", "1e-8, 0.038", "1e-12, 0.025", "1e-16, 0.019"})
  void optimumApproachesSeliLikeOneOverLog(double lambdaZ, double distance) {
    UfmProblem p = UfmProblem.builder(4, 4).counts(10, 10, 1, 1).lambdaW(lambdaZ).lambdaH(lambdaZ).build();
    double[][] wwt = Predictions.of(p).matrices().get("WWt");
    double[][] limit = Seli.of(10, 10, 1, 1).normalisedWwt();
    double norm = NaiveModel.norm(wwt);
    double[][] difference = new double[4][4];
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        difference[i][j] = wwt[i][j] / norm - limit[i][j];
      }
    }
    assertEquals(distance, NaiveModel.norm(difference), 5e-4);
  }

  @Test
  void balancedCountsGiveTheSimplexFrame() {
    double[][] gram = Seli.of(3, 3, 3, 3, 3).normalisedHth();
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j < 5; j++) {
        assertEquals(((i == j ? 1 : 0) - 0.2) / 2, gram[i][j], 1e-14);
      }
    }
    Prediction limit = Predictions.of(UfmProblem.builder(4, 4).counts(4, 2, 1, 1).lambdaW(0).lambdaH(0).build());
    assertEquals(0.0, limit.scalars().get("infimum"));
    assertTrue(limit.value().isEmpty());
    assertArrayEquals(Seli.of(4, 2, 1, 1).normalisedWwt()[0], limit.matrices().get("seli_WWt")[0]);
  }
}

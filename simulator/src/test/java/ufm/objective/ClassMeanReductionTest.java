package ufm.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import ufm.problem.Point;
import ufm.problem.UfmProblem;

class ClassMeanReductionTest {
  private final UfmProblem problem = UfmProblem.builder(3, 4).counts(3, 1, 2).build();

  private Point lifted(double[] means) {
    double[] h = new double[4 * 6];
    for (int i = 0; i < 6; i++) {
      System.arraycopy(means, 4 * problem.label(i), h, 4 * i, 4);
    }
    return new Point(3, 4, 6, new double[12], h, new double[3]);
  }

  @Test
  void equalColumnsOfEachClassBecomeOne() {
    double[] means = new SplittableRandom(1).doubles(12, -1, 1).toArray();
    Point full = lifted(means);
    Point found = ClassMeanReduction.collapsed(problem, full);
    assertEquals(3, found.columns());
    assertArrayEquals(means, found.h());
    assertSame(full.w(), found.w());
    assertSame(full.b(), found.b());
    assertArrayEquals(full.h(), ClassMeanReduction.lift(problem, found).h());
  }

  @Test
  void aDifferenceOfOneBitKeepsAllColumns() {
    double[] means = new SplittableRandom(2).doubles(12, -1, 1).toArray();
    means[9] = 0;
    for (int i : new int[] {0, 1, 2, 4, 5}) {
      for (int a = 0; a < 4; a++) {
        Point full = lifted(means);
        full.h()[a + 4 * i] = full.h()[a + 4 * i] == 0 ? -0.0 : Math.nextUp(full.h()[a + 4 * i]);
        assertSame(full, ClassMeanReduction.collapsed(problem, full));
      }
    }
  }

  @Test
  void oneColumnForEachClassStaysAsItIs() {
    Point means = new Point(3, 4, 3, new double[12], new double[12], null);
    assertSame(means, ClassMeanReduction.collapsed(problem, means));
    assertSame(means, ClassMeanReduction.collapsed(UfmProblem.builder(3, 4).build(), means));
  }
}

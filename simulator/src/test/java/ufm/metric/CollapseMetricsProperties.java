package ufm.metric;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.RandomMatrices_DDRM;
import ufm.problem.Point;
import ufm.problem.UfmProblem;

class CollapseMetricsProperties {

  private static void agree(Map<String, Double> a, Map<String, Double> b, double rtol) {
    // NC1 inverts Sigma_B, whose smallest kept eigenvalue may be 1e-10 of the largest.
    a.forEach((name, x) -> assertEquals(x, b.get(name), (name.equals("nc1") ? Math.max(rtol, 1e-5) : rtol) * (1 + Math.abs(x)), name));
  }

  @Property(tries = 40)
  void featureSpaceMayBeRotated(@ForAll @IntRange(min = 2, max = 5) int k, @ForAll @IntRange(min = 2, max = 6) int d, @ForAll long seed) {
    UfmProblem p = UfmProblem.builder(k, d).samplesPerClass(3).build();
    java.util.Random random = new java.util.Random(seed);
    DMatrixRMaj w = RandomMatrices_DDRM.rectangle(k, d, -1, 1, random);
    DMatrixRMaj h = RandomMatrices_DDRM.rectangle(d, 3 * k, -1, 1, random);
    DMatrixRMaj r = RandomMatrices_DDRM.orthogonal(d, d, random);
    DMatrixRMaj wr = new DMatrixRMaj(k, d);
    DMatrixRMaj rh = new DMatrixRMaj(d, 3 * k);
    CommonOps_DDRM.mult(w, r, wr);
    CommonOps_DDRM.multTransA(r, h, rh);
    agree(CollapseMetrics.of(p, point(w, h)).asMap(), CollapseMetrics.of(p, point(wr, rh)).asMap(), 1e-8);
  }

  @Property(tries = 40)
  void nc1IsTheTraceWithTheFullPseudoInverse(@ForAll @IntRange(min = 2, max = 4) int k, @ForAll @IntRange(min = 2, max = 6) int d, @ForAll long seed) {
    UfmProblem p = UfmProblem.builder(k, d).samplesPerClass(4).build();
    java.util.Random random = new java.util.Random(seed);
    DMatrixRMaj h = RandomMatrices_DDRM.rectangle(d, 4 * k, -1, 1, random);
    ClassMeans means = ClassMeans.of(p, Point.columnMajor(rows(h), d, 4 * k), 4 * k);
    DMatrixRMaj within = new DMatrixRMaj(d, d);
    DMatrixRMaj between = new DMatrixRMaj(d, d);
    for (int a = 0; a < d; a++) {
      for (int b = 0; b < d; b++) {
        for (int i = 0; i < 4 * k; i++) {
          int y = p.label(i);
          within.add(a, b, (h.get(a, i) - means.means()[a + d * y]) * (h.get(b, i) - means.means()[b + d * y]) / (4 * k));
        }
        for (int y = 0; y < k; y++) {
          between.add(a, b, means.centredMeans()[a + d * y] * means.centredMeans()[b + d * y] / k);
        }
      }
    }
    // Sigma_B has rank min(K-1, d): its pseudo-inverse through the singular value decomposition, with the cut of the definition.
    var svd = org.ejml.dense.row.factory.DecompositionFactory_DDRM.svd(d, d, true, true, false);
    svd.decompose(between);
    DMatrixRMaj u = svd.getU(null, false);
    double largest = java.util.Arrays.stream(svd.getSingularValues()).max().getAsDouble();
    double trace = 0;
    for (int j = 0; j < d; j++) {
      double s = svd.getSingularValues()[j];
      for (int a = 0; a < d && s > 1e-10 * largest; a++) {
        for (int b = 0; b < d; b++) {
          trace += within.get(a, b) * u.get(a, j) * u.get(b, j) / s;
        }
      }
    }
    Point x = point(RandomMatrices_DDRM.rectangle(k, d, -1, 1, random), h);
    assertEquals(trace / k, CollapseMetrics.of(p, x).nc1(), 1e-5 * trace);
  }

  @Property(tries = 40)
  void classMeansStandForTheirSamples(@ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    UfmProblem p = UfmProblem.builder(3, 4).counts(5, 1, 2).build();
    double[] w = random.doubles(12, -1, 1).toArray();
    double[] h = random.doubles(12, -1, 1).toArray();
    double[] all = new double[4 * 8];
    for (int i = 0; i < 8; i++) {
      System.arraycopy(h, 4 * p.label(i), all, 4 * i, 4);
    }
    agree(CollapseMetrics.of(p, new Point(3, 4, 8, w, all, null)).asMap(), CollapseMetrics.of(p, new Point(3, 4, 3, w, h, null)).asMap(), 1e-12);
  }

  private static double[][] rows(DMatrixRMaj a) {
    double[][] out = new double[a.numRows][a.numCols];
    for (int i = 0; i < a.numRows; i++) {
      for (int j = 0; j < a.numCols; j++) {
        out[i][j] = a.get(i, j);
      }
    }
    return out;
  }

  private static Point point(DMatrixRMaj w, DMatrixRMaj h) {
    return Point.of(rows(w), rows(h), null);
  }
}

package ufm.metric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.Layout;
import ufm.backend.cpu.CpuBackend;
import ufm.problem.Bias;
import ufm.problem.Classifier;
import ufm.problem.Point;
import ufm.problem.ReferenceCases;
import ufm.problem.SimplexFrame;
import ufm.problem.UfmProblem;

class CollapseMetricsTest {

  private static UfmProblem problem(JsonNode c) {
    int[] labels = StreamSupport.stream(c.get("labels").spliterator(), false).mapToInt(JsonNode::asInt).toArray();
    return UfmProblem.builder(c.get("K").asInt(), c.get("d").asInt()).labels(labels).bias(new Bias.Free()).build();
  }

  private static Point point(JsonNode c) {
    return Point.of(ReferenceCases.matrix(c.get("W")), ReferenceCases.matrix(c.get("H")), ReferenceCases.vector(c.get("b")));
  }

  private static double tolerance(JsonNode c, double expected) {
    return c.get("rtol").asDouble() * Math.abs(expected) + 1e-9;
  }

  @TestFactory
  Stream<DynamicTest> everyMetricOfEveryReferenceCase() {
    return ReferenceCases.cases("metric").stream().map(c -> DynamicTest.dynamicTest(c.get("id").asText(), () -> {
      UfmProblem p = problem(c);
      MetricWorkspace workspace = new MetricWorkspace(p);
      Map<String, Double> found = workspace.measure(p, point(c)).asMap();
      ClassMeans statistics = workspace.statistics();
      Set<String> seen = new TreeSet<>();
      c.get("expected").fields().forEachRemaining(e -> {
        String name = e.getKey();
        JsonNode expected = e.getValue();
        switch (name) {
          case "class_counts" -> assertArrayEquals(
              StreamSupport.stream(expected.spliterator(), false).mapToInt(JsonNode::asInt).toArray(), statistics.counts(), name);
          case "global_mean" -> assertArrayEquals(ReferenceCases.vector(expected), statistics.globalMean(), 1e-9, name);
          case "mean_of_class_means" -> assertArrayEquals(ReferenceCases.vector(expected), statistics.meanOfClassMeans(), 1e-9, name);
          case "class_means" -> assertArrayEquals(
              Point.columnMajor(ReferenceCases.matrix(expected), p.dimension(), p.classes()), statistics.means(), 1e-9, name);
          case "cdnv_matrix" -> {
            double[][] v = ReferenceCases.matrix(expected);
            for (int k = 0; k < v.length; k++) {
              for (int l = 0; l < v.length; l++) {
                assertEquals(v[k][l], statistics.cdnv(k, l), tolerance(c, v[k][l]), name);
              }
            }
          }
          default -> assertEquals(expected.asDouble(), found.get(name), tolerance(c, expected.asDouble()), name);
        }
        seen.add(name);
      });
      assertTrue(seen.containsAll(Set.of("nc1", "nc2_W", "nc2_H", "nc3", "nc3_papyan", "nc4_agreement", "cdnv_mean")), seen::toString);
    }));
  }

  @Test
  void collapsedSimplexHasZeroMetrics() {
    int k = 4;
    UfmProblem p = UfmProblem.builder(k, 5).samplesPerClass(3).build();
    double[] w = SimplexFrame.classifier(k, 5, 2.0);
    double[] h = new double[5 * 12];
    for (int i = 0; i < 12; i++) {
      for (int j = 0; j < 5; j++) {
        h[j + 5 * i] = 0.7 * w[p.label(i) + k * j];
      }
    }
    Map<String, Double> m = CollapseMetrics.of(p, new Point(k, 5, 12, w, h, null)).asMap();
    for (String name : List.of("nc1", "nc1_trace_ratio", "nc2_W", "nc2_H", "nc3", "nc3_papyan", "cdnv_mean", "equinorm_H", "equinorm_W", "equiangular_std_H", "max_angle_H", "max_angle_W")) {
      assertEquals(0, m.get(name), 1e-14, name);
    }
    assertEquals(1, m.get("accuracy"));
    assertEquals(1, m.get("nc4_agreement"));
    // Logits 0.7 W W^T with W W^T = r^2 K/(K-1) (I - J/K): the margin is 0.7 r^2 K/(K-1).
    assertEquals(0.7 * 4 * 4 / 3.0, m.get("margin"), 1e-14);
    assertEquals(0.7 * 4 * 4 / 3.0, m.get("margin_mean"), 1e-14);
  }

  @Test
  void marginOfAPointByHand() {
    UfmProblem p = UfmProblem.builder(2, 1).samplesPerClass(2).bias(new Bias.Free()).build();
    // Logits (h + 1, -h): true minus other is 2h+1 for class 0, -(2h+1) for class 1.
    Point x = Point.of(new double[][] {{1}, {-1}}, new double[][] {{1, 2, -3, 0.5}}, new double[] {1, 0});
    CollapseMetrics m = CollapseMetrics.of(p, x);
    assertEquals(-2, m.margin(), 1e-15);
    assertEquals((3 + 5 + 5 - 2) / 4.0, m.meanMargin(), 1e-15);
    assertEquals(0.75, m.accuracy(), 1e-15);
  }

  @Test
  void zeroOverZeroIsNaNAndSpreadOverNothingIsInfinite() {
    UfmProblem p = UfmProblem.builder(2, 2).samplesPerClass(2).build();
    CollapseMetrics zero = CollapseMetrics.of(p, new Point(2, 2, 4, new double[4], new double[8], null));
    for (double x : new double[] {zero.nc1(), zero.nc1TraceRatio(), zero.nc2W(), zero.nc2H(), zero.nc3(), zero.nc3Papyan(), zero.cdnvMean(), zero.equinormH(), zero.equiangularStdW(), zero.maxAngleH()}) {
      assertTrue(Double.isNaN(x));
    }
    assertEquals(0.5, zero.accuracy(), "a tie goes to the smaller index");
    double[] spread = {1, 0, -1, 0, 1, 0, -1, 0};
    CollapseMetrics same = CollapseMetrics.of(p, new Point(2, 2, 4, new double[] {1, 0, 0, 1}, spread, null));
    assertEquals(Double.POSITIVE_INFINITY, same.nc1());
    assertEquals(Double.POSITIVE_INFINITY, same.nc1TraceRatio());
    assertEquals(Double.POSITIVE_INFINITY, same.cdnvMean());
    assertEquals(0, same.nc2W() - same.nc2W());
  }

  @Test
  void metricsDoNotDependOnTheScaleUntilTheyOverflowToNaN() {
    UfmProblem p = UfmProblem.builder(3, 4).samplesPerClass(2).build();
    java.util.SplittableRandom random = new java.util.SplittableRandom(5);
    double[] w = random.doubles(12, -1, 1).toArray();
    double[] h = random.doubles(24, -1, 1).toArray();
    CollapseMetrics one = CollapseMetrics.of(p, new Point(3, 4, 6, w, h, null));
    for (int power : new int[] {-260, 200, 300, 480}) {
      CollapseMetrics m = CollapseMetrics.of(p, new Point(3, 4, 6, scaled(w, power), scaled(h, power), null));
      for (String name : java.util.List.of("nc1", "nc2_W", "nc2_H", "nc3", "nc3_papyan", "nc4_agreement", "accuracy", "equinorm_W", "max_angle_H")) {
        assertEquals(one.asMap().get(name), m.asMap().get(name), 1e-12, name + " at 2^" + power);
      }
    }
    CollapseMetrics huge = CollapseMetrics.of(p, new Point(3, 4, 6, scaled(w, 700), scaled(h, 700), null));
    for (java.util.Map.Entry<String, Double> m : huge.asMap().entrySet()) {
      // This one takes each block by its own norm.
      assertTrue(Double.isNaN(m.getValue()) || m.getKey().equals("nc3_papyan"), m::toString);
    }
    assertEquals(one.nc3Papyan(), huge.nc3Papyan(), 1e-12);
  }

  private static double[] scaled(double[] x, int power) {
    return java.util.Arrays.stream(x).map(y -> Math.scalb(y, power)).toArray();
  }

  @Test
  void singleSampleClassesHaveNoVariance() {
    UfmProblem p = UfmProblem.builder(3, 2).build();
    ClassMeans m = ClassMeans.of(p, new double[] {1, 2, 3, -4, 5, 6}, 3);
    assertArrayEquals(new double[3], m.variances());
    assertEquals(0, m.traceWithin());
  }

  @Test
  void lanesGiveTheSameAsOnePointAtATime() {
    int k = 3;
    int d = 4;
    UfmProblem p = UfmProblem.builder(k, d).counts(2, 1, 3).bias(new Bias.Free()).build();
    UfmProblem etf = UfmProblem.builder(k, d).counts(2, 1, 3).classifier(new Classifier.FixedEtf(1.5)).build();
    java.util.SplittableRandom random = new java.util.SplittableRandom(3);
    try (Backend backend = CpuBackend.create()) {
      for (UfmProblem q : List.of(p, etf)) {
        boolean learned = q.classifier().learned();
        Layout.Builder blocks = Layout.builder();
        if (learned) {
          blocks.add("W", k, d);
        }
        blocks.add("H", d, 6);
        if (q.bias().present()) {
          blocks.add("b", k, 1);
        }
        Layout layout = blocks.build();
        try (LaneBuffer x = backend.allocate(3, layout.size())) {
          Lanes lanes = Lanes.none(3);
          lanes.add(0);
          lanes.add(2);
          Point[] points = new Point[3];
          for (int l = 0; l < 3; l++) {
            double[] values = random.doubles(layout.size(), -1, 1).toArray();
            backend.write(x, l, 0, values, 0, values.length);
            int at = learned ? k * d : 0;
            points[l] = new Point(
                k, d, 6, learned ? java.util.Arrays.copyOf(values, at) : SimplexFrame.classifier(k, d, 1.5),
                java.util.Arrays.copyOfRange(values, at, at + 6 * d), q.bias().present() ? java.util.Arrays.copyOfRange(values, at + 6 * d, values.length) : null);
          }
          CollapseMetrics[] found = CollapseMetrics.of(backend, layout, lanes, x, List.of(q, q, q));
          assertEquals(CollapseMetrics.of(q, points[0]), found[0]);
          assertNull(found[1]);
          assertEquals(CollapseMetrics.of(q, points[2]), found[2]);
        }
      }
    }
  }

  @Test
  void aPointOfTheWrongShapeIsRefused() {
    UfmProblem p = UfmProblem.builder(3, 2).samplesPerClass(4).build();
    Point five = new Point(3, 2, 5, new double[6], new double[10], null);
    assertTrue(assertThrows(IllegalArgumentException.class, () -> CollapseMetrics.of(p, five)).getMessage().contains("5 columns"));
    Point wide = new Point(3, 3, 12, new double[9], new double[36], null);
    assertTrue(assertThrows(IllegalArgumentException.class, () -> CollapseMetrics.of(p, wide)).getMessage().contains("d = 3"));
  }
}

package ufm.solve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ufm.backend.cpu.CpuBackend;
import ufm.problem.Bias;
import ufm.problem.Classifier;
import ufm.problem.Loss;
import ufm.problem.Point;
import ufm.problem.ReferenceCases;
import ufm.problem.UfmProblem;
import ufm.solver.Outcome;

class CertifiedSolverTest {

  @TestFactory
  Stream<DynamicTest> everyKnownOptimumIsReached() {
    return ReferenceCases.cases("optimum").stream().map(c -> DynamicTest.dynamicTest(c.get("id").asText(), () -> {
      JsonNode e = c.get("expected");
      Solution s = solve(ReferenceCases.problem(c), 8);
      double f = e.get("f_star").asDouble();
      double rtol = c.get("rtol").asDouble();
      assertEquals(f, s.value(), rtol * Math.abs(f) + 1e-12, "f_star, stopped because " + s.reason());
      Set<String> free = new HashSet<>();
      c.path("not_unique").forEach(n -> free.add(n.asText()));
      UfmProblem p = s.problem();
      if (!free.contains("WWt")) {
        close(ReferenceCases.matrix(e.get("WWt")), gramRows(s.point()), rtol, "WWt");
      }
      if (!free.contains("HtH_class")) {
        close(ReferenceCases.matrix(e.get("HtH_class")), gramMeans(p, s.point()), rtol, "HtH_class");
      }
      if (!free.contains("Zbar")) {
        close(ReferenceCases.matrix(e.get("Zbar")), classLogits(p, s.point()), rtol, "Zbar");
      }
      if (e.has("b") && !free.contains("b")) {
        close(new double[][] {ReferenceCases.vector(e.get("b"))}, new double[][] {s.point().b()}, rtol, "b");
      }
      // Closed form B6: with d below the rank of the convex minimiser (K for MSE without free bias) the gap can't close.
      boolean full = p.loss() instanceof Loss.MeanSquaredError && !(p.bias() instanceof Bias.Free) ? p.dimension() >= p.classes()
          : p.dimension() >= p.classes() - 1;
      if (p.loss().convex() && full && !"best_of_multistart".equals(c.path("source").asText())) {
        assertTrue(s.certificate().available(), () -> s.certificate().reason());
        assertTrue(s.certificate().relativeGap() <= 1e-10, () -> "relative gap " + s.certificate().relativeGap());
      }
    }));
  }

  @TestFactory
  Stream<DynamicTest> fixedClassifiers() {
    return ReferenceCases.cases("fixed_etf").stream().map(c -> DynamicTest.dynamicTest(c.get("id").asText(), () -> {
      double f = c.get("expected").get("f_star").asDouble();
      Solution s = solve(ReferenceCases.problem(c), 4);
      assertEquals(f, s.value(), 1e-10 * f + 1e-12);
      double beta = c.get("expected").get("beta").asDouble();
      Point p = s.point();
      for (int i = 0; i < p.columns(); i++) {
        double norm = 0;
        for (int j = 0; j < p.dimension(); j++) {
          norm += p.h()[j + p.dimension() * i] * p.h()[j + p.dimension() * i];
        }
        assertEquals(beta, Math.sqrt(norm), 1e-9 * beta);
      }
    }));
  }

  @TestFactory
  Stream<DynamicTest> nonNegativeFeatures() {
    return ReferenceCases.cases("relu").stream().map(c -> DynamicTest.dynamicTest(c.get("id").asText(), () -> {
      double f = c.get("expected").get("f_star").asDouble();
      Solution s = solve(ReferenceCases.problem(c), 12);
      assertEquals(f, s.value(), 1e-9 * f + 1e-12, () -> s.reason());
      assertTrue(s.restricted(), "class means may hide critical points under a constraint");
      for (double h : s.point().h()) {
        assertTrue(h >= 0);
      }
    }));
  }

  /** K=4, d=64, counts [200,100,50,50], MSE without bias, lambda_W = lambda_H = 5e-4: f* from theory sheet B1. */
  @Test
  void imbalancedMseOfTheLiterature() {
    UfmProblem p = UfmProblem.builder(4, 64).counts(200, 100, 50, 50).loss(new Loss.MeanSquaredError()).lambdaW(5e-4).lambdaH(5e-4).build();
    Solution s = solve(p, 2);
    assertEquals(0.018942135623731, s.value(), 1e-14);
    assertTrue(s.certificate().relativeGap() <= 1e-10, () -> "relative gap " + s.certificate().relativeGap());
  }

  /** K=10, d=20, 5 classes of 50 and 5 of 5, cross-entropy without bias, 5e-4. */
  @Test
  void stepImbalancedCrossEntropyOfTheLiterature() {
    UfmProblem p = UfmProblem.builder(10, 20).stepImbalance(50, 10, 5).lambdaW(5e-4).lambdaH(5e-4).build();
    Solution s = solve(p, 2);
    assertEquals(0.146621683630, s.value(), 1e-12);
    assertTrue(s.certificate().relativeGap() <= 1e-10, () -> "relative gap " + s.certificate().relativeGap());
  }

  /** Above lambda_Z = 1/(K sqrt n) everything is zero, and the certificate says so exactly. */
  @Test
  void collapseToZeroIsReachedExactlyAndCertified() {
    UfmProblem p = UfmProblem.builder(4, 4).samplesPerClass(10).lambdaW(0.1).lambdaH(0.08).bias(new Bias.Free()).build();
    Solution s = solve(p, 3);
    assertEquals(Math.log(4), s.value(), 1e-15);
    for (double w : s.point().w()) {
      assertEquals(0, w);
    }
    assertTrue(s.certificate().relativeGap() <= 1e-10);
    assertEquals(3, s.startsAtBest());
  }

  /** With margins near 18 and lambda_Z = 1e-8 the closed form of theory sheet A3 still holds to 1e-9. */
  @Test
  void tinyPenalties() {
    UfmProblem p = UfmProblem.builder(5, 6).samplesPerClass(2).lambdaW(1e-8).lambdaH(1e-8).build();
    Solution s = solve(p, 4);
    double rho = 1e-8 * 4 * Math.sqrt(2);
    double t = Math.log(4 * (1 - rho) / rho);
    double f = Math.log1p(4 * Math.exp(-t)) + rho * t;
    assertEquals(f, s.value(), 1e-9 * f, () -> s.reason() + ", gap " + s.certificate().gap());
  }

  /** A finite optimum of the loss and penalties of 1e-8: the balance of W and H is decided by the penalties alone (theory sheet A3, A4). */
  @ParameterizedTest
  @ValueSource(doubles = {1e-6, 1e-7, 1e-8})
  void labelSmoothingWithTinyPenaltiesHasTheGeometryOfTheClosedForm(double lambda) {
    UfmProblem p = UfmProblem.builder(4, 5).samplesPerClass(2).loss(new Loss.LabelSmoothing(0.1, Loss.Smoothing.TUTORIAL))
        .lambdaW(lambda).lambdaH(lambda).build();
    Solution s = solve(p, 4);
    double rho = 0.1 + lambda * 3 * Math.sqrt(2);
    double t = Math.log(3 * (1 - rho) / rho);
    assertEquals(Math.log1p(3 * Math.exp(-t)) + rho * t, s.value(), 1e-14);
    double[][] gram = gramRows(s.point());
    double square = 3 * Math.sqrt(2) * t / 4;
    for (int i = 0; i < 4; i++) {
      for (int j = 0; j < 4; j++) {
        assertEquals(i == j ? square : -square / 3, gram[i][j], 1e-9 * square);
      }
    }
    assertEquals(Outcome.CONVERGED, s.outcome(), s.reason());
  }

  /** Theory sheet A6: K = d = 40, gamma = 3; most random starts end with some classes at zero. */
  @Test
  void focalLossBetweenItsThresholdsReachesTheGlobalMinimum() {
    UfmProblem p = UfmProblem.builder(40, 40).loss(new Loss.Focal(3)).lambdaW(0.030120031089530562).lambdaH(0.030120031089530562).build();
    Solution s = solve(p, 2);
    assertEquals(-0.018785153876, s.value() - Math.pow(39 / 40.0, 3) * Math.log(40), 1e-11);
  }

  /** Above the global threshold 0.0412289 (K = 30, gamma = 3) nothing is better than W = H = 0, though other minima exist. */
  @Test
  void focalLossAboveItsThresholdIsZero() {
    UfmProblem p = UfmProblem.builder(30, 30).loss(new Loss.Focal(3)).lambdaW(0.0412701).lambdaH(0.0412701).build();
    Solution s = solve(p, 4);
    assertEquals(Math.pow(29 / 30.0, 3) * Math.log(30), s.value(), 1e-14);
    assertEquals(-1, s.bestStart());
  }

  @Test
  void zeroWithAFreeBiasIsConvergence() {
    UfmProblem p = UfmProblem.builder(4, 4).counts(4, 2, 2, 1).bias(new Bias.Free()).lambdaW(2).lambdaH(2).build();
    Solution s = solve(p, 4);
    assertEquals(Outcome.CONVERGED, s.outcome(), s.reason());
    assertTrue(s.certificate().globallyOptimal());
  }

  @Test
  void aBatchOfCellsGivesTheBitsOfItsCells() {
    List<UfmProblem> cells = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      cells.add(UfmProblem.builder(4, 5).counts(3 + i, 3, 2, 1).lambdaW(0.01 * (i + 1)).lambdaH(0.02).bias(new Bias.Ridge(0.1)).build());
    }
    SolveOptions options = SolveOptions.defaults().withStarts(3);
    try (CpuBackend backend = CpuBackend.create(); CertifiedSolver solver = new CertifiedSolver(backend, options)) {
      List<Solution> batch = solver.solve(cells);
      for (int i = 0; i < cells.size(); i++) {
        Solution one = solver.solve(cells.get(i));
        assertEquals(one.value(), batch.get(i).value());
        assertArrayEquals(one.point().w(), batch.get(i).point().w());
        assertArrayEquals(one.point().h(), batch.get(i).point().h());
        assertArrayEquals(one.startValues(), batch.get(i).startValues());
      }
    }
  }

  @Test
  void addedStartsKeepTheOldOnes() {
    UfmProblem p = UfmProblem.builder(5, 3).lambdaW(0.01).lambdaH(0.01).build();
    try (CpuBackend backend = CpuBackend.create()) {
      double[] all = new CertifiedSolver(backend, SolveOptions.defaults().withStarts(5)).solve(p).startValues();
      double[] late = new CertifiedSolver(backend, SolveOptions.defaults().withStarts(2).withFirstStart(3)).solve(p).startValues();
      assertArrayEquals(new double[] {all[3], all[4]}, late);
    }
  }

  @Test
  void focalLossIsSolvedOnTheFullProblemAndNotCertified() {
    UfmProblem p = UfmProblem.builder(3, 3).samplesPerClass(2).loss(new Loss.Focal(2)).lambdaW(0.01).lambdaH(0.01).build();
    Solution s = solve(p, 4);
    assertFalse(s.method().contains("class means"), s.method());
    assertFalse(s.certificate().available());
  }

  @Test
  void withoutPenaltiesTheInfimumIsNotAttained() {
    InfimumNotAttained ce = assertThrows(InfimumNotAttained.class, () -> solve(UfmProblem.builder(3, 3).lambdaW(0).lambdaH(0).build(), 1));
    assertTrue(ce.getMessage().startsWith("infimum not attained: lambda.W and lambda.H are 0"), ce.getMessage());
    assertThrows(InfimumNotAttained.class,
        () -> solve(UfmProblem.builder(3, 3).loss(new Loss.MeanSquaredError()).lambdaW(0).lambdaH(0.1).build(), 1));
    assertThrows(InfimumNotAttained.class,
        () -> solve(UfmProblem.builder(3, 3).classifier(new Classifier.FixedEtf(1)).lambdaH(0).build(), 1));
    UfmProblem attained = UfmProblem.builder(3, 3).loss(new Loss.MeanSquaredError()).lambdaW(0).lambdaH(0).build();
    assertEquals(0, solve(attained, 1).value(), 1e-20);
  }

  @Test
  void aStartFromTheoryIsMarked() {
    UfmProblem p = UfmProblem.builder(3, 3).lambdaW(0.01).lambdaH(0.01).build();
    try (CpuBackend backend = CpuBackend.create(); CertifiedSolver solver = new CertifiedSolver(backend, SolveOptions.defaults())) {
      Solution s = solver.solve(p);
      Solution again = solver.solveFrom(p, s.point(), true);
      assertTrue(again.fromTheory());
      assertFalse(s.fromTheory());
      assertEquals(s.value(), again.value(), 1e-14);
    }
  }

  private static Solution solve(UfmProblem p, int starts) {
    try (CpuBackend backend = CpuBackend.create(); CertifiedSolver solver = new CertifiedSolver(backend, SolveOptions.defaults().withStarts(starts))) {
      return solver.solve(p);
    }
  }

  private static void close(double[][] expected, double[][] actual, double rtol, String what) {
    for (int i = 0; i < expected.length; i++) {
      for (int j = 0; j < expected[i].length; j++) {
        assertEquals(expected[i][j], actual[i][j], rtol * Math.abs(expected[i][j]) + 1e-9, what + " at " + i + "," + j);
      }
    }
  }

  private static double[][] gramRows(Point p) {
    return product(p.wRows(), transpose(p.wRows()));
  }

  private static double[][] gramMeans(UfmProblem problem, Point p) {
    double[][] m = classMeans(problem, p);
    return product(transpose(m), m);
  }

  private static double[][] classLogits(UfmProblem problem, Point p) {
    return product(p.wRows(), classMeans(problem, p));
  }

  private static double[][] classMeans(UfmProblem problem, Point p) {
    double[][] mean = new double[p.dimension()][p.classes()];
    double[][] h = p.hRows();
    for (int i = 0; i < p.columns(); i++) {
      for (int j = 0; j < p.dimension(); j++) {
        mean[j][problem.label(i)] += h[j][i] / problem.count(problem.label(i));
      }
    }
    return mean;
  }

  private static double[][] transpose(double[][] a) {
    double[][] t = new double[a[0].length][a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < a[0].length; j++) {
        t[j][i] = a[i][j];
      }
    }
    return t;
  }

  private static double[][] product(double[][] a, double[][] b) {
    double[][] c = new double[a.length][b[0].length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < b[0].length; j++) {
        for (int k = 0; k < b.length; k++) {
          c[i][j] += a[i][k] * b[k][j];
        }
      }
    }
    return c;
  }
}

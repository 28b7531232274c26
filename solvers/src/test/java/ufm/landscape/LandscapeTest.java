package ufm.landscape;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import ufm.certify.LogitFit;
import ufm.certify.PointTerms;
import ufm.certify.ReferenceCase;
import ufm.landscape.CriticalPointReport.Verdict;
import ufm.problem.Bias;
import ufm.problem.Classifier;
import ufm.problem.Loss;
import ufm.problem.Point;
import ufm.problem.SimplexFrame;
import ufm.problem.UfmProblem;

class LandscapeTest {

  @TestFactory
  Stream<DynamicTest> referenceCriticalPoints() {
    return ReferenceCase.ofKind("landscape").stream().map(c -> DynamicTest.dynamicTest(c.id(), () -> {
      CriticalPointReport found = Landscape.analyse(c.problem(), c.given());
      assertEquals(c.expected("f"), found.value(), c.tolerance(c.expected("f"), 1e-12));
      assertEquals(c.expected("sigma_max"), found.sigmaMax(), c.tolerance(c.expected("sigma_max"), 1e-12));
      assertEquals(c.expected("escape_curvature"), found.escapeCurvature(), c.tolerance(c.expected("escape_curvature"), 1e-12));
      assertEquals(c.expected("min_hessian_eig"), found.minHessianEig(), c.tolerance(c.expected("min_hessian_eig"), 1e-12));
      assertEquals(0, found.gradNorm(), 1e-12);
      assertEquals(Verdict.STRICT_SADDLE, found.verdict());
      // The curvature along the direction, by central differences of the value: f(x + t v) - 2 f(x) + f(x - t v) over t^2.
      double t = 1e-3;
      double second = (valueAlong(c, found, t) - 2 * found.value() + valueAlong(c, found, -t)) / (t * t);
      assertEquals(found.escapeCurvature(), second, 1e-5);
    }));
  }

  private static double valueAlong(ReferenceCase c, CriticalPointReport r, double t) {
    Point x = c.given();
    Point v = r.escapeDirection();
    assertNotNull(v);
    Point moved = new Point(x.classes(), x.dimension(), x.columns(), add(x.w(), t, v.w()), add(x.h(), t, v.h()), x.b());
    return new PointTerms(LogitFit.of(c.problem(), moved)).value();
  }

  private static double[] add(double[] x, double t, double[] v) {
    double[] out = x.clone();
    for (int i = 0; i < out.length; i++) {
      out[i] += t * v[i];
    }
    return out;
  }

  @TestFactory
  Stream<DynamicTest> referenceOptimaAreMinima() {
    return ReferenceCase.ofKind("optimum").stream().map(c -> DynamicTest.dynamicTest(c.id(), () -> {
      UfmProblem p = c.problem();
      CriticalPointReport found = Landscape.analyse(p, c.optimum());
      boolean enough = p.dimension() >= p.classes() - 1 && !(p.loss() instanceof Loss.MeanSquaredError && p.dimension() < p.classes());
      if (p.loss().convex() && enough) {
        assertEquals(Verdict.GLOBAL_MINIMUM, found.verdict(), found::toString);
      } else {
        assertTrue(found.verdict() != Verdict.STRICT_SADDLE && found.verdict() != Verdict.NOT_CRITICAL, found::toString);
      }
      if (!p.loss().convex()) {
        assertTrue(found.explanation().contains("Focal"), found.explanation());
        assertTrue(found.verdict() != Verdict.GLOBAL_MINIMUM);
      }
      // Rotations of R^d that move a subspace of the rank's dimension.
      int r = found.rankW();
      int shift = p.bias() instanceof Bias.Free && !(p.loss() instanceof Loss.MeanSquaredError) ? 1 : 0;
      assertEquals(r * (r - 1) / 2 + r * (p.dimension() - r) + shift, found.gaugeDimension());
      assertTrue(found.minHessianEig() >= -1e-9);
    }));
  }

  @Test
  void hessianIsTheDerivativeOfTheGradient() {
    for (Loss loss : new Loss[] {new Loss.CrossEntropy(), new Loss.MeanSquaredError(), new Loss.Focal(2), new Loss.Focal(0.5), new Loss.LabelSmoothing(0.2, Loss.Smoothing.PYTORCH)}) {
      UfmProblem p = UfmProblem.builder(3, 2).counts(2, 1, 1).loss(loss).bias(new Bias.Ridge(0.1)).lambdaW(0.02).lambdaH(0.03).build();
      java.util.SplittableRandom random = new java.util.SplittableRandom(4);
      double[] x = random.doubles(17, -1, 1).toArray();
      double[] v = random.doubles(17, -1, 1).toArray();
      HessianOperator hessian = new HessianOperator(LogitFit.of(p, point(x)));
      double[] hv = new double[17];
      hessian.apply(v, hv);
      double quadratic = HessianOperator.dot(v, hv);
      double t = 1e-3;
      double second = (-value(p, x, 2 * t, v) + 16 * value(p, x, t, v) - 30 * value(p, x, 0, v) + 16 * value(p, x, -t, v) - value(p, x, -2 * t, v)) / (12 * t * t);
      assertEquals(second, quadratic, 1e-8 * (1 + Math.abs(second)), loss.name());
    }
  }

  private static Point point(double[] x) {
    return new Point(3, 2, 4, java.util.Arrays.copyOf(x, 6), java.util.Arrays.copyOfRange(x, 6, 14), java.util.Arrays.copyOfRange(x, 14, 17));
  }

  private static double value(UfmProblem p, double[] x, double t, double[] v) {
    return new PointTerms(LogitFit.of(p, point(add(x, t, v)))).value();
  }

  @Test
  void lanczosAgreesWithTheDenseHessian() {
    ReferenceCase c = ReferenceCase.ofKind("landscape").get(5);
    HessianOperator hessian = new HessianOperator(LogitFit.of(c.problem(), c.given()));
    SmallestEigenvalue found = SmallestEigenvalue.lanczos(hessian, new double[0][], 85, 85);
    assertEquals(c.expected("min_hessian_eig"), found.value(), 1e-9);
    assertTrue(found.residual() < 1e-8);
  }

  private static Point random(UfmProblem p, double size) {
    java.util.SplittableRandom random = new java.util.SplittableRandom(3);
    double[] w = new double[p.classes() * p.dimension()];
    double[] h = new double[p.dimension() * p.samples()];
    for (double[] block : new double[][] {w, h}) {
      for (int i = 0; i < block.length; i++) {
        block[i] = size * random.nextGaussian();
      }
    }
    return new Point(p.classes(), p.dimension(), p.samples(), w, h, null);
  }

  @Test
  void lanczosRestartsUntilItConvergesAndSaysHowNearItIs() {
    UfmProblem p = UfmProblem.builder(6, 7).samplesPerClass(6).lambdaW(1e-3).lambdaH(1e-3).build();
    HessianOperator hessian = new HessianOperator(LogitFit.of(p, random(p, 0.3)));
    SmallestEigenvalue exact = SmallestEigenvalue.dense(hessian, new double[0][]);
    assertEquals(0, exact.residual());
    SmallestEigenvalue short1 = SmallestEigenvalue.lanczos(hessian, new double[0][], 30, 30);
    assertTrue(!short1.converged() && short1.value() > exact.value(), short1::toString);
    // The same room for vectors, but restarts.
    SmallestEigenvalue found = SmallestEigenvalue.lanczos(hessian, new double[0][], 30, 5000);
    assertTrue(found.converged() && found.residual() <= 1e-10 * found.largest(), found::toString);
    assertEquals(exact.value(), found.value(), found.residual() + 1e-14);
  }

  @Test
  void reportOfALargeProblemIsConvergedAndCarriesItsResidual() {
    UfmProblem p = UfmProblem.builder(8, 10).samplesPerClass(8).lambdaW(1e-3).lambdaH(1e-3).build();
    for (double size : new double[] {0.1, 1, 3}) {
      Point x = random(p, size);
      HessianOperator hessian = new HessianOperator(LogitFit.of(p, x));
      assertTrue(hessian.size() > 600);
      SmallestEigenvalue exact = SmallestEigenvalue.dense(hessian, new double[0][]);
      CriticalPointReport found = Landscape.analyse(p, x);
      assertEquals("lanczos", found.hessianMethod());
      assertTrue(found.minHessianEigResidual() > 0 && found.minHessianEigResidual() <= 1e-10 * exact.largest(), found::toString);
      assertEquals(exact.value(), found.minHessianEig(), found.minHessianEigResidual() + 1e-14 * exact.largest());
      assertTrue(found.minHessianEigTransverseResidual() <= 1e-10 * exact.largest());
    }
    ReferenceCase small = ReferenceCase.ofKind("landscape").getFirst();
    assertEquals(0, Landscape.analyse(small.problem(), small.given()).minHessianEigResidual());
  }

  @Test
  void overflowIsRefusedWithAReason() {
    UfmProblem p = UfmProblem.builder(3, 4).samplesPerClass(2).lambdaW(0.01).lambdaH(0.01).build();
    for (double size : new double[] {1e154, 1e160, 1e200, 1e300}) {
      CriticalPointReport found = Landscape.analyse(p, random(p, size));
      assertEquals(Verdict.NOT_AVAILABLE, found.verdict());
      assertTrue(found.explanation().startsWith("not available: "), found.explanation());
      assertTrue(Double.isNaN(found.minHessianEig()));
    }
    // Just below, the singular values of G are still known, those of W too.
    CriticalPointReport large = Landscape.analyse(p, random(p, 1e150));
    assertEquals(Verdict.NOT_CRITICAL, large.verdict());
    assertEquals(3, large.rankW());
  }

  @Test
  void gaugeDirectionsLeaveTheValue() {
    ReferenceCase c = ReferenceCase.ofKind("optimum").stream().filter(x -> x.problem().bias() instanceof Bias.Free && x.problem().loss() instanceof Loss.CrossEntropy).findFirst().orElseThrow();
    HessianOperator hessian = new HessianOperator(LogitFit.of(c.problem(), c.optimum()));
    double[][] gauge = hessian.gauge(hessian.featureBasis(), hessian.featureBasis().rank(1e-6));
    assertTrue(gauge.length > 1);
    double[] out = new double[hessian.size()];
    for (double[] v : gauge) {
      assertEquals(1, HessianOperator.dot(v, v), 1e-12);
      hessian.apply(v, out);
      assertEquals(0, Math.sqrt(HessianOperator.dot(out, out)), 1e-8);
    }
    assertEquals(0, HessianOperator.dot(gauge[0], gauge[1]), 1e-12);
  }

  @Test
  void focalZeroBetweenTheThresholdsIsALocalMinimumAndNotCalledGlobal() {
    // A6, g = 3, K = 30, n = 1: zero is a strict local minimum above 0.0407040 but not global below 0.0412289.
    for (double lambda : new double[] {0.0405, 0.0410}) {
      UfmProblem p = UfmProblem.builder(30, 1).loss(new Loss.Focal(3)).lambdaW(lambda).lambdaH(lambda).build();
      CriticalPointReport found = Landscape.analyse(p, new Point(30, 1, 30, new double[30], new double[30], null));
      assertEquals(lambda < 0.0407 ? Verdict.STRICT_SADDLE : Verdict.LOCAL_MINIMUM, found.verdict(), found::toString);
      assertTrue(found.explanation().contains("would not certify"));
    }
  }

  @Test
  void convexZeroAboveTheThresholdIsGlobalAndHasNoEscape() {
    UfmProblem p = UfmProblem.builder(4, 4).samplesPerClass(3).lambdaW(0.2).lambdaH(0.2).build();
    CriticalPointReport found = Landscape.analyse(p, new Point(4, 4, 12, new double[16], new double[48], null));
    assertEquals(Verdict.GLOBAL_MINIMUM, found.verdict());
    assertNull(found.escapeDirection());
    // F1: (lw+lh)/2 - sqrt(((lw-lh)/2)^2 + sigma^2) with lw = lh.
    assertEquals(0.2 - 1 / (4 * Math.sqrt(3)), found.minHessianEig(), 1e-14);
  }

  @Test
  void anOrdinaryPointIsNotCritical() {
    UfmProblem p = UfmProblem.builder(3, 2).build();
    Point x = new Point(3, 2, 3, new double[] {1, 0, 2, -1, 0.5, 0}, new double[] {0.1, 2, 1, 1, -1, 0}, null);
    assertEquals(Verdict.NOT_CRITICAL, Landscape.analyse(p, x).verdict());
    x.h()[2] = Double.NaN;
    CriticalPointReport broken = Landscape.analyse(p, x);
    assertEquals(Verdict.NOT_AVAILABLE, broken.verdict());
    assertTrue(broken.explanation().contains("not finite"));
  }

  @Test
  void fixedClassifierAndNonNegativeFeatures() {
    // A7: K = 2, squared error, rows of norm 1: beta = r/(N lh + r^2 K/(K-1)) with N = 2, lh = 0.5.
    UfmProblem fixed = UfmProblem.builder(2, 1).loss(new Loss.MeanSquaredError()).classifier(new Classifier.FixedEtf(1)).lambdaH(0.5).build();
    double beta = 1 / (1 + 2.0);
    double[] w = SimplexFrame.classifier(2, 1, 1);
    CriticalPointReport at = Landscape.analyse(fixed, new Point(2, 1, 2, w, new double[] {beta * w[0], beta * w[1]}, null));
    assertEquals(Verdict.GLOBAL_MINIMUM, at.verdict(), at::toString);
    // Each h has curvature 2 r^2/N + lh.
    assertEquals(1 + 0.5, at.minHessianEig(), 1e-14);
    assertEquals(0, at.gaugeDimension());

    // Squared error, H >= 0: the orthogonal frame of B1 is non-negative, hence optimal here too; rotations are no longer free.
    UfmProblem positive = UfmProblem.builder(2, 2).loss(new Loss.MeanSquaredError()).nonNegativeFeatures(true).lambdaW(0.1).lambdaH(0.1).build();
    double s = Math.sqrt(1 - 2 * 0.1);
    CriticalPointReport frame = Landscape.analyse(positive, new Point(2, 2, 2, new double[] {s, 0, 0, s}, new double[] {s, 0, 0, s}, null));
    assertEquals(Verdict.GLOBAL_MINIMUM, frame.verdict(), frame::toString);
    assertEquals(0, frame.gaugeDimension());
    assertEquals(0, frame.gradNorm(), 1e-15);
  }
}

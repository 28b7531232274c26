package ufm.certify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import ufm.problem.Bias;
import ufm.problem.Classifier;
import ufm.problem.Loss;
import ufm.problem.Point;
import ufm.problem.ReferenceCases;
import ufm.problem.SimplexFrame;
import ufm.problem.UfmProblem;

class DualityGapTest {
  /** Tolerance for values of f in the reference vectors. */
  private static final double ATOL = 1e-12;

  /** The reference optima carry the rounding of the code that found them. */
  private static double ulps(double f) {
    return 8 * Math.ulp(f);
  }

  @TestFactory
  Stream<DynamicTest> certificateVectors() {
    return ReferenceCase.ofKind("certificate").stream().map(c -> DynamicTest.dynamicTest(c.id(), () -> {
      Certificate found = DualityGap.certify(c.problem(), c.given());
      near(c, "f", found.value());
      near(c, "grad_spectral_norm", found.gradSpectralNorm());
      near(c, "lambda_z", found.lambdaZ());
      near(c, "dual_scale", found.dualScale());
      near(c, "dual_value", found.recipeDual());
      near(c, "dual_spectral_norm_before_scaling", found.recipeSpectralNorm());
      near(c, "nuclear_norm_Z", found.nuclearNorm());
      near(c, "nuclear_primal", found.nuclearPrimal());
      double best = c.expected("f_star");
      assertTrue(found.available());
      assertTrue(found.lower() <= best + ulps(best), () -> found.lower() + " above f* = " + best);
      assertTrue(found.gap() >= found.value() - best - ulps(best));
      assertTrue(found.gap() <= c.expected("gap") + 1e-13, "never worse than the recipe but for rounding");
      if (c.node().get("where").asText().equals("optimum")) {
        assertTrue(found.relativeGap() <= 1e-12 && found.globallyOptimal(), found::toString);
      }
    }));
  }

  private static void near(ReferenceCase c, String name, double found) {
    assertEquals(c.expected(name), found, c.tolerance(c.expected(name), ATOL), name);
  }

  @TestFactory
  Stream<DynamicTest> closesAtReferenceOptima() {
    return ReferenceCase.ofKind("optimum").stream().map(c -> DynamicTest.dynamicTest(c.id(), () -> {
      double best = c.expected("f_star");
      Certificate found = DualityGap.certify(c.problem(), c.optimum());
      assertEquals(best, found.value(), c.tolerance(best, ATOL));
      if (!c.problem().loss().convex()) {
        assertFalse(found.available());
        assertTrue(found.reason().contains("Focal"));
        return;
      }
      assertTrue(found.lower() <= best + ulps(best));
      int rank = c.node().get("expected").get("rank").asInt();
      boolean truncated = c.problem().dimension() < c.problem().classes() - 1
          || (c.problem().dimension() == rank && c.problem().dimension() < c.problem().classes() && c.problem().loss() instanceof Loss.MeanSquaredError
              && !(c.problem().bias() instanceof Bias.Free) && found.gradSpectralNorm() > 1.001 * found.lambdaZ());
      if (truncated) {
        assertTrue(found.available() && !found.globallyOptimal() && found.reason().contains("d = " + c.problem().dimension()), found::toString);
      } else {
        assertTrue(found.relativeGap() <= 1e-10 && found.globallyOptimal(), found::toString);
      }
    }));
  }

  @TestFactory
  Stream<DynamicTest> closesForNonNegativeFeatures() {
    return ReferenceCase.ofKind("relu").stream().map(c -> DynamicTest.dynamicTest(c.id(), () -> {
      // E8: class k has its own coordinate, logits t_k (e_k - 1/K), |h_k| as expected.
      double[] margins = ReferenceCases.vector(c.node().get("expected").get("margins"));
      double[] norms = ReferenceCases.vector(c.node().get("expected").get("h_norms"));
      int k = c.problem().classes();
      double[][] w = new double[k][c.problem().dimension()];
      double[][] h = new double[c.problem().dimension()][k];
      for (int y = 0; y < k; y++) {
        h[y][y] = norms[y];
        for (int j = 0; j < k; j++) {
          w[j][y] = margins[y] * ((j == y ? 1 : 0) - 1.0 / k) / norms[y];
        }
      }
      Certificate found = DualityGap.certify(c.problem(), Point.of(w, h, null));
      double best = c.expected("f_star");
      assertEquals(best, found.value(), c.tolerance(best, ATOL));
      assertTrue(found.lower() <= best + ulps(best) && found.relativeGap() <= 1e-10, found::toString);
      h[0][0] = -1e-9;
      assertFalse(DualityGap.certify(c.problem(), Point.of(w, h, null)).available());
    }));
  }

  @TestFactory
  Stream<DynamicTest> fixedClassifierByStrongConvexity() {
    return ReferenceCase.ofKind("fixed_etf").stream().map(c -> DynamicTest.dynamicTest(c.id(), () -> {
      double[][] w = ReferenceCases.matrix(c.node().get("W"));
      UfmProblem p = c.problem().toBuilder().classifier(new Classifier.Fixed(w)).build();
      int n = p.samples();
      double[][] h = new double[p.dimension()][n];
      double row = c.node().get("row_norm").asDouble();
      for (int i = 0; i < n; i++) {
        for (int a = 0; a < p.dimension(); a++) {
          h[a][i] = c.expected("beta") * w[p.label(i)][a] / row;
        }
      }
      Certificate at = DualityGap.certify(p, Point.of(w, h, null));
      double best = c.expected("f_star");
      assertEquals(best, at.value(), c.tolerance(best, ATOL));
      if (!p.loss().convex()) {
        assertFalse(at.available());
        return;
      }
      assertEquals("strong-convexity", at.kind());
      assertTrue(at.relativeGap() <= 1e-10 && at.lower() <= best + ulps(best), at::toString);
      h[0][0] += 0.3;
      h[0][n - 1] -= 0.2;
      Certificate off = DualityGap.certify(p, Point.of(w, h, null));
      assertTrue(off.lower() <= best && off.gap() >= off.value() - best && off.gap() > 1e-3);
    }));
  }

  @Test
  void fixedClassifierWithRidgeBiasOrNonNegativeFeatures() {
    // K = 2, d = 1, W = (1, -1), squared error, ridge bias: a strictly convex quadratic; its minimum by solving the normal equations by hand:
    // per sample of class 0: min over h, b of (1/2)((h+b0-1)^2 + (-h+b1)^2); symmetry gives b0 = b1 = beta and h_1 = -h_0.
    UfmProblem p =
        UfmProblem.builder(2, 1).loss(new Loss.MeanSquaredError()).bias(new Bias.Ridge(0.5)).lambdaH(0.25)
            .classifier(new Classifier.Fixed(new double[][] {{1}, {-1}})).build();
    // Residuals (h+b-1, -h+b): d/dh: (h+b-1) - (-h+b) = 2h - 1, over N = 2, plus 0.25 h = 0; d/db_j over both samples: (1/2)(2b - 1) + 0.5 b = 0.
    double h = 0.5 / 1.25;
    double b = 0.5 / 1.5;
    double best = 0.5 * ((h + b - 1) * (h + b - 1) + (b - h) * (b - h)) + 0.25 / 2 * 2 * h * h + 0.25 * 2 * b * b;
    Certificate at = DualityGap.certify(p, new Point(2, 1, 2, new double[2], new double[] {h, -h}, new double[] {b, b}));
    assertEquals(best, at.value(), 1e-15);
    assertTrue(at.gap() < 1e-14 && at.lower() <= best, at::toString);
    Certificate off = DualityGap.certify(p, new Point(2, 1, 2, new double[2], new double[] {0.1, 0}, new double[] {1, -1}));
    assertTrue(off.lower() <= best && off.gap() >= off.value() - best);

    UfmProblem nonNegative = p.toBuilder().bias(new Bias.None()).nonNegativeFeatures(true).build();
    // Without bias each sample: (1/4)((h-1)^2 + h^2) + h^2/8, minimal at h = 0.4; class 1 would need h = -0.4 and stays at 0 with loss 1/4.
    double bound = 0.25 * (0.36 + 0.16) + 0.16 / 8 + 0.25;
    Certificate boundary = DualityGap.certify(nonNegative, new Point(2, 1, 2, new double[2], new double[] {0.4, 0}, null));
    assertEquals(bound, boundary.value(), 1e-15);
    assertTrue(boundary.gap() < 1e-14 && boundary.lower() <= bound, boundary::toString);
    assertEquals(0, boundary.criticality(), 1e-15, "the gradient that points out of the set does not count");
  }

  @Test
  void zeroIsCertifiedFromTheThresholdOn() {
    for (Bias bias : new Bias[] {new Bias.None(), new Bias.Free(), new Bias.Ridge(0.02)}) {
      for (double ratio : new double[] {1, 1.0001, 2}) {
        KnownMinimum m = KnownMinimum.simplex(new Loss.CrossEntropy(), bias, 4, 4, 10, ratio, 2);
        Certificate found = DualityGap.certify(m.problem(), m.optimum());
        assertEquals(Math.log(4), found.value(), 1e-15);
        assertTrue(found.gap() < 2e-14 && found.relativeGap() == 0 && found.globallyOptimal(), found::toString);
      }
      KnownMinimum below = KnownMinimum.simplex(new Loss.CrossEntropy(), bias, 4, 4, 10, 0.98, 2);
      Certificate zero = DualityGap.certify(below.problem(), new Point(4, 4, 4, new double[16], new double[16], below.optimum().b()));
      assertFalse(zero.globallyOptimal());
      assertTrue(zero.gap() >= zero.value() - below.value());
      assertTrue(DualityGap.certify(below.problem(), below.optimum()).relativeGap() < 1e-9);
    }
  }

  @Test
  void zeroWithTheBestBiasOfAnImbalancedProblem() {
    // E1: with a free bias zero is global iff lambda_Z >= (1/N) sqrt(lambda_max(D - n n^T/N)); for counts (3,1) that matrix is [[3/4,-3/4],[-3/4,3/4]].
    double threshold = Math.sqrt(1.5) / 4;
    for (double ratio : new double[] {0.99, 1.01}) {
      UfmProblem p = UfmProblem.builder(2, 2).counts(3, 1).bias(new Bias.Free()).lambdaW(ratio * threshold).lambdaH(ratio * threshold).build();
      Certificate c = DualityGap.certify(p, new Point(2, 2, 4, new double[4], new double[8], new double[] {Math.log(3), 0}));
      assertEquals(-0.75 * Math.log(0.75) - 0.25 * Math.log(0.25), c.value(), 1e-15);
      assertEquals(c.zeroValue(), c.value(), 1e-15);
      assertEquals(ratio > 1, c.globallyOptimal(), c::toString);
    }
  }

  @Test
  void tinyLambdaAndHugeMarginKeepTheirDigits() {
    for (double ratio : new double[] {1e-8, 1e-12, 1e-16}) {
      KnownMinimum m = KnownMinimum.simplex(new Loss.CrossEntropy(), new Bias.None(), 5, 6, 4, ratio, 1);
      Certificate found = DualityGap.certify(m.problem(), m.optimum());
      assertEquals(m.value(), found.value(), 1e-14 * m.value());
      assertTrue(found.gap() <= 1e-13 * m.value() && found.lower() <= m.value() * (1 + 1e-15), found::toString);
    }
  }

  @Test
  void gapFallsQuadraticallyNearTheOptimum() {
    for (KnownMinimum m : new KnownMinimum[] {
      KnownMinimum.simplex(new Loss.CrossEntropy(), new Bias.None(), 5, 6, 4, 0.3, 2),
      KnownMinimum.simplex(new Loss.CrossEntropy(), new Bias.Free(), 5, 4, 4, 0.3, 2),
      KnownMinimum.simplex(new Loss.CrossEntropy(), new Bias.Ridge(0.1), 5, 6, 4, 0.3, 1),
      KnownMinimum.simplex(new Loss.LabelSmoothing(0.1, Loss.Smoothing.TUTORIAL), new Bias.None(), 5, 6, 4, 0.3, 1),
      KnownMinimum.orthogonal(6, 0.03, 1, 5, 3, 2)
    }) {
      double coarse = DualityGap.certify(m.problem(), m.near(1e-3, new java.util.SplittableRandom(7))).gap();
      double fine = DualityGap.certify(m.problem(), m.near(1e-5, new java.util.SplittableRandom(7))).gap();
      // A hundred times nearer: scaling alone would gain a factor 100, the shaped candidates gain about 10000.
      assertTrue(fine < coarse / 3000, () -> m.problem() + ": " + coarse + " -> " + fine);
    }
  }

  @Test
  void refusesWhatHasNoCertificate() {
    Point zero = new Point(3, 3, 3, new double[9], new double[9], null);
    UfmProblem p = UfmProblem.builder(3, 3).build();
    refused(p.toBuilder().loss(new Loss.Focal(2)).build(), zero, "Focal");
    refused(p.toBuilder().lambdaW(0).build(), zero, "lambda_W = 0");
    refused(p.toBuilder().lambdaH(0).build(), zero, "lambda_H = 0");
    refused(p.toBuilder().classifier(new Classifier.FixedEtf(1)).lambdaH(0).build(), zero, "strongly convex");
    refused(
        p.toBuilder().classifier(new Classifier.FixedEtf(1)).bias(new Bias.Free()).build(), new Point(3, 3, 3, new double[9], new double[9], new double[3]),
        "free bias");
    double[] broken = new double[9];
    broken[4] = Double.NaN;
    refused(p, new Point(3, 3, 3, new double[9], broken, null), "not finite");
    broken[4] = 1e200;
    refused(p, new Point(3, 3, 3, broken, broken, null), "not finite");
    assertTrue(DualityGap.certify(p.toBuilder().loss(new Loss.Focal(0)).build(), zero).available(), "gamma = 0 is cross-entropy");
    assertThrows(IllegalArgumentException.class, () -> DualityGap.certify(p, new Point(3, 3, 3, new double[9], new double[9], new double[3])));
    assertThrows(IllegalArgumentException.class, () -> DualityGap.certify(p, new Point(3, 2, 3, new double[6], new double[6], null)));
  }

  @Test
  void hugePointsHaveABoundOrAReasonNeverNaN() {
    for (Loss loss : new Loss[] {new Loss.CrossEntropy(), new Loss.MeanSquaredError(), new Loss.LabelSmoothing(0.1, Loss.Smoothing.TUTORIAL)}) {
      for (double size = 1e20; size < 1e301; size *= 1e4) {
        UfmProblem p = UfmProblem.builder(3, 4).samplesPerClass(2).loss(loss).lambdaW(0.01).lambdaH(0.01).build();
        java.util.SplittableRandom random = new java.util.SplittableRandom(3);
        double[] w = random.doubles(12, -size, size).toArray();
        Certificate c = DualityGap.certify(p, new Point(3, 4, 6, w, random.doubles(24, -size, size).toArray(), null));
        assertFalse(c.globallyOptimal());
        if (c.available()) {
          assertTrue(c.gap() >= c.value() - c.lower() && c.lower() >= 0 && c.lower() <= c.zeroValue(), c::toString);
          assertTrue(c.nuclearNorm() > size && c.nuclearNorm() < Double.POSITIVE_INFINITY, c::toString);
        } else {
          assertTrue(c.verdict().startsWith("not available: ") && !c.reason().isEmpty() && Double.isNaN(c.gap()), c::toString);
        }
        // The gradient of squared error grows with the third power, that of the others with the first.
        assertTrue(c.available() || size > 1e150 || loss instanceof Loss.MeanSquaredError, c::toString);
      }
    }
  }

  private static void refused(UfmProblem p, Point x, String why) {
    Certificate c = DualityGap.certify(p, x);
    assertFalse(c.available());
    assertFalse(c.globallyOptimal());
    assertTrue(c.reason().contains(why), c.reason());
    assertTrue(Double.isNaN(c.gap()) && Double.isNaN(c.lower()));
  }

  @Test
  void fixedEtfMatchesItsMatrix() {
    UfmProblem etf = UfmProblem.builder(3, 4).samplesPerClass(2).classifier(new Classifier.FixedEtf(2)).build();
    double[] w = SimplexFrame.classifier(3, 4, 2);
    UfmProblem given = etf.toBuilder().classifier(new Classifier.Fixed(Point.rows(w, 3, 4))).build();
    Point x = new Point(3, 4, 6, new double[12], new java.util.SplittableRandom(5).doubles(24, -1, 1).toArray(), null);
    assertEquals(DualityGap.certify(given, x), DualityGap.certify(etf, x));
  }

  /** So many samples that logits are summed in blocks: the bound stays a bound, and closes at the minimum. */
  @Test
  void manySamples() {
    for (Bias bias : new Bias[] {new Bias.None(), new Bias.Free(), new Bias.Ridge(0.02)}) {
      KnownMinimum m = KnownMinimum.simplex(new Loss.CrossEntropy(), bias, 5, 61, 200, 0.3, 2);
      assertTrue(5.0 * 61 * 1000 > Compensated.MANY_PRODUCTS);
      for (double size : new double[] {1e-12, 1e-6, 1e-3, 1}) {
        Certificate found = DualityGap.certify(m.problem(), m.near(size, new java.util.SplittableRandom(11)));
        assertTrue(found.lower() <= m.value() + ulps(m.value()), found::toString);
        assertTrue(found.gap() >= found.value() - m.value() - ulps(m.value()), found::toString);
        assertTrue(found.rounding() <= 1e-13 * found.value(), found::toString);
        assertTrue(size > 1e-12 || found.relativeGap() <= 1e-12, found::toString);
      }
    }
  }
}

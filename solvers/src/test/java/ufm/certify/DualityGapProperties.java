package ufm.certify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.RandomMatrices_DDRM;
import ufm.problem.Bias;
import ufm.problem.Loss;
import ufm.problem.Point;
import ufm.problem.UfmProblem;

class DualityGapProperties {

  @Provide
  Arbitrary<KnownMinimum> minima() {
    Arbitrary<Loss> losses =
        Arbitraries.of(
            new Loss.CrossEntropy(), new Loss.LabelSmoothing(0.1, Loss.Smoothing.TUTORIAL), new Loss.LabelSmoothing(0.3, Loss.Smoothing.PYTORCH));
    Arbitrary<Bias> biases = Arbitraries.of(new Bias.None(), new Bias.Free(), new Bias.Ridge(0.03), new Bias.Ridge(1e-6));
    Arbitrary<KnownMinimum> simplex =
        Combinators.combine(losses, biases, Arbitraries.integers().between(2, 6), Arbitraries.integers().between(0, 3), Arbitraries.integers().between(1, 4),
                Arbitraries.doubles().between(-6, 0.2), Arbitraries.doubles().between(-2, 2))
            .as((loss, bias, k, more, n, ratio, skew) -> KnownMinimum.simplex(loss, bias, k, k - 1 + more, n, Math.pow(10, ratio), Math.pow(10, skew)));
    Arbitrary<KnownMinimum> orthogonal =
        Combinators.combine(Arbitraries.integers().between(1, 9).array(int[].class).ofMinSize(2).ofMaxSize(5), Arbitraries.integers().between(1, 7),
                Arbitraries.doubles().between(-6, 0), Arbitraries.doubles().between(-2, 2))
            .as((counts, d, lambda, skew) -> KnownMinimum.orthogonal(d, Math.pow(10, lambda), Math.pow(10, skew), counts));
    return Arbitraries.oneOf(simplex, orthogonal);
  }

  @Property(tries = 400)
  void gapIsAnUpperBoundAtAnyPoint(@ForAll("minima") KnownMinimum m, @ForAll long seed, @ForAll @net.jqwik.api.constraints.DoubleRange(min = -9, max = 1.5) double size) {
    Certificate c = DualityGap.certify(m.problem(), m.near(Math.pow(10, size), new SplittableRandom(seed)));
    double slack = 16 * Math.ulp(m.value());
    assertTrue(c.available());
    assertTrue(c.value() >= m.value() - slack - c.rounding());
    assertTrue(c.lower() <= m.value() + slack, () -> "lower " + c.lower() + " above f* " + m.value());
    assertTrue(c.gap() >= c.value() - m.value() - slack, () -> "gap " + c.gap() + " below " + (c.value() - m.value()));
  }

  @Property(tries = 200)
  void theRecordedBoundIsThatOfTheCertificate(
      @ForAll("minima") KnownMinimum m, @ForAll long seed, @ForAll @net.jqwik.api.constraints.DoubleRange(min = -9, max = 1.5) double size) {
    Point x = m.near(Math.pow(10, size), new SplittableRandom(seed));
    Certificate full = DualityGap.certify(m.problem(), x);
    Certificate bound = DualityGap.bound(m.problem(), x);
    assertEquals(full.lower(), bound.lower());
    assertEquals(full.gap(), bound.gap());
    assertEquals(full.relativeGap(), bound.relativeGap());
    assertEquals(full.globallyOptimal(), bound.globallyOptimal());
    assertTrue(bound.lower() <= m.value() + 16 * Math.ulp(m.value()));
    assertTrue(Double.isNaN(bound.criticality()) && Double.isNaN(bound.recipeDual()), "what nobody reads is not computed");
  }

  @Property(tries = 200)
  void gapClosesAtTheOptimum(@ForAll("minima") KnownMinimum m) {
    UfmProblem p = m.problem();
    boolean truncated = p.loss() instanceof Loss.MeanSquaredError && p.dimension() < p.classes();
    Certificate at = DualityGap.certify(p, m.optimum());
    assertTrue(truncated || at.gap() <= 4e-13 * at.zeroValue(), at::toString);
    assertTrue(at.gap() >= 0);
  }

  @Property(tries = 40)
  void rotationsAndClassPermutationsChangeNothing(@ForAll("minima") KnownMinimum m, @ForAll long seed) {
    UfmProblem p = m.problem();
    Point x = m.near(0.1, new SplittableRandom(seed));
    Certificate before = DualityGap.certify(p, x);
    Certificate rotated = DualityGap.certify(p, rotate(x, seed));
    assertEquals(before.value(), rotated.value(), 1e-12 * before.value());
    assertEquals(before.lower(), rotated.lower(), 1e-9 * before.zeroValue());
    if (p.balanced()) {
      // Class k becomes class K-1-k; its samples are at the mirrored places because classes are ordered.
      int k = p.classes();
      int n = p.samples();
      double[][] w = new double[k][];
      double[][] rows = x.wRows();
      double[][] h = new double[p.dimension()][n];
      for (int i = 0; i < k; i++) {
        w[i] = rows[k - 1 - i];
      }
      for (int i = 0; i < n; i++) {
        for (int a = 0; a < p.dimension(); a++) {
          h[a][i] = x.h()[a + p.dimension() * (n - 1 - i)];
        }
      }
      double[] b = x.b() == null ? null : new double[k];
      for (int i = 0; b != null && i < k; i++) {
        b[i] = x.b()[k - 1 - i];
      }
      Certificate mirrored = DualityGap.certify(p, Point.of(w, h, b));
      assertEquals(before.value(), mirrored.value(), 1e-12 * before.value());
      assertEquals(before.lower(), mirrored.lower(), 1e-9 * before.zeroValue());
    }
  }

  @Provide
  Arbitrary<UfmProblem> convexProblems() {
    Arbitrary<Loss> losses =
        Arbitraries.of(
            new Loss.CrossEntropy(), new Loss.MeanSquaredError(), new Loss.LabelSmoothing(0.1, Loss.Smoothing.TUTORIAL),
            new Loss.LabelSmoothing(0.3, Loss.Smoothing.PYTORCH));
    Arbitrary<Bias> biases = Arbitraries.of(new Bias.None(), new Bias.Free(), new Bias.Ridge(0.03), new Bias.Ridge(1e-6));
    Arbitrary<int[]> counts = Arbitraries.integers().between(1, 7).array(int[].class).ofMinSize(2).ofMaxSize(5);
    return Combinators.combine(losses, biases, counts, Arbitraries.integers().between(1, 6), Arbitraries.doubles().between(-5, 0),
            Arbitraries.doubles().between(-1, 1), Arbitraries.of(true, false))
        .as((loss, bias, n, d, lambda, skew, positive) ->
            UfmProblem.builder(n.length, d).counts(n).loss(loss).bias(bias).lambdaW(Math.pow(10, lambda + skew)).lambdaH(Math.pow(10, lambda - skew))
                .nonNegativeFeatures(positive).build());
  }

  /** Anywhere: at least as tight as the recipe D7, and at least the bound 0 that Gamma = 0 gives for nothing. */
  @Property(tries = 600)
  void neverLooserThanTheRecipeNorThanZero(
      @ForAll("convexProblems") UfmProblem p, @ForAll long seed, @ForAll @net.jqwik.api.constraints.DoubleRange(min = -0.52, max = 1.48) double size) {
    SplittableRandom random = new SplittableRandom(seed);
    double scale = Math.pow(10, size);
    double[] w = new double[p.classes() * p.dimension()];
    double[] h = new double[p.dimension() * p.samples()];
    double[] b = p.bias().present() ? new double[p.classes()] : null;
    for (double[] block : b == null ? new double[][] {w, h} : new double[][] {w, h, b}) {
      for (int i = 0; i < block.length; i++) {
        double y = scale * random.nextGaussian();
        block[i] = block == h && p.nonNegativeFeatures() ? Math.abs(y) : y;
      }
    }
    Certificate c = DualityGap.certify(p, new Point(p.classes(), p.dimension(), p.samples(), w, h, b));
    assertTrue(c.available());
    assertTrue(c.lower() >= 0, c::toString);
    assertTrue(c.lower() >= c.recipeDual() - 1e-12 * Math.max(1, Math.abs(c.recipeDual())), () -> c.lower() - c.recipeDual() + " " + c);
    assertTrue(c.lower() <= c.zeroValue() * (1 + 1e-14), c::toString);
  }

  @Property(tries = 200)
  void farFromAKnownMinimumTheBoundHolds(
      @ForAll("minima") KnownMinimum m, @ForAll long seed, @ForAll @net.jqwik.api.constraints.DoubleRange(min = -0.52, max = 1.48) double size) {
    Certificate c = DualityGap.certify(m.problem(), m.near(Math.pow(10, size), new SplittableRandom(seed)));
    assertTrue(c.lower() <= m.value() + 16 * Math.ulp(m.value()), () -> "lower " + c.lower() + " above f* " + m.value());
    assertTrue(c.lower() >= Math.max(0, c.recipeDual() - 1e-12), c::toString);
  }

  private static Point rotate(Point x, long seed) {
    int d = x.dimension();
    DMatrixRMaj r = RandomMatrices_DDRM.orthogonal(d, d, new java.util.Random(seed));
    DMatrixRMaj w = new DMatrixRMaj(x.wRows());
    DMatrixRMaj h = new DMatrixRMaj(x.hRows());
    DMatrixRMaj wr = new DMatrixRMaj(x.classes(), d);
    DMatrixRMaj rh = new DMatrixRMaj(d, x.columns());
    CommonOps_DDRM.mult(w, r, wr);
    CommonOps_DDRM.multTransA(r, h, rh);
    double[][] a = new double[x.classes()][d];
    double[][] c = new double[d][x.columns()];
    for (int i = 0; i < d; i++) {
      for (int j = 0; j < x.classes(); j++) {
        a[j][i] = wr.get(j, i);
      }
      for (int j = 0; j < x.columns(); j++) {
        c[i][j] = rh.get(i, j);
      }
    }
    return Point.of(a, c, x.b());
  }
}

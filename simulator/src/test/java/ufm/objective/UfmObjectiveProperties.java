package ufm.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.cpu.CpuBackend;
import ufm.problem.Bias;
import ufm.problem.Classifier;
import ufm.problem.Loss;
import ufm.problem.Point;
import ufm.problem.UfmProblem;
import ufm.random.StartKind;

/** What must hold at every point of every one-layer problem. */
class UfmObjectiveProperties {

  /** The remainder of the Taylor polynomial falls like t^2 after the gradient's term and like t^3 after the Hessian's. */
  @Property(tries = 80)
  void taylorSlopes(@ForAll("problems") UfmProblem p, @ForAll @IntRange(max = 1000) int seed) {
    try (Batch b = new Batch(List.of(p), seed); LaneBuffer v = b.random(seed + 7); LaneBuffer y = b.buffer(); LaneBuffer hv = b.buffer();
        Linearization hessian = b.objective.linearize()) {
      double[] f = new double[1];
      double[] ft = new double[1];
      double[] gv = new double[1];
      double[] vhv = new double[1];
      b.backend.dot(b.all, v, v, gv);
      b.backend.scale(b.all, new double[] {1 / Math.sqrt(gv[0])}, v);
      b.objective.valueGradient(b.all, b.x, f, b.g);
      b.backend.dot(b.all, b.g, v, gv);
      hessian.at(b.all, b.x);
      hessian.apply(b.all, v, hv);
      b.backend.dot(b.all, hv, v, vhv);
      double[] steps = {1e-2, 5e-3, 2.5e-3, 1.25e-3};
      double[] first = new double[4];
      double[] second = new double[4];
      for (int i = 0; i < 4; i++) {
        b.backend.combine(b.all, new double[] {steps[i]}, v, new double[] {1}, b.x, y);
        b.objective.value(b.all, y, ft);
        first[i] = ft[0] - f[0] - steps[i] * gv[0];
        second[i] = first[i] - steps[i] * steps[i] / 2 * vhv[0];
      }
      double rounding = 1e-15 * (1 + Math.abs(f[0]));
      assertTrue(slope(first, rounding) >= 1.8, () -> "slope 2 expected: " + Arrays.toString(first));
      assertTrue(slope(second, rounding) >= 2.7, () -> "slope 3 expected: " + Arrays.toString(second));
    }
  }

  /**
   * The larger of the last two log2 ratios of remainders under halving, where lower orders that happen to cancel have come apart;
   * halvings down to rounding count as steep.
   */
  private static double slope(double[] remainder, double rounding) {
    double[] slopes = new double[remainder.length - 1];
    for (int i = 0; i < slopes.length; i++) {
      boolean rounded = Math.abs(remainder[i + 1]) <= 100 * rounding;
      slopes[i] = rounded ? Double.POSITIVE_INFINITY : Math.log(Math.abs(remainder[i] / remainder[i + 1])) / Math.log(2);
    }
    return Math.max(slopes[1], slopes[2]);
  }

  /** The Hessian-vector product is the derivative of the gradient, in every entry. */
  @Property(tries = 40)
  void hessianIsTheDerivativeOfTheGradient(@ForAll("problems") UfmProblem p, @ForAll @IntRange(max = 1000) int seed) {
    try (Batch b = new Batch(List.of(p), seed); LaneBuffer v = b.random(seed + 7); LaneBuffer y = b.buffer(); LaneBuffer hv = b.buffer();
        LaneBuffer gm = b.buffer(); Linearization hessian = b.objective.linearize()) {
      double t = 1e-5;
      double[] f = new double[1];
      b.backend.combine(b.all, new double[] {t}, v, new double[] {1}, b.x, y);
      b.objective.valueGradient(b.all, y, f, b.g);
      b.backend.combine(b.all, new double[] {-t}, v, new double[] {1}, b.x, y);
      b.objective.valueGradient(b.all, y, f, gm);
      hessian.at(b.all, b.x);
      hessian.apply(b.all, v, hv);
      double[] plus = b.host(b.g);
      double[] minus = b.host(gm);
      double[] product = b.host(hv);
      double norm = 0;
      double error = 0;
      for (int i = 0; i < product.length; i++) {
        norm = Math.max(norm, Math.abs(product[i]));
        error = Math.max(error, Math.abs((plus[i] - minus[i]) / (2 * t) - product[i]));
      }
      assertTrue(error <= 2e-8 * (1 + norm), "off by " + error + " at size " + norm);
    }
  }

  /** W R^T, R H has the value of W, H, and the rotated gradient. */
  @Property(tries = 40)
  void invariantUnderRotationOfFeatureSpace(@ForAll("problems") UfmProblem p, @ForAll @IntRange(max = 1000) int seed) {
    if (!p.classifier().learned()) {
      return;
    }
    try (Batch b = new Batch(List.of(p), seed)) {
      Point at = b.objective.read(b.x, 0);
      int d = p.dimension();
      // A rotation by 0.7 in the plane of the first and last coordinate, or a reflection where d is 1.
      double c = d == 1 ? -1 : Math.cos(0.7);
      double s = d == 1 ? 0 : Math.sin(0.7);
      double[][] w = at.wRows();
      double[][] h = at.hRows();
      for (double[] row : w) {
        double a = row[0];
        double z = row[d - 1];
        row[0] = c * a - s * z;
        if (d > 1) {
          row[d - 1] = s * a + c * z;
        }
      }
      for (int i = 0; i < at.columns(); i++) {
        double a = h[0][i];
        double z = h[d - 1][i];
        h[0][i] = c * a - s * z;
        if (d > 1) {
          h[d - 1][i] = s * a + c * z;
        }
      }
      double[] f = new double[1];
      double[] rotated = new double[1];
      b.objective.value(b.all, b.x, f);
      b.objective.write(b.x, 0, Point.of(w, h, at.b()));
      b.objective.value(b.all, b.x, rotated);
      assertEquals(f[0], rotated[0], 1e-12 * (1 + Math.abs(f[0])));
    }
  }

  /** Renaming the classes of a balanced problem, with rows of W and b and columns of H renamed alike, changes nothing. */
  @Property(tries = 40)
  void invariantUnderPermutationOfBalancedClasses(@ForAll("losses") Loss loss, @ForAll @IntRange(min = 2, max = 6) int classes,
      @ForAll @IntRange(min = 1, max = 3) int n, @ForAll @IntRange(max = 1000) int seed) {
    UfmProblem p = UfmProblem.builder(classes, 3).samplesPerClass(n).loss(loss).bias(new Bias.Ridge(0.02)).build();
    try (Batch b = new Batch(List.of(p), seed)) {
      Point at = b.objective.read(b.x, 0);
      double[][] w = new double[classes][];
      double[] bias = new double[classes];
      double[] h = new double[at.h().length];
      for (int k = 0; k < classes; k++) {
        int to = (k + 1) % classes;
        w[to] = at.wRows()[k];
        bias[to] = at.b()[k];
        System.arraycopy(at.h(), 3 * n * k, h, 3 * n * to, 3 * n);
      }
      double[] f = new double[1];
      double[] renamed = new double[1];
      b.objective.value(b.all, b.x, f);
      b.objective.write(b.x, 0, new Point(classes, 3, classes * n, Point.columnMajor(w, classes, 3), h, bias));
      b.objective.value(b.all, b.x, renamed);
      assertEquals(f[0], renamed[0], 1e-13 * (1 + Math.abs(f[0])));
    }
  }

  /** A batch gives the bits of its lanes one by one, and two threads those of one. */
  @Property(tries = 30)
  void aLaneDoesNotSeeItsNeighbours(@ForAll("problems") UfmProblem p, @ForAll @IntRange(max = 1000) int seed) {
    List<UfmProblem> lanes = new ArrayList<>();
    for (int l = 0; l < 5; l++) {
      lanes.add(p.toBuilder().lambdaW(p.lambdaW() * (l + 1)).lambdaH(p.lambdaH() / (l + 1)).build());
    }
    try (Batch all = new Batch(lanes, seed)) {
      double[] f = new double[5];
      all.objective.valueGradient(all.all, all.x, f, all.g);
      for (int l = 0; l < 5; l++) {
        try (Batch one = new Batch(List.of(lanes.get(l)), seed)) {
          one.objective.randomize(one.all, one.x, StartKind.GAUSSIAN, 1, seed, new int[] {l});
          double[] single = new double[1];
          one.objective.valueGradient(one.all, one.x, single, one.g);
          assertEquals(single[0], f[l]);
          double[] ours = new double[(int) all.objective.layout().size()];
          all.backend.read(all.g, l, 0, ours, 0, ours.length);
          assertArrayEquals(one.host(one.g), ours);
        }
      }
    }
  }

  /** At collapsed features the reduced problem has the value of the full one, and its gradient is the full one's, lifted. */
  @Property(tries = 40)
  void reductionIsExactOnCollapsedFeatures(@ForAll("problems") UfmProblem p, @ForAll @IntRange(max = 1000) int seed) {
    try (CpuBackend backend = CpuBackend.create();
        UfmObjective reduced = UfmObjective.reduced(backend, List.of(p));
        UfmObjective full = UfmObjective.full(backend, List.of(p));
        LaneBuffer xr = backend.allocate(1, reduced.layout().size());
        LaneBuffer gr = backend.allocate(1, reduced.layout().size());
        LaneBuffer xf = backend.allocate(1, full.layout().size());
        LaneBuffer gf = backend.allocate(1, full.layout().size())) {
      Lanes one = Lanes.all(1);
      reduced.randomize(one, xr, StartKind.GAUSSIAN, 1, seed, new int[] {0});
      full.write(xf, 0, reduced.read(xr, 0));
      double[] a = new double[1];
      double[] b = new double[1];
      reduced.valueGradient(one, xr, a, gr);
      full.valueGradient(one, xf, b, gf);
      assertEquals(a[0], b[0], 1e-13 * (1 + Math.abs(a[0])));
      double[] hr = new double[p.dimension() * p.classes()];
      double[] hf = new double[p.dimension() * p.samples()];
      backend.read(gr, 0, reduced.layout().block("H").offset(), hr, 0, hr.length);
      backend.read(gf, 0, full.layout().block("H").offset(), hf, 0, hf.length);
      double[] sum = ClassMeanReduction.classMeans(p, hf);
      for (int k = 0; k < p.classes(); k++) {
        for (int j = 0; j < p.dimension(); j++) {
          // df/du_k = (1/sqrt n_k) sum of the columns' derivatives = sqrt(n_k) times their mean.
          double lifted = Math.sqrt(p.count(k)) * sum[j + p.dimension() * k];
          assertEquals(lifted, hr[j + p.dimension() * k], 1e-12 * (1 + Math.abs(lifted)));
        }
      }
    }
  }

  @Provide
  Arbitrary<Loss> losses() {
    return Arbitraries.of(new Loss.CrossEntropy(), new Loss.MeanSquaredError(), new Loss.Focal(0.5), new Loss.Focal(2), new Loss.Focal(0),
        new Loss.LabelSmoothing(0.1, Loss.Smoothing.TUTORIAL), new Loss.LabelSmoothing(0.2, Loss.Smoothing.PYTORCH));
  }

  @Provide
  Arbitrary<UfmProblem> problems() {
    Arbitrary<Integer> classes = Arbitraries.integers().between(2, 6);
    Arbitrary<Integer> dimension = Arbitraries.integers().between(1, 7);
    Arbitrary<int[]> counts = Arbitraries.integers().between(1, 4).array(int[].class).ofSize(6);
    Arbitrary<Bias> bias = Arbitraries.of(new Bias.None(), new Bias.Free(), new Bias.Ridge(0.03));
    Arbitrary<Double> lambda = Arbitraries.of(1e-8, 5e-4, 0.02, 0.3);
    return Combinators.combine(classes, dimension, counts, losses(), bias, lambda, lambda, Arbitraries.of(false, false, true))
        .as((k, d, n, loss, b, lw, lh, fixed) -> {
          UfmProblem.Builder p = UfmProblem.builder(k, d).counts(Arrays.copyOf(n, k)).loss(loss).bias(b).lambdaW(lw).lambdaH(lh);
          return (fixed && d >= k - 1 ? p.classifier(new Classifier.FixedEtf(1.3)) : p).build();
        });
  }

  /** An objective with a random point in each lane; lane l has start l. */
  private static final class Batch implements AutoCloseable {
    final CpuBackend backend = CpuBackend.create();
    final UfmObjective objective;
    final Lanes all;
    final LaneBuffer x;
    final LaneBuffer g;

    Batch(List<UfmProblem> problems, long seed) {
      objective = UfmObjective.full(backend, problems);
      all = Lanes.all(problems.size());
      x = random(seed);
      g = buffer();
    }

    LaneBuffer buffer() {
      return backend.allocate(objective.lanes(), objective.layout().size());
    }

    LaneBuffer random(long seed) {
      LaneBuffer out = buffer();
      int[] start = new int[objective.lanes()];
      for (int l = 0; l < start.length; l++) {
        start[l] = l;
      }
      objective.randomize(all, out, StartKind.GAUSSIAN, 1, seed, start);
      return out;
    }

    double[] host(LaneBuffer buffer) {
      double[] out = new double[(int) objective.layout().size()];
      backend.read(buffer, 0, 0, out, 0, out.length);
      return out;
    }

    @Override
    public void close() {
      x.close();
      g.close();
      objective.close();
      backend.close();
    }
  }
}

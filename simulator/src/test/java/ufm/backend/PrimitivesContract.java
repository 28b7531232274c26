package ufm.backend;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every backend must do with vectors and matrices, against loops on the host; a test class extends it. */
public abstract class PrimitivesContract {
  /** The backend under test, new for each test. */
  protected Backend backend;

  /** A new backend; closed after the test. */
  protected abstract Backend open();

  private final Random random = new Random(11);
  private final Lanes some = Lanes.none(4);

  @BeforeEach
  void openBackend() {
    backend = open();
    some.clear();
    some.add(0);
    some.add(2);
    some.add(3);
  }

  @AfterEach
  void closeBackend() {
    backend.close();
  }

  private double[][] batch(int n) {
    double[][] a = new double[4][];
    for (int l = 0; l < 4; l++) {
      a[l] = LayerCase.gaussian(random, n, 1);
    }
    return a;
  }

  private LaneBuffer put(double[][] a) {
    return LayerCase.upload(backend, a);
  }

  private double[][] get(LaneBuffer b) {
    return LayerCase.download(backend, b);
  }

  private static final double[] A = {0.5, 9, -1.25, 3};
  private static final double[] B = {-2, 9, 0.75, 0.3};
  private static final int[] LENGTHS = {1, 7, 8, 16, 33, 1000, 40_000};

  /** One element of a result from the elements of the operands. */
  private interface Element {
    double of(int lane, double x, double y);
  }

  private void check(double[][] x, double[][] y, double[][] before, double[][] after, Element expected) {
    assertArrayEquals(before[1], after[1], "an inactive lane changed");
    for (int l : new int[] {0, 2, 3}) {
      for (int i = 0; i < x[l].length; i++) {
        assertEquals(expected.of(l, x[l][i], y[l][i]), after[l][i], "lane " + l + " element " + i);
      }
    }
  }

  @Test
  void elementwise() {
    for (int n : LENGTHS) {
      double[][] x = batch(n);
      double[][] y = batch(n);
      double[][] z = batch(n);
      try (LaneBuffer bx = put(x);
          LaneBuffer by = put(y);
          LaneBuffer bz = put(z)) {
        backend.combine(some, A, bx, B, by, bz);
        check(x, y, z, get(bz), (l, p, q) -> Math.fma(A[l], p, B[l] * q));
        backend.multiply(some, bx, by, bz);
        check(x, y, z, get(bz), (l, p, q) -> p * q);
        backend.copy(some, bx, bz);
        check(x, y, z, get(bz), (l, p, q) -> p);
        backend.scale(some, A, bz);
        check(x, y, z, get(bz), (l, p, q) -> A[l] * p);
        backend.copy(some, by, bz);
        backend.axpy(some, A, bx, bz);
        check(x, y, z, get(bz), (l, p, q) -> Math.fma(A[l], p, q));
        backend.fill(some, 2.5, bz);
        check(x, y, z, get(bz), (l, p, q) -> 2.5);
        backend.freeMask(some, bx, by, A, 0, n, bz);
        check(x, y, z, get(bz), (l, p, q) -> p <= A[l] && q > 0 ? 0 : 1);
        backend.copy(some, bx, bz);
        backend.clampNonNegative(some, bz, 0, n);
        check(x, y, z, get(bz), (l, p, q) -> Math.max(p, 0));
        if (n > 5) {
          backend.copy(some, bx, bz);
          backend.clampNonNegative(some, bz, 2, 3);
          double[] part = get(bz)[2];
          for (int i = 0; i < n; i++) {
            assertEquals(i >= 2 && i < 5 ? Math.max(x[2][i], 0) : x[2][i], part[i]);
          }
        }
      }
    }
  }

  @Test
  void reductions() {
    for (int n : LENGTHS) {
      double[][] x = batch(n);
      double[][] y = batch(n);
      double[] dot = {7, 7, 7, 7};
      double[] distance = dot.clone();
      double[] max = dot.clone();
      double[] part = dot.clone();
      int from = n / 3;
      int count = n - from - n / 5;
      try (LaneBuffer bx = put(x);
          LaneBuffer by = put(y)) {
        backend.dot(some, bx, by, dot);
        backend.distance2(some, bx, A, by, 0, n, distance);
        backend.maxAbs(some, bx, max);
        backend.dot(some, bx, by, from, count, part);
      }
      assertEquals(7, dot[1]);
      assertEquals(7, max[1]);
      for (int l : new int[] {0, 2, 3}) {
        double s = 0;
        double d = 0;
        double m = 0;
        double p = 0;
        double size = 0;
        for (int i = 0; i < n; i++) {
          s += x[l][i] * y[l][i];
          size += Math.abs(x[l][i] * y[l][i]);
          d += Math.pow(x[l][i] + A[l] * y[l][i], 2);
          m = Math.max(m, Math.abs(x[l][i]));
          p += i >= from && i < from + count ? x[l][i] * y[l][i] : 0;
        }
        assertEquals(s, dot[l], 1e-14 * size);
        assertEquals(p, part[l], 1e-14 * size);
        assertEquals(d, distance[l], 1e-13 * d);
        assertEquals(m, max[l]);
      }
    }
  }

  @Test
  void notANumberStaysInItsLane() {
    double[][] x = batch(50);
    x[2][13] = Double.NaN;
    double[] out = new double[4];
    try (LaneBuffer bx = put(x)) {
      backend.maxAbs(some, bx, out);
      assertTrue(Double.isNaN(out[2]) && out[0] > 0 && out[3] > 0);
      backend.dot(some, bx, bx, out);
      assertTrue(Double.isNaN(out[2]) && out[0] > 0 && out[3] > 0);
    }
  }

  @Test
  void products() {
    for (int[] s : new int[][] {{1, 1, 1}, {3, 5, 2}, {8, 4, 3}, {17, 9, 40}, {5, 130, 7}, {150, 70, 300}}) {
      for (int variant = 0; variant < 8; variant++) {
        product(s[0], s[1], s[2], (variant & 1) != 0, (variant & 2) != 0, (variant & 4) != 0 ? -0.5 : 0);
      }
    }
  }

  private void product(int m, int n, int k, boolean ta, boolean tb, double beta) {
    int lda = (ta ? k : m) + 2;
    int ldb = (tb ? n : k) + 1;
    int ldc = m + 3;
    double[][] a = batch(1 + lda * (ta ? m : k));
    double[][] b = batch(2 + ldb * (tb ? k : n));
    double[][] c = batch(3 + ldc * n);
    if (beta == 0) {
      c[0][3] = Double.NaN;
    }
    try (LaneBuffer ba = put(a);
        LaneBuffer bb = put(b);
        LaneBuffer bc = put(c)) {
      backend.gemm(some, ta, tb, m, n, k, 1.5, ba, 1, lda, bb, 2, ldb, beta, bc, 3, ldc);
      double[][] out = get(bc);
      assertArrayEquals(c[1], out[1]);
      for (int l : new int[] {0, 2, 3}) {
        for (int j = 0; j < n; j++) {
          for (int i = 0; i < ldc && 3 + i + ldc * j < c[l].length; i++) {
            int at = 3 + i + ldc * j;
            if (i >= m) {
              assertEquals(c[l][at], out[l][at], "outside of C");
              continue;
            }
            double s = 0;
            double size = 0;
            for (int p = 0; p < k; p++) {
              double t = a[l][1 + (ta ? p + lda * i : i + lda * p)] * b[l][2 + (tb ? j + ldb * p : p + ldb * j)];
              s += t;
              size += Math.abs(t);
            }
            double expected = 1.5 * s + (beta == 0 ? 0 : beta * c[l][at]);
            assertEquals(expected, out[l][at], 1e-14 * (1.5 * size + Math.abs(expected)), m + "x" + n + "x" + k);
          }
        }
      }
    }
  }

  @Test
  void optimiserSteps() {
    int n = 37;
    double[][] g = batch(n);
    double[][] v = batch(n);
    double[][] x = batch(n);
    double[][] m = batch(n);
    double[][] s = new double[4][];
    for (int l = 0; l < 4; l++) {
      s[l] = java.util.Arrays.stream(batch(n)[l]).map(Math::abs).toArray();
    }
    double[] mu = {0.9, 0, 0.5, 0};
    double[] damp = {0, 0, 0.1, 0};
    double[] eta = {0.1, 1, 0.01, 0.3};
    for (boolean nesterov : new boolean[] {false, true}) {
      try (LaneBuffer bg = put(g);
          LaneBuffer bv = put(v);
          LaneBuffer bx = put(x)) {
        backend.momentumStep(some, mu, damp, eta, nesterov, bg, bv, bx);
        double[][] x1 = get(bx);
        double[][] v1 = get(bv);
        assertArrayEquals(x[1], x1[1]);
        for (int l : new int[] {0, 2, 3}) {
          for (int i = 0; i < n; i++) {
            double vi = mu[l] * v[l][i] + (1 - damp[l]) * g[l][i];
            assertEquals(vi, v1[l][i], 1e-15 * 10);
            assertEquals(x[l][i] - eta[l] * (nesterov ? g[l][i] + mu[l] * vi : vi), x1[l][i], 1e-14);
          }
        }
      }
    }
    double[] c1 = {0.1, 1, 0.19, 0.5};
    double[] c2 = {0.001, 1, 0.002, 0.5};
    try (LaneBuffer bg = put(g);
        LaneBuffer bm = put(m);
        LaneBuffer bs = put(s);
        LaneBuffer bx = put(x)) {
      backend.adamStep(some, 0.9, 0.999, 1e-8, eta, c1, c2, bg, bm, bs, bx);
      double[][] x1 = get(bx);
      assertArrayEquals(x[1], x1[1]);
      for (int l : new int[] {0, 2, 3}) {
        for (int i = 0; i < n; i++) {
          double mi = 0.9 * m[l][i] + (1 - 0.9) * g[l][i];
          double si = 0.999 * s[l][i] + (1 - 0.999) * g[l][i] * g[l][i];
          double step = eta[l] * (mi / c1[l]) / (Math.sqrt(si / c2[l]) + 1e-8);
          assertEquals(x[l][i] - step, x1[l][i], 1e-13 * (Math.abs(x[l][i]) + Math.abs(step)));
        }
      }
    }
  }

  @Test
  void lbfgsDirectionSatisfiesTheSecantEquation() {
    int n = 29;
    int memory = 3;
    double[][] pairs = batch(2 * memory * n);
    double[] rho = new double[4 * memory];
    int[] newest = {1, 0, 0, 2};
    int[] stored = {3, 0, 2, 1};
    double[][] y = new double[4][n];
    for (int l = 0; l < 4; l++) {
      for (int j = 0; j < memory; j++) {
        double sy = 0;
        for (int i = 0; i < n; i++) {
          // y near s, so that every product <s, y> is positive.
          pairs[l][(memory + j) * n + i] = pairs[l][j * n + i] * (1 + 0.1 * i) + 0.1 * pairs[l][(memory + j) * n + i];
          sy += pairs[l][j * n + i] * pairs[l][(memory + j) * n + i];
        }
        rho[l * memory + j] = 1 / sy;
      }
      System.arraycopy(pairs[l], (memory + newest[l]) * n, y[l], 0, n);
    }
    double[][] z = batch(n);
    try (LaneBuffer bp = put(pairs);
        LaneBuffer bg = put(y);
        LaneBuffer out = put(z)) {
      backend.lbfgsDirection(some, memory, newest, stored, bp, rho, bg, out);
      double[][] d = get(out);
      assertArrayEquals(z[1], d[1]);
      for (int l : new int[] {0, 2, 3}) {
        for (int i = 0; i < n; i++) {
          assertEquals(-pairs[l][newest[l] * n + i], d[l][i], 1e-11, "B y = s for the newest pair");
        }
      }
      Lanes empty = Lanes.single(0);
      stored[0] = 0;
      backend.lbfgsDirection(empty, memory, newest, stored, bp, rho, bg, out);
      for (int i = 0; i < n; i++) {
        assertEquals(-y[0][i], get(out)[0][i]);
      }
    }
  }

  @Test
  void storeAndCopiesOfParts() {
    double[][] x = batch(10);
    double[][] d = batch(40);
    try (LaneBuffer bx = put(x);
        LaneBuffer bd = put(d)) {
      backend.store(some, bx, new long[] {0, 0, 30, 7}, bd);
      double[][] after = get(bd);
      assertArrayEquals(d[1], after[1]);
      for (int i = 0; i < 10; i++) {
        assertEquals(x[0][i], after[0][i]);
        assertEquals(x[2][i], after[2][30 + i]);
        assertEquals(x[3][i], after[3][7 + i]);
      }
      assertEquals(d[3][17], after[3][17]);
      assertEquals(d[3][6], after[3][6]);
    }
  }

  @Test
  void newMemoryIsZeroAlignedAndClosedOnce() {
    LaneBuffer b = backend.allocate(3, 13);
    assertEquals(0, b.stride() * b.precision().bytes() % 64);
    for (double[] lane : get(b)) {
      assertArrayEquals(new double[13], lane);
    }
    b.close();
    b.close();
    assertThrows(IllegalStateException.class, () -> backend.read(b, 0, 0, new double[13], 0, 13));
  }

  @Test
  void faultsAreRefused() {
    try (LaneBuffer a = backend.allocate(2, 10);
        LaneBuffer b = backend.allocate(2, 11)) {
      assertThrows(IllegalArgumentException.class, () -> backend.copy(Lanes.all(2), a, b));
      assertThrows(IllegalArgumentException.class, () -> backend.axpy(Lanes.all(2), A, a, b));
      assertThrows(IndexOutOfBoundsException.class, () -> backend.write(a, 0, 5, new double[6], 0, 6));
      assertThrows(IndexOutOfBoundsException.class, () -> backend.read(a, 2, 0, new double[1], 0, 1));
      assertThrows(IndexOutOfBoundsException.class, () -> backend.dot(Lanes.all(2), a, b, 0, 11, new double[2]));
      assertThrows(IndexOutOfBoundsException.class, () -> backend.gemm(
          Lanes.all(2), false, false, 3, 3, 3, 1, a, 0, 4, b, 0, 3, 0, b, 0, 3));
      assertThrows(IllegalArgumentException.class, () -> backend.allocate(0, 3));
      assertThrows(IllegalArgumentException.class, () -> backend.allocate(1, -1));
    }
  }
}

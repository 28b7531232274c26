package ufm.landscape;

import java.util.Arrays;
import ufm.certify.GramEigen;
import ufm.certify.LogitFit;
import ufm.problem.Bias;
import ufm.problem.Loss;
import ufm.problem.UfmProblem;

/**
 * The Hessian of the objective in all variables, (W, H, b) one behind the other, W only where it is learned, b only where there is one. With
 * {@code dZ = dW H + W dH + db 1^T} and {@code dG_i = (1/N) loss''(z_i) dz_i}:
 *
 * <pre>(dG H^T + G dH^T + lambda_W dW,  W^T dG + dW^T G + lambda_H dH,  dG 1 + lambda_b db)</pre>
 *
 * <p>With non-negative features the entries of H at zero are held fixed.
 */
final class HessianOperator {
  private final LogitFit fit;
  private final UfmProblem problem;
  private final int k;
  private final int d;
  private final int n;
  private final boolean learned;
  private final int atH;
  private final int atB;
  private final int size;
  private final double[] dz;
  private final double[] dg;

  HessianOperator(LogitFit fit) {
    this.fit = fit;
    problem = fit.problem();
    k = problem.classes();
    d = problem.dimension();
    n = fit.columns();
    learned = problem.classifier().learned();
    atH = learned ? k * d : 0;
    atB = atH + d * n;
    size = atB + (fit.b() == null ? 0 : k);
    dz = new double[k];
    dg = new double[k];
  }

  /** Number of variables. */
  int size() {
    return size;
  }

  /** {@code out = Hessian v}. */
  void apply(double[] v, double[] out) {
    double[] w = fit.w();
    double[] h = fit.h();
    double[] g = fit.gradient();
    Arrays.fill(out, 0);
    for (int c = 0; c < n; c++) {
      Arrays.fill(dz, 0);
      for (int a = 0; a < d; a++) {
        double x = h[a + d * c];
        double dx = held(c, a) ? 0 : v[atH + a + d * c];
        for (int i = 0; i < k; i++) {
          dz[i] += w[i + k * a] * dx + (learned ? v[i + k * a] * x : 0);
        }
      }
      for (int i = 0; i < k && fit.b() != null; i++) {
        dz[i] += v[atB + i];
      }
      fit.curvature(c, dz, dg);
      for (int i = 0; i < k; i++) {
        dg[i] /= n;
        if (fit.b() != null) {
          out[atB + i] += dg[i];
        }
      }
      for (int a = 0; a < d; a++) {
        double x = h[a + d * c];
        double dx = held(c, a) ? 0 : v[atH + a + d * c];
        double s = problem.lambdaH() * dx;
        for (int i = 0; i < k; i++) {
          s += w[i + k * a] * dg[i];
          if (learned) {
            s += v[i + k * a] * g[i + k * c] / n;
            out[i + k * a] += dg[i] * x + g[i + k * c] / n * dx;
          }
        }
        out[atH + a + d * c] = held(c, a) ? 0 : s;
      }
    }
    for (int i = 0; i < atH; i++) {
      out[i] += problem.lambdaW() * v[i];
    }
    for (int i = atB; i < size; i++) {
      out[i] += problem.bias().penalty() * v[i];
    }
  }

  private boolean held(int column, int a) {
    return problem.nonNegativeFeatures() && fit.h()[a + d * column] <= 0;
  }

  /** Whether variable i is held fixed at the boundary. */
  boolean held(int i) {
    return i >= atH && i < atB && held((i - atH) / d, (i - atH) % d);
  }

  /**
   * An orthonormal basis of the directions along which f cannot change: {@code (W Omega, -Omega H)} for antisymmetric Omega (rotations of
   * feature space; {@code r(r-1)/2 + r(d-r)} of them, r the rank of [W^T H]), and b + c 1 for a free bias of a loss of softmax.
   *
   * @param rank rank of [W^T H] (see {@link #featureBasis})
   */
  double[][] gauge(GramEigen basis, int rank) {
    java.util.List<double[]> found = new java.util.ArrayList<>();
    if (shiftFree()) {
      double[] v = new double[size];
      Arrays.fill(v, atB, size, 1);
      add(found, v);
    }
    if (!learned || problem.nonNegativeFeatures()) {
      return found.toArray(new double[0][]);
    }
    double[] q = basis.vectors();
    for (int i = 0; i < rank; i++) {
      for (int j = i + 1; j < d; j++) {
        add(found, rotation(q, i, j));
      }
    }
    return found.toArray(new double[0][]);
  }

  /** Dimension of {@link #gauge}, without building it. */
  int gaugeDimension(int rank) {
    return (shiftFree() ? 1 : 0) + (learned && !problem.nonNegativeFeatures() ? rank * (rank - 1) / 2 + rank * (d - rank) : 0);
  }

  private boolean shiftFree() {
    return problem.bias() instanceof Bias.Free && !(problem.loss() instanceof Loss.MeanSquaredError);
  }

  private double[] rotation(double[] q, int i, int j) {
    double[] v = new double[size];
    double[] w = fit.w();
    for (int r = 0; r < k; r++) {
      double wi = 0;
      double wj = 0;
      for (int a = 0; a < d; a++) {
        wi += w[r + k * a] * q[a + d * i];
        wj += w[r + k * a] * q[a + d * j];
      }
      for (int a = 0; a < d; a++) {
        v[r + k * a] = wi * q[a + d * j] - wj * q[a + d * i];
      }
    }
    double[] h = fit.h();
    for (int c = 0; c < n; c++) {
      double hi = 0;
      double hj = 0;
      for (int a = 0; a < d; a++) {
        hi += h[a + d * c] * q[a + d * i];
        hj += h[a + d * c] * q[a + d * j];
      }
      for (int a = 0; a < d; a++) {
        v[atH + a + d * c] = q[a + d * j] * hi - q[a + d * i] * hj;
      }
    }
    return v;
  }

  private static void add(java.util.List<double[]> basis, double[] v) {
    // Orthogonalised twice: once is not enough where the rotations are nearly dependent.
    for (int round = 0; round < 2; round++) {
      project(basis, v);
    }
    double norm = Math.sqrt(dot(v, v));
    if (norm > 0) {
      for (int i = 0; i < v.length; i++) {
        v[i] /= norm;
      }
      basis.add(v);
    }
  }

  /** {@code v -= Q Q^T v}. */
  static void project(Iterable<double[]> basis, double[] v) {
    for (double[] q : basis) {
      double s = dot(q, v);
      for (int i = 0; i < v.length; i++) {
        v[i] = Math.fma(-s, q[i], v[i]);
      }
    }
  }

  static double dot(double[] a, double[] b) {
    double s = 0;
    for (int i = 0; i < a.length; i++) {
      s = Math.fma(a[i], b[i], s);
    }
    return s;
  }

  /** Orthonormal basis of R^d whose first vectors span the rows of W and the columns of H (each scaled to norm 1). */
  GramEigen featureBasis() {
    double[] w = fit.w();
    double[] h = fit.h();
    double[] all = new double[d * (k + n)];
    double normW = Math.sqrt(dot(w, w));
    double normH = Math.sqrt(dot(h, h));
    for (int a = 0; a < d; a++) {
      for (int i = 0; i < k; i++) {
        all[a + d * i] = normW > 0 ? w[i + k * a] / normW : 0;
      }
      for (int c = 0; c < n; c++) {
        all[a + d * (k + c)] = normH > 0 ? h[a + d * c] / normH : 0;
      }
    }
    return new GramEigen(all, d, k + n);
  }
}

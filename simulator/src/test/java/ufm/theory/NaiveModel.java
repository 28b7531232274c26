package ufm.theory;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;
import ufm.problem.Loss;
import ufm.problem.UfmProblem;

/** The objective written down a second time, in plain loops over samples, and a point rebuilt from predicted Gram matrices. */
final class NaiveModel {
  final UfmProblem p;
  final double[][] w;
  final double[][] h;
  final double[] b;

  /** Value at the point. */
  double value;

  /** Gradients; gz is the gradient with respect to the logits, K x N. */
  double[][] gw;
  double[][] gh;
  double[] gb;
  double[][] gz;

  NaiveModel(UfmProblem p, double[][] w, double[][] h, double[] b) {
    this.p = p;
    this.w = w;
    this.h = h;
    this.b = b;
    evaluate();
  }

  private void evaluate() {
    int k = p.classes();
    int d = p.dimension();
    int n = p.samples();
    gw = new double[k][d];
    gh = new double[d][n];
    gb = new double[k];
    gz = new double[k][n];
    double lw = p.classifier().learned() ? p.lambdaW() : 0;
    for (int i = 0; i < n; i++) {
      double[] z = new double[k];
      for (int j = 0; j < k; j++) {
        z[j] = b == null ? 0 : b[j];
        for (int c = 0; c < d; c++) {
          z[j] += w[j][c] * h[c][i];
        }
      }
      double[] g = new double[k];
      value += sample(z, p.label(i), g) / n;
      for (int j = 0; j < k; j++) {
        gz[j][i] = g[j] / n;
        gb[j] += gz[j][i];
        for (int c = 0; c < d; c++) {
          gw[j][c] += gz[j][i] * h[c][i];
          gh[c][i] += gz[j][i] * w[j][c];
        }
      }
    }
    for (int c = 0; c < d; c++) {
      for (int j = 0; j < k; j++) {
        value += 0.5 * lw * w[j][c] * w[j][c];
        gw[j][c] += lw * w[j][c];
      }
      for (int i = 0; i < n; i++) {
        value += 0.5 * p.lambdaH() * h[c][i] * h[c][i];
        gh[c][i] += p.lambdaH() * h[c][i];
      }
    }
    for (int j = 0; j < k && b != null; j++) {
      value += 0.5 * p.bias().penalty() * b[j] * b[j];
      gb[j] += p.bias().penalty() * b[j];
    }
  }

  private double sample(double[] z, int y, double[] g) {
    int k = z.length;
    if (p.loss() instanceof Loss.MeanSquaredError) {
      double f = 0;
      for (int j = 0; j < k; j++) {
        g[j] = z[j] - (j == y ? 1 : 0);
        f += 0.5 * g[j] * g[j];
      }
      return f;
    }
    double shift = 0;
    for (int j = 0; j < k; j++) {
      shift = Math.max(shift, z[j] - z[y]);
    }
    double[] odds = new double[k];
    double rest = 0;
    for (int j = 0; j < k; j++) {
      odds[j] = j == y ? 0 : Math.exp(z[j] - z[y] - shift);
      rest += odds[j];
    }
    double own = Math.exp(-shift);
    double l = shift == 0 ? Math.log1p(rest) : shift + Math.log(own + rest);
    double s = p.loss().offClassMass(k);
    double chi = 1;
    double f = l;
    if (p.loss() instanceof Loss.Focal(double gamma)) {
      double u = rest / (own + rest);
      f = Math.pow(u, gamma) * l;
      chi = gamma * Math.pow(u, gamma - 1) * own / (own + rest) * l + Math.pow(u, gamma);
    }
    for (int j = 0; j < k; j++) {
      if (j != y) {
        g[j] = chi * (odds[j] / (own + rest) - s / (k - 1));
        g[y] -= g[j];
        f += s / (k - 1) * (z[y] - z[j]);
      }
    }
    return f;
  }

  /** Largest singular value of the gradient with respect to the logits. */
  double gradientSpectralNorm() {
    int k = p.classes();
    DMatrixRMaj gram = new DMatrixRMaj(k, k);
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        double s = 0;
        for (int c = 0; c < p.samples(); c++) {
          s += gz[i][c] * gz[j][c];
        }
        gram.set(i, j, s);
      }
    }
    EigenDecomposition_F64<DMatrixRMaj> eig = DecompositionFactory_DDRM.eig(k, false, true);
    eig.decompose(gram);
    double max = 0;
    for (int j = 0; j < k; j++) {
      max = Math.max(max, eig.getEigenvalue(j).real);
    }
    return Math.sqrt(max);
  }

  static double norm(double[][] a) {
    double s = 0;
    for (double[] row : a) {
      for (double x : row) {
        s += x * x;
      }
    }
    return Math.sqrt(s);
  }

  /**
   * A point with the predicted W W^T, class logits and feature Gram matrix: a factor with d columns of the joint Gram matrix, which exists only if
   * the three fit together and their rank is at most d.
   *
   * @throws AssertionError if they do not
   */
  static NaiveModel at(UfmProblem p, Prediction prediction) {
    int k = p.classes();
    int d = p.dimension();
    double scale = Math.sqrt(p.lambdaW() / p.lambdaH());
    double[][] wwt = prediction.matrices().get("WWt");
    double[][] hth = prediction.matrices().get("HtH_class");
    double[][] z = prediction.matrices().get("Zbar");
    DMatrixRMaj joint = new DMatrixRMaj(2 * k, 2 * k);
    // Features are weighted by sqrt(n_k) and the blocks balanced, so that the eigenvectors are well conditioned.
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        joint.set(i, j, scale * wwt[i][j]);
        joint.set(k + i, k + j, hth[i][j] / scale * Math.sqrt((double) p.count(i) * p.count(j)));
        joint.set(i, k + j, z[i][j] * Math.sqrt(p.count(j)));
        joint.set(k + j, i, z[i][j] * Math.sqrt(p.count(j)));
      }
    }
    EigenDecomposition_F64<DMatrixRMaj> eig = DecompositionFactory_DDRM.eig(2 * k, true, true);
    eig.decompose(joint.copy()); // the decomposition overwrites its input
    Integer[] order = new Integer[2 * k];
    java.util.Arrays.setAll(order, i -> i);
    java.util.Arrays.sort(order, java.util.Comparator.comparingDouble(i -> -eig.getEigenvalue(i).real));
    double[][] factor = new double[2 * k][d];
    for (int c = 0; c < Math.min(d, 2 * k); c++) {
      double root = Math.sqrt(Math.max(0, eig.getEigenvalue(order[c]).real));
      for (int i = 0; i < 2 * k && root > 1e-7 * Math.sqrt(Math.max(0, eig.getEigenvalue(order[0]).real)); i++) {
        factor[i][c] = root * eig.getEigenVector(order[c]).get(i);
      }
    }
    double size = 0;
    double error = 0;
    for (int i = 0; i < 2 * k; i++) {
      for (int j = 0; j < 2 * k; j++) {
        double s = 0;
        for (int c = 0; c < d; c++) {
          s += factor[i][c] * factor[j][c];
        }
        size = Math.max(size, Math.abs(joint.get(i, j)));
        error = Math.max(error, Math.abs(s - joint.get(i, j)));
      }
    }
    if (error > 1e-12 * size) {
      throw new AssertionError("no W, H with d=" + d + " have the predicted Gram matrices: error " + error + " of " + size + " for " + p);
    }
    double[][] w = new double[k][d];
    double[][] h = new double[d][p.samples()];
    for (int c = 0; c < d; c++) {
      for (int i = 0; i < k; i++) {
        w[i][c] = factor[i][c] / Math.sqrt(scale);
      }
      for (int i = 0; i < p.samples(); i++) {
        h[c][i] = factor[k + p.label(i)][c] * Math.sqrt(scale / p.count(p.label(i)));
      }
    }
    return new NaiveModel(p, w, h, prediction.vectors().get("b"));
  }

  /** The objective at the point plus Gaussian noise of this size in every block, features made non-negative where the problem says so. */
  double perturbed(java.util.Random random, double size) {
    double[][] w2 = noisy(w, random, p.classifier().learned() ? size : 0);
    double[][] h2 = noisy(h, random, size);
    if (p.nonNegativeFeatures()) {
      for (double[] row : h2) {
        java.util.Arrays.setAll(row, i -> Math.max(0, row[i]));
      }
    }
    return new NaiveModel(p, w2, h2, b == null ? null : noisy(new double[][] {b}, random, size)[0]).value;
  }

  private static double[][] noisy(double[][] a, java.util.Random random, double size) {
    double[][] out = new double[a.length][];
    for (int i = 0; i < a.length; i++) {
      out[i] = java.util.Arrays.stream(a[i]).map(x -> x + size * random.nextGaussian()).toArray();
    }
    return out;
  }
}

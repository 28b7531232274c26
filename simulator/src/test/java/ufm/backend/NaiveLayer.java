package ufm.backend;

import ufm.backend.ClassifierLayer.Kind;

/**
 * The one-layer model in the plainest host code, straight from the formulas; the oracle of the contract suite at moderate logits.
 * Written on its own, it shares no code with a backend.
 */
final class NaiveLayer {
  final double fit;
  final double[] gradient;
  final double[] hessian;
  /** G, {@code g[k][i]}. */
  final double[][] g;
  /** For each variable the sum of the absolute values of the terms of its gradient: the yardstick of rounding. */
  final double[] gradientTerms;
  /** The same for the Hessian. */
  final double[] hessianTerms;

  NaiveLayer(LayerCase c, int lane) {
    int classes = c.classes;
    int d = c.dimension;
    double[] x = c.x[lane];
    double[] v = c.v[lane];
    int ho = c.hOffset();
    int bo = c.bOffset();
    double[] w = c.fixedW[lane];
    if (c.learned) {
      w = x;
    }
    gradient = new double[x.length];
    hessian = new double[x.length];
    gradientTerms = new double[x.length];
    hessianTerms = new double[x.length];
    g = new double[classes][c.columns];
    double sum = 0;
    for (int i = 0; i < c.columns; i++) {
      int y = c.labels[i];
      double s = c.scale[lane][i];
      double omega = c.weight[lane][i];
      double[] z = new double[classes];
      double[] r = new double[classes];
      for (int k = 0; k < classes; k++) {
        for (int j = 0; j < d; j++) {
          z[k] += w[k + classes * j] * x[ho + j + d * i];
          r[k] += w[k + classes * j] * v[ho + j + d * i] + (c.learned ? v[k + classes * j] * x[ho + j + d * i] : 0);
        }
        z[k] = s * z[k] + (bo >= 0 ? x[bo + k] : 0);
        r[k] = s * r[k] + (bo >= 0 ? v[bo + k] : 0);
      }
      double[] dz = new double[classes];
      double[] hr = new double[classes];
      sum += omega * sample(c.kind, c.parameter[lane], z, y, r, dz, hr);
      for (int k = 0; k < classes; k++) {
        double gk = omega * dz[k];
        double hk = omega * hr[k];
        g[k][i] = gk;
        if (bo >= 0) {
          add(gradient, gradientTerms, bo + k, gk);
          add(hessian, hessianTerms, bo + k, hk);
        }
        for (int j = 0; j < d; j++) {
          int hj = ho + j + d * i;
          add(gradient, gradientTerms, hj, w[k + classes * j] * gk * s);
          add(hessian, hessianTerms, hj, w[k + classes * j] * hk * s);
          if (c.learned) {
            int wj = k + classes * j;
            add(gradient, gradientTerms, wj, gk * s * x[hj]);
            add(hessian, hessianTerms, wj, hk * s * x[hj]);
            add(hessian, hessianTerms, wj, gk * s * v[hj]);
            add(hessian, hessianTerms, hj, v[wj] * gk * s);
          }
        }
      }
    }
    fit = sum;
    for (int i = 0; i < x.length; i++) {
      double lambda = i < ho ? c.lambdaW[lane] : bo >= 0 && i >= bo ? c.lambdaB[lane] : c.lambdaH[lane];
      add(gradient, gradientTerms, i, lambda * x[i]);
      add(hessian, hessianTerms, i, lambda * v[i]);
    }
  }

  private static void add(double[] a, double[] terms, int i, double value) {
    a[i] += value;
    terms[i] += Math.abs(value);
  }

  /** Loss of one sample; dz its gradient, hr its Hessian times r. */
  private static double sample(Kind kind, double parameter, double[] z, int y, double[] r, double[] dz, double[] hr) {
    int classes = z.length;
    if (kind == Kind.SQUARED) {
      double loss = 0;
      for (int k = 0; k < classes; k++) {
        dz[k] = z[k] - (k == y ? 1 : 0);
        hr[k] = r[k];
        loss += dz[k] * dz[k] / 2;
      }
      return loss;
    }
    double total = 0;
    for (double zk : z) {
      total += Math.exp(zk);
    }
    double mean = 0;
    double[] p = new double[classes];
    for (int k = 0; k < classes; k++) {
      p[k] = Math.exp(z[k]) / total;
      mean += p[k] * r[k];
    }
    if (kind == Kind.SOFTMAX) {
      double loss = 0;
      for (int k = 0; k < classes; k++) {
        double q = k == y ? 1 - parameter : parameter / (classes - 1);
        loss -= q * Math.log(p[k]);
        dz[k] = p[k] - q;
        hr[k] = p[k] * (r[k] - mean);
      }
      return loss;
    }
    double u = 1 - p[y];
    double l = -Math.log(p[y]);
    double chi1 = parameter * Math.pow(u, parameter - 1) * p[y] * l + Math.pow(u, parameter);
    double chi2 = parameter * (parameter - 1) * Math.pow(u, parameter - 2) * p[y] * p[y] * l
        + parameter * Math.pow(u, parameter - 1) * p[y] * (2 - l);
    double along = mean - r[y];
    for (int k = 0; k < classes; k++) {
      double towards = p[k] - (k == y ? 1 : 0);
      dz[k] = chi1 * towards;
      hr[k] = chi1 * p[k] * (r[k] - mean) + chi2 * along * towards;
    }
    return Math.pow(u, parameter) * l;
  }
}

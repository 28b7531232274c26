package ufm.theory;

import java.util.Arrays;

/**
 * The convex problem of {@link TwoGroups} in v = (a, b, x, y, beta), y = -xB, with value, gradient and Hessian.
 *
 * <pre>
 * f(v) = (N_A/N) l_A + (N_B/N) l_B + lz [ (K_A-1) sqrt(n_A) a + (K_B-1) sqrt(n_B) b + sqrt( kap (N_A x^2 + N_B y^2) ) ] + (lb/2) kap beta^2
 * l = log(1 + sum_j m_j e^{-L_j v}) + s/(K-1) sum_j m_j L_j v,     kap = 1/K_A + 1/K_B
 * sample of A: m = K_A - 1, L v = a;   m = K_B, L v = a (K_A-1)/K_A + kap (x + beta)
 * sample of B: m = K_B - 1, L v = b;   m = K_A, L v = b (K_B-1)/K_B + kap (y - beta)
 * </pre>
 *
 * <p>Margins enter only as differences, so that nothing cancels where lz is 1e-12.
 */
final class TwoGroupObjective {
  /** Number of variables. */
  static final int SIZE = 5;

  private final int[] multiplicity;
  private final double[][] forms;
  private final double[] weight;
  private final double smoothing;
  private final double[] nuclear;
  private final double kappa;
  private final double massA;
  private final double massB;
  private final double lambdaZ;
  private final double lambdaB;
  /** Gradient at the last point. */
  final double[] gradient = new double[SIZE];

  /** Hessian at the last point. */
  final double[][] hessian = new double[SIZE][SIZE];

  /** For each variable, the sum of the absolute values of the terms of its derivative. */
  final double[] gradientScale = new double[SIZE];

  TwoGroupObjective(int classesA, int countA, int classesB, int countB, double smoothing, double lambdaZ, double lambdaB) {
    double ka = classesA;
    double kb = classesB;
    kappa = 1 / ka + 1 / kb;
    multiplicity = new int[] {classesA - 1, classesB, classesB - 1, classesA};
    forms =
        new double[][] {
          {1, 0, 0, 0, 0},
          {(ka - 1) / ka, 0, kappa, 0, kappa},
          {0, 1, 0, 0, 0},
          {0, (kb - 1) / kb, 0, kappa, -kappa}
        };
    massA = ka * countA;
    massB = kb * countB;
    weight = new double[] {massA / (massA + massB), massB / (massA + massB)};
    this.smoothing = smoothing / (ka + kb - 1);
    nuclear = new double[] {lambdaZ * (ka - 1) * Math.sqrt(countA), lambdaZ * (kb - 1) * Math.sqrt(countB)};
    this.lambdaZ = lambdaZ;
    this.lambdaB = lambdaB;
  }

  /** f(v); gradient and Hessian are left in the fields. At x = y = 0 the norm contributes nothing to them. */
  double evaluate(double[] v) {
    Arrays.fill(gradient, 0);
    Arrays.fill(gradientScale, 0);
    for (double[] row : hessian) {
      Arrays.fill(row, 0);
    }
    double f = group(v, 0, weight[0]) + group(v, 2, weight[1]);
    for (int i = 0; i < 2; i++) {
      f += nuclear[i] * v[i];
      add(i, nuclear[i]);
    }
    double norm = Math.sqrt(kappa) * Math.hypot(Math.sqrt(massA) * v[2], Math.sqrt(massB) * v[3]);
    if (norm > 0) {
      f += lambdaZ * norm;
      double ga = kappa * massA * v[2] / norm;
      double gb = kappa * massB * v[3] / norm;
      add(2, lambdaZ * ga);
      add(3, lambdaZ * gb);
      // Second derivative of the norm: kap^2 N_A N_B / norm^3 times (y, -x)(y, -x)^T.
      double s = lambdaZ * kappa * massA / norm * (kappa * massB / norm) / norm;
      hessian[2][2] += s * v[3] * v[3];
      hessian[3][3] += s * v[2] * v[2];
      hessian[2][3] -= s * v[2] * v[3];
      hessian[3][2] -= s * v[2] * v[3];
    }
    f += 0.5 * lambdaB * kappa * v[4] * v[4];
    add(4, lambdaB * kappa * v[4]);
    hessian[4][4] += lambdaB * kappa;
    return f;
  }

  /** Size of the gradient in (x, y) in the dual of the norm: x = y = 0 is optimal where this is at most lz. */
  double dualNormOfGroupGradient() {
    return Math.hypot(gradient[2] / Math.sqrt(massA), gradient[3] / Math.sqrt(massB)) / Math.sqrt(kappa);
  }

  /** Direction of steepest descent in (x, y) at x = y = 0, of unit length in the norm. */
  double[] descentFromZero() {
    double x = -gradient[2] / massA;
    double y = -gradient[3] / massB;
    double norm = Math.sqrt(kappa) * Math.hypot(Math.sqrt(massA) * x, Math.sqrt(massB) * y);
    return new double[] {x / norm, y / norm};
  }

  private void add(int i, double x) {
    gradient[i] += x;
    gradientScale[i] += Math.abs(x);
  }

  private double group(double[] v, int first, double groupWeight) {
    double linear = 0;
    double[] margin = new double[2];
    double least = 0;
    for (int j = 0; j < 2; j++) {
      double[] form = forms[first + j];
      for (int i = 0; i < SIZE; i++) {
        margin[j] += form[i] * v[i];
      }
      linear += multiplicity[first + j] * margin[j];
      if (multiplicity[first + j] > 0) {
        least = Math.min(least, margin[j]);
      }
    }
    double[] e = new double[2];
    double sum = 0;
    for (int j = 0; j < 2; j++) {
      e[j] = multiplicity[first + j] == 0 ? 0 : multiplicity[first + j] * Math.exp(least - margin[j]);
      sum += e[j];
    }
    double loss = least < 0 ? -least + Math.log(Math.exp(least) + sum) : Math.log1p(sum);
    double total = Math.exp(least) + sum;
    for (int j = 0; j < 2; j++) {
      double p = e[j] / total;
      double[] form = forms[first + j];
      for (int i = 0; i < SIZE; i++) {
        add(i, -groupWeight * p * form[i]);
        add(i, groupWeight * smoothing * multiplicity[first + j] * form[i]);
        for (int l = 0; l < SIZE; l++) {
          hessian[i][l] += groupWeight * p * form[i] * form[l];
          for (int m = 0; m < 2; m++) {
            hessian[i][l] -= groupWeight * p * (e[m] / total) * form[i] * forms[first + m][l];
          }
        }
      }
    }
    return groupWeight * (loss + smoothing * linear);
  }
}

package ufm.theory;

import java.util.Arrays;
import java.util.Comparator;
import ufm.problem.Bias;
import ufm.problem.SimplexFrame;
import ufm.problem.UfmProblem;

/**
 * The MSE loss: soft-thresholded and truncated singular values of the label matrix Y (K x N, one-hot columns) (B1-B4, B6).
 *
 * <pre>
 * no bias, any counts       singular values sigma_k = sqrt(n_k) of Y, vectors e_k
 * free bias, any counts     those of Y (I - 1 1^T/N); b = n/N
 * ridge bias, balanced      K-1 contrasts with sigma = sqrt(n), and the direction of ones, shrunk to
 *                           t_1 = [ sqrt(n) - N lz (1+lb)/lb ]_+ ; b = (Y - Z) 1 / (N (1+lb))
 *
 * t = [ sigma - N lz ]_+ for the d largest, W W^T = sqrt(lh/lw) sum t u u^T,
 * f* = sum ( lz sigma - N lz^2/2 if t > 0, else sigma^2/(2N) )       + for the ones: lb/(1+lb) (sqrt(n)-t_1)^2/(2N) + lz t_1
 * </pre>
 *
 * <p>Ridge bias with d below K: the contrasts are kept first. (In the metric of the bias the ones have the singular value sqrt(n lb/(1+lb)),
 * and undoing the metric only raises the nuclear norm, so the truncated bound is attained by contrasts.) Where the cut falls between equal
 * singular values the optimal Z is not unique, f* is.
 *
 * <p>Reference: Zhou et al. 2022 (2203.01238); Tirer and Bruna 2022 (2202.08087); Dang et al. 2023 (2301.00437).
 */
public final class MseSpectrum {
  private final UfmProblem problem;
  private final double[] sigma;
  private final double[][] left;
  private final double[] kept;

  private MseSpectrum(UfmProblem p) {
    problem = p;
    int k = p.classes();
    if (p.bias() instanceof Bias.None) {
      Integer[] order = new Integer[k];
      Arrays.setAll(order, i -> i);
      Arrays.sort(order, Comparator.comparingInt(i -> -p.count(i)));
      sigma = new double[k];
      left = new double[k][k];
      for (int j = 0; j < k; j++) {
        sigma[j] = Math.sqrt(p.count(order[j]));
        left[j][order[j]] = 1;
      }
    } else if (p.balanced()) {
      sigma = new double[k];
      Arrays.fill(sigma, Math.sqrt(p.count(0)));
      left = contrasts(k);
      if (p.bias() instanceof Bias.Free) {
        sigma[k - 1] = 0;
      }
    } else {
      double n = p.samples();
      double[][] scatter = new double[k][k];
      for (int i = 0; i < k; i++) {
        for (int j = 0; j < k; j++) {
          scatter[i][j] = (i == j ? p.count(i) : 0) - p.count(i) * (p.count(j) / n);
        }
      }
      Spectra.Decomposition eig = Spectra.symmetric(scatter);
      sigma = eig.values();
      left = eig.left();
      for (int j = 0; j < k; j++) {
        sigma[j] = Math.sqrt(Math.max(0, sigma[j]));
      }
      // The vector of ones is always in the null space.
      sigma[k - 1] = 0;
    }
    kept = new double[k];
    double shrink = p.samples() * p.lambdaZ();
    for (int j = 0; j < Math.min(k, p.dimension()); j++) {
      double s = p.bias() instanceof Bias.Ridge(double lb) && j == k - 1 ? shrink * (1 + lb) / lb : shrink;
      kept[j] = Math.max(0, sigma[j] - s);
    }
  }

  /** Whether this class knows the optimum: not for a ridge bias with unequal counts (B5). */
  static boolean covers(UfmProblem p) {
    return !(p.bias() instanceof Bias.Ridge) || p.balanced();
  }

  /**
   * f* of an MSE problem with a learned classifier.
   *
   * @throws IllegalArgumentException for a ridge bias with unequal counts
   */
  public static double value(UfmProblem p) {
    if (!covers(p)) {
      throw new IllegalArgumentException("MSE with a ridge bias and unequal counts has no closed form.");
    }
    return new MseSpectrum(p).value();
  }

  private double value() {
    int k = problem.classes();
    double n = problem.samples();
    double lz = problem.lambdaZ();
    double f = 0;
    for (int j = 0; j < k; j++) {
      if (problem.bias() instanceof Bias.Ridge(double lb) && j == k - 1) {
        double rest = sigma[j] - kept[j];
        f += lb / (1 + lb) * rest * rest / (2 * n) + lz * kept[j];
      } else {
        f += kept[j] > 0 ? lz * sigma[j] - n * lz * lz / 2 : sigma[j] * sigma[j] / (2 * n);
      }
    }
    return f;
  }

  /** Whether the truncation to d directions cuts between equal singular values, which leaves the choice of the kept ones open. */
  private boolean ambiguous() {
    int d = problem.dimension();
    return d < problem.classes()
        && kept[d - 1] > 0
        && !(problem.bias() instanceof Bias.Ridge && d == problem.classes() - 1)
        && sigma[d] >= sigma[d - 1] * (1 - 1e-12);
  }

  /** The prediction for an MSE problem that is covered, with positive lz and a learned classifier. */
  static Prediction predict(UfmProblem p) {
    MseSpectrum s = new MseSpectrum(p);
    PredictionBuilder out =
        new PredictionBuilder(
                p,
                Arrays.stream(s.kept).allMatch(t -> t == 0) ? "zero" : "MSE spectrum",
                "Zhou et al. 2022 (2203.01238), Tirer and Bruna 2022 (2202.08087); sheet B1-B6")
            .value(s.value());
    s.geometry(out);
    String what =
        switch (p.bias()) {
          case Bias.None none -> "Singular values sqrt(n_k) of the labels, each reduced by N lambda_Z: an orthogonal frame.";
          case Bias.Free free -> "Singular values of the centred labels, each reduced by N lambda_Z; balanced classes give a simplex ETF.";
          case Bias.Ridge ridge -> "Contrasts as without bias; the direction of ones is shrunk by the bias and vanishes from the threshold mean-direction on.";
        };
    if (s.ambiguous()) {
      out.notUnique(PredictionBuilder.GEOMETRY);
      what += " d cuts between equal singular values: f* is unique, the geometry is one of many.";
    }
    return out.closedForm(what);
  }

  private void geometry(PredictionBuilder out) {
    int k = problem.classes();
    double n = problem.samples();
    boolean centred = problem.bias() instanceof Bias.Free;
    double[][] zbar = new double[k][k];
    double[][] right = new double[k][k];
    for (int j = 0; j < k; j++) {
      if (kept[j] == 0) {
        continue;
      }
      // Right vector at a sample of class c: u^T (column of the centred labels) / sigma.
      double mean = 0;
      for (int c = 0; c < k; c++) {
        mean += centred ? left[j][c] * problem.count(c) / n : 0;
      }
      for (int c = 0; c < k; c++) {
        right[j][c] = (left[j][c] - mean) / sigma[j];
        for (int i = 0; i < k; i++) {
          zbar[i][c] += kept[j] * left[j][i] * right[j][c];
        }
      }
    }
    double ratio = Math.sqrt(problem.lambdaH() / problem.lambdaW());
    double[] w = new double[k];
    double[] h = new double[k];
    for (int j = 0; j < k; j++) {
      w[j] = kept[j] * ratio;
      h[j] = kept[j] / ratio;
    }
    double[] sv = kept.clone();
    Arrays.sort(sv);
    for (int j = 0; j < k / 2; j++) {
      double x = sv[j];
      sv[j] = sv[k - 1 - j];
      sv[k - 1 - j] = x;
    }
    out.geometry(zbar, new DualFactors(sv, Spectra.compose(w, left), Spectra.compose(h, right)), bias());
  }

  private double[] bias() {
    int k = problem.classes();
    double n = problem.samples();
    double[] b = new double[k];
    for (int c = 0; c < k; c++) {
      b[c] = problem.count(c) / n;
      if (problem.bias() instanceof Bias.Ridge(double lb)) {
        b[c] = (problem.count(0) - sigma[k - 1] * kept[k - 1]) / (n * (1 + lb));
      }
    }
    return problem.bias().present() ? b : null;
  }

  /** K orthonormal vectors: Helmert's contrasts, then the ones divided by sqrt(K). */
  private static double[][] contrasts(int k) {
    double[] frame = SimplexFrame.classifier(k, k - 1, Math.sqrt((k - 1.0) / k));
    double[][] out = new double[k][k];
    for (int j = 0; j < k - 1; j++) {
      for (int i = 0; i < k; i++) {
        out[j][i] = frame[i + k * j];
      }
    }
    Arrays.fill(out[k - 1], 1 / Math.sqrt(k));
    return out;
  }
}

package ufm.theory;

import java.util.Arrays;
import org.apache.commons.math3.analysis.UnivariateFunction;
import ufm.problem.Bias;
import ufm.problem.Loss;
import ufm.problem.UfmProblem;

/**
 * The collapsed solution W = H = 0 with the best bias, for any counts and any d (E1, F1).
 *
 * <p>With g_k the loss gradient of a sample of class k at W = H = 0 and the optimal bias, and G = g/N, W = H = 0 is the global minimum of a
 * convex loss if and only if lz is at least
 *
 * <pre>|G|_2 = (1/N) sqrt( lambda_max( sum_k n_k g_k g_k^T ) )</pre>
 *
 * <p>For cross-entropy this is {@code sqrt(lambda_max(P0 D P0))/N} without a bias and {@code sqrt(lambda_max(D - n n^T/N))/N} with a free one.
 * For the focal loss the same number is the threshold of local optimality only.
 *
 * @param value the objective at W = H = 0
 * @param bias the optimal bias, or null where there is none (zero-sum for a free bias of a softmax loss)
 * @param spectralNorm |G|_2
 */
public record ZeroSolution(double value, double[] bias, double spectralNorm) {

  /**
   * The zero solution of a problem with a learned classifier. For the focal loss with a bias the classes must be balanced.
   *
   * @throws IllegalArgumentException for the focal loss with a bias and unequal counts: its bias problem is not convex
   */
  public static ZeroSolution of(UfmProblem p) {
    int k = p.classes();
    double samples = p.samples();
    if (p.loss() instanceof Loss.Focal f && f.gamma() > 0 && p.bias().present() && !p.balanced()) {
      throw new IllegalArgumentException("The bias problem of the focal loss with unequal counts is not convex; its solution is not known.");
    }
    // Targets are q = kappa e_y + s/(K-1) 1.
    double off = p.loss().offClassMass(k) / (k - 1);
    double kappa = 1 - k * off;
    double[] mean = new double[k];
    for (int c = 0; c < k; c++) {
      mean[c] = kappa * (p.count(c) / samples) + off;
    }
    double[] b = new double[k];
    if (p.bias().present() && (p.loss() instanceof Loss.MeanSquaredError || !p.balanced())) {
      b = p.loss() instanceof Loss.MeanSquaredError ? squaredErrorBias(mean, p.bias()) : softmaxBias(mean, p.bias());
    }
    double[] output = p.loss() instanceof Loss.MeanSquaredError ? b : softmax(b);
    double slope = 1;
    if (p.loss() instanceof Loss.Focal(double gamma)) {
      double u0 = (k - 1.0) / k;
      slope = gamma * Math.pow(u0, gamma - 1) * Math.log(k) / k + Math.pow(u0, gamma);
    }
    // The gradient of a sample of class c is slope (v - kappa e_c) with v = output - s/(K-1) 1.
    double value = 0;
    double[][] gram = new double[k][k];
    for (int i = 0; i < k; i++) {
      value += p.count(i) / samples * loss(p.loss(), b, i, kappa, off);
      double vi = output[i] - off;
      for (int j = 0; j < k; j++) {
        double vj = output[j] - off;
        double own = i == j ? kappa * kappa * p.count(i) : 0;
        gram[i][j] = slope * slope * (samples * vi * vj - kappa * (vi * p.count(j) + vj * p.count(i)) + own);
      }
    }
    for (double x : b) {
      value += 0.5 * p.bias().penalty() * x * x;
    }
    double norm = Math.sqrt(Math.max(0, Spectra.symmetric(gram).values()[0])) / samples;
    return new ZeroSolution(value, p.bias().present() ? b : null, norm);
  }

  /** The prediction of a problem for which zero is known to be the global minimum. */
  static Prediction predict(UfmProblem p, String why) {
    ZeroSolution zero = of(p);
    int k = p.classes();
    DualFactors factors = new DualFactors(new double[k], new double[k][k], new double[k][k]);
    PredictionBuilder out = new PredictionBuilder(p, "zero", "Sheet E1, F1").value(zero.value()).geometry(new double[k][k], factors, zero.bias());
    if (p.bias() instanceof Bias.Free && !(p.loss() instanceof Loss.MeanSquaredError)) {
      out.notUnique("b");
    }
    return out.closedForm("W = H = 0 is optimal: " + why);
  }

  private static double[] squaredErrorBias(double[] mean, Bias bias) {
    double[] b = mean.clone();
    for (int j = 0; j < b.length; j++) {
      b[j] /= 1 + bias.penalty();
    }
    return b;
  }

  /** Solves softmax(b) + lb b = mean with sum b = 0 (which lb > 0 implies). */
  private static double[] softmaxBias(double[] mean, Bias bias) {
    int k = mean.length;
    double[] b = new double[k];
    if (bias instanceof Bias.Ridge(double lb)) {
      // With c = log sum exp(b): every b_j is the root of e^{b-c} + lb b = mean_j, and the right c makes the softmax sum to one. As b has zero
      // sum, c is at least log K; it is at most log K + max b, and a penalty only shrinks the spread of the free bias.
      UnivariateFunction sum =
          c -> {
            double total = -1;
            for (double m : mean) {
              total += Math.exp(ridgeComponent(m, lb, c) - c);
            }
            return total;
          };
      double spread = Math.log(Arrays.stream(mean).max().getAsDouble() / Arrays.stream(mean).min().getAsDouble());
      double c = MarginLoss.root(sum, Math.log(k) - 0.5, Math.log(k) + Math.min(1 / lb, spread) + 0.5);
      for (int j = 0; j < k; j++) {
        b[j] = ridgeComponent(mean[j], lb, c);
      }
      return b;
    }
    double centre = 0;
    for (double m : mean) {
      centre += Math.log(m) / k;
    }
    for (int j = 0; j < k; j++) {
      b[j] = Math.log(mean[j]) - centre;
    }
    return b;
  }

  /** The root b of e^{b-c} + lb b = m by Newton's method from the right, where it descends monotonically (the function is convex, increasing). */
  private static double ridgeComponent(double m, double lb, double c) {
    double free = c + Math.log(m);
    // Both right ends have a value of at least m: 0 if the free bias is negative, else the smaller of the two one-term solutions.
    double b = free < 0 ? 0 : Math.min(m / lb, free);
    for (int i = 0; i < 200; i++) {
      double e = Math.exp(b - c);
      double step = (e + lb * b - m) / (e + lb);
      b -= step;
      if (Math.abs(step) <= 1e-16 * Math.abs(b) + 1e-300) {
        break;
      }
    }
    return b;
  }

  private static double[] softmax(double[] b) {
    double[] p = new double[b.length];
    double c = logSumExp(b);
    for (int j = 0; j < b.length; j++) {
      p[j] = Math.exp(b[j] - c);
    }
    return p;
  }

  private static double logSumExp(double[] z) {
    double max = Double.NEGATIVE_INFINITY;
    for (double x : z) {
      max = Math.max(max, x);
    }
    double sum = 0;
    for (double x : z) {
      sum += Math.exp(x - max);
    }
    return max + Math.log(sum);
  }

  /** The loss of one sample of class y whose logits are b. */
  private static double loss(Loss loss, double[] b, int y, double kappa, double off) {
    double l = logSumExp(b) - b[y];
    return switch (loss) {
      case Loss.MeanSquaredError mse -> 0.5 * (Arrays.stream(b).map(x -> x * x).sum() - 2 * b[y] + 1);
      case Loss.Focal(double gamma) -> Math.pow(-Math.expm1(-l), gamma) * l;
      case Loss.CrossEntropy ce -> l;
      case Loss.LabelSmoothing ls -> {
        double c = logSumExp(b);
        yield kappa * l + off * Arrays.stream(b).map(x -> c - x).sum();
      }
    };
  }
}

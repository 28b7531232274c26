package ufm.solve;

import ufm.problem.Loss;
import ufm.problem.Point;
import ufm.problem.UfmProblem;

/**
 * A change of variables that improves the condition of the Hessian. It is exact and keeps every critical point and its kind.
 *
 * <p>With {@code alpha = (lambdaH/lambdaW)^(1/4)}, {@code W = alpha W'}, {@code H = H'/alpha} the product W H is that of W' H' and both
 * penalties have the weight {@code lambdaZ = sqrt(lambdaW lambdaH)}: their ratio no longer enters.
 *
 * <p>The bias is much stiffer than W and H: f curves along it by {@code lambdaB} plus the mean curvature of the loss, along W and H by about
 * {@code 2 lambdaZ} (along the balanced factors of Z the gradient G has the singular value lambdaZ, theory sheet D4). So W' and H' are
 * further divided by {@code sigma = sqrt(c)}, which multiplies their curvature by {@code c}; the logits are {@code c W' h' + b}, see {@link
 * ufm.objective.UfmObjective#withGain}. As sigma is a power of two, it rounds nothing.
 *
 * @param alpha ratio of the scales of W and H, above 0
 * @param sigma common scale of W and H, a power of two
 */
record Balancing(double alpha, double sigma) {

  /** For a problem; 1 where the classifier is fixed or a penalty is zero. */
  static Balancing of(UfmProblem p) {
    boolean scalable = p.classifier().learned() && p.lambdaW() > 0 && p.lambdaH() > 0;
    return scalable ? new Balancing(Math.sqrt(Math.sqrt(p.lambdaH() / p.lambdaW())), sigma(p)) : new Balancing(1, 1);
  }

  private static double sigma(UfmProblem p) {
    if (!p.bias().present()) {
      return 1;
    }
    double k = p.classes();
    double root = Math.sqrt(p.samples() / k);
    double features = 2 * p.lambdaZ();
    double bias = p.bias().penalty();
    if (p.loss() instanceof Loss.MeanSquaredError) {
      // The loss itself curves: by 1 along b, by |h|^2/N along a row of W, about 1/(K sqrt n) where the penalties are small.
      features += 1 / (k * root);
      bias += 1;
    } else {
      // The mean of p (1 - p): at most that of p = 1/K; where the penalties are small 1 - p_y is about (K - 1) lambdaZ sqrt n.
      bias += Math.min((k - 1) / (k * k), features * root);
    }
    int power = Math.getExponent(Math.sqrt(bias / features) * Math.sqrt(2));
    return power > 0 ? Math.scalb(1.0, power) : 1;
  }

  /** Factor c of W' h' in the logits. */
  double gain() {
    return sigma * sigma;
  }

  /** The problem in the variables W', H' (its logits with the {@link #gain}). */
  UfmProblem balanced(UfmProblem p) {
    double c = gain();
    return alpha == 1 && c == 1 ? p : p.toBuilder().lambdaW(c * p.lambdaZ()).lambdaH(c * p.lambdaZ()).build();
  }

  /** W, H, b of the original problem from W', H', b. */
  Point restore(Point q) {
    return alpha == 1 && sigma == 1
        ? q
        : new Point(q.classes(), q.dimension(), q.columns(), times(q.w(), alpha * sigma), times(q.h(), sigma / alpha), q.b());
  }

  /** W', H', b from a point of the original problem. */
  Point apply(Point q) {
    return new Balancing(1 / alpha, 1 / sigma).restore(q);
  }

  private static double[] times(double[] a, double factor) {
    double[] out = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      out[i] = factor * a[i];
    }
    return out;
  }
}

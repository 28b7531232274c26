package ufm.solve;

import ufm.problem.Point;
import ufm.problem.UfmProblem;

/**
 * A change of variables that makes the two penalties equal: with {@code alpha = (lambdaH/lambdaW)^(1/4)}, {@code W = alpha W'}, {@code H =
 * H'/alpha} the product W H is that of W' H' and both penalties have the weight {@code lambdaZ = sqrt(lambdaW lambdaH)}. It is exact, keeps
 * every critical point and its kind, and takes the ratio lambdaH/lambdaW out of the condition of the Hessian.
 *
 * @param alpha factor of W, above 0
 */
record Balancing(double alpha) {

  /** For a problem; 1 where the classifier is fixed or a penalty is zero. */
  static Balancing of(UfmProblem p) {
    boolean scalable = p.classifier().learned() && p.lambdaW() > 0 && p.lambdaH() > 0;
    return new Balancing(scalable ? Math.sqrt(Math.sqrt(p.lambdaH() / p.lambdaW())) : 1);
  }

  /** The problem in the variables W', H'. */
  UfmProblem balanced(UfmProblem p) {
    return alpha == 1 ? p : p.toBuilder().lambdaW(p.lambdaZ()).lambdaH(p.lambdaZ()).build();
  }

  /** W, H, b of the original problem from W', H', b. */
  Point restore(Point q) {
    return alpha == 1 ? q : new Point(q.classes(), q.dimension(), q.columns(), times(q.w(), alpha), times(q.h(), 1 / alpha), q.b());
  }

  /** W', H', b from a point of the original problem. */
  Point apply(Point q) {
    return new Balancing(1 / alpha).restore(q);
  }

  private static double[] times(double[] a, double factor) {
    double[] out = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      out[i] = factor * a[i];
    }
    return out;
  }
}

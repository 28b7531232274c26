package ufm.theory;

import java.util.Arrays;
import org.apache.commons.math3.analysis.UnivariateFunction;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;
import ufm.problem.Bias;
import ufm.problem.UfmProblem;

/**
 * Cross-entropy or label smoothing with two class sizes: K_A classes of n_A samples, K_B classes of n_B (E3).
 *
 * <p>By convexity the optimal class logits are unchanged when classes of one size are exchanged, and their columns sum to zero, which leaves
 * four numbers (five with a bias):
 *
 * <pre>
 * sample of A: true a(1-1/K_A) + xA/K_A, other A -a/K_A + xA/K_A, B -xA/K_B
 * sample of B: true b(1-1/K_B) - xB/K_B, other B -b/K_B - xB/K_B, A  xB/K_A        bias: beta/K_A on A, -beta/K_B on B
 * singular values of W H: sqrt(n_A) a (K_A-1 times), sqrt(n_B) b (K_B-1 times), sqrt((1/K_A+1/K_B)(N_A xA^2 + N_B xB^2)), 0
 * </pre>
 *
 * <p>The convex problem in these numbers is solved by Newton's method to the last digits. a = 0 exactly where sqrt(n_A)/N (1 - s K/(K-1)) is
 * at most lz, likewise b (E2), so no active set has to be searched. Reached by W, H wherever d is at least the rank of the result.
 *
 * <p>Reference: Hong and Ling 2023 (2309.09725) for the block structure; the scalar form, label smoothing and the bias are the sheet's E3
 * with the same symmetry argument.
 *
 * @param classesA K_A
 * @param countA n_A
 * @param classesB K_B
 * @param countB n_B
 * @param a margin of an A sample over the other A classes
 * @param b margin of a B sample over the other B classes
 * @param xA logit mass that an A sample puts on the A classes
 * @param xB logit mass that a B sample puts on the A classes (negative at an optimum)
 * @param beta the bias in the direction between the groups, 0 without a bias
 * @param value f*, also a lower bound of the minimum where d is below the rank
 */
public record TwoGroups(
    int classesA, int countA, int classesB, int countB, double a, double b, double xA, double xB, double beta, double value) {

  /** Whether the problem has exactly two class sizes and a loss and bias that this theorem covers (d is not looked at). */
  static boolean covers(UfmProblem p) {
    return Arrays.stream(p.counts()).distinct().count() == 2
        && p.loss().convex()
        && !(p.loss() instanceof ufm.problem.Loss.MeanSquaredError)
        && p.loss().offClassMass(p.classes()) < (p.classes() - 1.0) / p.classes();
  }

  /** The optimum of a problem with two class sizes and positive lz. */
  public static TwoGroups of(UfmProblem p) {
    if (!covers(p)) {
      throw new IllegalArgumentException("Two groups need exactly two class sizes and cross-entropy or label smoothing below (K-1)/K.");
    }
    int large = Arrays.stream(p.counts()).max().getAsInt();
    int small = Arrays.stream(p.counts()).min().getAsInt();
    int many = (int) Arrays.stream(p.counts()).filter(n -> n == large).count();
    double s = p.loss().offClassMass(p.classes());
    return solve(many, large, p.classes() - many, small, s, p.lambdaZ(), p.bias());
  }

  private static TwoGroups solve(int ka, int na, int kb, int nb, double s, double lz, Bias bias) {
    int k = ka + kb;
    double samples = (double) ka * na + (double) kb * nb;
    double contrast = 1 - s * k / (k - 1);
    TwoGroupObjective f = new TwoGroupObjective(ka, na, kb, nb, s, lz, bias.penalty());
    boolean[] free = new boolean[TwoGroupObjective.SIZE];
    free[0] = ka > 1 && contrast * Math.sqrt(na) / samples > lz;
    free[1] = kb > 1 && contrast * Math.sqrt(nb) / samples > lz;
    free[4] = bias.present();
    double[] v = new double[TwoGroupObjective.SIZE];
    v[0] = free[0] ? 1 : 0;
    v[1] = free[1] ? 1 : 0;
    newton(f, v, free);
    f.evaluate(v);
    if (f.dualNormOfGroupGradient() > lz) {
      free[2] = true;
      free[3] = true;
      leaveZero(f, v);
      newton(f, v, free);
    }
    double value = f.evaluate(v);
    return new TwoGroups(ka, na, kb, nb, v[0], v[1], v[2], 0 - v[3], v[4], value);
  }

  /**
   * From the best point with x = y = 0, where the norm has its kink, to the best point along the steepest descent in (x, y). It lies below every
   * point of the kink, so that the descent that follows cannot return there.
   */
  private static void leaveZero(TwoGroupObjective f, double[] v) {
    double[] direction = f.descentFromZero();
    UnivariateFunction slope =
        s -> {
          v[2] = s * direction[0];
          v[3] = s * direction[1];
          f.evaluate(v);
          return f.gradient[2] * direction[0] + f.gradient[3] * direction[1];
        };
    double end = 1;
    while (slope.value(end) < 0) {
      end *= 2;
    }
    double start = end;
    while (slope.value(start) >= 0 && start > 1e-200) {
      start /= 2;
    }
    slope.value(MarginLoss.root(slope, start, end));
  }

  /** Damped Newton on the free variables; a and b stay positive. Stops when neither the value nor the gradient improves any more. */
  private static void newton(TwoGroupObjective f, double[] v, boolean[] free) {
    int size = 0;
    int[] index = new int[v.length];
    for (int i = 0; i < v.length; i++) {
      if (free[i]) {
        index[size++] = i;
      }
    }
    if (size == 0) {
      return;
    }
    double value = f.evaluate(v);
    for (int iteration = 0; iteration < 500; iteration++) {
      double[] step = newtonStep(f, index, size);
      double slope = 0;
      double length = 1;
      for (int i = 0; i < size; i++) {
        slope += step[i] * f.gradient[index[i]];
        if (index[i] < 2 && step[i] < 0) {
          length = Math.min(length, -0.9 * v[index[i]] / step[i]);
        }
      }
      double residual = residual(f, index, size);
      boolean moved = false;
      for (int halving = 0; halving < 60 && !moved; halving++, length /= 2) {
        double[] trial = v.clone();
        for (int i = 0; i < size; i++) {
          trial[index[i]] += length * step[i];
        }
        double next = f.evaluate(trial);
        // Near the optimum the value no longer resolves a step; there the gradient decides.
        boolean resolved = -slope * length > 1e-12 * Math.abs(value);
        if (resolved ? next <= value + 1e-4 * length * slope : residual(f, index, size) < residual) {
          System.arraycopy(trial, 0, v, 0, v.length);
          value = next;
          moved = true;
        } else if (!resolved) {
          break;
        }
      }
      if (!moved) {
        f.evaluate(v);
        return;
      }
    }
    throw new ArithmeticException("the two-group problem did not converge in 500 Newton steps");
  }

  private static double[] newtonStep(TwoGroupObjective f, int[] index, int size) {
    // Jacobi scaling: curvatures differ by many powers of ten for small lz.
    double[] scale = new double[size];
    for (int i = 0; i < size; i++) {
      double h = f.hessian[index[i]][index[i]];
      scale[i] = h > 0 ? 1 / Math.sqrt(h) : 1;
    }
    double shift = 0;
    while (true) {
      DMatrixRMaj m = new DMatrixRMaj(size, size);
      DMatrixRMaj right = new DMatrixRMaj(size, 1);
      for (int i = 0; i < size; i++) {
        for (int j = 0; j < size; j++) {
          m.set(i, j, f.hessian[index[i]][index[j]] * scale[i] * scale[j] + (i == j ? shift : 0));
        }
        right.set(i, 0, -f.gradient[index[i]] * scale[i]);
      }
      LinearSolverDense<DMatrixRMaj> cholesky = LinearSolverFactory_DDRM.chol(size);
      if (cholesky.setA(m)) {
        DMatrixRMaj x = new DMatrixRMaj(size, 1);
        cholesky.solve(right, x);
        double[] step = new double[size];
        for (int i = 0; i < size; i++) {
          step[i] = x.get(i, 0) * scale[i];
        }
        return step;
      }
      shift = shift == 0 ? 1e-14 : 10 * shift;
      if (!(shift < 1e3)) {
        throw new ArithmeticException("the Hessian of the two-group problem is not finite");
      }
    }
  }

  private static double residual(TwoGroupObjective f, int[] index, int size) {
    double worst = 0;
    for (int i = 0; i < size; i++) {
      double scale = f.gradientScale[index[i]];
      worst = Math.max(worst, scale == 0 ? 0 : Math.abs(f.gradient[index[i]]) / scale);
    }
    return worst;
  }

  /** The K singular values of W H, decreasing. */
  public double[] singularValues() {
    double[] sv = new double[classesA + classesB];
    int j = 0;
    for (int i = 1; i < classesA; i++) {
      sv[j++] = Math.sqrt(countA) * a;
    }
    for (int i = 1; i < classesB; i++) {
      sv[j++] = Math.sqrt(countB) * b;
    }
    sv[j] = Math.sqrt((1.0 / classesA + 1.0 / classesB) * ((double) classesA * countA * xA * xA + (double) classesB * countB * xB * xB));
    double[] sorted = Arrays.stream(sv).map(x -> -x).sorted().map(x -> -x + 0.0).toArray();
    return sorted;
  }

  /** Rank of W H. */
  public int rank() {
    return (int) Arrays.stream(singularValues()).filter(s -> s > 0).count();
  }

  /** Class logits W Hbar without the bias, K x K, for the class order of the counts. */
  public double[][] classLogits(int[] counts) {
    int k = counts.length;
    double[][] z = new double[k][k];
    for (int c = 0; c < k; c++) {
      boolean inA = counts[c] == countA;
      for (int j = 0; j < k; j++) {
        boolean toA = counts[j] == countA;
        if (inA) {
          z[j][c] = toA ? (j == c ? a : 0) - a / classesA + xA / classesA : -xA / classesB;
        } else {
          z[j][c] = toA ? xB / classesA : (j == c ? b : 0) - b / classesB - xB / classesB;
        }
      }
    }
    return z;
  }

  /** The zero-sum bias for the class order of the counts. */
  public double[] bias(int[] counts) {
    return Arrays.stream(counts).mapToDouble(n -> n == countA ? beta / classesA : -beta / classesB).toArray();
  }

  /** The prediction, or its refusal with the lower bound where d is below the rank. */
  static Prediction predict(UfmProblem p) {
    TwoGroups g = of(p);
    PredictionBuilder out = new PredictionBuilder(p, "two groups", "Hong and Ling 2023 (2309.09725); sheet E2, E3");
    if (p.dimension() < g.rank()) {
      return out.scalar("lower_bound", g.value())
          .open("No closed form: d = " + p.dimension() + " is below " + g.rank() + ", the rank of the convex solution, whose value is a lower bound.");
    }
    out.value(g.value()).logits(g.classLogits(p.counts()), g.singularValues(), p.bias().present() ? g.bias(p.counts()) : null);
    out.scalar("two_group_a", g.a()).scalar("two_group_b", g.b()).scalar("two_group_xA", g.xA()).scalar("two_group_xB", g.xB());
    if (p.bias() instanceof Bias.Free) {
      out.notUnique("b");
    }
    String minority = g.classesB() > 1 && g.b() == 0 ? " The minority classes have merged." : "";
    String majority = g.classesA() > 1 && g.a() == 0 ? " The majority classes have merged." : "";
    return out.closedForm("Two class sizes: block-structured logits from a convex problem in a few scalars, solved to rounding." + minority + majority);
  }
}

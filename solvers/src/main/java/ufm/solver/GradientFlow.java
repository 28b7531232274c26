package ufm.solver;

import java.util.Locale;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.manifold.Manifold;

/**
 * Gradient flow {@code x' = -grad f(x)} by the embedded Runge-Kutta pair 5(4) of Dormand and Prince, with a step size for each lane.
 *
 * <p>Seven stages, of which the last is the first of the next step, so a step costs six evaluations. The error estimate e (difference of
 * the orders 5 and 4) is measured in the norm of the whole vector of n variables, which rotations of feature space leave unchanged:
 *
 * <pre>err = |e| / (atol sqrt(n) + rtol max(|x|, |x_new|)),   accepted iff err is at most 1</pre>
 *
 * <p>The next step size is {@code h min(10, max(1/5, 0.9 err^-0.17 errLast^0.04))} (PI controller, not above h after a rejection). The
 * first one is a hundredth of {@code |x|/|g|}. The last step is cut so that it ends at the end time exactly; the lane then stops with
 * {@link Outcome#BUDGET}.
 *
 * <p>On a curved manifold the stages are taken in the surrounding space and mapped back by the retraction, which must be the metric
 * projection of {@code x + v} (as on spheres): this integrates the field extended constantly along the normals, and keeps the order 5.
 *
 * <p>A round is one evaluation of every active lane. Memory: 10 vectors for each lane.
 *
 * <p>References: Dormand, Prince, J. Comput. Appl. Math. 6 (1980) 19; Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I
 * (1993), sections II.4 and II.5; Hairer, Wanner, II (1996), section IV.2 (controller); Hairer, Lubich, Wanner, Geometric Numerical
 * Integration (2006), section IV.4 (projection).
 *
 * @param endTime time at which a lane stops, above 0; infinity leaves it to the stopping criterion
 * @param rtol relative tolerance of a step, above 0
 * @param atol absolute tolerance of a step, above 0
 */
public record GradientFlow(double endTime, double rtol, double atol) implements Solver<GradientFlowState> {
  static final int STAGES = 7;

  /** Coefficients of the stages 2 to 7; the last row is also the solution of order 5. */
  private static final double[][] A = {
    {1.0 / 5},
    {3.0 / 40, 9.0 / 40},
    {44.0 / 45, -56.0 / 15, 32.0 / 9},
    {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
    {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
    {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84}
  };

  /** Order 5 less order 4. */
  private static final double[] E = {71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40};

  private static final double BETA = 0.04;
  private static final double EXPONENT = 0.2 - 0.75 * BETA;
  private static final int MOST_REJECTIONS = 60;

  /** Checks the settings. */
  public GradientFlow {
    if (!(endTime > 0) || !(rtol > 0) || !(atol > 0) || Double.isInfinite(rtol) || Double.isInfinite(atol)) {
      throw new IllegalArgumentException(
          "gradient flow needs endTime > 0 and finite rtol > 0 and atol > 0, but got endTime=" + endTime + ", rtol=" + rtol + ", atol="
              + atol);
    }
  }

  /** rtol 1e-8, atol 1e-10. */
  public static GradientFlow until(double endTime) {
    return new GradientFlow(endTime, 1e-8, 1e-10);
  }

  @Override
  public String description() {
    return "gradient flow, Dormand-Prince 5(4) (end time=" + endTime + ", rtol=" + rtol + ", atol=" + atol + ")";
  }

  @Override
  public GradientFlowState init(Problem problem, LaneBuffer start, Lanes lanes) {
    if (problem.set().constrains()) {
      throw new IllegalArgumentException("gradient flow works without a constraint only: " + problem.set());
    }
    GradientFlowState s = new GradientFlowState(problem, start, lanes);
    slope(problem, s, lanes, s.x, s.value, s.gradient);
    s.backend.dot(lanes, s.gradient, s.gradient, s.gradientNorm);
    s.backend.dot(lanes, s.x, s.x, s.size);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      s.evaluations[l] = 1;
      s.iterated[l] = true;
      s.gradientNorm[l] = Math.sqrt(s.gradientNorm[l]);
      s.lastError[l] = 1e-4;
      double size = Math.sqrt(s.size[l]);
      double first = size > 1e-5 && s.gradientNorm[l] > 1e-5 * size ? 0.01 * size / s.gradientNorm[l] : 1e-6;
      prepare(s, l, first);
      if (!Double.isFinite(s.value[l]) || !Double.isFinite(s.gradientNorm[l])) {
        s.freeze(l, Outcome.DIVERGED, "value or gradient is not finite at the start");
      }
    }
    s.compact();
    return s;
  }

  @Override
  public void step(Problem problem, GradientFlowState s) {
    for (int i = 0; i < s.active().count(); i++) {
      s.iterated[s.active().at(i)] = false;
    }
    for (int stage = STAGES; stage >= 2; stage--) {
      s.now.select(s.active(), s.evaluates[stage]);
      if (s.now.isEmpty()) {
        continue;
      }
      accumulate(s, s.now, A[stage - 2]);
      problem.manifold().retract(s.backend, s.now, s.x, s.one, s.sum, s.trial);
      slope(problem, s, s.now, s.trial, s.trialValue, s.slopes[stage - 1]);
      for (int i = 0; i < s.now.count(); i++) {
        s.evaluations[s.now.at(i)]++;
        s.stage[s.now.at(i)]++;
      }
    }
    s.now.select(s.active(), s.evaluates[STAGES + 1]);
    if (!s.now.isEmpty()) {
      finish(s, s.now);
    }
  }

  /** {@code sum = -h sum_j c_j g_j}. */
  private static void accumulate(GradientFlowState s, Lanes lanes, double[] c) {
    s.backend.fill(lanes, 0, s.sum);
    for (int j = 0; j < c.length; j++) {
      if (c[j] == 0) {
        continue;
      }
      for (int i = 0; i < lanes.count(); i++) {
        s.coefficient[lanes.at(i)] = -s.h[lanes.at(i)] * c[j];
      }
      s.backend.axpy(lanes, s.coefficient, s.slopes[j], s.sum);
    }
  }

  private static void slope(Problem problem, GradientFlowState s, Lanes lanes, LaneBuffer at, double[] f, LaneBuffer g) {
    Manifold manifold = problem.manifold();
    problem.objective().valueGradient(lanes, at, f, g);
    if (!manifold.flat()) {
      manifold.project(s.backend, lanes, at, g, g);
    }
  }

  /** All stages are there and the trial point is the end of the step: takes or rejects it. */
  private void finish(GradientFlowState s, Lanes lanes) {
    Backend backend = s.backend;
    accumulate(s, lanes, E);
    backend.dot(lanes, s.sum, s.sum, s.error);
    backend.dot(lanes, s.x, s.x, s.size);
    backend.dot(lanes, s.trial, s.trial, s.newSize);
    backend.dot(lanes, s.slopes[STAGES - 1], s.slopes[STAGES - 1], s.trialNorm);
    double root = Math.sqrt((double) s.x.length());
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      double error = Math.sqrt(s.error[l]) / (atol * root + rtol * Math.sqrt(Math.max(s.size[l], s.newSize[l])));
      boolean finite = Double.isFinite(error) && Double.isFinite(s.trialValue[l]) && Double.isFinite(s.trialNorm[l]);
      if (finite && error <= 1) {
        accept(s, l, error);
      } else {
        reject(s, l, finite ? error : Double.NaN);
      }
    }
    s.ended.select(lanes, s.hasMoved);
    backend.copy(s.ended, s.trial, s.x);
    backend.copy(s.ended, s.slopes[STAGES - 1], s.gradient);
  }

  private void accept(GradientFlowState s, int l, double error) {
    double growth = 0.9 * Math.pow(Math.max(error, 1e-10), -EXPONENT) * Math.pow(s.lastError[l], BETA);
    s.time[l] = s.last[l] ? endTime : s.time[l] + s.h[l];
    s.value[l] = s.trialValue[l];
    s.gradientNorm[l] = Math.sqrt(s.trialNorm[l]);
    s.iterations[l]++;
    s.iterated[l] = true;
    s.lastError[l] = Math.max(error, 1e-4);
    if (s.last[l]) {
      s.freeze(l, Outcome.BUDGET, "end time " + endTime + " reached");
      return;
    }
    double next = s.h[l] * Math.clamp(growth, 0.2, s.rejected[l] > 0 ? 1 : 10);
    s.rejected[l] = 0;
    prepare(s, l, next);
  }

  private void reject(GradientFlowState s, int l, double error) {
    s.rejected[l]++;
    double next = s.h[l] * (Double.isNaN(error) ? 0.1 : Math.max(0.2, 0.9 * Math.pow(error, -EXPONENT)));
    if (next <= 4 * Math.ulp(s.time[l]) || s.rejected[l] > MOST_REJECTIONS) {
      s.freeze(l, Double.isNaN(error) ? Outcome.DIVERGED : Outcome.STALLED,
          String.format(Locale.ROOT, "step size %.3g at time %.6g is below rounding%s", next, s.time[l],
              Double.isNaN(error) ? " and the value or gradient is not finite" : ""));
      return;
    }
    prepare(s, l, next);
  }

  /** The next step of a lane, cut or stretched by at most a hundredth to end at the end time. */
  private void prepare(GradientFlowState s, int l, double h) {
    s.last[l] = s.time[l] + 1.01 * h >= endTime;
    s.h[l] = s.last[l] ? endTime - s.time[l] : h;
    s.stage[l] = 2;
  }
}

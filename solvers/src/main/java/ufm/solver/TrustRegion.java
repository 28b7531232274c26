package ufm.solver;

import java.util.Locale;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.manifold.ConvexSet;
import ufm.manifold.NonNegative;

/**
 * Riemannian trust region with truncated conjugate gradients (Steihaug-Toint): at x it minimises the model
 *
 * <pre>m(s) = f + &lt;g, s&gt; + (1/2) &lt;s, Hess f(x) s&gt;   over tangent s with |s| at most the radius</pre>
 *
 * <p>by conjugate gradients, which stop at the boundary, at a direction of negative curvature (which they follow to the boundary) or at a
 * residual {@code |r| <= |g| min(kappa, (|g|/scale)^theta)}; scale is the size of the gradient's terms (at least a thousandth of the first
 * gradient's norm), so that the test does not change when f is multiplied by a constant. The step is taken if the decrease of f is at least
 * {@code acceptance} times that of the model.
 *
 * <p>Made for the last digits of a solve:
 *
 * <ul>
 *   <li>A singular Hessian (rotations of feature space leave f unchanged) does no harm: g lies in the range, and conjugate gradients started
 *       at zero never leave it. A direction whose curvature is zero to rounding, or negative but so small that it can stem from such a
 *       symmetry off the critical point, ends the inner iteration.
 *   <li>Once the predicted decrease is below the rounding of f, values decide nothing. Both differences are then regularised by
 *       {@code 1e3 eps |f|}, and the step is taken iff the norm of the gradient falls. When no step lowers that norm any more the lane is
 *       frozen as {@link Outcome#STALLED}; the reason says whether the gradient is at the rounding of its terms.
 *   <li>On {@link NonNegative} sets the variables at their bound whose gradient points outwards are held, the others move, and the trial
 *       point is projected; where that cuts the step, the decrease is tested against {@code <g, x - trial>} (Bertsekas). Started where the
 *       active set is found this is Newton's method on the face.
 * </ul>
 *
 * <p>A round is one Hessian-vector product or one evaluation of every active lane. Memory: 8 vectors for each lane, and the curvature.
 *
 * <p>References: Steihaug, SIAM J. Numer. Anal. 20 (1983) 626; Absil, Baker, Gallivan, Found. Comput. Math. 7 (2007) 303; Boumal, An
 * Introduction to Optimization on Smooth Manifolds (2023), sections 6.4 and 6.5; Conn, Gould, Toint, Trust-Region Methods (2000), section
 * 17.4.2 (regularised ratio); Bertsekas, SIAM J. Control Optim. 20 (1982) 221.
 *
 * @param kappa linear target of the inner iteration, in (0, 1)
 * @param theta order of convergence less one, at least 0; 1 gives quadratic convergence
 * @param innerLimit most conjugate-gradient iterations for one step, at least 1; never more than twice the number of variables
 * @param initialRadius first radius relative to max(1, |x|), above 0
 * @param acceptance smallest ratio of actual to predicted decrease for which a step is taken, in (0, 1/4)
 */
public record TrustRegion(double kappa, double theta, int innerLimit, double initialRadius, double acceptance)
    implements Solver<TrustRegionState> {

  /** The radius stays below this multiple of max(1, |x|) at the start. */
  private static final double LARGEST_RADIUS = 1e4;

  /** A radius below this multiple of the largest one ends the lane. */
  private static final double SMALLEST_RADIUS = 1e-24;

  /** Rounding of the value relative to its size, in units of machine precision. */
  private static final double VALUE_ROUNDING = 1e3;

  /** Rounding of the gradient relative to the size of its terms, in units of machine precision. */
  private static final double GRADIENT_ROUNDING = 64;

  /** Tries with ever smaller radius before a gradient above rounding level counts as stuck. */
  private static final int MOST_REFUSALS = 10;

  /** A decrease below this multiple of the value can't come from a gradient above the rounding of its terms. */
  private static final double NOTHING = 1e-36;

  private static final double EPS = Math.ulp(1.0);

  /** Checks the settings. */
  public TrustRegion {
    if (!(kappa > 0 && kappa < 1) || !(theta >= 0) || innerLimit < 1 || !(initialRadius > 0) || !(acceptance > 0 && acceptance < 0.25)) {
      throw new IllegalArgumentException(
          "trust region needs kappa in (0,1), theta >= 0, innerLimit >= 1, initialRadius > 0, acceptance in (0,1/4), but got kappa=" + kappa
              + ", theta=" + theta + ", innerLimit=" + innerLimit + ", initialRadius=" + initialRadius + ", acceptance=" + acceptance);
    }
  }

  /** kappa 0.1, theta 1, at most 5000 inner iterations, first radius a quarter of max(1, |x|), acceptance 0.1. */
  public static TrustRegion standard() {
    return new TrustRegion(0.1, 1, 5000, 0.25, 0.1);
  }

  @Override
  public String description() {
    return "trust region (kappa=" + kappa + ", theta=" + theta + ", inner iterations<=" + innerLimit + ", radius0=" + initialRadius
        + ", acceptance=" + acceptance + ")";
  }

  @Override
  public TrustRegionState init(Problem problem, LaneBuffer start, Lanes lanes) {
    ConvexSet set = problem.set();
    if (set.constrains() && !problem.manifold().flat()) {
      throw new IllegalArgumentException("trust region handles a non-negativity constraint only in Euclidean space, not on "
          + problem.manifold().name());
    }
    TrustRegionState s = new TrustRegionState(problem, start, lanes);
    Backend backend = s.backend;
    set.project(backend, lanes, s.x);
    problem.objective().valueGradient(lanes, s.x, s.value, s.ambient);
    if (!problem.manifold().flat()) {
      problem.manifold().project(backend, lanes, s.x, s.ambient, s.gradient);
    }
    s.criticality.measure(backend, set, lanes, s.x, s.gradient, s.product, s.gradientNorm);
    backend.dot(lanes, s.x, s.x, s.a);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      s.evaluations[l] = 1;
      s.iterated[l] = true;
      double size = Math.max(1, Math.sqrt(s.a[l]));
      s.radius[l] = initialRadius * size;
      s.firstNorm[l] = s.gradientNorm[l];
      s.radiusLimit[l] = LARGEST_RADIUS * size;
      if (!Double.isFinite(s.value[l]) || !Double.isFinite(s.gradientNorm[l])) {
        s.freeze(l, Outcome.DIVERGED, "value or gradient is not finite at the start");
      }
    }
    s.compact();
    moved(problem, s, s.some.set(s.active()));
    TruncatedConjugateGradient.begin(s, s.active(), kappa, theta);
    s.compact();
    return s;
  }

  @Override
  public void step(Problem problem, TrustRegionState s) {
    for (int i = 0; i < s.active().count(); i++) {
      s.iterated[s.active().at(i)] = false;
    }
    s.curving.select(s.active(), s.isCurving);
    s.trying.select(s.active(), s.isTrying);
    if (!s.curving.isEmpty()) {
      TruncatedConjugateGradient.iterate(problem, s, innerLimit);
    }
    if (!s.trying.isEmpty()) {
      tryStep(problem, s);
    }
  }

  /** Lanes that came to a new point: curvature, size of the gradient's terms and the free set there. */
  private static void moved(Problem problem, TrustRegionState s, Lanes lanes) {
    if (lanes.isEmpty()) {
      return;
    }
    s.linearization.at(lanes, s.x);
    for (int i = 0; i < lanes.count(); i++) {
      s.steepest[lanes.at(i)] = 0;
    }
    problem.objective().gradientScale(lanes, s.x, s.ambient, s.gradientScale);
    if (problem.set() instanceof NonNegative(long offset, long count)) {
      s.backend.freeMask(lanes, s.x, s.gradient, s.zero, offset, count, s.free);
    }
  }

  /** Evaluates the lanes {@code s.trying} at their trial points, takes or refuses them, and starts the next model. */
  private void tryStep(Problem problem, TrustRegionState s) {
    Backend backend = s.backend;
    Lanes lanes = s.trying;
    problem.manifold().retract(backend, lanes, s.x, s.one, s.step, s.trial);
    // Model decrease -<g,s> - <s,Hs>/2 with Hs = r - g.
    double[] predicted = s.a;
    double[] cut = s.b;
    backend.dot(lanes, s.step, s.gradient, predicted);
    backend.dot(lanes, s.step, s.residual, cut);
    for (int i = 0; i < lanes.count(); i++) {
      predicted[lanes.at(i)] = -0.5 * (predicted[lanes.at(i)] + cut[lanes.at(i)]);
      cut[lanes.at(i)] = 0;
    }
    if (s.free != null) {
      project(problem, s, lanes, predicted, cut);
    }
    problem.objective().valueGradient(lanes, s.trial, s.trialValue, s.trialAmbient);
    if (!problem.manifold().flat()) {
      problem.manifold().project(backend, lanes, s.trial, s.trialAmbient, s.trialGradient);
    }
    s.criticality.measure(backend, problem.set(), lanes, s.trial, s.trialGradient, s.product, s.trialNorm);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      s.evaluations[l]++;
      judge(s, l, predicted[l], cut[l] > 0);
    }
    Lanes accepted = s.some.select(lanes, s.hasMoved);
    backend.copy(accepted, s.trial, s.x);
    backend.copy(accepted, s.trialGradient, s.gradient);
    if (!problem.manifold().flat()) {
      backend.copy(accepted, s.trialAmbient, s.ambient);
    }
    moved(problem, s, accepted);
    TruncatedConjugateGradient.begin(s, lanes.retain(s.isRunning), kappa, theta);
  }

  /** Projects the trial points; where that cuts a step its predicted decrease becomes {@code <g, x - trial>} and {@code cut} positive. */
  private static void project(Problem problem, TrustRegionState s, Lanes lanes, double[] predicted, double[] cut) {
    Backend backend = s.backend;
    backend.copy(lanes, s.trial, s.product);
    problem.set().project(backend, lanes, s.trial);
    backend.distance2(lanes, s.trial, s.minusOne, s.product, 0, s.trial.length(), cut);
    backend.combine(lanes, s.one, s.x, s.minusOne, s.trial, s.product);
    backend.dot(lanes, s.gradient, s.product, s.c);
    backend.dot(lanes, s.product, s.product, s.e);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      if (cut[l] > 0) {
        predicted[l] = s.c[l];
        s.ss[l] = s.e[l];
        s.boundary[l] = false;
      }
    }
  }

  /** Whether the trial point of a lane becomes its iterate; sets the radius, and freezes a lane that can't go on. */
  private void judge(TrustRegionState s, int l, double predicted, boolean cut) {
    double f = s.value[l];
    double length = Math.sqrt(s.ss[l]);
    double rounding = VALUE_ROUNDING * EPS * Math.abs(f);
    double decrease = f - s.trialValue[l];
    boolean finite = Double.isFinite(s.trialValue[l]) && Double.isFinite(s.trialNorm[l]);
    boolean blind = Math.abs(predicted) <= rounding;
    double ratio = (decrease + rounding) / (predicted + rounding);
    // A projected trial point may lie uphill; a smaller radius cures it.
    boolean accept = finite && predicted >= -rounding
        && (blind ? s.trialNorm[l] < s.gradientNorm[l] && decrease >= -rounding : ratio >= (cut ? 1e-4 : acceptance));
    boolean good = blind ? accept : accept && ratio > 0.75;
    if (good && s.boundary[l]) {
      s.radius[l] = Math.min(2 * s.radius[l], s.radiusLimit[l]);
    } else if (!accept || !blind && !cut && ratio < 0.25) {
      s.radius[l] = 0.25 * Math.min(length, s.radius[l]);
    }
    if (accept) {
      s.value[l] = s.trialValue[l];
      s.gradientNorm[l] = s.trialNorm[l];
      s.iterations[l]++;
      s.iterated[l] = true;
      s.refused[l] = 0;
      if (blind && Math.abs(predicted) <= NOTHING * Math.abs(f)) {
        s.freeze(l, Outcome.CONVERGED, String.format(Locale.ROOT,
            "the last step promised a decrease of %.2g, nothing against the value %.6g", predicted, f));
      }
      return;
    }
    if (blind && finite) {
      s.refused[l]++;
      double relative = s.gradientNorm[l] / s.gradientScale[l];
      if (relative <= GRADIENT_ROUNDING * EPS) {
        s.freeze(l, Outcome.STALLED, String.format(Locale.ROOT,
            "gradient at rounding level: norm %.3g is %.2g of its terms", s.gradientNorm[l], relative));
      } else if (s.refused[l] > MOST_REFUSALS) {
        s.freeze(l, Outcome.STALLED, String.format(Locale.ROOT,
            "no step lowers the gradient norm %.3g (%.2g of its terms), and the predicted decrease is below the rounding of the value",
            s.gradientNorm[l], relative));
      }
    } else if (s.radius[l] <= SMALLEST_RADIUS * s.radiusLimit[l]) {
      s.freeze(l, finite ? Outcome.STALLED : Outcome.DIVERGED,
          finite ? "trust region shrank to nothing without a decrease" : "value or gradient is not finite at every trial point");
    }
  }
}

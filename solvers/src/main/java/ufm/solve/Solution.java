package ufm.solve;

import java.util.Map;
import ufm.certify.Certificate;
import ufm.metric.CollapseMetrics;
import ufm.problem.Point;
import ufm.problem.UfmProblem;
import ufm.solver.Outcome;

/**
 * The best point that a solve found, with everything that is needed to judge and to reproduce it.
 *
 * @param problem what was solved
 * @param point the point, N columns
 * @param value f there, evaluated on the full problem
 * @param terms the separate terms of f: fit, penalty_W, penalty_H, penalty_b
 * @param gradientNorm norm of the gradient of the full problem there; with non-negative features {@code |P(x - g) - x|}
 * @param gradientScale sum of the norms of the gradient's terms, the yardstick for it
 * @param outcome how the best start ended; a polish that walks about at rounding counts as convergence where the point is certified
 * @param reason why it stopped
 * @param certificate bound on f - f*, evaluated on the full problem
 * @param metrics neural-collapse metrics at the point
 * @param bestStart index of the start it came from; -1 where W = H = 0 lies below every start
 * @param startsAtBest how many starts ended within 1e-9 (relative) of the best value
 * @param startValues value at the end of each start, before the polish of the best one
 * @param startOutcomes how each start ended, before the polish of the best one
 * @param iterations accepted iterations of the best start, all phases
 * @param evaluations value-and-gradient evaluations of the best start
 * @param hessianProducts Hessian-vector products of the best start
 * @param seconds wall time of the batch divided by its problems
 * @param restricted whether the search was restricted to class means where that may hide critical points
 * @param method the phases, in words
 * @param fromTheory whether a start came from theory: such a solution is no evidence for the prediction it started from
 * @param provenance what the bits depend on: seed, backend, versions
 */
public record Solution(
    UfmProblem problem,
    Point point,
    double value,
    Map<String, Double> terms,
    double gradientNorm,
    double gradientScale,
    Outcome outcome,
    String reason,
    Certificate certificate,
    CollapseMetrics metrics,
    int bestStart,
    int startsAtBest,
    double[] startValues,
    Outcome[] startOutcomes,
    long iterations,
    long evaluations,
    long hessianProducts,
    double seconds,
    boolean restricted,
    String method,
    boolean fromTheory,
    Map<String, String> provenance) {}

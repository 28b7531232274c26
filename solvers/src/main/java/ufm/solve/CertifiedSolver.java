package ufm.solve;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import ufm.backend.Backend;
import ufm.backend.Lanes;
import ufm.certify.Certificate;
import ufm.certify.DualityGap;
import ufm.manifold.ConvexSet;
import ufm.manifold.Euclidean;
import ufm.metric.CollapseMetrics;
import ufm.objective.ClassMeanReduction;
import ufm.objective.UfmObjective;
import ufm.problem.Bias;
import ufm.problem.Loss;
import ufm.problem.Point;
import ufm.problem.UfmProblem;
import ufm.solver.Outcome;
import ufm.solver.Problem;

/**
 * Reaches the minimum of one-layer models and certifies it: random starts as lanes, in variables with equal penalties, on class means where
 * the minimum is the same (theory sheet D3), L-BFGS, the step to zero where an iterate vanishes, a trust-region polish of the best start, and the bound on f - f* of the
 * full problem (section D). A shortcut can't lie: value and certificate are those of the full point.
 *
 * <p>Not safe for use by several threads; a sweep has one for each thread. Equal arguments give equal bits.
 */
public final class CertifiedSolver implements AutoCloseable {
  /** Starts whose values differ by less than this, relative to the best, are at the best. */
  private static final double SAME_VALUE = 1e-9;

  private final Backend backend;
  private final SolveOptions options;

  /**
   * A solver.
   *
   * @param backend where to compute; not closed
   * @param options how to solve
   */
  public CertifiedSolver(Backend backend, SolveOptions options) {
    this.backend = backend;
    this.options = options;
  }

  /**
   * The best point found for one problem.
   *
   * @throws InfimumNotAttained if there is no minimiser
   */
  public Solution solve(UfmProblem problem) {
    return solve(List.of(problem)).getFirst();
  }

  /**
   * The best point found for each of several problems of one shape, all in one batch.
   *
   * @param problems same K, d, kinds of loss, classifier and bias; where reduction is off or not allowed also the same labels
   * @throws InfimumNotAttained if one has no minimiser
   * @throws IllegalArgumentException if their shapes differ
   */
  public List<Solution> solve(List<UfmProblem> problems) {
    long began = System.nanoTime();
    problems.forEach(InfimumNotAttained::check);
    boolean reduce = reduces(problems);
    int starts = options.starts();
    List<UfmProblem> lanes = new ArrayList<>();
    for (UfmProblem p : problems) {
      lanes.addAll(Collections.nCopies(starts, p));
    }
    try (LaneRun search = open(lanes, reduce)) {
      int[] start = new int[lanes.size()];
      for (int l = 0; l < start.length; l++) {
        start[l] = options.firstStart() + l % starts;
      }
      Lanes all = Lanes.all(lanes.size());
      search.objective.randomize(all, search.x, options.start(), options.startScale(), options.seed(), start);
      if (StartSearch.leads(problems)) {
        try (LaneRun led = open(lanes.stream().map(StartSearch::easier).toList(), reduce)) {
          StartSearch.lead(search, led, Lanes.none(lanes.size()).select(all, l -> start[l] % 2 == 0), options);
        }
      }
      StartSearch.search(search, all, options);
      return finish(problems, search, starts, reduce, false, began);
    }
  }

  /**
   * The point that a descent from a given start ends at.
   *
   * @param start N columns, or K class means
   * @param fromTheory whether the start was taken from a prediction; the solution is then marked, as it is no evidence for it
   */
  public Solution solveFrom(UfmProblem problem, Point start, boolean fromTheory) {
    long began = System.nanoTime();
    InfimumNotAttained.check(problem);
    List<UfmProblem> problems = List.of(problem);
    boolean reduce = reduces(problems);
    try (LaneRun search = open(problems, reduce)) {
      search.objective.write(search.x, 0, Balancing.of(problem).apply(start));
      StartSearch.search(search, Lanes.all(1), options);
      return finish(problems, search, 1, reduce, fromTheory, began).getFirst();
    }
  }

  @Override
  public void close() {
    // The backend belongs to the caller; buffers live only as long as a solve.
  }

  private boolean reduces(List<UfmProblem> problems) {
    return options.reduce() && problems.stream().allMatch(ClassMeanReduction::keepsMinimum);
  }

  private LaneRun open(List<UfmProblem> problems, boolean reduce) {
    List<UfmProblem> lanes = problems.stream().map(p -> Balancing.of(p).balanced(p)).toList();
    double[] gain = problems.stream().mapToDouble(p -> Balancing.of(p).gain()).toArray();
    UfmObjective objective = UfmObjective.withGain(backend, lanes, reduce, gain);
    ConvexSet set = lanes.getFirst().nonNegativeFeatures() ? ConvexSet.nonNegative(objective.layout(), "H") : new ConvexSet.Whole();
    return new LaneRun(objective, new Problem(objective, new Euclidean(), set));
  }

  private List<Solution> finish(List<UfmProblem> problems, LaneRun search, int starts, boolean reduce, boolean fromTheory, long began) {
    int[] best = new int[problems.size()];
    try (LaneRun polish = open(problems, reduce)) {
      Lanes all = Lanes.all(problems.size());
      for (int i = 0; i < best.length; i++) {
        best[i] = bestLane(search, i * starts, starts);
        polish.take(i, search, best[i]);
      }
      Polish.polish(polish, all, options);
      boolean[] origin = compareWithOrigin(problems, polish, reduce);
      List<Solution> solutions = new ArrayList<>();
      for (int i = 0; i < best.length; i++) {
        solutions.add(solution(problems.get(i), polish, i, search, origin[i] ? -1 : best[i], i * starts, starts, reduce, fromTheory));
      }
      double seconds = (System.nanoTime() - began) * 1e-9 / problems.size();
      return solutions.stream().map(s -> timed(s, seconds)).toList();
    }
  }

  /**
   * Where the search may have missed it, the origin W = H = 0 (with its best bias) is one more candidate; it takes the place of points above
   * it.
   */
  private boolean[] compareWithOrigin(List<UfmProblem> problems, LaneRun polish, boolean reduce) {
    boolean[] origin = new boolean[problems.size()];
    if (problems.stream().noneMatch(ClassMeanReduction::mayHideCriticalPoints)) {
      return origin;
    }
    Lanes all = Lanes.all(problems.size());
    try (LaneRun zero = open(problems, reduce)) {
      zero.objective.value(all, zero.x, zero.value);
      Polish.polish(zero, all, options);
      for (int i = 0; i < origin.length; i++) {
        origin[i] = !(polish.value[i] <= zero.value[i] + SAME_VALUE * Math.abs(zero.value[i]));
        if (origin[i]) {
          polish.take(i, zero, i);
          polish.reason[i] = "W = H = 0 lies below every start: " + zero.reason[i];
        }
      }
    }
    return origin;
  }

  /** The lane with the smallest value; among equals the first. A lane without a finite value never wins against one with. */
  private static int bestLane(LaneRun run, int from, int count) {
    int best = from;
    for (int l = from + 1; l < from + count; l++) {
      if (run.value[l] < run.value[best] || (Double.isNaN(run.value[best]) && !Double.isNaN(run.value[l]))) {
        best = l;
      }
    }
    return best;
  }

  private Solution solution(UfmProblem p, LaneRun polish, int i, LaneRun search, int bestLane, int from, int starts, boolean reduce,
      boolean fromTheory) {
    boolean collapsed = reduce && p.samples() > p.classes();
    // Class means stand for their lift, of which everything that follows is true.
    Point columns = centred(
        p, Balancing.of(p).restore(collapsed ? polish.objective.readColumns(polish.x, i) : polish.objective.read(polish.x, i)));
    Point point = collapsed ? ClassMeanReduction.lift(p, columns) : columns;
    FullEvaluation full = FullEvaluation.of(backend, p, columns);
    double f = full.value();
    double[] values = Arrays.copyOfRange(search.value, from, from + starts);
    Outcome[] outcomes = Arrays.copyOfRange(search.outcome, from, from + starts);
    int atBest = 0;
    for (double v : values) {
      atBest += v - f <= SAME_VALUE * Math.max(Math.abs(f), Double.MIN_NORMAL) ? 1 : 0;
    }
    Certificate certificate = DualityGap.certify(p, columns);
    boolean constrained = polish.problem.set().constrains();
    boolean unfinished = polish.outcome[i] == Outcome.STALLED || polish.outcome[i] == Outcome.BUDGET;
    boolean rounding = unfinished && certificate.available() && certificate.globallyOptimal();
    Outcome outcome = rounding ? Outcome.CONVERGED : polish.outcome[i];
    String reason = rounding ? "certified, and " + polish.reason[i] : polish.reason[i];
    String method = (reduce ? "class means, " : "") + (constrained ? "projected L-BFGS" : "L-BFGS") + ", trust region";
    return new Solution(p, point, f, full.terms(), full.gradientNorm(), full.gradientScale(), outcome, reason, certificate,
        CollapseMetrics.of(p, columns), bestLane < 0 ? -1 : options.firstStart() + bestLane - from, atBest, values, outcomes,
        polish.iterations[i], polish.evaluations[i], polish.hessianProducts[i], 0, reduce && ClassMeanReduction.mayHideCriticalPoints(p),
        method, fromTheory, provenance());
  }

  /** With softmax losses a bias without penalty is defined up to a multiple of the ones vector: the representative of zero sum. */
  private static Point centred(UfmProblem p, Point point) {
    boolean shiftFree = p.bias() instanceof Bias.Free && !(p.loss() instanceof Loss.MeanSquaredError);
    if (!shiftFree) {
      return point;
    }
    double mean = 0;
    for (double v : point.b()) {
      mean += v;
    }
    mean /= point.b().length;
    double[] b = point.b().clone();
    for (int k = 0; k < b.length; k++) {
      b[k] -= mean;
    }
    return new Point(point.classes(), point.dimension(), point.columns(), point.w(), point.h(), b);
  }

  private Map<String, String> provenance() {
    Map<String, String> out = new LinkedHashMap<>(backend.provenance());
    out.put("seed", Long.toString(options.seed()));
    out.put("starts", options.firstStart() + ".." + (options.firstStart() + options.starts() - 1));
    out.put("start", options.start().name().toLowerCase(Locale.ROOT) + " x " + options.startScale());
    out.put("java", Runtime.version().toString());
    return out;
  }

  private static Solution timed(Solution s, double seconds) {
    return new Solution(s.problem(), s.point(), s.value(), s.terms(), s.gradientNorm(), s.gradientScale(), s.outcome(), s.reason(),
        s.certificate(), s.metrics(), s.bestStart(), s.startsAtBest(), s.startValues(), s.startOutcomes(), s.iterations(), s.evaluations(),
        s.hessianProducts(), seconds, s.restricted(), s.method(), s.fromTheory(), s.provenance());
  }
}

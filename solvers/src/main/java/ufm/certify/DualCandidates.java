package ufm.certify;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import ufm.problem.Bias;

/**
 * Looks for a good dual point near a primal one. Scaling the gradient into the feasible set (D7) loses linearly in the distance to the
 * optimum. At an optimum of rank r the r leading singular values of Gamma equal lambda_Z, and the dual's gradient there is normal to the set of
 * matrices with that property; so setting the leading singular values to lambda_Z and clipping the others loses only quadratically. Where this
 * makes a probability negative, the candidate is moved towards the scaled one (both are feasible, and so is what lies between) until none is.
 * Every candidate goes through {@link DualProblem#evaluate}, so a bad guess costs tightness, never rigour.
 *
 * <p>Far from the optimum a candidate may be feasible and still bad: the dual is concave along its multiples and may fall again before the
 * limit. So Gamma = 0 and the scale of the recipe D7 are always among the trials (at equal scales the mean over each class is at least as good
 * as the recipe's columns), and while the gap is large the best multiple of each candidate is searched.
 */
final class DualCandidates {
  /** Far from the optimum the rank of W H has to be guessed: singular values above these shares of the largest count. */
  private static final double[] RANK_CUTS = {1e-6, 1e-2, 0.1};

  /** Beyond that many classes a candidate takes seconds, and only the most promising one is tried. */
  private static final int MANY_CLASSES = 200;

  /** While the gap is above this share of f(0) - lower, multiples of the candidates are searched. */
  private static final double LARGE_GAP = 1e-6;

  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  /** The search for a multiple ends where it can gain no more than this share of the gap. */
  private static final double SMALL_GAIN = 1e-4;

  private final DualProblem dual;
  private final int k;
  private final List<Trial> trials = new ArrayList<>();

  /** A candidate's ray, and what it proves at its end. */
  private record Trial(DualProblem.Ray ray, DualProblem.Bound bound) {}

  DualCandidates(DualProblem dual) {
    this.dual = dual;
    this.k = dual.classes;
  }

  /**
   * The best bound found.
   *
   * @param fit point
   * @param product singular values of W H at the point, whose numerical rank says how many singular values to raise
   * @param value f at the point
   * @param zero f(0), for the size of the gap
   * @param recipe scale of the recipe D7
   * @param enough a gap up to which no further candidate is tried
   */
  DualProblem.Bound best(LogitFit fit, GramEigen product, double value, double zero, double recipe, double enough) {
    double[] x = dual.candidate(fit);
    GramEigen eigen = dual.decomposition(x);
    DualProblem.Bound best = evaluate(x, eigen);
    if (value - best.lower() <= enough) {
      return best;
    }
    DualProblem.Bound none = dual.atZero();
    best = better(best, none);
    best = better(best, dual.evaluate(trials.isEmpty() ? null : trials.getFirst().ray(), recipe));
    if (dual.orthant && !(dual.bias instanceof Bias.Free)) {
      best = better(best, evaluate(columns(x, Double.POSITIVE_INFINITY), null));
      best = better(best, evaluate(columns(x, 0.99), null));
      best = better(best, evaluate(columns(x, 0.9), null));
    }
    best = better(best, bestShaped(x, eigen, best, product, value, enough));
    if (dual.bias instanceof Bias.Ridge(double lambda) && value - best.lower() > enough) {
      // At the optimum Gamma 1 = -lambda_b b. With a small lambda_b any other row sum is dear, so it is imposed before the rest.
      double[] balanced = dual.balanced(x, rowSums(lambda, fit.b()));
      GramEigen turned = dual.decomposition(balanced);
      best = better(best, evaluate(balanced, turned));
      best = better(best, bestShaped(balanced, turned, best, product, value, enough));
    }
    for (Trial trial : trials) {
      if (value - best.lower() > Math.max(enough, LARGE_GAP * (zero - best.lower()))) {
        best = bestMultiple(trial, best, none, SMALL_GAIN * (value - best.lower()));
      }
    }
    return best;
  }

  /** The bound of a candidate at the largest feasible multiple up to 1; its ray is kept for {@link #bestMultiple}. */
  private DualProblem.Bound evaluate(double[] candidate, GramEigen guess) {
    DualProblem.Ray ray = dual.ray(candidate, guess);
    DualProblem.Bound bound = dual.evaluate(ray, 1);
    if (ray != null) {
      trials.add(new Trial(ray, bound));
    }
    return bound;
  }

  /**
   * The best bound along a ray, or the best known one. The dual g is concave there, so that chords bound it: with l < m < h, {@code g(s) <=
   * g(m) + (s-m)(g(m)-g(l))/(m-l)} above m, and below m by the chord of m and h. The search ends where nothing beyond {@code enough} is left
   * to gain. Its points are vertices of parabolas, or golden sections where these move too little.
   */
  private DualProblem.Bound bestMultiple(Trial trial, DualProblem.Bound known, DualProblem.Bound zero, double enough) {
    double l = 0;
    double h = dual.reach(trial.ray());
    double atL = zero.lower();
    double atH = trial.bound().lower();
    double m = GOLDEN * h;
    DualProblem.Bound bound = dual.evaluate(trial.ray(), m);
    DualProblem.Bound best = better(known, bound);
    double atM = bound.lower();
    for (int round = 0; round < 24; round++) {
      double up = (atM - atL) / (m - l);
      double down = (atH - atM) / (h - m);
      double most = Math.max(atM + Math.max(0, up) * (h - m), atM - Math.min(0, down) * (m - l));
      if (most <= best.lower() + enough || Double.isNaN(most)) {
        break;
      }
      double s = 0.5 * (l + m) + 0.5 * (h - l) * up / (up - down);
      double least = 0.01 * (h - l);
      if (!(s > l + least && s < h - least && Math.abs(s - m) > least)) {
        s = m - l > h - m ? m - (1 - GOLDEN) * (m - l) : m + (1 - GOLDEN) * (h - m);
      }
      bound = dual.evaluate(trial.ray(), s);
      best = better(best, bound);
      double atS = bound.lower();
      // The maximum lies beside the higher one of the two inner points.
      if (atS > atM) {
        if (s > m) {
          l = m;
          atL = atM;
        } else {
          h = m;
          atH = atM;
        }
        m = s;
        atM = atS;
      } else if (s > m) {
        h = s;
        atH = atS;
      } else {
        l = s;
        atL = atS;
      }
    }
    return best;
  }

  /** {@code -lambda b}, without its mean for softmax losses, whose columns sum to zero. */
  private double[] rowSums(double lambda, double[] b) {
    double mean = 0;
    for (double y : b) {
      mean += dual.softmax ? y / k : 0;
    }
    double[] out = new double[k];
    for (int j = 0; j < k; j++) {
      out[j] = -lambda * (b[j] - mean);
    }
    return out;
  }

  /** Candidates with the singular vectors of x, which are mostly those of the candidates too: nothing is decomposed again where they are. */
  private DualProblem.Bound bestShaped(
      double[] x, GramEigen eigen, DualProblem.Bound known, GramEigen product, double value, double enough) {
    DualProblem.Bound best = known;
    TreeSet<Integer> ranks = new TreeSet<>();
    ranks.add(product.rank(RANK_CUTS[0]));
    if (k <= MANY_CLASSES) {
      ranks.add(0);
      for (double cut : RANK_CUTS) {
        ranks.add(product.rank(cut));
      }
      ranks.add(countAbove(eigen, 0.99));
    }
    for (int r : ranks.descendingSet()) {
      if (value - best.lower() <= enough) {
        break;
      }
      best = better(best, evaluate(shaped(x, eigen, r), eigen));
    }
    return best;
  }

  private static DualProblem.Bound better(DualProblem.Bound a, DualProblem.Bound b) {
    return b.lower() > a.lower() ? b : a;
  }

  private int countAbove(GramEigen eigen, double share) {
    int n = 0;
    while (n < k && eigen.singular()[n] > share * dual.lambdaZ) {
      n++;
    }
    return n;
  }

  /** The first {@code raise} singular values set to lambda_Z, the others clipped there. */
  private double[] shaped(double[] x, GramEigen eigen, int raise) {
    double[] v = dual.direction(x);
    double[] moved = v.clone();
    for (int r = 0; r < k; r++) {
      double s = eigen.singular()[r];
      // A direction without any gradient can't be raised: it may be the one in which all columns must sum to zero.
      boolean raised = r < raise && s > 1e-6 * dual.lambdaZ;
      double change = s > dual.lambdaZ || raised ? dual.lambdaZ / s - 1 : 0;
      if (change == 0) {
        continue;
      }
      for (int c = 0; c < k; c++) {
        double along = change * eigen.turned()[r][c] * dual.samples / Math.sqrt(dual.counts[c]);
        for (int j = 0; j < k; j++) {
          moved[j + k * c] += along * eigen.vectors()[j + k * r];
        }
      }
    }
    if (!dual.softmax) {
      return moved;
    }
    double shrink = eigen.spectralNorm() > 0 ? Math.min(1, dual.lambdaZ / eigen.spectralNorm()) : 1;
    double theta = 0;
    double[] out = new double[x.length];
    for (int at = 0; at < x.length; at++) {
      if (at % k != at / k) {
        double y = dual.off + moved[at];
        double safe = dual.off + shrink * v[at];
        if (y < 0 && safe > 0) {
          theta = Math.max(theta, y / (y - safe));
        }
      }
    }
    for (int at = 0; at < x.length; at++) {
      if (at % k != at / k) {
        out[at] = Math.max(0, dual.off + theta * shrink * v[at] + (1 - theta) * moved[at]);
      }
    }
    return out;
  }

  /**
   * For non-negative features: each column scaled on its own to norm at most lambda_Z; those above {@code share} of it, which belong to
   * classes that are not zero, to lambda_Z exactly where the simplex allows it.
   */
  private double[] columns(double[] x, double share) {
    double[] v = dual.direction(x);
    double[] out = new double[x.length];
    for (int c = 0; c < k; c++) {
      double s = 0;
      double most = Double.POSITIVE_INFINITY;
      for (int j = 0; j < k; j++) {
        double y = v[j + k * c];
        s += y * y;
        if (dual.softmax && j != c) {
          most = y < 0 ? Math.min(most, -dual.off / y) : most;
        }
      }
      if (dual.softmax && v[c + k * c] < 0) {
        most = Math.min(most, 0.99 * (1 - dual.off * (k - 1)) / -v[c + k * c]);
      }
      double norm = Math.sqrt(s * dual.counts[c]) / dual.samples;
      double t = norm > 0 ? dual.lambdaZ / norm : 1;
      t = norm > dual.lambdaZ ? t : norm > share * dual.lambdaZ ? Math.min(t, Math.max(1, most)) : 1;
      for (int j = 0; j < k; j++) {
        int at = j + k * c;
        out[at] = dual.softmax ? (j == c ? 0 : dual.off + t * v[at]) : t * v[at];
      }
    }
    return out;
  }
}

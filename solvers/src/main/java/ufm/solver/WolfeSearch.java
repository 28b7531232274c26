package ufm.solver;

/**
 * Line searches of many lanes for the strong Wolfe conditions
 *
 * <pre>phi(t) &lt;= phi(0) + c1 t phi'(0)   and   |phi'(t)| &lt;= c2 |phi'(0)|,</pre>
 *
 * each a state machine that is given one trial at a time: bracketing and zoom with the safeguarded cubic steps of Moré and Thuente 1994
 * (ACM TOMS 20, 286-307; routines dcsrch and dcstep of MINPACK-2).
 *
 * <p>Near rounding, where {@code |phi(t) - phi(0)| <= 64 2^-52 |phi(0)|}, the difference of values carries no information. There it is
 * replaced by {@code t (phi'(0) + phi'(t)) / 2}, exact for a quadratic, with which the first condition reads
 * {@code phi'(t) <= (2 c1 - 1) phi'(0)}: the approximate Wolfe test of Hager and Zhang 2005 (SIAM J. Optim. 16, 170-192, eq. 4.1), which
 * uses gradients only. In that region a trial is also accepted where {@code (2 c1 - 1) phi'(0) >= phi'(t) >= c2 phi'(0)}.
 *
 * <p>A trial that is not finite becomes an upper limit of the step, and the next one lies closer to the best so far.
 */
final class WolfeSearch {
  /** What a trial led to. */
  enum Answer {
    /** Evaluate at the new {@link #step}. */
    TRY,
    /** The trial just evaluated is accepted. */
    ACCEPT,
    /** There is no acceptable step. */
    FAIL
  }

  /** Relative size of differences of values that are taken for rounding. */
  static final double ROUNDING = 64 * 0x1p-52;

  static final int MAX_TRIALS = 40;
  private static final double INTERVAL = 1e-15;
  private static final double LARGEST = 1e20;

  private final double c1;
  private final double c2;

  /** Trial step, per lane. */
  final double[] step;

  private final double[] value0;
  private final double[] slope0;
  private final double[] tx;
  private final double[] fx;
  private final double[] dx;
  private final double[] ty;
  private final double[] fy;
  private final double[] dy;
  private final double[] low;
  private final double[] high;
  private final double[] width;
  private final double[] width1;
  private final double[] limit;
  private final boolean[] bracketed;
  private final boolean[] second;
  private final boolean[] settled;
  private final int[] trials;

  WolfeSearch(int lanes, double c1, double c2) {
    this.c1 = c1;
    this.c2 = c2;
    step = new double[lanes];
    value0 = new double[lanes];
    slope0 = new double[lanes];
    tx = new double[lanes];
    fx = new double[lanes];
    dx = new double[lanes];
    ty = new double[lanes];
    fy = new double[lanes];
    dy = new double[lanes];
    low = new double[lanes];
    high = new double[lanes];
    width = new double[lanes];
    width1 = new double[lanes];
    limit = new double[lanes];
    bracketed = new boolean[lanes];
    second = new boolean[lanes];
    settled = new boolean[lanes];
    trials = new int[lanes];
  }

  void visit(StateFields fields) {
    fields.doubles("search.step", step);
    fields.doubles("search.value0", value0);
    fields.doubles("search.slope0", slope0);
    fields.doubles("search.tx", tx);
    fields.doubles("search.fx", fx);
    fields.doubles("search.dx", dx);
    fields.doubles("search.ty", ty);
    fields.doubles("search.fy", fy);
    fields.doubles("search.dy", dy);
    fields.doubles("search.low", low);
    fields.doubles("search.high", high);
    fields.doubles("search.width", width);
    fields.doubles("search.width1", width1);
    fields.doubles("search.limit", limit);
    fields.booleans("search.bracketed", bracketed);
    fields.booleans("search.second", second);
    fields.booleans("search.settled", settled);
    fields.ints("search.trials", trials);
  }

  /** Trials of the current search so far. */
  int trials(int l) {
    return trials[l];
  }

  /**
   * Starts a search.
   *
   * @param f0 phi(0)
   * @param d0 phi'(0), negative
   * @param t first trial, positive
   */
  void begin(int l, double f0, double d0, double t) {
    value0[l] = f0;
    slope0[l] = d0;
    step[l] = t;
    tx[l] = 0;
    fx[l] = 0;
    dx[l] = d0;
    ty[l] = 0;
    fy[l] = 0;
    dy[l] = d0;
    low[l] = 0;
    high[l] = 5 * t;
    width[l] = LARGEST;
    width1[l] = 2 * LARGEST;
    limit[l] = LARGEST;
    bracketed[l] = false;
    second[l] = false;
    settled[l] = false;
    trials[l] = 0;
  }

  /**
   * Takes phi(t) and phi'(t) at the trial step. All values inside are differences to phi(0).
   *
   * @param f phi(t)
   * @param d phi'(t)
   */
  Answer advance(int l, double f, double d) {
    double t = step[l];
    trials[l]++;
    if (!Double.isFinite(f) || !Double.isFinite(d)) {
      if (t > tx[l]) {
        limit[l] = t;
      }
      step[l] = tx[l] + 0.2 * (t - tx[l]);
      return trials[l] < MAX_TRIALS && step[l] != tx[l] ? Answer.TRY : settle(l, Double.NaN);
    }
    if (settled[l]) {
      return Answer.ACCEPT;
    }
    double d0 = slope0[l];
    boolean near = Math.abs(f - value0[l]) <= ROUNDING * Math.abs(value0[l]);
    double delta = near ? 0.5 * t * (d0 + d) : f - value0[l];
    double armijo = c1 * d0;
    boolean decreased = delta <= t * armijo;
    if (decreased && Math.abs(d) <= -c2 * d0) {
      return Answer.ACCEPT;
    }
    if (near && d >= c2 * d0 && d <= (2 * c1 - 1) * d0) {
      return Answer.ACCEPT;
    }
    if (trials[l] >= MAX_TRIALS
        || bracketed[l] && (t <= low[l] || t >= high[l] || high[l] - low[l] <= INTERVAL * high[l])) {
      if (decreased && delta < fx[l]) {
        return Answer.ACCEPT;
      }
      return settle(l, t);
    }
    if (!second[l] && decreased && d >= 0) {
      second[l] = true;
    }
    if (!second[l] && delta <= fx[l] && !decreased) {
      // In the first stage the steps are taken on phi(t) - phi(0) - c1 t phi'(0), whose minimiser satisfies both conditions.
      shift(l, -armijo);
      take(l, t, delta - t * armijo, d - armijo);
      shift(l, armijo);
    } else {
      take(l, t, delta, d);
    }
    return narrow(l, t);
  }

  /** After a step: forces the bracket to shrink, sets the bounds of the next trial and keeps it below the limit. */
  private Answer narrow(int l, double t) {
    if (bracketed[l]) {
      double w = Math.abs(ty[l] - tx[l]);
      if (w >= 0.66 * width1[l]) {
        step[l] = tx[l] + 0.5 * (ty[l] - tx[l]);
      }
      width1[l] = width[l];
      width[l] = w;
      low[l] = Math.min(tx[l], ty[l]);
      high[l] = Math.max(tx[l], ty[l]);
      if (step[l] <= low[l] || step[l] >= high[l] || high[l] - low[l] <= INTERVAL * high[l]) {
        return settle(l, t);
      }
    } else {
      low[l] = step[l] + 1.1 * (step[l] - tx[l]);
      high[l] = step[l] + 4 * (step[l] - tx[l]);
    }
    if (step[l] >= limit[l]) {
      step[l] = tx[l] + 0.5 * (limit[l] - tx[l]);
      if (step[l] == tx[l] || step[l] >= LARGEST) {
        return settle(l, t);
      }
    }
    return Answer.TRY;
  }

  /** The search can't go on: takes the best point so far if that is low enough; it needs another look if it isn't the last one. */
  private Answer settle(int l, double last) {
    if (!(tx[l] > 0) || fx[l] > c1 * tx[l] * slope0[l]) {
      return Answer.FAIL;
    }
    step[l] = tx[l];
    settled[l] = true;
    return last == tx[l] ? Answer.ACCEPT : Answer.TRY;
  }

  private void shift(int l, double slope) {
    fx[l] += tx[l] * slope;
    fy[l] += ty[l] * slope;
    dx[l] += slope;
    dy[l] += slope;
  }

  /** Next trial from the formulas, and the interval that now contains a minimiser. */
  private void take(int l, double t, double f, double d) {
    boolean opposite = d * Math.signum(dx[l]) < 0;
    step[l] = MoreThuenteStep.next(tx[l], fx[l], dx[l], ty[l], fy[l], dy[l], t, f, d, bracketed[l], low[l], high[l]);
    if (f > fx[l]) {
      ty[l] = t;
      fy[l] = f;
      dy[l] = d;
      bracketed[l] = true;
      return;
    }
    if (opposite) {
      ty[l] = tx[l];
      fy[l] = fx[l];
      dy[l] = dx[l];
      bracketed[l] = true;
    }
    tx[l] = t;
    fx[l] = f;
    dx[l] = d;
  }
}

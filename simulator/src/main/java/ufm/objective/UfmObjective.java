package ufm.objective;

import java.util.Arrays;
import java.util.List;
import ufm.backend.Backend;
import ufm.backend.ClassifierLayer;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.Layout;
import ufm.problem.Loss;
import ufm.problem.Point;
import ufm.problem.UfmProblem;
import ufm.random.StartKind;

/**
 * The one-layer unconstrained features model over lanes,
 *
 * <pre>f(W,H,b) = (1/N) sum_i loss(W h_i + b, y_i) + (lambdaW/2)|W|_F^2 + (lambdaH/2)|H|_F^2 + (lambdaB/2)|b|^2</pre>
 *
 * <p>Blocks: {@code W} (K x d, absent where the classifier is fixed), {@code H} (d x N, a column per sample), {@code b} (K x 1, absent
 * without bias). Gradients: {@code dW = G H^T + lambdaW W}, {@code dH = W^T G + lambdaH H}, {@code db = G 1 + lambdaB b}, with G the
 * derivative of the fit with respect to the logits (theory sheet L6).
 *
 * <p>The {@linkplain #reduced class-mean-reduced} form has K columns {@code u_k = sqrt(n_k) h_k} in place of N: with them the penalty
 * {@code lambdaH n_k/2 |h_k|^2} is {@code lambdaH/2 |u_k|^2}, and its minimum is that of the full problem for convex losses (theory sheet
 * D3; Hong and Ling 2023, Dang et al. 2024). {@link #read} lifts a reduced point exactly.
 *
 * <p>A {@linkplain #withGain gain} c changes the variables to {@code W/sqrt(c)}, {@code H/sqrt(c)}: the logits are {@code c W h + b}. It
 * sets the scale of W and H against that of b; penalties are those of the problem as it is given.
 *
 * <p>A lane's values do not depend on the other lanes. Not safe for use by several threads.
 */
public final class UfmObjective implements Objective {
  private static final List<String> TERMS = List.of("fit", "penalty_W", "penalty_H", "penalty_b");

  private final Backend backend;
  private final List<UfmProblem> problems;
  private final boolean reduced;
  private final Layout layout;
  private final ClassifierLayer layer;
  private final Layout.Block w;
  private final Layout.Block h;
  private final Layout.Block b;
  private final double[] gain;
  private final double[] half;
  private final double[] norm;

  private UfmObjective(Backend backend, List<UfmProblem> problems, boolean reduced, double[] gain) {
    this.backend = backend;
    this.gain = gain;
    this.problems = List.copyOf(problems);
    this.reduced = reduced;
    UfmProblem first = problems.getFirst();
    int classes = first.classes();
    int dimension = first.dimension();
    int columns = reduced ? classes : first.samples();
    int lanes = problems.size();
    int[] labels = reduced ? classLabels(classes) : first.labels();
    for (UfmProblem p : problems) {
      checkShape(first, p, reduced);
    }
    boolean learned = first.classifier().learned();
    Layout.Builder builder = Layout.builder();
    if (learned) {
      builder.add("W", classes, dimension);
    }
    builder.add("H", dimension, columns);
    if (first.bias().present()) {
      builder.add("b", classes, 1);
    }
    layout = builder.build();
    w = learned ? layout.block("W") : null;
    h = layout.block("H");
    b = first.bias().present() ? layout.block("b") : null;

    LaneBuffer weight = backend.allocate(lanes, columns);
    LaneBuffer scale = backend.allocate(lanes, columns);
    LaneBuffer fixed = learned ? null : backend.allocate(lanes, (long) classes * dimension);
    double[] lambdaW = new double[lanes];
    double[] lambdaH = new double[lanes];
    double[] lambdaB = new double[lanes];
    double[] parameter = new double[lanes];
    double[] omega = new double[columns];
    double[] s = new double[columns];
    for (int l = 0; l < lanes; l++) {
      UfmProblem p = problems.get(l);
      lambdaW[l] = learned ? p.lambdaW() : 0;
      lambdaH[l] = p.lambdaH();
      lambdaB[l] = p.bias().penalty();
      parameter[l] = parameter(p);
      double total = p.samples();
      for (int i = 0; i < columns; i++) {
        omega[i] = reduced ? p.count(i) / total : 1 / total;
        s[i] = reduced ? gain[l] / Math.sqrt(p.count(i)) : gain[l];
      }
      backend.write(weight, l, 0, omega, 0, columns);
      backend.write(scale, l, 0, s, 0, columns);
      if (fixed != null) {
        backend.write(fixed, l, 0, p.classifier().fixedMatrix(p.classes(), p.dimension()), 0, classes * dimension);
      }
    }
    layer = new ClassifierLayer(classes, dimension, columns, w == null ? -1 : w.offset(), h.offset(), b == null ? -1 : b.offset(), fixed,
        labels, kind(first.loss()), parameter, weight, scale, lambdaW, lambdaH, lambdaB);
    half = new double[lanes];
    norm = new double[lanes];
  }

  /**
   * The full problem, N columns.
   *
   * @param problems one for each lane; same K, d, labels, kind of loss, kind of classifier, and presence of a bias
   * @throws IllegalArgumentException if the lanes differ in these
   */
  public static UfmObjective full(Backend backend, List<UfmProblem> problems) {
    return withGain(backend, problems, false, ones(problems.size()));
  }

  /**
   * The class-mean-reduced problem, K columns.
   *
   * @param problems one for each lane; same K, d, kind of loss, kind of classifier, and presence of a bias; counts may differ
   * @throws IllegalArgumentException if the lanes differ in these
   */
  public static UfmObjective reduced(Backend backend, List<UfmProblem> problems) {
    return withGain(backend, problems, true, ones(problems.size()));
  }

  /**
   * The full or the reduced problem with the logits {@code c_l W h + b}.
   *
   * @param gain c of each lane, above 0
   * @throws IllegalArgumentException if the lanes differ in what they must share
   */
  public static UfmObjective withGain(Backend backend, List<UfmProblem> problems, boolean reduced, double[] gain) {
    return new UfmObjective(backend, problems, reduced, gain.clone());
  }

  @Override
  public String formula() {
    return "f = (1/N) sum_i loss(W h_i + b, y_i) + lambda_W/2 |W|_F^2 + lambda_H/2 |H|_F^2 + lambda_b/2 |b|^2";
  }

  @Override
  public Backend backend() {
    return backend;
  }

  @Override
  public Layout layout() {
    return layout;
  }

  @Override
  public int lanes() {
    return problems.size();
  }

  /** The problem of a lane. */
  public UfmProblem problem(int lane) {
    return problems.get(lane);
  }

  /** Factor of W h in the logits of a lane. */
  public double gain(int lane) {
    return gain[lane];
  }

  /** Whether H has K class-mean columns. */
  public boolean isReduced() {
    return reduced;
  }

  /** Shapes and constants as the backend sees them. */
  public ClassifierLayer layer() {
    return layer;
  }

  @Override
  public List<String> termNames() {
    return TERMS;
  }

  @Override
  public void value(Lanes lanes, LaneBuffer x, double[] f) {
    backend.fit(lanes, layer, x, f);
    addPenalties(lanes, x, f);
  }

  @Override
  public void valueGradient(Lanes lanes, LaneBuffer x, double[] f, LaneBuffer g) {
    backend.fitGradient(lanes, layer, x, f, g);
    addPenalties(lanes, x, f);
  }

  @Override
  public void descend(
      Lanes lanes, int steps, double[] mu, double[] damp, double[] eta, boolean nesterov, LaneBuffer x, LaneBuffer v, LaneBuffer gradient,
      double[] check) {
    backend.descend(lanes, layer, steps, mu, damp, eta, nesterov, x, v, gradient, check);
  }

  @Override
  public void terms(Lanes lanes, LaneBuffer x, double[][] terms) {
    backend.fit(lanes, layer, x, terms[0]);
    penalty(lanes, x, w, layer.lambdaW(), terms[1]);
    penalty(lanes, x, h, layer.lambdaH(), terms[2]);
    penalty(lanes, x, b, layer.lambdaB(), terms[3]);
  }

  @Override
  public void gradientScale(Lanes lanes, LaneBuffer x, LaneBuffer g, double[] scale) {
    for (int i = 0; i < lanes.count(); i++) {
      scale[lanes.at(i)] = 0;
    }
    addTermNorms(lanes, x, g, w, layer.lambdaW(), scale);
    addTermNorms(lanes, x, g, h, layer.lambdaH(), scale);
    addTermNorms(lanes, x, g, b, layer.lambdaB(), scale);
  }

  @Override
  public Linearization linearize() {
    return new Curvature();
  }

  /**
   * Writes a point into a lane. A reduced lane takes the class means of the point's columns.
   *
   * @param x modified
   * @param point N columns in the order of the labels, or, where N is not K, K class means; its W is ignored where the
   *     classifier is fixed, its b where there
   *     is no bias (null stands for zero)
   */
  public void write(LaneBuffer x, int lane, Point point) {
    UfmProblem p = problems.get(lane);
    int k = layer.classes();
    int d = layer.dimension();
    boolean means = point.columns() == k && p.samples() != k;
    if (point.classes() != k || point.dimension() != d || !(means || point.columns() == p.samples())) {
      throw new IllegalArgumentException("a point with K=" + point.classes() + ", d=" + point.dimension() + " and " + point.columns()
          + " columns does not fit K=" + k + ", d=" + d + ", N=" + p.samples());
    }
    if (w != null) {
      backend.write(x, lane, w.offset(), point.w(), 0, k * d);
    }
    double[] columns;
    if (reduced) {
      double[] hbar = means ? point.h() : ClassMeanReduction.classMeans(p, point.h());
      columns = ClassMeanReduction.scale(p, hbar);
    } else {
      columns = means ? ClassMeanReduction.lift(p, point.h()) : point.h();
    }
    backend.write(x, lane, h.offset(), columns, 0, columns.length);
    if (b != null) {
      backend.write(x, lane, b.offset(), point.b() == null ? new double[k] : point.b(), 0, k);
    }
  }

  /** The full point of a lane, N columns in the order of the labels; fixed classifiers are filled in. */
  public Point read(LaneBuffer x, int lane) {
    Point point = readColumns(x, lane);
    return reduced ? ClassMeanReduction.lift(problems.get(lane), point) : point;
  }

  /**
   * The full point of a lane into the arrays of another, for those who look at many iterates.
   *
   * @param into a point that {@link #read} gave for this lane; modified, but for a fixed classifier
   * @throws IllegalStateException if the objective is reduced
   */
  public void read(LaneBuffer x, int lane, Point into) {
    if (reduced) {
      throw new IllegalStateException("a reduced point is lifted into new arrays");
    }
    if (w != null) {
      backend.read(x, lane, w.offset(), into.w(), 0, into.w().length);
    }
    backend.read(x, lane, h.offset(), into.h(), 0, into.h().length);
    if (b != null) {
      backend.read(x, lane, b.offset(), into.b(), 0, into.b().length);
    }
  }

  /** The point of a lane with the columns that it has: K class means (in the order of the classes) where the objective is reduced, else N. */
  public Point readColumns(LaneBuffer x, int lane) {
    UfmProblem p = problems.get(lane);
    double[] wv = w == null ? p.classifier().fixedMatrix(p.classes(), p.dimension()) : block(x, lane, w);
    double[] hv = block(x, lane, h);
    return new Point(layer.classes(), layer.dimension(), h.cols(), wv, reduced ? ClassMeanReduction.unscale(p, hv) : hv,
        b == null ? null : block(x, lane, b));
  }

  /**
   * Writes random starting points: entries {@code scale} times the law's, keyed by (seed, start, block, element) alone, so that the same
   * start is the same in every cell of a grid of one shape. Features that must be non-negative get absolute values. Where the gain is c,
   * W and H are divided by {@code sqrt(c)}, so that the logits are those of the same start.
   *
   * @param x modified
   * @param start index of the start, per lane
   */
  public void randomize(Lanes lanes, LaneBuffer x, StartKind kind, double scale, long seed, int[] start) {
    int d = layer.dimension();
    for (Layout.Block block : layout.blocks()) {
      int number = block == w ? 0 : block == h ? 1 : 2;
      double[] entries = new double[Math.toIntExact(block.size())];
      int drawn = -1;
      double drawnScale = Double.NaN;
      for (int i = 0; i < lanes.count(); i++) {
        int lane = lanes.at(i);
        boolean absolute = block == h && problems.get(lane).nonNegativeFeatures();
        double own = block == b ? scale : scale / Math.sqrt(gain[lane]);
        if (drawn != start[lane] || drawnScale != own || absolute) {
          for (int e = 0; e < entries.length; e++) {
            double v = own * kind.entry(seed, start[lane], number, e, d);
            entries[e] = absolute ? Math.abs(v) : v;
          }
          drawn = absolute ? -1 : start[lane];
          drawnScale = own;
        }
        backend.write(x, lane, block.offset(), entries, 0, entries.length);
      }
    }
  }

  @Override
  public void close() {
    layer.weight().close();
    layer.scale().close();
    if (layer.fixedW() != null) {
      layer.fixedW().close();
    }
  }

  private static double[] ones(int n) {
    double[] out = new double[n];
    Arrays.fill(out, 1);
    return out;
  }

  private double[] block(LaneBuffer x, int lane, Layout.Block block) {
    double[] out = new double[Math.toIntExact(block.size())];
    backend.read(x, lane, block.offset(), out, 0, out.length);
    return out;
  }

  private void addPenalties(Lanes lanes, LaneBuffer x, double[] f) {
    addPenalty(lanes, x, w, layer.lambdaW(), f);
    addPenalty(lanes, x, h, layer.lambdaH(), f);
    addPenalty(lanes, x, b, layer.lambdaB(), f);
  }

  private void addPenalty(Lanes lanes, LaneBuffer x, Layout.Block block, double[] lambda, double[] f) {
    if (block == null) {
      return;
    }
    penalty(lanes, x, block, lambda, half);
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      f[l] += half[l];
    }
  }

  private void penalty(Lanes lanes, LaneBuffer x, Layout.Block block, double[] lambda, double[] out) {
    if (block != null) {
      backend.dot(lanes, x, x, block.offset(), block.size(), out);
    }
    for (int i = 0; i < lanes.count(); i++) {
      int l = lanes.at(i);
      // A penalty of weight 0 is no term: 0 * infinity must not poison a diverging free bias.
      out[l] = block == null || lambda[l] == 0 ? 0 : 0.5 * lambda[l] * out[l];
    }
  }

  private void addTermNorms(Lanes lanes, LaneBuffer x, LaneBuffer g, Layout.Block block, double[] lambda, double[] scale) {
    if (block == null) {
      return;
    }
    for (int i = 0; i < lanes.count(); i++) {
      half[lanes.at(i)] = -lambda[lanes.at(i)];
    }
    backend.distance2(lanes, g, half, x, block.offset(), block.size(), norm);
    for (int i = 0; i < lanes.count(); i++) {
      scale[lanes.at(i)] += Math.sqrt(norm[lanes.at(i)]);
    }
    backend.dot(lanes, x, x, block.offset(), block.size(), norm);
    for (int i = 0; i < lanes.count(); i++) {
      scale[lanes.at(i)] += lambda[lanes.at(i)] * Math.sqrt(norm[lanes.at(i)]);
    }
  }

  private static ClassifierLayer.Kind kind(Loss loss) {
    return switch (loss) {
      case Loss.CrossEntropy ce -> ClassifierLayer.Kind.SOFTMAX;
      case Loss.LabelSmoothing ls -> ClassifierLayer.Kind.SOFTMAX;
      case Loss.MeanSquaredError mse -> ClassifierLayer.Kind.SQUARED;
      case Loss.Focal focal -> ClassifierLayer.Kind.FOCAL;
    };
  }

  private static double parameter(UfmProblem p) {
    return p.loss() instanceof Loss.Focal(double gamma) ? gamma : p.loss().offClassMass(p.classes());
  }

  private static int[] classLabels(int classes) {
    int[] labels = new int[classes];
    for (int k = 0; k < classes; k++) {
      labels[k] = k;
    }
    return labels;
  }

  private static void checkShape(UfmProblem a, UfmProblem p, boolean reduced) {
    boolean same = a.classes() == p.classes() && a.dimension() == p.dimension() && kind(a.loss()) == kind(p.loss())
        && a.bias().present() == p.bias().present() && a.classifier().learned() == p.classifier().learned()
        && (reduced || Arrays.equals(a.labels(), p.labels()));
    if (!same) {
      throw new IllegalArgumentException("lanes of one batch must share their shape: " + a + " and " + p);
    }
  }

  /** Curvature of the fit, cached at a point. */
  private final class Curvature implements Linearization {
    private final LaneBuffer store = backend.allocate(problems.size(), backend.curvatureLength(layer));
    private LaneBuffer point;

    @Override
    public void at(Lanes lanes, LaneBuffer x) {
      point = x;
      backend.curvature(lanes, layer, x, store);
    }

    @Override
    public void apply(Lanes lanes, LaneBuffer v, LaneBuffer out) {
      backend.hessian(lanes, layer, point, store, v, out);
    }

    @Override
    public void close() {
      store.close();
    }
  }
}

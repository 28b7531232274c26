package ufm.theory;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import ufm.problem.UfmProblem;

/** Collects the entries of a {@link Prediction} and derives norms, margin and collapse metrics from class logits and Gram matrices. */
final class PredictionBuilder {
  /** Everything that depends on which of several optimal geometries is shown. */
  static final String[] GEOMETRY = {"Zbar", "WWt", "HtH_class", "w_norms", "h_norms", "b", "metrics", "margin", "nc1", "nc2_W", "nc2_H", "nc3"};

  private final UfmProblem problem;
  private final String regime;
  private final String reference;
  private final Map<String, Double> scalars = new LinkedHashMap<>();
  private final Map<String, double[]> vectors = new LinkedHashMap<>();
  private final Map<String, double[][]> matrices = new LinkedHashMap<>();
  private final Set<String> notUnique = new LinkedHashSet<>();
  private boolean global = true;

  PredictionBuilder(UfmProblem problem, String regime, String reference) {
    this.problem = problem;
    this.regime = regime;
    this.reference = reference;
  }

  PredictionBuilder scalar(String name, double value) {
    scalars.put(name, value);
    return this;
  }

  PredictionBuilder vector(String name, double[] value) {
    vectors.put(name, value);
    return this;
  }

  PredictionBuilder matrix(String name, double[][] value) {
    matrices.put(name, value);
    return this;
  }

  PredictionBuilder value(double fStar) {
    return scalar("f_star", fStar);
  }

  PredictionBuilder notProvedGlobal() {
    global = false;
    return this;
  }

  PredictionBuilder notUnique(String... names) {
    notUnique.addAll(Arrays.asList(names));
    return this;
  }

  /** Geometry of class logits with a learned classifier and balanced factors; sv replaces the computed singular values where it is exact. */
  PredictionBuilder logits(double[][] zbar, double[] sv, double[] b) {
    DualFactors f = DualFactors.of(zbar, problem);
    return geometry(zbar, new DualFactors(sv == null ? f.singularValues() : sv, f.wwt(), f.hth()), b);
  }

  /** Geometry: class logits W Hbar (K x K), its factors, and the bias (null where there is none). */
  PredictionBuilder geometry(double[][] zbar, DualFactors factors, double[] b) {
    int k = problem.classes();
    double nuclear = Arrays.stream(factors.singularValues()).sum();
    double[] wNorms = new double[k];
    double[] hNorms = new double[k];
    double w2 = 0;
    double h2 = 0;
    for (int i = 0; i < k; i++) {
      wNorms[i] = Math.sqrt(Math.max(0, factors.wwt()[i][i]));
      hNorms[i] = Math.sqrt(Math.max(0, factors.hth()[i][i]));
      w2 += factors.wwt()[i][i];
      h2 += problem.count(i) * factors.hth()[i][i];
    }
    matrix("Zbar", zbar).matrix("WWt", factors.wwt()).matrix("HtH_class", factors.hth());
    vector("sv", factors.singularValues()).vector("w_norms", wNorms).vector("h_norms", hNorms);
    if (b != null) {
      vector("b", b);
    }
    scalar("margin", margin(zbar, b)).scalar("W_fro2", w2).scalar("H_fro2", h2).scalar("nuclear_norm", nuclear);
    scalar("rank", Arrays.stream(factors.singularValues()).filter(s -> s > 0).count());
    metrics(zbar, factors);
    return this;
  }

  Prediction closedForm(String explanation) {
    return new Prediction(regime, true, explanation, reference, global, scalars, vectors, matrices, notUnique);
  }

  Prediction open(String explanation) {
    return new Prediction(regime, false, explanation, reference, false, scalars, vectors, matrices, notUnique);
  }

  /** Smallest over classes of the true logit minus the best other, with the bias. */
  private static double margin(double[][] zbar, double[] b) {
    double least = Double.POSITIVE_INFINITY;
    for (int k = 0; k < zbar.length; k++) {
      for (int j = 0; j < zbar.length; j++) {
        if (j != k) {
          least = Math.min(least, zbar[k][k] - zbar[j][k] + (b == null ? 0 : b[k] - b[j]));
        }
      }
    }
    return least;
  }

  /** Collapse metrics (H1-H3) of exactly collapsed features; left out where they are 0/0. */
  private void metrics(double[][] zbar, DualFactors factors) {
    int k = problem.classes();
    double[] share = new double[k];
    for (int i = 0; i < k; i++) {
      share[i] = (double) problem.count(i) / problem.samples();
    }
    // Class means minus the sample mean: columns of Hbar C with C = I - share 1^T, a rank-one change of every matrix.
    double[][] gram = factors.hth();
    double[] means = apply(gram, share);
    double[] logits = apply(zbar, share);
    double square = 0;
    for (int i = 0; i < k; i++) {
      square += share[i] * means[i];
    }
    double[][] m = new double[k][k];
    double[][] wm = new double[k][k];
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        m[i][j] = gram[i][j] - means[i] - means[j] + square;
        wm[i][j] = zbar[i][j] - logits[i];
      }
    }
    double size = Spectra.frobenius(gram);
    if (Spectra.frobenius(factors.wwt()) > 0) {
      scalar("nc2_W", distanceToSimplex(factors.wwt()));
    }
    // Equal class means leave only rounding in M.
    if (size > 0 && Spectra.frobenius(m) > 1e-12 * size) {
      scalar("nc1", 0).scalar("nc2_H", distanceToSimplex(m));
      if (Spectra.frobenius(wm) > 0) {
        scalar("nc3", distanceToSimplex(wm));
      }
    }
  }

  private static double[] apply(double[][] a, double[] x) {
    double[] out = new double[a.length];
    for (int i = 0; i < a.length; i++) {
      for (int j = 0; j < x.length; j++) {
        out[i] += a[i][j] * x[j];
      }
    }
    return out;
  }

  /** | A/|A|_F - (I - J/K)/sqrt(K-1) |_F. */
  static double distanceToSimplex(double[][] a) {
    int k = a.length;
    double norm = Spectra.frobenius(a);
    double[][] difference = Spectra.simplex(k, -1 / Math.sqrt(k - 1.0));
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        difference[i][j] += a[i][j] / norm;
      }
    }
    return Spectra.frobenius(difference);
  }
}

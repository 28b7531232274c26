package ufm.theory;

import java.util.Arrays;

/**
 * Simplex-encoded labels interpolation: where the normalised optimum of cross-entropy without bias goes as lz tends to zero (E4, E5).
 *
 * <pre>
 * S = Y - 1 1^T/K = V L U^T (K x N):   W W^T ~ V L V^T,  H^T H ~ U L U^T,  W H ~ S
 * two groups: singular values sqrt(n_A) (K_A-1 times), sqrt(n_B) (K_B-1 times), sqrt((n_A K_B + n_B K_A)/K), 0
 * </pre>
 *
 * <p>The limit is reached only like 1/log(1/lz): at any practical penalty the optimum is not SELI.
 *
 * <p>Reference: Thrampoulidis et al. 2022 (2208.05512).
 *
 * @param singularValues those of S, decreasing, length K
 * @param wwt V L V^T, K x K
 * @param hth U L U^T for one sample of each class, K x K
 * @param logits a column of S for each class, K x K
 */
public record Seli(double[] singularValues, double[][] wwt, double[][] hth, double[][] logits) {

  /** SELI of the class counts n_k. */
  public static Seli of(int... counts) {
    int k = counts.length;
    double[][] s = Spectra.simplex(k, 1);
    DualFactors f = DualFactors.of(s, counts, 1, 1);
    double[] sv = f.singularValues();
    sv[k - 1] = 0;
    return new Seli(sv, f.wwt(), f.hth(), s);
  }

  /** V L V^T divided by its Frobenius norm. */
  public double[][] normalisedWwt() {
    return normalised(wwt);
  }

  /** U L U^T of the class means divided by its Frobenius norm. */
  public double[][] normalisedHth() {
    return normalised(hth);
  }

  /** The closed form of the singular values for K_A classes of n_A and K_B classes of n_B samples, decreasing (E5). */
  public static double[] twoGroupSingularValues(int classesA, int countA, int classesB, int countB) {
    int k = classesA + classesB;
    double[] sv = new double[k];
    Arrays.fill(sv, 0, classesA - 1, Math.sqrt(countA));
    Arrays.fill(sv, classesA - 1, k - 2, Math.sqrt(countB));
    sv[k - 2] = Math.sqrt(((double) countA * classesB + (double) countB * classesA) / k);
    return Arrays.stream(sv).map(x -> -x).sorted().map(x -> -x + 0.0).toArray();
  }

  private static double[][] normalised(double[][] a) {
    double norm = Spectra.frobenius(a);
    double[][] out = new double[a.length][];
    for (int i = 0; i < a.length; i++) {
      out[i] = Arrays.stream(a[i]).map(x -> x / norm).toArray();
    }
    return out;
  }
}

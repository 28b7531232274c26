package ufm.theory;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * What theory says about the global minimum of one problem, with the range of its assumptions.
 *
 * <p>Names of the entries:
 *
 * <ul>
 *   <li>scalars: {@code f_star} (the minimum), {@code margin} (smallest true logit minus best other, bias included), {@code W_fro2}, {@code
 *       H_fro2} (squared Frobenius norms), {@code nuclear_norm} of W H, {@code rank} of W H, {@code beta} (feature norm for a fixed
 *       classifier), {@code nc1}, {@code nc2_W}, {@code nc2_H}, {@code nc3} where they are defined; without a closed form possibly {@code
 *       lower_bound}, {@code upper_bound} (of the minimum) or {@code infimum} (not attained);
 *   <li>vectors: {@code sv} (the min(K,N) singular values of W H, decreasing, zeros included), {@code w_norms} (K), {@code h_norms} (K, norms
 *       of the class means), {@code b} (K), {@code margins} (K, one for each class, where classes differ);
 *   <li>matrices, row-major: {@code Zbar} (K x K class logits W Hbar without the bias, column k is class k), {@code WWt} (K x K), {@code
 *       HtH_class} (K x K, Gram matrix of the class means).
 * </ul>
 *
 * <p>An entry that theory does not determine is absent. The maps are unmodifiable; the arrays are not copied.
 *
 * @param regime short name of the theorem's regime, for example {@code simplex ETF}
 * @param closedForm whether f_star and the geometry are known
 * @param explanation what holds and why; without a closed form, which assumption fails and what is known nevertheless
 * @param reference paper or section of the formula sheet
 * @param global whether f_star is proved to be the global minimum (otherwise it is the best known)
 * @param scalars numbers by name
 * @param vectors vectors by name
 * @param matrices matrices by name
 * @param notUnique names of entries for which the given one is only one possibility (also {@code metrics} and {@code b})
 */
public record Prediction(
    String regime,
    boolean closedForm,
    String explanation,
    String reference,
    boolean global,
    Map<String, Double> scalars,
    Map<String, double[]> vectors,
    Map<String, double[][]> matrices,
    Set<String> notUnique) {

  /** Keeps the order of the entries and makes the maps unmodifiable. */
  public Prediction {
    scalars = Collections.unmodifiableMap(new LinkedHashMap<>(scalars));
    vectors = Collections.unmodifiableMap(new LinkedHashMap<>(vectors));
    matrices = Collections.unmodifiableMap(new LinkedHashMap<>(matrices));
    notUnique = Collections.unmodifiableSet(new LinkedHashSet<>(notUnique));
  }

  /** The scalar of this name, empty where theory does not give it. */
  public OptionalDouble scalar(String name) {
    Double x = scalars.get(name);
    return x == null ? OptionalDouble.empty() : OptionalDouble.of(x);
  }

  /** The minimum of the objective, empty without a closed form. */
  public OptionalDouble value() {
    return scalar("f_star");
  }

  /** Whether the entry of this name is determined and unique, so that a measured one must agree with it. */
  public boolean determines(String name) {
    return !notUnique.contains(name) && (scalars.containsKey(name) || vectors.containsKey(name) || matrices.containsKey(name));
  }
}

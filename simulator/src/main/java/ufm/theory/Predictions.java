package ufm.theory;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import ufm.problem.UfmProblem;

/** Picks the theorem whose assumptions a problem satisfies. */
public final class Predictions {
  private Predictions() {}

  /** What theory says about the minimum of this problem; {@code closedForm} is false where no theorem applies, with the reason. */
  public static Prediction of(UfmProblem p) {
    return new Prediction(
        "no closed form", false, "No theorem covers this problem yet.", "", false, Map.of(), Map.of(), Map.of(), Set.of());
  }

  /** The values of lambda_Z at which the solutions of this problem degenerate. */
  public static List<Threshold> thresholds(UfmProblem p) {
    return List.of();
  }

  /** The threshold of this name, empty where this problem has none. */
  public static OptionalDouble threshold(UfmProblem p, String name) {
    return thresholds(p).stream().filter(t -> t.name().equals(name)).mapToDouble(Threshold::lambdaZ).findFirst();
  }
}

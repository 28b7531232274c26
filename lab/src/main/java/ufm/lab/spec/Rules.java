package ufm.lab.spec;

import java.util.ArrayList;
import java.util.List;

/** Which fields can stand together. */
final class Rules {
  private Rules() {}

  /**
   * Checks the combinations.
   *
   * @throws SpecError at the first impossible one
   */
  static void check(Given given) {
    for (List<String> group : Fields.EXCLUSIVE) {
      List<String> present = group.stream().filter(given::has).toList();
      if (present.size() > 1) {
        String second = later(given, present);
        throw new SpecError(
            given.where(second).prefix() + String.join(" and ", present) + " are both given, but only one of " + String.join(", ", group)
                + " is allowed.");
      }
    }
    for (Field f : Fields.all()) {
      if (f.depends() != null && given.has(f.name())) {
        Object decides = value(given, f.depends());
        if (!f.when().contains(decides)) {
          throw new SpecError(
              given.where(f.name()).prefix() + f.name() + " is given although " + f.depends() + " is " + decides + ", but it belongs to "
                  + f.depends() + ": " + String.join(" or ", f.when()) + ".");
        }
      }
    }
    if ("ridge".equals(value(given, "bias")) && !given.has("lambda.b")) {
      throw missing(given, "bias", "lambda.b", "bias is ridge");
    }
    if (given.has("imbalance")) {
      for (String field : List.of("imbalance.majority", "imbalance.ratio")) {
        if (!given.has(field)) {
          throw missing(given, "imbalance", field, "imbalance is given");
        }
      }
    }
    if (Boolean.TRUE.equals(value(given, "simulate.optimizer.nesterov"))
        && (0.0 == (double) value(given, "simulate.optimizer.momentum") || 0.0 != (double) value(given, "simulate.optimizer.dampening"))) {
      throw new SpecError(
          given.where("simulate.optimizer.nesterov").prefix()
              + "simulate.optimizer.nesterov is true, but needs simulate.optimizer.momentum above 0 and simulate.optimizer.dampening 0.");
    }
  }

  /** The value given, else the default of the field. */
  static Object value(Given given, String field) {
    Object v = given.get(field);
    return v != null ? v : Fields.find(field).initial();
  }

  static SpecError missing(Given given, String at, String field, String because) {
    return new SpecError(
        given.where(at).prefix() + field + " is missing although " + because + ", but must be " + Fields.find(field).type().allowed() + ".");
  }

  private static String later(Given given, List<String> present) {
    List<String> order = new ArrayList<>(present);
    order.sort((a, b) -> Integer.compare(given.first(a).where().line(), given.first(b).where().line()));
    return order.getLast();
  }
}

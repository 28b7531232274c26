package ufm.lab.spec;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Writes values over others: {@code --set} over a file, a sweep's cell over both.
 *
 * <p>What is written over takes along what no longer fits: {@code --set loss=ce} drops a gamma that the file gives, and
 * {@code --set counts=[3,4]} drops its samples-per-class. Contradictions within one layer are errors.
 */
final class Overrides {
  private Overrides() {}

  /**
   * The values with one override.
   *
   * @param base values so far; not modified
   * @param sets texts {@code path=value}, the value in YAML
   * @throws SpecError if a text has not this form, the path is unknown or the value not allowed
   */
  static Given apply(Given base, List<String> sets) {
    Given out = base;
    int layer = base.layer() + 1;
    for (String set : sets) {
      Where where = Where.override("--set " + SpecError.shown(set));
      int equals = set.indexOf('=');
      if (equals < 1) {
        throw new SpecError(where.prefix() + "an override must have the form field=value, for example --set lambda.W=1e-3.");
      }
      String path = set.substring(0, equals).strip();
      if (!FieldReader.known(path)) {
        throw FieldReader.unknown(where, path);
      }
      YamlNode value = YamlTree.parse(set.substring(equals + 1), line -> where);
      out = over(out, Fields.canonical(path), FieldReader.read(path, value, layer));
    }
    return out;
  }

  /**
   * The values with one field replaced.
   *
   * @param field dotted name
   * @param value String, Boolean, Number or lists of these
   * @throws SpecError if the field is unknown or the value not allowed
   */
  static Given with(Given base, String field, Object value) {
    String name = Fields.canonical(field);
    if (Fields.SHORTHAND.containsKey(name)) {
      name = Fields.SHORTHAND.get(name);
    }
    Where where = Where.override("");
    if (Fields.find(name) == null) {
      throw FieldReader.unknown(where, field);
    }
    Object typed = Fields.find(name).type().value(value);
    if (typed == null) {
      throw SpecError.of(where, field, value, Fields.find(name).type().allowed());
    }
    SortedMap<String, Given.Value> one = new TreeMap<>(Map.of(name, new Given.Value(typed, where, base.layer() + 1)));
    return over(base, name, one);
  }

  private static Given over(Given base, String path, SortedMap<String, Given.Value> values) {
    SortedMap<String, Given.Value> merged = new TreeMap<>(base.values());
    merged.keySet().removeIf(field -> Given.below(field, path));
    merged.putAll(values);
    Given out = new Given(merged, base.origin());
    settle(out);
    return out;
  }

  /** Drops values of lower layers that a higher one makes meaningless; merged is modified. */
  private static void settle(Given given) {
    for (List<String> group : Fields.EXCLUSIVE) {
      int top = group.stream().map(given::first).mapToInt(v -> v == null ? -1 : v.layer()).max().orElse(-1);
      for (String name : group) {
        Given.Value v = given.first(name);
        if (v != null && v.layer() < top) {
          given.values().keySet().removeIf(field -> Given.below(field, name));
        }
      }
    }
    Set<String> dropped = new HashSet<>();
    for (Field f : Fields.all()) {
      Given.Value v = given.values().get(f.name());
      Given.Value decides = f.depends() == null ? null : given.values().get(f.depends());
      boolean outruled = decides != null && v != null && decides.layer() > v.layer() && !f.when().contains(decides.value());
      if (v != null && (outruled || dropped.contains(f.depends()))) {
        given.values().remove(f.name());
        dropped.add(f.name());
      }
    }
  }
}

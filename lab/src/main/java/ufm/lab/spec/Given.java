package ufm.lab.spec;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The values that somebody wrote, flat: dotted name to value.
 *
 * @param values in the order of their names
 * @param origin name of the file, for messages about what is missing
 */
record Given(SortedMap<String, Value> values, String origin) {

  /**
   * One value.
   *
   * @param value in its field's own type
   * @param where place
   * @param layer 0 in the file; a higher layer was written over the lower ones
   */
  record Value(Object value, Where where, int layer) {}

  /** Nothing given. */
  static Given none(String origin) {
    return new Given(new TreeMap<>(), origin);
  }

  /** The value of a field, or null. */
  Object get(String field) {
    Value v = values.get(field);
    return v == null ? null : v.value();
  }

  /** Whether a field, or any field of a section, is given. */
  boolean has(String name) {
    return first(name) != null;
  }

  /** The value of that name or the first one below it, or null. */
  Value first(String name) {
    Value exact = values.get(name);
    if (exact != null) {
      return exact;
    }
    for (Map.Entry<String, Value> e : values.tailMap(name).entrySet()) {
      if (below(e.getKey(), name)) {
        return e.getValue();
      }
    }
    return null;
  }

  /** Whether a field is that name or stands below it. */
  static boolean below(String field, String name) {
    return field.startsWith(name) && (field.length() == name.length() || field.charAt(name.length()) == '.' || field.charAt(name.length()) == '[');
  }

  /** Highest layer so far. */
  int layer() {
    return values.values().stream().mapToInt(Value::layer).max().orElse(0);
  }

  /** Where a field, or else the section around it, was written; the file's name if nowhere. */
  Where where(String field) {
    for (String name = field; !name.isEmpty(); name = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : "") {
      Value v = first(name);
      if (v != null) {
        return v.where();
      }
    }
    return new Where(origin, 0);
  }
}

package ufm.lab.spec;

import java.util.List;
import java.util.Map;

/** A YAML document with the place of every value. */
sealed interface YamlNode {

  /**
   * A single value.
   *
   * @param value null, Boolean, Long, Double or String
   * @param text as written
   */
  record Leaf(Object value, String text, Where where) implements YamlNode {
    @Override
    public String shown() {
      return value == null ? "empty" : text;
    }
  }

  /** A list. */
  record Sequence(List<YamlNode> items, Where where) implements YamlNode {
    @Override
    public String shown() {
      return "a list of " + items.size() + (items.size() == 1 ? " item" : " items");
    }
  }

  /**
   * A mapping with text keys.
   *
   * @param entries in the order written
   * @param keys where each key stands
   */
  record Mapping(Map<String, YamlNode> entries, Map<String, Where> keys, Where where) implements YamlNode {
    @Override
    public String shown() {
      return entries.isEmpty() ? "empty" : "a mapping with " + String.join(", ", entries.keySet());
    }
  }

  /** Where it starts. */
  Where where();

  /** What was read, for a message. */
  String shown();
}

package ufm.lab.spec;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Takes a YAML tree apart into fields and checks each one against {@link Fields}: known name, right type, in range. */
final class FieldReader {
  private final SortedMap<String, Given.Value> out = new TreeMap<>();
  private final int layer;

  private FieldReader(int layer) {
    this.layer = layer;
  }

  /**
   * The fields in a tree.
   *
   * @param prefix name of the field or section that the tree is the value of; empty for a whole file
   * @param node tree
   * @param layer marks the values, see {@link Given.Value}
   * @throws SpecError if a key is unknown or a value not allowed
   */
  static SortedMap<String, Given.Value> read(String prefix, YamlNode node, int layer) {
    FieldReader reader = new FieldReader(layer);
    reader.visit(Fields.canonical(prefix), node);
    return reader.out;
  }

  private void visit(String name, YamlNode node) {
    if (Fields.list(name)) {
      if (!(node instanceof YamlNode.Sequence list) || list.items().isEmpty()) {
        throw SpecError.of(node.where(), name, node.shown(), "a list of mappings with " + String.join(", ", Fields.keys(name + "[]")));
      }
      for (int i = 0; i < list.items().size(); i++) {
        visit(name + "[" + i + "]", list.items().get(i));
      }
    } else if (Fields.section(name)) {
      section(name, node);
    } else {
      leaf(name, node);
    }
  }

  private void section(String name, YamlNode node) {
    if (node instanceof YamlNode.Mapping m && (!m.entries().isEmpty() || name.isEmpty())) {
      for (Map.Entry<String, YamlNode> e : m.entries().entrySet()) {
        String child = name.isEmpty() ? e.getKey() : name + "." + e.getKey();
        boolean path = e.getKey().contains(".") || e.getKey().contains("[");
        if (path && known(child)) {
          throw new SpecError(
              m.keys().get(e.getKey()).prefix() + "the key " + e.getKey() + " is a path as in --set, but must be written as nested mappings.");
        }
        if (path || !known(child)) {
          throw unknown(m.keys().get(e.getKey()), child);
        }
        String field = Fields.canonical(child);
        if (out.containsKey(field)) {
          throw new SpecError(e.getValue().where().prefix() + field + " is given twice, under two names, but must be given once.");
        }
        visit(field, e.getValue());
      }
      return;
    }
    String shorthand = Fields.SHORTHAND.get(name);
    if (shorthand != null && node instanceof YamlNode.Leaf leaf && leaf.value() != null) {
      Object value = Fields.find(shorthand).type().value(leaf.value());
      if (value != null) {
        out.put(shorthand, new Given.Value(value, node.where(), layer));
        return;
      }
    }
    if (node instanceof YamlNode.Leaf leaf && leaf.value() == null && name.isEmpty()) {
      return;
    }
    String keys = "a mapping with " + String.join(", ", Fields.keys(name));
    String allowed = shorthand == null ? keys : Fields.find(shorthand).type().allowed() + ", or " + keys;
    throw SpecError.of(node.where(), name.isEmpty() ? "the experiment" : name, node.shown(), allowed);
  }

  private void leaf(String name, YamlNode node) {
    FieldType type = Fields.find(name).type();
    Object value = type.value(raw(node));
    if (value == null) {
      Offender bad = offender(name, node, type);
      throw SpecError.of(bad.node.where(), bad.name, bad.node.shown(), bad.allowed);
    }
    out.put(name, new Given.Value(value, node.where(), layer));
  }

  private record Offender(String name, YamlNode node, String allowed) {}

  /** The one entry of a list that is wrong, so that the message shows it and not the list. */
  private static Offender offender(String name, YamlNode node, FieldType type) {
    if (node instanceof YamlNode.Sequence list && !list.items().isEmpty()) {
      for (int i = 0; i < list.items().size(); i++) {
        YamlNode item = list.items().get(i);
        FieldType inner = inner(type, list.items().getFirst(), item);
        if (inner != null && inner.value(raw(item)) == null) {
          return offender(name + "[" + i + "]", item, inner);
        }
      }
    }
    return new Offender(name, node, type.allowed());
  }

  private static FieldType inner(FieldType type, YamlNode first, YamlNode item) {
    return switch (type) {
      case FieldType.Wholes w -> new FieldType.Whole(w.min(), Integer.MAX_VALUE);
      case FieldType.Matrix m when item instanceof YamlNode.Sequence s && first instanceof YamlNode.Sequence f
          && s.items().size() == f.items().size() -> new FieldType.Row(f.items().size());
      case FieldType.Row r -> FieldType.ENTRY;
      default -> null;
    };
  }

  private static Object raw(YamlNode node) {
    return switch (node) {
      case YamlNode.Leaf leaf -> leaf.value();
      case YamlNode.Sequence list -> {
        List<Object> items = new ArrayList<>(list.items().size());
        for (YamlNode item : list.items()) {
          items.add(raw(item));
        }
        yield items;
      }
      case YamlNode.Mapping m -> m;
    };
  }

  /** Whether a name is a field, an alias, a section or a list of sections. */
  static boolean known(String name) {
    return Fields.find(name) != null || Fields.section(name) || Fields.list(name);
  }

  /** "unknown field ... (did you mean ...?)". */
  static SpecError unknown(Where where, String name) {
    int dot = name.lastIndexOf('.');
    String section = dot < 0 ? "" : name.substring(0, dot);
    String key = name.substring(dot + 1);
    boolean inside = Fields.section(section);
    List<String> keys = inside ? Fields.keys(section) : Fields.all().stream().map(Field::name).toList();
    String wanted = inside ? key : name;
    String nearest = nearest(wanted, keys);
    if (nearest == null && inside) {
      String elsewhere = Fields.all().stream().map(Field::name).filter(f -> f.endsWith("." + key)).findFirst().orElse(null);
      if (elsewhere != null) {
        return new SpecError(where.prefix() + "unknown field " + name + "; did you mean " + elsewhere + "?");
      }
    }
    String suggestion =
        nearest == null
            ? "allowed are " + String.join(", ", keys) + "."
            : "did you mean " + (inside && !section.isEmpty() ? section + "." : "") + nearest + "?";
    return new SpecError(where.prefix() + "unknown field " + name + "; " + suggestion);
  }

  /** The name nearest to a wrong one, or null if none is near. */
  static String nearest(String wrong, List<String> names) {
    return names.stream()
        .min(Comparator.comparingInt(n -> distance(plain(wrong), plain(n))))
        .filter(n -> distance(plain(wrong), plain(n)) <= Math.max(1, Math.min(3, wrong.length() / 3)))
        .orElse(null);
  }

  private static String plain(String name) {
    return name.toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}

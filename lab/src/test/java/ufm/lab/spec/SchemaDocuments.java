package ufm.lab.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes the JSON Schema and the documentation of experiment files from the parser's own list of fields. The test holds the committed
 * files against it; after a change of the fields, the environment variable {@code UFM_SCHEMA_WRITE=true} writes them anew.
 */
final class SchemaDocuments {
  static final Path SCHEMA = Path.of("src/main/resources/ufm/lab/experiment.schema.json");
  static final Path TABLE = Path.of("../docs/experiment-files.md");
  static final String BEGIN = "<!-- fields: begin -->\n";
  static final String END = "<!-- fields: end -->\n";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, String> SECTION_TEXT =
      Map.of(
          "imbalance", "Step imbalance: the first classes are majorities, the last ones minorities.",
          "loss", "The loss; a name alone stands for its defaults.",
          "lambda", "Weights of the penalties.",
          "classifier", "Whether W is optimised or fixed.",
          "solve", "How the command solve works.",
          "simulate", "How the command simulate works.",
          "simulate.optimizer", "The dynamics; a name alone stands for its defaults.",
          "simulate.optimizer.schedule", "How the learning rate changes; a name alone stands for its defaults.",
          "simulate.record", "Which iterations are recorded; a number alone stands for every.",
          "sweep", "How the command sweep works.");

  private SchemaDocuments() {}

  static String schema() throws IOException {
    ObjectNode root = JSON.createObjectNode();
    root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    root.put("$id", "https://ufm.example/schema/ufm-1.json");
    root.put("title", "UFM experiment");
    root.put("description", "An experiment with an unconstrained features model, version " + Fields.VERSION + ".");
    root.setAll(section(""));
    root.putArray("required").add("classes");
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
  }

  private static ObjectNode section(String name) {
    ObjectNode out = JSON.createObjectNode();
    out.put("type", "object");
    out.put("additionalProperties", false);
    ObjectNode properties = out.putObject("properties");
    for (String key : Fields.keys(name)) {
      String child = name.isEmpty() ? key : name + "." + key;
      properties.set(key, property(child));
      Fields.ALIASES.forEach((alias, field) -> {
        if (field.equals(child)) {
          properties.set(alias.substring(alias.lastIndexOf('.') + 1), property(child));
        }
      });
    }
    return out;
  }

  private static ObjectNode property(String name) {
    if (Fields.list(name)) {
      ObjectNode out = JSON.createObjectNode();
      out.put("description", "One or two axes; the first is drawn horizontally.");
      out.put("type", "array").put("minItems", 1).put("maxItems", 2);
      ObjectNode items = section(name + "[]");
      items.putArray("required").add("field");
      out.set("items", items);
      return out;
    }
    if (!Fields.section(name)) {
      return leaf(Fields.find(name));
    }
    ObjectNode section = section(name);
    String shorthand = Fields.SHORTHAND.get(name);
    ObjectNode out = section;
    if (shorthand != null) {
      out = JSON.createObjectNode();
      ArrayNode options = out.putArray("oneOf");
      options.add(leaf(Fields.find(shorthand)));
      options.add(section);
    }
    out.put("description", SECTION_TEXT.get(name));
    return out;
  }

  private static ObjectNode leaf(Field f) {
    ObjectNode out = JSON.createObjectNode();
    out.put("description", f.text());
    type(out, f.type());
    if (f.initial() != null) {
      out.set("default", JSON.valueToTree(f.initial()));
    }
    return out;
  }

  private static void type(ObjectNode out, FieldType type) {
    switch (type) {
      case FieldType.Text t -> out.put("type", "string").put("minLength", 1);
      case FieldType.FileName n -> out.put("type", "string").put("pattern", FieldType.FileName.PATTERN);
      case FieldType.Choice c -> {
        ArrayNode names = out.putArray("enum");
        c.names().forEach(names::add);
      }
      case FieldType.Flag f -> out.put("type", "boolean");
      case FieldType.Whole w -> {
        out.put("type", "integer").put("minimum", w.min());
        if (w.max() < Long.MAX_VALUE) {
          out.put("maximum", w.max());
        }
      }
      case FieldType.ZeroOr z -> {
        ArrayNode options = out.putArray("anyOf");
        options.addObject().put("const", 0);
        type(options.addObject(), z.range());
      }
      case FieldType.Real r -> {
        out.put("type", "number");
        if (Double.isFinite(r.min())) {
          out.put(r.openMin() ? "exclusiveMinimum" : "minimum", r.min());
        }
        if (Double.isFinite(r.max())) {
          out.put(r.openMax() ? "exclusiveMaximum" : "maximum", r.max());
        }
      }
      case FieldType.Wholes w -> list(out).put("type", "integer").put("minimum", w.min());
      case FieldType.Row r -> type(list(out), FieldType.ENTRY);
      case FieldType.Matrix m -> type(list(list(out).put("type", "array")), FieldType.ENTRY);
      case FieldType.Values v -> {
        ArrayNode types = list(out).putArray("type");
        types.add("number").add("string");
      }
    }
  }

  private static ObjectNode list(ObjectNode out) {
    return out.put("type", "array").put("minItems", 1).putObject("items");
  }

  /** The table for people. */
  static String table() {
    StringBuilder out = new StringBuilder("| field | allowed | default | meaning |\n|---|---|---|---|\n");
    for (Field f : Fields.all()) {
      String only = f.depends() == null ? "" : "Only with `" + f.depends() + ": " + String.join("` or `", f.when()) + "`. ";
      String initial = f.initial() == null ? "" : "`" + shown(f.initial()) + "`";
      out.append("| `").append(f.name()).append("` | ").append(f.type().allowed()).append(" | ").append(initial).append(" | ").append(only)
          .append(f.text().replace("|", "\\|")).append(" |\n");
    }
    return out.toString();
  }

  private static String shown(Object initial) {
    return initial instanceof Double x && x == Math.rint(x) ? Long.toString(x.longValue()) : String.valueOf(initial);
  }

  /** The document with the table put between its marks. */
  static String withTable(String document) {
    int from = document.indexOf(BEGIN) + BEGIN.length();
    int to = document.indexOf(END);
    return document.substring(0, from) + table() + document.substring(to);
  }

  /** All names that a schema allows, dotted, with [] for the items of a list. */
  static List<String> names(JsonNode schema, String prefix) {
    List<String> out = new ArrayList<>();
    JsonNode object = schema;
    for (JsonNode option : schema.path("oneOf")) {
      object = option.has("properties") ? option : object;
    }
    object.path("properties").properties().forEach(e -> {
      String name = prefix + e.getKey();
      JsonNode value = e.getValue();
      boolean items = value.path("items").has("properties");
      List<String> inner = names(items ? value.get("items") : value, name + (items ? "[]." : "."));
      out.addAll(inner.isEmpty() ? List.of(name) : inner);
    });
    return out;
  }

  static void writeIfAsked() throws IOException {
    if ("true".equals(System.getenv("UFM_SCHEMA_WRITE"))) {
      Files.writeString(SCHEMA, schema());
      Files.writeString(TABLE, withTable(Files.readString(TABLE)));
    }
  }
}

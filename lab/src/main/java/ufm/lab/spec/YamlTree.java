package ufm.lab.spec;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/**
 * Reads YAML into {@link YamlNode}s. Plain values follow the YAML 1.2 core schema: {@code 1e-3} is a number, {@code no} and {@code 1:30}
 * are text. A repeated key is an error.
 */
final class YamlTree {
  private static final int DEPTH = 20;
  private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]{1,18}");
  private static final Pattern REAL = Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

  private final IntFunction<Where> where;

  private YamlTree(IntFunction<Where> where) {
    this.where = where;
  }

  /**
   * Parses one document.
   *
   * @param yaml text
   * @param where names the place of a line (from 1)
   * @return the document; an empty one is a {@link YamlNode.Leaf} with value null
   * @throws SpecError if the text is no YAML, has a repeated key, or holds more than one document
   */
  static YamlNode parse(String yaml, IntFunction<Where> where) {
    LoaderOptions options = new LoaderOptions();
    options.setCodePointLimit(Integer.MAX_VALUE);
    YamlTree tree = new YamlTree(where);
    try {
      Node root = new Composer(new ParserImpl(new StreamReader(new StringReader(yaml)), options), new Resolver(), options).getSingleNode();
      return root == null ? new YamlNode.Leaf(null, "", where.apply(1)) : tree.node(root, 0);
    } catch (MarkedYAMLException e) {
      throw new SpecError(where.apply(line(e.getProblemMark())).prefix() + "the text is no valid YAML: " + oneLine(e.getProblem()) + ".");
    } catch (YAMLException e) {
      throw new SpecError(where.apply(1).prefix() + "the text is no valid YAML: " + oneLine(e.getMessage()) + ".");
    }
  }

  private YamlNode node(Node node, int depth) {
    Where at = where.apply(line(node.getStartMark()));
    if (depth > DEPTH) {
      throw new SpecError(at.prefix() + "the lists and mappings are nested more than " + DEPTH + " deep, but an experiment needs at most 5.");
    }
    return switch (node) {
      case ScalarNode s -> new YamlNode.Leaf(value(s), s.getValue(), at);
      case SequenceNode s -> {
        List<YamlNode> items = new ArrayList<>(s.getValue().size());
        for (Node item : s.getValue()) {
          items.add(node(item, depth + 1));
        }
        yield new YamlNode.Sequence(items, at);
      }
      case MappingNode m -> mapping(m, at, depth);
      default -> throw new SpecError(at.prefix() + "this YAML construct is not allowed in an experiment.");
    };
  }

  private YamlNode mapping(MappingNode m, Where at, int depth) {
    Map<String, YamlNode> entries = new LinkedHashMap<>();
    Map<String, Where> keys = new LinkedHashMap<>();
    for (NodeTuple pair : m.getValue()) {
      Where keyAt = where.apply(line(pair.getKeyNode().getStartMark()));
      if (!(pair.getKeyNode() instanceof ScalarNode key)) {
        throw new SpecError(keyAt.prefix() + "a key is a list or a mapping, but must be the name of a field.");
      }
      String name = key.getValue();
      if (keys.containsKey(name)) {
        Where first = keys.get(name);
        throw new SpecError(
            keyAt.prefix() + "the key " + name + " is given twice" + (first.line() > 0 ? ", first in line " + first.line() : "")
                + ", but must be given once.");
      }
      keys.put(name, keyAt);
      entries.put(name, node(pair.getValueNode(), depth + 1));
    }
    return new YamlNode.Mapping(entries, keys, at);
  }

  private static Object value(ScalarNode s) {
    String text = s.getValue();
    if (s.getScalarStyle() != DumperOptions.ScalarStyle.PLAIN) {
      return text;
    }
    return switch (text) {
      case "", "~", "null", "Null", "NULL" -> null;
      case "true", "True", "TRUE" -> true;
      case "false", "False", "FALSE" -> false;
      case ".nan", ".NaN", ".NAN", "nan", "NaN" -> Double.NaN;
      case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "inf", "Infinity" -> Double.POSITIVE_INFINITY;
      case "-.inf", "-.Inf", "-.INF", "-inf", "-Infinity" -> Double.NEGATIVE_INFINITY;
      default -> WHOLE.matcher(text).matches() ? (Object) Long.valueOf(text) : REAL.matcher(text).matches() ? (Object) Double.valueOf(text) : text;
    };
  }

  private static int line(Mark mark) {
    return mark == null ? 1 : mark.getLine() + 1;
  }

  private static String oneLine(String message) {
    return message == null ? "it can't be read" : message.strip().replaceAll("\\s+", " ").replaceAll("\\.$", "");
  }
}

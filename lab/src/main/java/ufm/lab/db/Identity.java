package ufm.lab.db;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import ufm.lab.spec.Axis;

/**
 * What the rows of a database are results of: everything that decides their numbers, and nothing else.
 *
 * <p>The definition is the canonical form of the experiment without what may change while old rows stay good: its name, the values of the
 * axes' fields, the points of the axes, the number of starts, what is drawn, and how it would be simulated. Two sweeps with the same
 * definition and provenance may share a database.
 *
 * @param definition canonical JSON, keys sorted
 * @param hash SHA-256 of the definition, in hexadecimal
 */
public record Identity(String definition, String hash) {
  private static final ObjectMapper JSON = new ObjectMapper().configure(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS, true);

  /**
   * The identity of a sweep.
   *
   * @param cellJson what decides a cell's result besides its place on the axes ({@code Experiment.cellJson})
   * @param axes fields and kinds of values belong to the definition, the values do not
   */
  public static Identity of(String cellJson, List<Axis> axes) {
    try {
      ObjectNode tree = (ObjectNode) JSON.readTree(cellJson);
      ObjectNode kinds = JsonNodeFactory.instance.objectNode();
      for (Axis axis : axes) {
        kinds.put(axis.field(), axis.numeric() ? "number" : "name");
      }
      tree.set("axes", kinds);
      String definition = JSON.writeValueAsString(JSON.treeToValue(tree, Object.class));
      return new Identity(definition, sha256(definition));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not a canonical experiment: " + cellJson, e);
    }
  }

  /**
   * The first field, in alphabetical order, in which two JSON documents differ, as "field was x and is now y".
   *
   * @return null if they do not differ
   */
  public static String difference(String before, String now) {
    try {
      return difference("", JSON.readTree(before), JSON.readTree(now));
    } catch (JsonProcessingException e) {
      return "the definition can't be read";
    }
  }

  private static String difference(String path, JsonNode a, JsonNode b) {
    if (a.isObject() && b.isObject()) {
      TreeSet<String> names = new TreeSet<>();
      a.fieldNames().forEachRemaining(names::add);
      b.fieldNames().forEachRemaining(names::add);
      for (String name : names) {
        String d = difference(path.isEmpty() ? name : path + "." + name, a.path(name), b.path(name));
        if (d != null) {
          return d;
        }
      }
      return null;
    }
    return a.equals(b) ? null : path + " was " + shown(a) + " and is now " + shown(b);
  }

  private static String shown(JsonNode node) {
    String text = node.isMissingNode() ? "not set" : node.isTextual() ? node.asText() : node.toString();
    return text.length() <= 80 ? text : text.substring(0, 77) + "...";
  }

  /** A map as one JSON document with sorted keys. */
  static String json(Map<String, String> map) {
    try {
      return JSON.writeValueAsString(map);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The inverse of {@link #json}. */
  static Map<String, String> map(String json) {
    try {
      return JSON.readValue(json, new TypeReference<TreeMap<String, String>>() {});
    } catch (JsonProcessingException e) {
      throw new ResultsError("The provenance in the database can't be read: " + json + ".", e);
    }
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}

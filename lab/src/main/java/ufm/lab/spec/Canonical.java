package ufm.lab.spec;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import ufm.problem.UfmProblem;

/** The canonical form of an experiment: JSON with sorted keys and defaults filled in. */
final class Canonical {
  private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

  private Canonical() {}

  /**
   * The fields that a predicate lets through.
   *
   * @param keep takes dotted names
   */
  static String json(Given given, UfmProblem problem, Predicate<String> keep) {
    Map<String, Object> flat = new TreeMap<>();
    for (Field f : Fields.all()) {
      boolean applies = f.depends() == null || f.when().contains(Rules.value(given, f.depends()));
      boolean excluded =
          Fields.EXCLUSIVE.stream().anyMatch(g -> g.contains(f.name()) && g.stream().anyMatch(n -> !n.equals(f.name()) && given.has(n)));
      if (f.initial() != null && applies && !excluded && !f.name().contains("[]") && (!f.name().startsWith("sweep.") || given.has("sweep"))) {
        flat.put(f.name(), f.initial());
      }
    }
    flat.put("dimension", (long) problem.dimension());
    if (!given.has("counts") && !given.has("labels") && !given.has("imbalance")) {
      flat.put("samples-per-class", (long) problem.count(0));
    }
    given.values().forEach((field, value) -> flat.put(field, value.value()));
    Map<String, Object> tree = new TreeMap<>();
    flat.forEach((field, value) -> {
      if (keep.test(field)) {
        put(tree, field, value);
      }
    });
    try {
      return JSON.writeValueAsString(tree);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether a field's value decides the result of a sweep's cell whose place on the axes is known. */
  static boolean decidesCell(Given given, String field, List<String> axes) {
    boolean other = field.equals("name") || field.startsWith("sweep.") || field.startsWith("simulate.") || field.equals("solve.starts");
    boolean derived = field.equals("dimension") && axes.contains("classes") && !given.has("dimension");
    boolean replaced = axes.stream().anyMatch(axis -> axis.equals(field) || exclude(axis, field));
    return !other && !derived && !replaced;
  }

  private static boolean exclude(String axis, String field) {
    return Fields.EXCLUSIVE.stream()
        .anyMatch(g -> g.stream().anyMatch(a -> Given.below(axis, a) && g.stream().anyMatch(b -> !b.equals(a) && Given.below(field, b))));
  }

  @SuppressWarnings("unchecked")
  private static void put(Map<String, Object> tree, String field, Object value) {
    int dot = field.indexOf('.');
    if (dot < 0) {
      tree.put(field, value);
      return;
    }
    String head = field.substring(0, dot);
    String rest = field.substring(dot + 1);
    int bracket = head.indexOf('[');
    if (bracket < 0) {
      put((Map<String, Object>) tree.computeIfAbsent(head, k -> new TreeMap<String, Object>()), rest, value);
      return;
    }
    List<Object> list = (List<Object>) tree.computeIfAbsent(head.substring(0, bracket), k -> new ArrayList<>());
    int index = Integer.parseInt(head.substring(bracket + 1, head.length() - 1));
    while (list.size() <= index) {
      list.add(new TreeMap<String, Object>());
    }
    put((Map<String, Object>) list.get(index), rest, value);
  }

  /** SHA-256 in hexadecimal. */
  static String sha256(String text) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    }
  }
}

package ufm.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ufm.landscape.CriticalPointReport;
import ufm.metric.CollapseMetrics;
import ufm.solver.Outcome;

/** Whatever the documents of the program hold is explained in docs/json-output.md. */
class JsonDocumentationTest {
  private static final Path PAGE = Path.of("../docs/json-output.md");

  @TempDir private Path folder;

  /** The names in backticks. */
  private static Set<String> mentioned() throws Exception {
    Set<String> out = new TreeSet<>();
    Matcher code = Pattern.compile("`([^`\\n]+)`").matcher(Files.readString(PAGE));
    while (code.find()) {
      out.add(code.group(1).replace("\"", ""));
    }
    return out;
  }

  private static void keys(JsonNode node, Set<String> out) {
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> e : node.properties()) {
        out.add(e.getKey().replaceFirst("^class-zero-\\d+$", "class-zero-<k>").replaceFirst("^group-collapse-\\d+$", "group-collapse-<n>"));
        keys(e.getValue(), out);
      }
    } else if (node.isArray() && (node.isEmpty() || node.get(0).isObject())) {
      node.forEach(n -> keys(n, out));
    }
  }

  private static List<String> command(String name, List<String> sets) {
    List<String> out = new ArrayList<>(List.of(name));
    sets.forEach(s -> out.addAll(List.of("--set", s)));
    return out;
  }

  private static void explained(Set<String> names) throws Exception {
    Set<String> missing = new TreeSet<>(names);
    missing.removeAll(mentioned());
    assertEquals(Set.of(), missing, "not explained in " + PAGE);
  }

  @Test
  void everyKeyIsExplained() throws Exception {
    List<List<String>> problems =
        List.of(
            List.of("classes=3", "bias=free"),
            List.of("classes=3", "loss=mse", "bias=ridge", "lambda.b=0.05", "dimension=5"),
            List.of("classes=4", "counts=[4, 4, 2, 2]", "lambda.W=0.01"),
            List.of("classes=3", "counts=[3, 2, 2]", "features=non-negative", "loss={name: ls, alpha: 0.1}"),
            List.of("classes=3", "classifier.etf=1.5", "loss.name=ls_torch"),
            List.of("classes=2", "classifier.W=[[1, 2], [3, 4]]", "loss=mse"),
            List.of("classes=3", "loss={name: focal, gamma: 2}", "solve.max-iterations=1"));
    Set<String> names = new TreeSet<>();
    for (List<String> sets : problems) {
      JsonNode solved = Cli.json(command("solve", sets));
      keys(solved, names);
      Path point = Files.writeString(folder.resolve("point.json"), solved.toString());
      List<String> evaluate = command("evaluate", sets);
      evaluate.addAll(List.of("--point", point.toString()));
      keys(Cli.json(evaluate), names);
      keys(Cli.json(command("predict", sets)), names);
    }
    for (List<String> sets :
        List.of(
            List.of("classes=6", "dimension=2"), List.of("classes=3", "counts=[4, 3, 1]", "bias=ridge", "lambda.b=1", "loss=mse"),
            List.of("classes=5", "counts=[4, 4, 2, 2, 1]"), List.of("classes=3", "lambda.W=0"))) {
      keys(Cli.json(command("predict", sets)), names);
    }
    keys(Cli.json(List.of("devices")), names);
    assertTrue(
        names.containsAll(
            Set.of("two_group_a", "beta", "class_means_max_cosine", "projected_gradient_norm", "warning", "class-zero-<k>", "group-collapse-<n>", "lower_bound", "infimum")),
        "the runs reach too little: " + names);
    explained(names);
  }

  @Test
  void everyStatusAndMetricIsExplained() throws Exception {
    Set<String> names = new TreeSet<>(CollapseMetrics.NAMES);
    names.addAll(PointGeometry.NAMES);
    Stream.concat(Arrays.stream(Outcome.values()).filter(o -> o != Outcome.RUNNING), Arrays.stream(CriticalPointReport.Verdict.values()))
        .forEach(v -> names.add(v.toString().toLowerCase(Locale.ROOT).replace('_', '-')));
    names.addAll(List.of("infimum-not-attained", "certified-optimum", "global-minimum-by-theory"));
    explained(names);
  }

  @Test
  void theReadmeLeadsToThePage() throws Exception {
    assertTrue(Files.readString(Path.of("../README.md")).contains("(docs/json-output.md)"));
  }
}

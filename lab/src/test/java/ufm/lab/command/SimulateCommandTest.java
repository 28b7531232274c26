package ufm.lab.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import ufm.backend.Backend;
import ufm.lab.Backends;
import ufm.lab.simulate.Simulation;
import ufm.lab.spec.Experiment;
import ufm.solver.Outcome;

class SimulateCommandTest {
  private static final List<String> PROBLEM =
      List.of("--set", "classes=3", "--set", "samples-per-class=4", "--set", "lambda.W=0.01", "--set", "lambda.H=0.01", "--set", "simulate.record=10");

  @TempDir private Path folder;

  private Cli simulate(Path out, String... more) {
    List<String> all = new ArrayList<>(List.of("simulate"));
    all.addAll(PROBLEM);
    all.addAll(List.of("--out", out.toString()));
    all.addAll(List.of(more));
    Cli cli = Cli.run(all);
    assertEquals(0, cli.code(), cli.err());
    return cli;
  }

  private static double[] column(Path csv, String name) throws Exception {
    List<String> lines = Files.readAllLines(csv);
    int c = Arrays.asList(lines.getFirst().split(",")).indexOf(name);
    return lines.stream().skip(1).map(l -> l.split(",", -1)[c]).mapToDouble(s -> s.isEmpty() ? Double.NaN : Double.parseDouble(s)).toArray();
  }

  @Test
  void writesTableFiguresAndPoint() throws Exception {
    simulate(folder, "--set", "simulate.iterations=95", "--plot", "a.png", "--plot", "a.svg", "--plot", "a.pdf");
    Path csv = folder.resolve("trajectory.csv");
    assertArrayEquals(new double[] {0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 95}, column(csv, "iteration"));
    assertFalse(Files.exists(folder.resolve("trajectory.csv.partial")));
    double[] value = column(csv, "value");
    for (int i = 1; i < value.length; i++) {
      assertTrue(value[i] < value[i - 1]);
    }
    double[] gap = column(csv, "gap");
    for (double g : gap) {
      assertTrue(g > 0);
    }
    assertArrayEquals(new byte[] {(byte) 0x89, 'P', 'N', 'G'}, Arrays.copyOf(Files.readAllBytes(folder.resolve("a.png")), 4));
    assertTrue(Files.readString(folder.resolve("a.svg")).contains("<svg"));
    assertTrue(new String(Files.readAllBytes(folder.resolve("a.pdf")), java.nio.charset.StandardCharsets.ISO_8859_1).startsWith("%PDF-"));

    List<String> evaluate = new ArrayList<>(List.of("evaluate", "--point", folder.resolve("point.json").toString()));
    evaluate.addAll(PROBLEM);
    JsonNode last = Cli.json(evaluate);
    assertEquals(value[value.length - 1], last.get("value").asDouble());
    double[] nc1 = column(csv, "nc1");
    assertEquals(nc1[nc1.length - 1], last.get("metrics").get("nc1").asDouble());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gd", "{name: gd, momentum: 0.9, nesterov: true}", "{name: adam, schedule: cosine}", "lbfgs", "{name: flow, rtol: 1e-6}",
        "{name: gd, schedule: {name: step, every: 7, factor: 0.5}}"
      })
  void aResumedRunIsTheUninterruptedOne(String optimizer) throws Exception {
    String set = "simulate.optimizer=" + optimizer;
    Path whole = folder.resolve("whole");
    Path parts = folder.resolve("parts");
    String state = folder.resolve("run.state").toString();
    // Schedules run over the whole length, so the first part is cut by an interruption, not by a shorter budget.
    simulate(whole, "--set", set, "--set", "simulate.iterations=40", "--set", "simulate.record=4");
    List<String> sets = new ArrayList<>(PROBLEM.stream().filter(s -> !s.equals("--set")).toList());
    sets.addAll(List.of(set, "simulate.iterations=40", "simulate.record=4"));
    Experiment e = Experiment.read(null, sets);
    Files.createDirectories(parts);
    try (Backend backend = Backends.open("cpu", 1)) {
      Simulation.Files files = new Simulation.Files(parts.resolve("trajectory.csv"), Path.of(state), false);
      Simulation.Result cut = new Simulation(e.problem(), e.simulate()).run(backend, files, (problem, s) -> s.iterations(0) < 18);
      assertEquals(Outcome.RUNNING, cut.outcome());
    }
    assertTrue(Files.exists(parts.resolve("trajectory.csv.partial")));
    assertFalse(Files.exists(parts.resolve("trajectory.csv")));
    simulate(parts, "--set", set, "--set", "simulate.iterations=40", "--set", "simulate.record=4", "--checkpoint", state, "--resume");
    for (String column : List.of("iteration", "time", "value", "gradient_norm", "nc1", "nc2_H", "gap", "W_norm", "evaluations")) {
      assertArrayEquals(column(whole.resolve("trajectory.csv"), column), column(parts.resolve("trajectory.csv"), column), column);
    }
    assertEquals(Files.readString(whole.resolve("point.json")), Files.readString(parts.resolve("point.json")));
  }

  @Test
  void aCheckpointGoesWhereItsLinkLeads() throws Exception {
    Path state = folder.resolve("run.state");
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("run.state"));
    simulate(folder, "--set", "simulate.iterations=20", "--checkpoint", link.toString());
    byte[] first = Files.readAllBytes(state);
    simulate(folder, "--set", "simulate.iterations=40", "--checkpoint", link.toString(), "--resume");
    assertFalse(Arrays.equals(first, Files.readAllBytes(state)));
    assertTrue(Files.isSymbolicLink(link));
  }

  @Test
  void aRowThatAKillCutOffIsDropped() throws Exception {
    String state = folder.resolve("run.state").toString();
    simulate(folder, "--set", "simulate.iterations=40", "--checkpoint", state);
    Path csv = folder.resolve("trajectory.csv");
    Path partial = folder.resolve("trajectory.csv.partial");
    String text = Files.readString(csv);
    Files.move(csv, partial);
    Files.writeString(partial, text.substring(0, text.length() - 60));
    simulate(folder, "--set", "simulate.iterations=60", "--checkpoint", state, "--resume");
    assertArrayEquals(new double[] {0, 10, 20, 30, 40, 50, 60}, column(csv, "iteration"));
  }

  @Test
  void withoutPenaltiesTheNormalisedMarginGrows() throws Exception {
    simulate(
        folder, "--set", "lambda.W=0", "--set", "lambda.H=0", "--set", "simulate.iterations=2000", "--set", "simulate.record=500", "--set",
        "simulate.optimizer.lr=1");
    double[] margin = column(folder.resolve("trajectory.csv"), "normalized_margin");
    for (int i = 2; i < margin.length; i++) {
      assertTrue(margin[i] > margin[i - 1], Arrays.toString(margin));
    }
    double[] turn = column(folder.resolve("trajectory.csv"), "direction_change");
    assertTrue(Double.isNaN(turn[0]));
    assertTrue(turn[turn.length - 1] < turn[1]);
    for (double gap : column(folder.resolve("trajectory.csv"), "gap")) {
      assertTrue(Double.isNaN(gap));
    }
  }

  @Test
  void startsWhereAsked() throws Exception {
    Path start = Files.writeString(folder.resolve("start.json"), "{\"W\": [[2, 0], [0, 2]], \"H\": [[1, 0], [0, 1]]}");
    Cli cli =
        Cli.run(
            "simulate", "--set", "classes=2", "--set", "simulate.point=" + start, "--set", "simulate.iterations=1", "--out", folder.toString());
    assertEquals(0, cli.code(), cli.err());
    // One step of size 0.1 from W = 2 I, H = I: logits (2, 0), p_other = 1/(1+e^2), G = p_other/2 (off-diagonal) etc.
    double g = 1 / (1 + Math.exp(2)) / 2;
    JsonNode point = Cli.parse(Files.readString(folder.resolve("point.json")));
    assertEquals(2 - 0.1 * (-g + 5e-4 * 2), point.get("W").get(0).get(0).asDouble(), 1e-15);
    assertEquals(-0.1 * g, point.get("W").get(0).get(1).asDouble(), 1e-15);
    assertEquals(1 - 0.1 * (-2 * g + 5e-4), point.get("H").get(0).get(0).asDouble(), 1e-15);
  }

  @Test
  void featuresStayNonNegative() throws Exception {
    simulate(folder, "--set", "features=non-negative", "--set", "simulate.optimizer=lbfgs", "--set", "simulate.iterations=50");
    for (JsonNode row : Cli.parse(Files.readString(folder.resolve("point.json"))).get("H")) {
      for (JsonNode x : row) {
        assertTrue(x.asDouble() >= 0);
      }
    }
  }
}

package ufm.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import ufm.lab.Ufm;
import ufm.lab.io.NpyArray;

/** Bad input ends with exit code 2 and one sentence, whichever command meets it. */
class BadInputTest {
  @TempDir private Path folder;

  private static void refused(String sentence, String... arguments) {
    Cli cli = Cli.run(arguments);
    assertEquals("error: " + sentence + "\n", cli.err().replace("\r\n", "\n"));
    assertEquals(Ufm.BAD_INPUT, cli.code());
    assertEquals("", cli.out());
  }

  private Path point(String json) throws Exception {
    return Files.writeString(folder.resolve("point.json"), json);
  }

  private void refusedPoint(String sentence, String json, String... more) throws Exception {
    Path file = point(json);
    List<String> arguments = new ArrayList<>(List.of("evaluate", "--point", file.toString(), "--set", "classes=2"));
    arguments.addAll(List.of(more));
    refused(file + sentence, arguments.toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"solve", "predict", "evaluate", "simulate"})
  void everyCommandNamesTheLine(String command) throws Exception {
    Path file = Files.writeString(folder.resolve("e.yaml"), "classes: 3\nlambda:\n  W: -1\n");
    refused(file + ":3: lambda.W is -1, but must be 0 or a number of at least 1e-30 and at most 1e30.", command, file.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      textBlock =
          """
          classes=0 # classes is 0, but must be a whole number of at least 2 and at most 1000000.
          lambda.W=1e-320 # lambda.W is 1e-320, but must be 0 or a number of at least 1e-30 and at most 1e30.
          lambda.H=1e308 # lambda.H is 1e308, but must be 0 or a number of at least 1e-30 and at most 1e30.
          solve.scale=1e308 # solve.scale is 1e308, but must be a number of at least 1e-30 and at most 1e30.
          classifier.etf=1e308 # classifier.row-norm is 1e308, but must be a number of at least 1e-30 and at most 1e30.
          lambda.H=-1 # lambda.H is -1, but must be 0 or a number of at least 1e-30 and at most 1e30.
          counts=[1,2] # counts is [1, 2], but must be a list of 4 whole numbers, one for each class.
          loss=hinge # loss is hinge, but must be ce, mse, focal, ls or ls_torch, or a mapping with name, gamma, alpha.
          lamda.W=1 # unknown field lamda.W; did you mean lambda.W?
          samples-per-class=many # samples-per-class is many, but must be a whole number of at least 1 and at most 100000000.
          """)
  void overrides(String set, String sentence) {
    String shown = "--set " + set + ": ";
    List<String> arguments = new ArrayList<>(List.of("predict"));
    if (!set.startsWith("classes")) {
      arguments.addAll(List.of("--set", "classes=4"));
    }
    arguments.addAll(List.of("--set", set));
    refused(shown + sentence, arguments.toArray(String[]::new));
  }

  @Test
  void anExperimentThatCannotBeRead() {
    Path missing = folder.resolve("none.yaml");
    refused(missing + ": there is no such file, but an experiment in YAML is needed.", "solve", missing.toString());
    refused("classes is missing, but must be a whole number of at least 2 and at most 1000000 (in the file, or as --set classes=4).", "predict");
  }

  @Test
  void aPointThatIsNotFinite() throws Exception {
    refusedPoint(": W[0][1] is NaN, but must be a finite number.", "{\"W\": [[1, NaN], [0, 1]], \"H\": [[1, 0], [0, 1]]}");
    refusedPoint(": W[0][1] is NaN, but must be a finite number.", "{\"W\": [[1, \"NaN\"], [0, 1]], \"H\": [[1, 0], [0, 1]]}");
    refusedPoint(": H[1][0] is Infinity, but must be a finite number.", "{\"W\": [[1, 2], [0, 1]], \"H\": [[1, 0], [1e999, 1]]}");
    refusedPoint(": W[1][0] is null, but must be a finite number.", "{\"W\": [[1, 2], [null, 1]], \"H\": [[1, 0], [0, 1]]}");
    refusedPoint(
        ": b[0] is -Infinity, but must be a finite number.", "{\"W\": [[1, 2], [0, 1]], \"H\": [[1, 0], [0, 1]], \"b\": [-Infinity, 0]}", "--set",
        "bias=free");
  }

  @Test
  void aPointOfTheWrongShape() throws Exception {
    refusedPoint(": W is a matrix of 3 x 2, but must be K x d = 2 x 2.", "{\"W\": [[1, 0], [0, 1], [1, 1]], \"H\": [[1, 0], [0, 1]]}");
    refusedPoint(": H is a matrix of 2 x 3, but must be d x N = 2 x 4.", "{\"W\": [[1, 0], [0, 1]], \"H\": [[1, 0, 1], [0, 1, 1]]}", "--set", "samples-per-class=2");
    refusedPoint(": W[1] has 1 entries, but must have 2 as the first row.", "{\"W\": [[1, 0], [0]], \"H\": [[1, 0], [0, 1]]}");
    refusedPoint(": H is missing, but must be a matrix of d = 2 rows and N = 2 columns.", "{\"W\": [[1, 0], [0, 1]]}");
    refusedPoint(": b is missing, but must be a list of K = 2 numbers because bias is free (the key b of the JSON file, or --b FILE beside --W and --H).", "{\"W\": [[1, 0], [0, 1]], \"H\": [[1, 0], [0, 1]]}", "--set", "bias=free");
    refusedPoint(": b is given, but bias is none.", "{\"W\": [[1, 0], [0, 1]], \"H\": [[1, 0], [0, 1]], \"b\": [1, 2]}", "--set", "bias=none");
    refusedPoint(": W.data has 3 entries, but must have rows x cols = 2 x 2.", "{\"W\": {\"rows\": 2, \"cols\": 2, \"data\": [1, 2, 3]}, \"H\": [[1, 0], [0, 1]]}");
    refusedPoint(": labels is 2, but must be between 0 and 1.", "{\"W\": [[1, 0], [0, 1]], \"H\": [[1, 0], [0, 1]], \"labels\": [0, 2]}");
    refusedPoint(": labels has the entry 0.5, but must hold whole numbers.", "{\"W\": [[1, 0], [0, 1]], \"H\": [[1, 0], [0, 1]], \"labels\": [0.5, 1]}");
    refusedPoint(
        ": W[0][0] is 1.0, but the classifier is fixed with 2.0 there.", "{\"W\": [[1, 0], [0, 2]], \"H\": [[1, 0], [0, 1]]}", "--set",
        "classifier.W=[[2, 0], [0, 2]]");
  }

  @Test
  void aFileThatIsNoPoint() throws Exception {
    refusedPoint(" holds no point: it must be a JSON object with W, H and, where there is a bias, b.", "[1, 2]");
    refusedPoint(" has the key w, but a point has only W, H, b and labels.", "{\"w\": [[1]]}");
    Cli broken = Cli.run("evaluate", "--set", "classes=2", "--point", point("{\"W\": [[1,\n 2]").toString());
    assertEquals(Ufm.BAD_INPUT, broken.code());
    assertTrue(broken.err().startsWith("error: " + folder.resolve("point.json") + ":2 is no valid JSON: "), broken.err());
    Path missing = folder.resolve("none.json");
    refused(missing + " can't be read: there is no such file or folder.", "evaluate", "--set", "classes=2", "--point", missing.toString());
    refused(folder + " can't be read: it is a folder.", "evaluate", "--set", "classes=2", "--point", folder.toString());
  }

  @Test
  void arraysThatDoNotFit() throws Exception {
    Path h = folder.resolve("H.npy");
    Files.write(h, NpyArray.of(new double[][] {{1, 2, 3}}).bytes());
    refused(
        "the point: W is missing, but must be a matrix of K = 2 rows and d = 2 columns.", "evaluate", "--set", "classes=2", "--H", h.toString());
    refused(h + " is no .npy file: it does not begin with NumPy's magic bytes.", "evaluate", "--set", "classes=2", "--H", Files.writeString(h, "no array").toString());
  }

  @Test
  void outputsThatCannotBeWrittenAreRefusedBeforeTheWork() throws Exception {
    Path nowhere = folder.resolve("none/point.json");
    refused(nowhere + " can't be written: there is no such file or folder.", "solve", "--set", "classes=3", "--out", nowhere.toString());
    refused(folder + " can't be written: it is a folder.", "solve", "--set", "classes=3", "--out", folder.toString());
    Path file = Files.writeString(folder.resolve("file"), "x");
    Cli cli = Cli.run("simulate", "--set", "classes=3", "--out", file.resolve("sub").toString());
    assertEquals(Ufm.BAD_INPUT, cli.code());
    assertTrue(cli.err().startsWith("error: " + file.resolve("sub") + " can't be written: "), cli.err());
    refused(file + " can't be written: it is no folder.", "simulate", "--set", "classes=3", "--out", file.toString());
    refused(
        "a.gif has no ending of a plot, but must end in .png, .svg or .pdf.", "simulate", "--set", "classes=3", "--out",
        folder.toString(), "--plot", "a.gif");
  }

  @Test
  void whatASimulationRefusesLeavesNothing() throws Exception {
    Path out = folder.resolve("runs/experiment");
    Path garbage = Files.writeString(folder.resolve("garbage"), "no state, but longer than a header");
    for (List<String> wrong :
        List.of(
            List.of("--plot", "x.foo"), List.of("--plot", ""), List.of("--set", "simulate.point=" + folder.resolve("none.json")),
            List.of("--set", "simulate.point=" + garbage), List.of("--checkpoint", folder.resolve("none/state").toString()),
            List.of("--checkpoint", folder.toString()), List.of("--checkpoint", folder.resolve("none").toString(), "--resume"),
            List.of("--checkpoint", garbage.toString(), "--resume"), List.of("--plot", folder.resolve("none/a.png").toString()))) {
      List<String> arguments = new ArrayList<>(List.of("simulate", "--set", "classes=3", "--set", "simulate.iterations=1", "--out", out.toString()));
      arguments.addAll(wrong);
      Cli cli = Cli.run(arguments);
      assertEquals(Ufm.BAD_INPUT, cli.code(), String.join(" ", arguments));
      assertEquals(1, cli.err().lines().count(), cli.err());
      assertFalse(Files.exists(out.getParent()), String.join(" ", arguments));
    }
    assertEquals("no state, but longer than a header", Files.readString(garbage));
    Cli cli = Cli.run("simulate", "--set", "classes=3", "--set", "simulate.iterations=1", "--out", out.toString(), "--checkpoint", out + "/state");
    assertEquals(0, cli.code(), cli.err());
    assertTrue(Files.exists(out.resolve("state")));
  }

  @Test
  void aStartThatIsNoStartOfThisExperiment() throws Exception {
    Path start = point("{\"W\": [[1, 0], [0, 1]], \"H\": [[1, 0], [0, 1]], \"labels\": [1, 0]}");
    refused(
        start + " has other labels than the experiment, but must have the same (give them there as labels).", "simulate", "--set", "classes=2",
        "--set", "simulate.point=" + start, "--out", folder.toString());
  }

  @Test
  void problemsWithoutAMinimum() {
    Cli cli = Cli.run("solve", "--set", "classes=3", "--set", "lambda.W=0", "--json");
    assertEquals(Ufm.BAD_INPUT, cli.code());
    assertTrue(cli.err().startsWith("error: infimum not attained: lambda.W is 0 and lambda.H is not"), cli.err());
    assertEquals("infimum-not-attained", Cli.parse(cli.out()).get("status").asText());
  }

  @Test
  void argumentsThatDoNotFit() {
    for (String[] arguments :
        new String[][] {
          {"solve", "--set", "classes=3", "--backend", "abacus"}, {"solve", "--set", "classes=3", "--threads", "-1"}, {"solve", "--nonsense"},
          {"solve", "a.yaml", "b.yaml"}, {"nonsense"}, {}, {"evaluate", "--set", "classes=3"},
          {"simulate", "--set", "classes=3", "--resume"}, {"solve", "--set", "classes=3", "--starts", "0"},
          {"evaluate", "--set", "classes=3", "--point", "p.json", "--W", "W.npy"},
          {"simulate", "--set", "classes=3", "--set", "features=non-negative"}
        }) {
      Cli cli = Cli.run(arguments);
      assertEquals(Ufm.BAD_INPUT, cli.code(), String.join(" ", arguments));
      assertTrue(cli.err().startsWith("error: "), cli.err());
      assertFalse(cli.err().contains("\tat "), cli.err());
    }
  }

  @Test
  void helpTeachesByExample() {
    for (String command : List.of("solve", "predict", "evaluate", "simulate")) {
      Cli cli = Cli.run(command, "--help");
      assertEquals(0, cli.code());
      assertTrue(cli.out().lines().filter(l -> l.startsWith("  ./ufm " + command)).count() >= 3, cli.out());
    }
  }
}

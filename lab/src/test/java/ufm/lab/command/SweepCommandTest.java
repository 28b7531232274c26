package ufm.lab.command;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import ufm.lab.Ufm;

class SweepCommandTest {
  @TempDir Path dir;

  private Path file;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void write() throws Exception {
    file = Files.writeString(
        dir.resolve("small.yaml"),
        """
        schema: ufm/1
        name: small
        classes: 3
        samples-per-class: 2
        sweep:
          axes:
            - {field: lambda.W, from: 1e-2, to: 1, points: 4, scale: log}
            - {field: lambda.H, from: 2e-2, to: 2, points: 3, scale: log}
          starts: 2
          quantity: margin
          theory: zero-collapse
        """);
  }

  private int ufm(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    CommandLine line = Ufm.commandLine();
    line.setOut(new PrintWriter(out));
    line.setErr(new PrintWriter(err, true));
    return line.execute(args);
  }

  private int sweep(String... more) {
    List<String> args = new java.util.ArrayList<>(List.of("sweep", file.toString(), "--out", dir.resolve("runs").toString(), "--threads", "2"));
    args.addAll(List.of(more));
    return ufm(args.toArray(String[]::new));
  }

  @Test
  void aSweepIsStoredSummarisedDrawnAndGoesOn() throws Exception {
    assertEquals(0, sweep("--export", dir.resolve("cells.csv").toString()), err.toString());
    String text = out.toString();
    assertTrue(text.contains("12, 24 starts"), text);
    for (String name : List.of("small.duckdb", "small.png", "small.svg", "small.pdf")) {
      assertTrue(Files.size(dir.resolve("runs").resolve(name)) > 1000, name);
    }
    assertEquals(13, Files.readAllLines(dir.resolve("cells.csv")).size());
    assertEquals(0, sweep("--status"));
    assertTrue(out.toString().contains("12 of 12 cells"), out.toString());
    assertEquals(0, sweep("--set", "sweep.starts=3"), err.toString());
    assertTrue(out.toString().contains("12, 36 starts"), out.toString());
    assertEquals(2, sweep("--set", "samples-per-class=4"));
    assertTrue(err.toString().contains("samples-per-class was 2 and is now 4"), err.toString());
  }

  @Test
  void aFigureIsRedrawnFromTheDatabase() throws Exception {
    assertEquals(0, sweep(), err.toString());
    Path figure = dir.resolve("value.svg");
    assertEquals(0, ufm("plot", dir.resolve("runs/small.duckdb").toString(), "--quantity", "value", "--out", figure.toString()), err.toString());
    assertTrue(Files.size(figure) > 1000);
    assertEquals(2, ufm("plot", dir.resolve("runs/small.duckdb").toString(), "--quantity", "beauty"));
    assertTrue(err.toString().contains("beauty"), err.toString());
    assertEquals(2, ufm("plot", dir.resolve("missing.duckdb").toString()));
    assertEquals(2, ufm("plot", file.toString()));
  }

  @Test
  void theBoundaryIsMeasuredAgainstTheory() throws Exception {
    assertEquals(0, sweep("--boundary", "margin=1e-5", "--tolerance", "1e-4"), err.toString());
    String text = out.toString();
    assertTrue(text.contains("boundary: where margin crosses") && text.contains("largest relative difference from theory's zero-collapse"), text);
    List<String> csv = Files.readAllLines(dir.resolve("runs/small.boundary.csv"));
    assertEquals("lambda.H,lambda.W.low,lambda.W.high,lambda.W,theory,relative_difference,gap", csv.getFirst());
    assertEquals(4, csv.size());
    // 1/(K N) = 1/18.
    String[] row = csv.stream().filter(l -> l.startsWith("0.2,")).findFirst().orElseThrow().split(",");
    assertEquals(1 / (18 * 0.2), Double.parseDouble(row[3]), 1e-4);
  }

  @Test
  void badInputIsOneSentenceAndExitCode2() throws Exception {
    assertEquals(2, sweep("--quantity", "beauty"));
    assertTrue(err.toString().contains("The quantity is beauty, but must be one of value"), err.toString());
    assertEquals(2, sweep("--boundary", "margin"));
    assertEquals(2, sweep("--boundary", "beauty=1"));
    assertEquals(2, sweep("--boundary", "margin=1", "--tolerance", "-1"));
    for (String threads : List.of("-1", "1025", "1000000")) {
      assertEquals(2, ufm("sweep", file.toString(), "--threads", threads));
      assertTrue(err.toString().contains("threads is " + threads + ", but must be a whole number of at least 0 and at most 1024"), err.toString());
    }
    assertEquals(2, sweep("--tolerance", "1e-3"));
    assertTrue(err.toString().contains("--tolerance is given without --boundary"), err.toString());
    assertEquals(2, sweep("--backend", "abacus"));
    assertEquals(2, sweep("--set", "sweep.quantity=beauty", "--quantity", "margin"));
    assertTrue(err.toString().contains("The quantity is beauty"), err.toString());
    assertEquals(2, sweep("--set", "sweep.theory=foo"));
    assertTrue(err.toString().contains("sweep.theory is foo, but must be the name of a threshold: one of zero-collapse"), err.toString());
    assertEquals(2, sweep("--set", "name=../../esc"));
    assertEquals(2, sweep("--set", "sweep.axes[0].points=100000", "--set", "sweep.axes[1].points=100000"));
    assertTrue(err.toString().contains("a grid of 10000000000 cells, but must be a grid of at most 4000000 cells"), err.toString());
    assertFalse(Files.exists(dir.resolve("runs")), "nothing was written");
    assertEquals(2, sweep("--set", "sweep.axes[0].values=[0, 1]", "--set", "sweep.axes[0].from=null"));
    assertEquals(2, ufm("sweep", dir.resolve("missing.yaml").toString()));
    Path blocked = Files.writeString(dir.resolve("blocked"), "a file where a folder is needed");
    assertEquals(2, ufm("sweep", file.toString(), "--out", blocked.toString()));
    assertTrue(err.toString().contains("can't be written") && err.toString().lines().count() == 1, err.toString());
  }

  @Test
  void outputsThatCanNotBeWrittenAreRefusedBeforeTheWork() throws Exception {
    for (String target : List.of(file.resolve("cells.csv").toString(), dir.resolve("missing/cells.csv").toString())) {
      assertEquals(2, sweep("--export", target));
      assertTrue(err.toString().contains(target + " can't be written"), err.toString());
    }
    assertEquals(2, sweep("--export", dir.resolve("cells.foo").toString()));
    assertTrue(err.toString().contains("must end in .csv or .parquet"), err.toString());
    assertEquals(2, sweep("--export", ""));
    assertEquals(2, ufm("sweep", file.toString(), "--out", ""));
    assertTrue(err.toString().contains("--out is empty"), err.toString());
    Files.createDirectories(dir.resolve("runs/small.svg"));
    assertEquals(2, sweep());
    assertTrue(err.toString().contains("small.svg can't be written: it is a folder"), err.toString());
    assertFalse(Files.exists(dir.resolve("runs/small.duckdb")), "nothing was computed");
    Files.delete(dir.resolve("runs/small.svg"));
    assertEquals(0, sweep("--export", dir.resolve("runs/cells.csv").toString()), err.toString());
  }

  @Test
  void plotWritesAllOrNothing() throws Exception {
    assertEquals(0, sweep(), err.toString());
    String database = dir.resolve("runs/small.duckdb").toString();
    Path figure = dir.resolve("x.png");
    assertEquals(2, ufm("plot", database, "--out", figure.toString(), "--export", dir.resolve("g/x.csv").toString()));
    assertEquals(2, ufm("plot", database, "--out", figure.toString(), "--export", dir.resolve("x.foo").toString()));
    assertEquals(2, ufm("plot", database, "--out", figure.toString(), "--out", dir.resolve("x.gif").toString()));
    assertEquals(2, ufm("plot", database, "--out", figure.toString(), "--out", ""));
    assertFalse(Files.exists(figure));
    assertFalse(Files.exists(dir.resolve("g")));
    assertEquals(2, ufm("plot", "missing.duckdb", "--quantity", "beauty"));
    assertTrue(err.toString().contains("The quantity is beauty, but must be one of value"), err.toString());
  }

  @Test
  void anotherQuantityReplacesNoFigure() throws Exception {
    assertEquals(0, sweep(), err.toString());
    byte[] own = Files.readAllBytes(dir.resolve("runs/small.svg"));
    String database = dir.resolve("runs/small.duckdb").toString();
    assertEquals(0, ufm("plot", database, "--quantity", "value"), err.toString());
    assertEquals(0, sweep("--quantity", "nc2_H"), err.toString());
    assertArrayEquals(own, Files.readAllBytes(dir.resolve("runs/small.svg")));
    for (String name : List.of("small.value.png", "small.value.svg", "small.value.pdf", "small.nc2_H.png")) {
      assertTrue(Files.size(dir.resolve("runs").resolve(name)) > 1000, name);
    }
    Files.delete(dir.resolve("runs/small.svg"));
    assertEquals(0, ufm("plot", database, "--quantity", "margin"), err.toString());
    assertArrayEquals(own, Files.readAllBytes(dir.resolve("runs/small.svg")));
  }

  @Test
  void aThresholdOfNoCellIsSaidAndNotDrawn() throws Exception {
    assertEquals(0, sweep("--set", "sweep.theory=majority-collapse"), err.toString());
    String said = "majority-collapse applies to no cell of this grid: no curve is drawn.";
    assertEquals(1, out.toString().lines().filter(l -> l.contains(said)).count(), out.toString());
    assertFalse(Files.readString(dir.resolve("runs/small.svg")).contains("#ff3b30"), "a curve");
    assertEquals(0, ufm("plot", dir.resolve("runs/small.duckdb").toString()), err.toString());
    assertTrue(out.toString().contains(said), out.toString());
    assertEquals(0, sweep(), err.toString());
    assertFalse(out.toString().contains("applies to no cell"), out.toString());
  }

  @Test
  void anAxisOverThirtyPowersOfTenIsDrawn() throws Exception {
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> assertEquals(0, sweep("--set", "sweep.axes[0].from=1e-30"), err.toString()));
    assertTrue(Files.size(dir.resolve("runs/small.pdf")) > 1000);
  }

  @Test
  void oneAxisMakesACurve() throws Exception {
    Files.writeString(
        file, "schema: ufm/1\nname: line\nclasses: 3\nlambda: {W: 0.1, H: 0.1}\nsweep: {axes: [{field: dimension, values: [1, 2, 3]}], starts: 2, quantity: value}\n");
    assertEquals(0, sweep(), err.toString());
    assertTrue(Files.size(dir.resolve("runs/line.png")) > 1000);
  }

  @Test
  void aCellWithoutAMinimiserIsNamed() throws Exception {
    Files.writeString(
        file, "schema: ufm/1\nname: zero\nclasses: 3\nlambda: {W: 0.1, H: 0.1}\nsweep: {axes: [{field: lambda.W, values: [0, 0.1]}], starts: 2}\n");
    assertEquals(2, sweep());
    assertTrue(err.toString().contains("[lambda.W] = [0.0]") && err.toString().contains("infimum not attained"), err.toString());
  }
}

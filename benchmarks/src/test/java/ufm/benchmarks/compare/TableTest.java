package ufm.benchmarks.compare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import ufm.benchmarks.Shape;

/** The page that a comparison prints: ratios, shares, verdicts, cells. */
class TableTest {
  private static final Shape SHAPE = new Shape(10, 16, 10);

  private static Timing timing(String how, String outcome, double... seconds) {
    Timing t = new Timing(how);
    for (double s : seconds) {
      t.add(s, outcome);
    }
    return t;
  }

  private static Row row(Task task, int lanes, Target target, double limit) {
    Row row = new Row(new Plan(new Work(task, SHAPE, lanes), target, true));
    row.limit(limit);
    row.ours(timing("", "", 4e-6, 2e-6, 3e-6));
    row.peers().put("A", timing("by hand", "", 9e-6, 8e-6));
    row.peers().put("B", timing("scan", "", 5e-6, 6e-6));
    return row;
  }

  @Test
  void lineOfBestAndMedianTimes() {
    Row row = row(Task.STEP, 1, Target.faster(2.5).share(0.5), 1e-6);
    assertEquals(
        "| momentum step 10x16x10 | 2.00 us (3.00 us) | 8.00 us (8.50 us) | 5.00 us (5.50 us) | 2.50 (B) | 50 % "
            + "| >= 2.5x the best peer, >= 50 % of the limit | met |",
        new Table(List.of("A", "B")).line(row));
  }

  @Test
  void timesOfManyLanesAreGivenForOne() {
    Row row = row(Task.STEP, 2, Target.NONE, Double.NaN);
    assertEquals("| momentum step 10x16x10, 2 lanes | 1.00 us (1.50 us) | 4.00 us (4.25 us) | 2.50 us (2.75 us) | 2.50 (B) |  |  |  |",
        new Table(List.of("A", "B")).line(row));
  }

  @Test
  void withoutPeersThereIsNoRatio() {
    Row row = new Row(new Plan(new Work(Task.SOLVE, SHAPE, 1), Target.faster(10), true));
    row.ours(timing("", "", 1.5));
    Table table = new Table(List.of());
    assertEquals("| work | UFM | share of the limit | target |  |\n|---|---|---|---|---|", table.head());
    assertEquals("| solve, peers on all samples 10x16x10 | 1.50 s (1.50 s) |  | >= 10x the best peer | not measured |", table.line(row));
  }

  @Test
  void aPeerThatGaveUpIsALowerBoundAndNeverTheBest() {
    Row row = row(Task.SOLVE, 1, Target.faster(2), Double.NaN);
    row.peers().put("B", timing("slow", "not reached, gradient 1e-3", 1e-6));
    assertEquals("A", row.bestPeer());
    assertEquals("met", row.verdict());
    assertTrue(new Table(List.of("B")).line(row).contains("| > 1.00 us (1.00 us) |"));
    row.peers().remove("A");
    assertTrue(new Table(List.of("B")).line(row).contains("| > 0.50 (B) |"), "a ratio to a lower bound is one itself");
  }

  @Test
  void verdicts() {
    assertEquals("", Target.NONE.verdict(3, 0.1));
    assertEquals("not met", Target.faster(3).verdict(2.9, Double.NaN));
    assertEquals("met", Target.faster(3).verdict(3, Double.NaN));
    assertEquals("not measured", Target.faster(3).verdict(Double.NaN, 0.9));
    assertEquals("not met", Target.faster(3).share(0.5).verdict(Double.NaN, 0.4));
    assertEquals("not met", Target.faster(3).share(0.5).verdict(4, 0.4));
    Row against = row(Task.STEP, 1, Target.faster(3, "A"), Double.NaN);
    assertEquals("met", against.verdict(), "4 times A, though only 2.5 times B");
  }

  @Test
  void threeDigits() {
    assertEquals("9.99 ns", Table.time(9.99e-9));
    assertEquals("1.00 ms", Table.time(1e-3));
    assertEquals("100 us", Table.time(99.96e-6));
    assertEquals("68.0 s", Table.time(68));
  }

  @Test
  void programsMustAgree() {
    double[] ours = {1, 2, 1e-9};
    assertEquals("", Comparison.disagreement(ours, new double[] {1 + 1e-13, 2, 1e-9 + 1e-12}));
    assertFalse(Comparison.disagreement(ours, new double[] {1 + 2e-12, 2, 1e-9}).isEmpty());
    assertFalse(Comparison.disagreement(ours, new double[] {1, 2, 1e-9 + 3e-12}).isEmpty());
    assertFalse(Comparison.disagreement(ours, new double[] {1, Double.NaN, 1e-9}).isEmpty());
    assertFalse(Comparison.disagreement(ours, new double[] {1}).isEmpty());
  }

  @Test
  void bytesOfAStepAndItsWorkingSet() {
    long variables = 16 * (10 + 100) + 10;
    assertEquals(32.0 * variables, new Work(Task.STEP, SHAPE, 256).bytes());
    assertEquals(16.0 * variables, new Work(Task.GRADIENT, SHAPE, 256).bytes());
    assertEquals(16 * variables, new Work(Task.STEP, SHAPE, 1).workingSet(2));
    assertEquals(32 * variables, new Work(Task.STEP, SHAPE, 256).workingSet(2));
  }

  @Test
  void commandLine() {
    Settings s = Settings.of("--quick", "--threads", "3", "--only", "step.*lanes", "--python", "", "--out", "x.md");
    assertEquals(3, s.threads());
    assertEquals(Path.of("x.md"), s.out());
    assertEquals(List.of("momentum step 10x16x10, 256 lanes", "momentum step 4x8x5, 4096 lanes"),
        Plan.all().stream().filter(s::wants).map(p -> p.work().title()).toList());
    assertThrows(IllegalArgumentException.class, () -> Settings.of("--threads", "0"));
    assertThrows(IllegalArgumentException.class, () -> Settings.of("--only", "("));
    assertThrows(IllegalArgumentException.class, () -> Settings.of("--out"));
    assertThrows(IllegalArgumentException.class, () -> Settings.of("--speed", "1"));
  }
}

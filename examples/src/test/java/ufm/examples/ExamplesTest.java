package ufm.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import ufm.solve.Solution;
import ufm.theory.Predictions;

/** Every lesson says what it promises. */
class ExamplesTest {

  private static String printed(Runnable program) {
    PrintStream before = System.out;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try {
      program.run();
    } finally {
      System.setOut(before);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void e01TheCertificateClosesAndTheoryIsMet() {
    Solution s = E01SolveAndCertify.solve();
    assertTrue(s.certificate().globallyOptimal(), s.certificate().verdict());
    assertTrue(s.certificate().relativeGap() < 1e-10, "relative gap " + s.certificate().relativeGap());
    // Sheet A2, A3: margin log(1/(lambda_Z sqrt n) - (K-1)), value psi(t) + lambda_Z (K-1) sqrt(n) t.
    double lambda = 5e-3 * Math.sqrt(10);
    double t = Math.log(1 / lambda - 3);
    assertEquals(Math.log1p(3 * Math.exp(-t)) + 3 * lambda * t, s.value(), 1e-13);
    assertEquals(t, s.metrics().margin(), 1e-7);
    assertTrue(s.metrics().nc2W() < 1e-7, "NC2 " + s.metrics().nc2W());
    assertTrue(printed(() -> E01SolveAndCertify.main(new String[0])).contains("f - f* <="));
  }

  @Test
  void e02TheRowEndsWhereTheorySaysAndLanesDoNotMatter() {
    List<Solution> row = E02RowOfAPhaseDiagram.row();
    for (Solution s : row) {
      boolean collapsed = s.problem().lambdaZ() >= E02RowOfAPhaseDiagram.threshold(s.problem());
      assertEquals(collapsed, s.metrics().margin() == 0, "lambda_W = " + s.problem().lambdaW() + ", margin " + s.metrics().margin());
      assertTrue(s.certificate().relativeGap() <= 1e-8);
      assertEquals(Predictions.of(s.problem()).value().orElseThrow(), s.value(), 1e-12);
    }
    assertTrue(row.getFirst().metrics().margin() > 0);
    assertEquals(0.0, row.getLast().metrics().margin());
    // 1/(K sqrt n) of sheet A5.
    assertEquals(1 / (4 * Math.sqrt(10)), E02RowOfAPhaseDiagram.threshold(row.getFirst().problem()), 1e-15);
    assertEquals(13, printed(() -> E02RowOfAPhaseDiagram.main(new String[0])).lines().count());
  }

  @Test
  void e03CollapseIsSeenToHappen() {
    List<E03WatchCollapse.Observation> seen = E03WatchCollapse.simulate(400);
    assertEquals(0, seen.getFirst().iteration());
    assertEquals(400, seen.getLast().iteration());
    assertEquals(11, seen.size());
    assertTrue(seen.getLast().value() < seen.getFirst().value());
    assertTrue(seen.getLast().nc1() < 1e-3 * seen.getFirst().nc1(), seen.toString());
    assertEquals(12, printed(() -> E03WatchCollapse.main(new String[0])).lines().count());
  }
}

package ufm.lab.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ufm.lab.Backends;
import ufm.lab.db.CellRow;
import ufm.lab.db.Results;
import ufm.lab.plot.Curve;
import ufm.lab.spec.Experiment;

class BoundarySearchTest {
  @TempDir Path dir;

  private List<CellRow> swept(Experiment e) {
    Path file = dir.resolve("a.duckdb");
    SweepFixture.run(e, file, 2, () -> new CertifiedCells(Backends.open("cpu", 1), e.sweep().theory()));
    try (Results results = Results.open(file)) {
      return results.cells(e.sweep().axes());
    }
  }

  @Test
  void theEndOfThePhaseIsFoundToTheToleranceInEveryRow() {
    // lambda.H = 2e-3 leaves the whole row below the threshold lambda_W lambda_H = 1/160; the others cross it.
    Experiment e = SweepFixture.collapse(4, 1);
    BoundarySearch.Report report =
        new BoundarySearch(e, "margin", 1e-6, 1e-7).run(swept(e), 2, () -> new CertifiedCells(Backends.open("cpu", 1), null));
    assertEquals(List.of(List.of(2e-3)), report.without());
    assertEquals(3, report.crossings().size());
    for (BoundarySearch.Crossing c : report.crossings()) {
      double lambdaH = (Double) c.rest().getFirst();
      double exact = 1 / (160 * lambdaH);
      assertEquals(exact, c.theory(), 1e-13 * exact);
      assertTrue(c.relativeWidth() <= 1e-7, "width " + c.relativeWidth());
      // At margin 1e-6 lambda_Z is below the threshold by the factor 4/(3 + e^{1e-6}), lambda_W by its square: 5e-7.
      double atLevel = exact * Math.pow(4 / (3 + Math.exp(1e-6)), 2);
      assertEquals(atLevel, c.measured(), 2e-7 * exact, "row " + lambdaH);
      assertTrue(c.gap() >= 0 && c.gap() < 1e-12, "gap " + c.gap());
      assertTrue(Math.abs(c.relativeDifference()) < 1e-6, "difference " + c.relativeDifference());
    }
  }

  @Test
  void wholeNumberAxesEndBetweenNeighbours() {
    // Zero is optimal once N = 4 n reaches 1/(4 lambda_W lambda_H) = 250/4, that is from n = 16 on.
    Experiment e = Experiment.parse(
        "schema: ufm/1\nname: n\nclasses: 4\nlambda: {W: 6.4e-2, H: 6.25e-2}\nsweep: {axes: [{field: samples-per-class, values: [1, 60]}], starts: 1,"
            + " quantity: margin, theory: zero-collapse}\n", "test", List.of());
    BoundarySearch.Report report =
        new BoundarySearch(e, "margin", 1e-6, 1e-7).run(swept(e), 1, () -> new CertifiedCells(Backends.open("cpu", 1), null));
    assertEquals(1, report.crossings().size());
    assertEquals(15, report.crossings().getFirst().low());
    assertEquals(16, report.crossings().getFirst().high());
  }

  @Test
  void theBoundaryOfTheoryIsOneLineWhereTheProductIsConstant() {
    List<Curve> curves = new Frontier(SweepFixture.collapse(7, 1), "zero-collapse").curves();
    assertEquals(1, curves.size());
    Curve c = curves.getFirst();
    assertTrue(c.x().length > 30);
    for (int i = 0; i < c.x().length; i++) {
      assertEquals(1.0 / 160, c.x()[i] * c.y()[i], 1e-12);
    }
    assertTrue(new Frontier(SweepFixture.collapse(7, 1), "no-such-threshold").curves().isEmpty());
  }

  @Test
  void aClosedLevelSetIsOneClosedLine() {
    double[] nodes = java.util.stream.IntStream.rangeClosed(-20, 20).mapToDouble(i -> i / 10.0).toArray();
    double[][] f = new double[nodes.length][nodes.length];
    for (int i = 0; i < nodes.length; i++) {
      for (int j = 0; j < nodes.length; j++) {
        f[i][j] = nodes[i] * nodes[i] + nodes[j] * nodes[j] - 1.5 * 1.5;
      }
    }
    List<Curve> lines = new Contour(nodes, nodes, false, false, f).lines();
    assertEquals(1, lines.size());
    Curve c = lines.getFirst();
    int last = c.x().length - 1;
    assertEquals(c.x()[0], c.x()[last]);
    assertEquals(c.y()[0], c.y()[last]);
    for (int i = 0; i <= last; i++) {
      assertEquals(1.5, Math.hypot(c.x()[i], c.y()[i]), 0.01);
    }
  }
}

package ufm.benchmarks.scale;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ufm.benchmarks.Shape;

/** The programs that measure growth run at small sizes, and their arithmetic is right. */
class ScaleTest {

  @Test
  void slopeOfAPower() {
    assertEquals(1.5, Slope.of(new double[] {1, 4, 16, 64}, new double[] {2, 16, 128, 1024}), 1e-12);
  }

  @Test
  void sizesDoubleUntilTheBounds() {
    List<Sweep> sweeps = Sweep.all(1e6, 1e9);
    assertEquals(List.of("K", "d", "n", "lanes"), sweeps.stream().map(Sweep::name).toList());
    for (Sweep s : sweeps) {
      for (Sweep.Point p : s.points()) {
        assertTrue(p.shape().flops() * p.lanes() <= 1e6 && p.bytes() <= 1e9);
      }
    }
    // 6 K d N = 60 * 128 K^2 <= 1e6 holds for K up to 11: 4 and 8.
    assertEquals(List.of(4L, 8L), sweeps.getFirst().points().stream().map(Sweep.Point::at).toList());
  }

  @Test
  void writesTableAndPlots(@TempDir Path folder) throws IOException {
    // Bounds that leave four sizes of K and eight numbers of lanes, and a single size of d and of n, which is no curve.
    Scale.run(folder, 1, 1.3e7, 1e9, 0.001);
    List<String> lines = Files.readAllLines(folder.resolve("scale.csv"));
    assertEquals(1 + 4 + 8, lines.size());
    assertTrue(lines.get(1).startsWith("K,4,128,10,1,1.2288e+05,"), lines.get(1));
    assertTrue(lines.get(12).startsWith("lanes,10,16,10,128,1.2288e+07,"), lines.get(12));
    assertTrue(Double.parseDouble(lines.getLast().split(",")[7]) > 0);
    for (String plot : List.of("scale-gradient.svg", "scale-step.svg")) {
      String svg = Files.readString(folder.resolve(plot));
      assertTrue(svg.contains("rgb(0,114,178)") && svg.contains("rgb(213,94,0)"), "two curves in their colours");
    }
  }

  @Test
  void memoryCases() {
    Shape shape = new Shape(5, 4, 3);
    MemoryCase.Result gradient = MemoryCase.run("gradient", shape, 3, 1);
    assertEquals(Math.log(5), gradient.value(), 0.1, "at a small point the loss is near log K");
    assertTrue(gradient.seconds() > 0);
    assertTrue(MemoryCase.run("lbfgs", shape, 12, 1).value() < gradient.value(), "L-BFGS goes down");
    assertTrue(PeakMemory.bytes() == -1 || PeakMemory.bytes() > 10_000_000);
  }
}

package ufm.objective;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.Layout;
import ufm.backend.cpu.CpuBackend;
import ufm.problem.Bias;
import ufm.problem.Point;
import ufm.problem.ReferenceCases;
import ufm.problem.UfmProblem;

class UfmObjectiveTest {

  @TestFactory
  Stream<DynamicTest> valueAndGradientVectors() {
    return ReferenceCases.cases("value_grad").stream().map(c -> DynamicTest.dynamicTest(c.get("id").asText(), () -> check(c)));
  }

  private static void check(JsonNode c) {
    UfmProblem p = ReferenceCases.problem(c);
    try (CpuBackend backend = CpuBackend.create();
        UfmObjective objective = UfmObjective.full(backend, List.of(p));
        LaneBuffer x = backend.allocate(1, objective.layout().size());
        LaneBuffer g = backend.allocate(1, objective.layout().size())) {
      objective.write(x, 0, ReferenceCases.point(c));
      Lanes lanes = Lanes.all(1);
      double[] f = new double[1];
      double[] scale = new double[1];
      objective.valueGradient(lanes, x, f, g);
      objective.gradientScale(lanes, x, g, scale);
      JsonNode e = c.get("expected");
      double[][] terms = new double[4][1];
      objective.terms(lanes, x, terms);
      assertEquals(e.get("f").asDouble(), f[0], 1e-12 * Math.abs(f[0]), "f");
      assertEquals(f[0], terms[0][0] + terms[1][0] + terms[2][0] + terms[3][0], 1e-14 * Math.abs(f[0]), "sum of the terms");
      double[] only = new double[1];
      objective.value(lanes, x, only);
      assertEquals(f[0], only[0], "value alone has the bits of value with gradient");
      double error = 0;
      for (Layout.Block block : objective.layout().blocks()) {
        double[] ours = new double[(int) block.size()];
        backend.read(g, 0, block.offset(), ours, 0, ours.length);
        JsonNode expected = e.get("g" + block.name());
        double[] theirs = block.name().equals("b") ? ReferenceCases.vector(expected)
            : Point.columnMajor(ReferenceCases.matrix(expected), block.rows(), block.cols());
        for (int i = 0; i < ours.length; i++) {
          error += (ours[i] - theirs[i]) * (ours[i] - theirs[i]);
        }
      }
      assertTrue(Math.sqrt(error) <= 1e-12 * scale[0], "gradient off by " + Math.sqrt(error) + " at scale " + scale[0]);
    }
  }

  @Test
  void lanesOfOneBatchMustShareTheirShape() {
    try (CpuBackend backend = CpuBackend.create()) {
      UfmProblem a = UfmProblem.builder(3, 4).build();
      UfmProblem b = UfmProblem.builder(3, 5).build();
      assertThrows(IllegalArgumentException.class, () -> UfmObjective.full(backend, List.of(a, b)));
      UfmProblem c = UfmProblem.builder(3, 4).counts(2, 1, 1).build();
      assertThrows(IllegalArgumentException.class, () -> UfmObjective.full(backend, List.of(a, c)));
      UfmObjective.reduced(backend, List.of(a, c)).close();
    }
  }

  @Test
  void aPointThatDoesNotFitIsRefused() {
    try (CpuBackend backend = CpuBackend.create();
        UfmObjective objective = UfmObjective.full(backend, List.of(UfmProblem.builder(3, 4).samplesPerClass(2).build()));
        LaneBuffer x = backend.allocate(1, objective.layout().size())) {
      Point wrong = new Point(3, 4, 5, new double[12], new double[20], null);
      assertThrows(IllegalArgumentException.class, () -> objective.write(x, 0, wrong));
    }
  }

  /**
   * With gain 4 the point (W, H, b) has the logits of (2 W, 2 H, b); with a quarter of the penalties there the objectives agree, and the gradient
   * by W and H is twice the one there. Factors are powers of two, so nothing is rounded differently.
   */
  @Test
  void aGainOfFourIsTwiceTheVariables() {
    UfmProblem p = UfmProblem.builder(3, 5).counts(4, 2, 3).lambdaW(0.01).lambdaH(0.002).bias(new Bias.Ridge(0.1)).build();
    UfmProblem quarter = p.toBuilder().lambdaW(0.01 / 4).lambdaH(0.002 / 4).build();
    Lanes all = Lanes.all(1);
    for (boolean reduced : new boolean[] {false, true}) {
      try (CpuBackend backend = CpuBackend.create();
          UfmObjective gained = UfmObjective.withGain(backend, List.of(p), reduced, new double[] {4});
          UfmObjective plain = reduced ? UfmObjective.reduced(backend, List.of(quarter)) : UfmObjective.full(backend, List.of(quarter));
          LaneBuffer x = backend.allocate(1, plain.layout().size());
          LaneBuffer y = backend.allocate(1, plain.layout().size());
          LaneBuffer gx = backend.allocate(1, plain.layout().size());
          LaneBuffer gy = backend.allocate(1, plain.layout().size())) {
        int n = (int) plain.layout().size();
        int biases = (int) plain.layout().block("b").offset();
        double[] point = new java.util.SplittableRandom(3).doubles(n, -1, 1).toArray();
        backend.write(x, 0, 0, point, 0, n);
        for (int i = 0; i < biases; i++) {
          point[i] *= 2;
        }
        backend.write(y, 0, 0, point, 0, n);
        double[] fx = new double[1];
        double[] fy = new double[1];
        gained.valueGradient(all, x, fx, gx);
        plain.valueGradient(all, y, fy, gy);
        assertEquals(fy[0], fx[0]);
        double[] found = new double[n];
        double[] expected = new double[n];
        backend.read(gx, 0, 0, found, 0, n);
        backend.read(gy, 0, 0, expected, 0, n);
        for (int i = 0; i < biases; i++) {
          expected[i] *= 2;
        }
        assertArrayEquals(expected, found);
        gained.value(all, x, fx);
        assertEquals(fy[0], fx[0]);
        assertEquals(4, gained.gain(0));
      }
    }
  }
}

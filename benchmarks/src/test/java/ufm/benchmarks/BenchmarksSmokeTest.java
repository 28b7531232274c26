package ufm.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Runs every benchmark method once on a tiny batch and looks at what it computed. */
class BenchmarksSmokeTest {

  private static OneLayer tiny() {
    OneLayer model = new OneLayer();
    model.shape = "3x4x2";
    model.lanes = 2;
    model.open();
    return model;
  }

  @Test
  void valueGradient() {
    OneLayer model = tiny();
    ValueGradientBenchmark b = new ValueGradientBenchmark();
    b.open(model);
    double[] value = b.valueGradient(model).clone();
    // At a small start the loss is near log K, and the penalties are below 1e-3.
    assertEquals(Math.log(3), value[0], 0.1);
    assertTrue(value[1] != value[0]);
    double[] squared = new double[2];
    model.backend().dot(model.all(), b.hessianProduct(model), b.hessianProduct(model), squared);
    assertTrue(squared[0] > 0 && squared[1] > 0);
    b.close();
    model.close();
  }

  @Test
  void momentumStep() {
    OneLayer model = tiny();
    MomentumStepBenchmark b = new MomentumStepBenchmark();
    MomentumStepBenchmark.Made made = new MomentumStepBenchmark.Made();
    b.open(model);
    assertEquals(10_000, b.steps(made).iterations(0));
    assertEquals(20_000, b.steps(made).iterations(1), "the run goes on");
    assertEquals(20_000, made.steps);
    b.close();
    model.close();
  }

  @Test
  void lbfgsStep() {
    OneLayer model = tiny();
    LbfgsStepBenchmark b = new LbfgsStepBenchmark();
    b.open(model);
    b.rewind();
    double once = b.step().value(1);
    assertEquals(2, b.step().active().count(), "no lane is done");
    b.rewind();
    assertEquals(once, b.step().value(1), 0.0, "the same steps again, bit for bit");
    b.close();
    model.close();
  }

  @Test
  void certifiedSolve() {
    CertifiedSolveBenchmark b = new CertifiedSolveBenchmark();
    b.shape = "3x4x2";
    b.starts = 2;
    b.open();
    assertTrue(b.solve().certificate().relativeGap() < 1e-8);
    b.close();
  }

  @Test
  void sweepRow() {
    SweepRowBenchmark b = new SweepRowBenchmark();
    b.cells = 5;
    b.starts = 2;
    b.open();
    assertEquals(5, b.row().stream().filter(s -> s.certificate().relativeGap() <= 1e-8).count());
    b.close();
  }

  @Test
  void simulateRecording() {
    SimulateRecordingBenchmark b = new SimulateRecordingBenchmark();
    b.shape = "3x4x2";
    b.steps = 40;
    b.records = 10;
    b.open();
    assertEquals(11, b.simulate().trajectory().size(), "the start and every fourth step");
    b.close();
  }

  @Test
  void roofline() {
    for (String what : new String[] {"product-16x16x16", "exponentials", "triad-64", "update-64"}) {
      RooflineBenchmark b = new RooflineBenchmark();
      RooflineBenchmark.Amount amount = new RooflineBenchmark.Amount();
      b.what = what;
      b.threads = 2;
      b.open();
      b.rate(amount);
      assertTrue(amount.billions > 0.01, what);
      b.close();
    }
  }

  @Test
  void shape() {
    Shape s = Shape.of("10x64x100");
    assertEquals(1000, s.samples());
    assertEquals(640 + 64_000 + 10, s.variables());
    assertEquals(6.0 * 10 * 64 * 1000, s.flops());
    assertThrows(IllegalArgumentException.class, () -> Shape.of("10x64"));
  }
}

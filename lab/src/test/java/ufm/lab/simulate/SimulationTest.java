package ufm.lab.simulate;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import ufm.backend.Backend;
import ufm.backend.cpu.CpuBackend;
import ufm.backend.cpu.CpuOptions;
import ufm.certify.Certificate;
import ufm.certify.DualityGap;
import ufm.lab.spec.OptimizerPlan;
import ufm.lab.spec.SchedulePlan;
import ufm.lab.spec.SimulatePlan;
import ufm.metric.CollapseMetrics;
import ufm.problem.Bias;
import ufm.problem.Point;
import ufm.problem.UfmProblem;
import ufm.random.StartKind;
import ufm.solver.LoopControl;

/** What is recorded, where a problem is large enough for the metrics to be computed on a thread of their own. */
class SimulationTest {
  private static final UfmProblem MODEL =
      UfmProblem.builder(5, 16).samplesPerClass(300).lambdaW(5e-3).lambdaH(5e-5).bias(new Bias.Ridge(0.01)).build();

  private static Simulation.Result run(int threads) {
    SimulatePlan plan =
        new SimulatePlan(new OptimizerPlan.GradientDescent(0.5, 0.9, false, 0, new SchedulePlan.Constant()), 60, 0,
            new SimulatePlan.Record(7, 0), StartKind.GAUSSIAN, null, 1, 0.3);
    try (Backend backend = CpuBackend.create(CpuOptions.defaults().withThreads(threads))) {
      return new Simulation(MODEL, plan).run(backend, Simulation.Files.none(), LoopControl.always());
    }
  }

  @Test
  void theSameRowsForOneThreadAndTwo() {
    double[][] one = run(1).trajectory().rows();
    double[][] two = run(2).trajectory().rows();
    assertEquals(10, one.length);
    assertEquals(one.length, two.length);
    for (int i = 0; i < one.length; i++) {
      assertArrayEquals(one[i], two[i]);
    }
  }

  @Test
  void theLastRowIsOfTheLastIterate() {
    Simulation.Result result = run(2);
    Certificate certificate = DualityGap.certify(MODEL, result.point());
    assertEquals(certificate.lower(), result.trajectory().last("lower"));
    assertEquals(certificate.gap(), result.trajectory().last("gap"));
    assertEquals(certificate.value(), result.trajectory().last("value"), 1e-13 * certificate.value());
    for (Map.Entry<String, Double> metric : CollapseMetrics.of(MODEL, result.point()).asMap().entrySet()) {
      assertEquals(metric.getValue(), result.trajectory().last(metric.getKey()), metric.getKey());
    }
  }

  @Test
  void hugeProblemsAreRecordedWithoutABoundAndSaySo() {
    UfmProblem huge = UfmProblem.builder(50, 2).samplesPerClass(1700).build();
    SimulatePlan plan =
        new SimulatePlan(new OptimizerPlan.GradientDescent(0.1, 0, false, 0, new SchedulePlan.Constant()), 1, 0,
            new SimulatePlan.Record(1, 0), StartKind.GAUSSIAN, null, 1, 0.1);
    try (Backend backend = CpuBackend.create()) {
      Simulation.Result result = new Simulation(huge, plan).run(backend, Simulation.Files.none(), LoopControl.always());
      assertTrue(Double.isNaN(result.trajectory().last("lower")) && Double.isNaN(result.trajectory().last("gap")));
      assertTrue(result.trajectory().last("nc1") > 0 && result.trajectory().last("direction_change") > 0);
      assertTrue(result.uncertified().contains("50 x 85000"), result.uncertified());
    }
    Point zero = new Point(50, 2, 85_000, new double[100], new double[170_000], null);
    assertNull(MetricsRecorder.uncertified(huge, zero), "fifty distinct columns");
    assertNull(run(2).uncertified());
  }
}

package ufm.lab.spec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import ufm.problem.Bias;
import ufm.problem.Classifier;
import ufm.problem.Loss;
import ufm.problem.UfmProblem;
import ufm.random.StartKind;

class ExperimentTest {
  private static final Path FILES = Path.of("src/test/resources/experiments");

  private static Experiment parse(String yaml, String... sets) {
    return Experiment.parse(yaml, "test.yaml", List.of(sets));
  }

  @Test
  void readsEveryField() {
    Experiment e = Experiment.read(FILES.resolve("everything.yaml"), List.of());
    assertEquals("everything", e.name());
    UfmProblem p = e.problem();
    assertEquals(4, p.classes());
    assertArrayEquals(new int[] {50, 50, 5, 5}, p.counts());
    assertEquals(new Loss.Focal(2), p.loss());
    assertEquals(5e-3, p.lambdaW());
    assertEquals(5e-3, p.lambdaH());
    assertEquals(new Bias.Ridge(0.01), p.bias());
    assertEquals(new Classifier.FixedEtf(1.5), p.classifier());
    assertTrue(p.nonNegativeFeatures());
    assertEquals(8, e.solve().starts());
    assertEquals(1e-12, e.solve().tolerance());
    SimulatePlan s = e.simulate();
    assertEquals(new OptimizerPlan.GradientDescent(0.1, 0.9, true, 0, new SchedulePlan.Step(1000, 0.5)), s.optimizer());
    assertEquals(new SimulatePlan.Record(100, 0), s.record());
    assertEquals(StartKind.UNIFORM, s.start());
    assertEquals(0.1, s.scale());
    SweepPlan sweep = e.sweep();
    assertEquals(160, sweep.cells());
    assertEquals(4, sweep.starts());
    assertEquals("zero-collapse", sweep.theory());
    assertEquals(List.of(0.0, 0.5, 1.0, 2.0), sweep.axes().get(1).values());
  }

  @Test
  void shortFormsAndDefaults() {
    Experiment e = Experiment.read(FILES.resolve("short.yaml"), List.of());
    UfmProblem p = e.problem();
    assertArrayEquals(new int[] {0, 1, 2, 2, 1}, p.labels());
    assertEquals(new Loss.LabelSmoothing(0.1, Loss.Smoothing.PYTORCH), p.loss());
    assertArrayEquals(new double[] {-0.5, 0.8}, ((Classifier.Fixed) p.classifier()).w()[1]);
    assertEquals(new OptimizerPlan.Flow(1e-8, 1e-10, Double.POSITIVE_INFINITY), e.simulate().optimizer());
    assertEquals(10, e.simulate().record().every());

    UfmProblem least = parse("classes: 3").problem();
    assertEquals(3, least.dimension());
    assertEquals(3, least.samples());
    assertEquals(new Loss.CrossEntropy(), least.loss());
    assertEquals(5e-4, least.lambdaW());
    assertEquals(new Bias.None(), least.bias());
  }

  @Test
  void withoutAFileTheOverridesSayAll() {
    UfmProblem p = Experiment.read(null, List.of("classes=4", "samples-per-class=10", "loss={name: focal, gamma: 1}", "lambda.W=1e-3")).problem();
    assertEquals(40, p.samples());
    assertEquals(new Loss.Focal(1), p.loss());
    assertEquals(1e-3, p.lambdaW());
  }

  @Test
  void anOverrideTakesAlongWhatNoLongerFits() {
    String yaml = "classes: 2\nsamples-per-class: 3\nloss: {name: focal, gamma: 3}\nbias: ridge\nlambda: {b: 0.1}\n";
    assertEquals(new Loss.MeanSquaredError(), parse(yaml, "loss=mse").problem().loss());
    assertEquals(new Loss.MeanSquaredError(), parse(yaml, "loss.name=mse").problem().loss());
    assertEquals(new Loss.Focal(1), parse(yaml, "loss.gamma=1").problem().loss());
    assertEquals(new Bias.Free(), parse(yaml, "bias=free").problem().bias());
    assertArrayEquals(new int[] {4, 5}, parse(yaml, "counts=[4, 5]").problem().counts());
    assertEquals(new Classifier.Learned(), parse("classes: 2\nclassifier: {etf: 2}", "classifier=learned").problem().classifier());
    SimulatePlan plan =
        parse("classes: 2\nsimulate: {optimizer: {name: gd, momentum: 0.5, schedule: {name: step, every: 5}}}", "simulate.optimizer.name=lbfgs")
            .simulate();
    assertEquals(new OptimizerPlan.Lbfgs(10), plan.optimizer());
  }

  @Test
  void laterOverridesWin() {
    assertEquals(2e-3, parse("classes: 2", "lambda.W=1e-3", "lambda.W=2e-3").problem().lambdaW());
  }

  @Test
  void aCellOfASweepReplacesFields() {
    Experiment e = parse("classes: 4\nsamples-per-class: 2\nbias: ridge\nlambda: {b: 0.1}", "loss={name: focal, gamma: 2}");
    assertEquals(7e-3, e.with("lambda.W", 7e-3).problem().lambdaW());
    UfmProblem wider = e.with("classes", 6).problem();
    assertEquals(6, wider.dimension());
    assertEquals(12, wider.samples());
    assertEquals(new Bias.None(), e.with("bias", "none").problem().bias());
    assertEquals(new Loss.CrossEntropy(), e.with("loss", "ce").problem().loss());
    assertEquals(3, e.with(List.of("classes", "counts"), List.of(2, List.of(1, 2))).problem().samples());
    assertEquals(4, e.problem().classes());
  }

  @ParameterizedTest
  @CsvSource({"1e-3", "0.001", ".001", "1.0e-3", "+1E-3"})
  void numbersAreThoseOfYaml12(String text) {
    assertEquals(1e-3, parse("classes: 2\nlambda: {W: " + text + "}").problem().lambdaW());
  }

  @Test
  void theCanonicalFormDependsOnMeaningAlone() throws Exception {
    Experiment a = parse("classes: 4\nloss: focal\nlambda:\n  W: 0.001\n");
    Experiment b = parse("# other order\nlambda: {W: 1e-3, H: 0.0005}\nloss: {gamma: 2, name: focal}\ndimension: 4\nclasses: 4\nsamples-per-class: 1");
    assertEquals(a.canonicalJson(), b.canonicalJson());
    assertEquals(a.hash(), b.hash());
    assertEquals(a, b);
    assertNotEquals(a.hash(), a.with("lambda.W", 2e-3).hash());
    JsonNode tree = new ObjectMapper().readTree(a.canonicalJson());
    assertEquals(4, tree.get("dimension").asInt());
    assertEquals(2.0, tree.get("loss").get("gamma").asDouble());
    assertTrue(tree.get("loss").path("alpha").isMissingNode());
    assertEquals("ufm/1", tree.get("schema").asText());
  }

  @Test
  void whatIsSha256() {
    assertEquals("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Canonical.sha256("abc"));
  }

  @Test
  void aRefinedGridLeavesTheCellsAsTheyAre() {
    String sweep = "classes: 4\nsweep: {axes: [{field: lambda.W, from: 1e-3, to: 1, points: %d, scale: log}], starts: %d}\n";
    Experiment coarse = parse(String.format(sweep, 11, 2));
    Experiment fine = parse(String.format(sweep, 21, 5) + "name: other\nlambda: {W: 3}");
    assertEquals(coarse.cellJson(), fine.cellJson());
    assertNotEquals(coarse.cellJson(), parse(String.format(sweep, 11, 2) + "lambda: {H: 3}").cellJson());
    List<Object> fineValues = fine.sweep().axes().getFirst().values();
    List<Object> coarseValues = coarse.sweep().axes().getFirst().values();
    for (int i = 0; i < coarseValues.size(); i++) {
      assertEquals(coarseValues.get(i), fineValues.get(2 * i));
    }
  }

  @Test
  void anAxisOverClassesDoesNotDependOnTheClassesGiven() {
    String sweep = "\nsweep: {axes: [{field: classes, from: 2, to: 5, points: 4}]}";
    assertEquals(parse("classes: 3" + sweep).cellJson(), parse("classes: 4" + sweep).cellJson());
    assertNotEquals(parse("classes: 3\ndimension: 3" + sweep).cellJson(), parse("classes: 4" + sweep).cellJson());
    assertEquals(List.of(2L, 3L, 4L, 5L), parse("classes: 3" + sweep).sweep().axes().getFirst().values());
  }

  @Test
  void axisValuesAreTheNumbersAPersonWouldWrite() {
    Axis axis = parse("classes: 2\nsweep: {axes: [{field: lambda.H, from: 1e-4, to: 1e-1, points: 4, scale: log}]}").sweep().axes().getFirst();
    assertEquals(List.of(1e-4, 1e-3, 1e-2, 1e-1), axis.values());
    assertEquals(Axis.Scale.LOG, axis.scale());
    assertNull(parse("classes: 2\nsweep: {axes: [{field: loss, values: [ce, mse]}]}").sweep().theory());
    assertEquals(
        List.of("ce", "mse"), parse("classes: 2\nsweep: {axes: [{field: loss, values: [ce, mse]}]}").sweep().axes().getFirst().values());
  }

  @Test
  void anOverrideReachesIntoAList() {
    Experiment e =
        parse("classes: 2\nsweep: {axes: [{field: lambda.H, from: 1, to: 2, points: 4}]}", "sweep.axes[0].points=3", "sweep.starts=2");
    assertEquals(List.of(1.0, 1.5, 2.0), e.sweep().axes().getFirst().values());
    assertEquals(2, e.sweep().starts());
  }
}

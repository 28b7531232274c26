package ufm.lab.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One case for each rule: the whole sentence, with the line. */
class SpecErrorTest {

  private static String message(String yaml, String... sets) {
    String text = yaml.replace("\\n", "\n");
    return assertThrows(
            SpecError.class,
            () -> {
              Experiment e = Experiment.parse(text, "f.yaml", List.of(sets));
              if (e.hasSweep()) {
                e.sweep();
              }
            })
        .getMessage();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      textBlock =
          """
          '' # f.yaml: classes is missing, but must be a whole number of at least 2 and at most 1000000 (in the file, or as --set classes=4).
          'classes: 0' # f.yaml:1: classes is 0, but must be a whole number of at least 2 and at most 1000000.
          'classes: two' # f.yaml:1: classes is two, but must be a whole number of at least 2 and at most 1000000.
          'classes: 2.5' # f.yaml:1: classes is 2.5, but must be a whole number of at least 2 and at most 1000000.
          'classes: "3"' # f.yaml:1: classes is 3, but must be a whole number of at least 2 and at most 1000000.
          'classes: [3]' # f.yaml:1: classes is a list of 1 item, but must be a whole number of at least 2 and at most 1000000.
          'classes:' # f.yaml:1: classes is empty, but must be a whole number of at least 2 and at most 1000000.
          'classes: 3\\nlambda:\\n  W: -1e-3' # f.yaml:3: lambda.W is -1e-3, but must be 0 or a number of at least 1e-30 and at most 1e30.
          'classes: 3\\nlambda: {H: .nan}' # f.yaml:2: lambda.H is .nan, but must be 0 or a number of at least 1e-30 and at most 1e30.
          'classes: 3\\nlambda: {H: .inf}' # f.yaml:2: lambda.H is .inf, but must be 0 or a number of at least 1e-30 and at most 1e30.
          'classes: 3\\nlambda: {H: 1e999}' # f.yaml:2: lambda.H is 1e999, but must be 0 or a number of at least 1e-30 and at most 1e30.
          'classes: 3\\nlambda: 4' # f.yaml:2: lambda is 4, but must be a mapping with W, H, b.
          'classes: 3\\nname: ../../esc' # f.yaml:2: name is ../../esc, but must be a text of at most 100 letters a-z or A-Z, digits, spaces, '.', '_' and '-', not beginning with a dot or a space.
          'classes: 3\\nname: .hidden' # f.yaml:2: name is .hidden, but must be a text of at most 100 letters a-z or A-Z, digits, spaces, '.', '_' and '-', not beginning with a dot or a space.
          'classes: 3\\nname: [1]' # f.yaml:2: name is a list of 1 item, but must be a text of at most 100 letters a-z or A-Z, digits, spaces, '.', '_' and '-', not beginning with a dot or a space.
          'classes: 3\\nsimulate: {point: [1]}' # f.yaml:2: simulate.point is a list of 1 item, but must be a text.
          'classes: 3\\nlamda: {W: 1}' # f.yaml:2: unknown field lamda; did you mean lambda?
          'classes: 3\\n\\nlambda: {w: 1}' # f.yaml:3: unknown field lambda.w; did you mean lambda.W?
          'classes: 3\\nsamples_per_class: 3' # f.yaml:2: unknown field samples_per_class; did you mean samples-per-class?
          'classes: 3\\ngamma: 3' # f.yaml:2: unknown field gamma; did you mean loss.gamma?
          'classes: 3\\nloss: {zzzzzz: 3}' # f.yaml:2: unknown field loss.zzzzzz; allowed are name, gamma, alpha.
          'classes: 3\\nloss.gamma: 3' # f.yaml:2: the key loss.gamma is a path as in --set, but must be written as nested mappings.
          'classes: 3\\nclasses: 4' # f.yaml:2: the key classes is given twice, first in line 1, but must be given once.
          'classes: 3\\nlambda:\\n  W: 1\\n  H: 2\\n  W: 3' # f.yaml:5: the key W is given twice, first in line 3, but must be given once.
          'classes: 3\\nclassifier: {etf: 1, row-norm: 2}' # f.yaml:2: classifier.row-norm is given twice, under two names, but must be given once.
          'classes: 3\\nloss: hinge' # f.yaml:2: loss is hinge, but must be ce, mse, focal, ls or ls_torch, or a mapping with name, gamma, alpha.
          'classes: 3\\nloss: {name: hinge}' # f.yaml:2: loss.name is hinge, but must be ce, mse, focal, ls or ls_torch.
          'classes: 3\\nloss: {gamma: 1}' # f.yaml:2: loss.gamma is given although loss.name is ce, but it belongs to loss.name: focal.
          'classes: 3\\nloss: {name: ls, alpha: 1}' # f.yaml:2: loss.alpha is 1, but must be a number of at least 0 and less than 1.
          'classes: 3\\ncounts: [1, 2]' # f.yaml:2: counts is [1, 2], but must be a list of 3 whole numbers, one for each class.
          'classes: 3\\ncounts:\\n- 1\\n- 0\\n- 3' # f.yaml:4: counts[1] is 0, but must be a whole number of at least 1.
          'classes: 3\\ncounts: [1, 2, 3]\\nsamples-per-class: 4' # f.yaml:3: samples-per-class and counts are both given, but only one of samples-per-class, counts, imbalance, labels is allowed.
          'classes: 3\\nlabels: [0, 1, 1]' # f.yaml:2: labels is a list without class 2, but must be a list in which every class occurs.
          'classes: 2\\nlabels: [0, 1, 2]' # f.yaml:2: labels is 2, but must be between 0 and 1.
          'classes: 2\\nsamples-per-class: 60000000' # f.yaml:2: samples-per-class is 60000000, but must be at most 50000000 for 2 classes.
          'classes: 100\\nsamples-per-class: 1000000\\ndimension: 1000' # f.yaml:3: dimension times samples is 100000000000, but must be at most 2000000000.
          'classes: 4\\nimbalance:\\n  majority: 50\\n  ratio: 7' # f.yaml:4: imbalance.ratio is 7.0, but must be a divisor of the majority count, 50.
          'classes: 4\\nimbalance:\\n  majority: 50' # f.yaml:3: imbalance.ratio is missing although imbalance is given, but must be a finite number of at least 1.
          'classes: 4\\nimbalance: {majority: 50, ratio: 5, minorities: 5}' # f.yaml:2: imbalance.minorities is 5, but must be a whole number between 0 and the number of classes, 4.
          'classes: 3\\nlambda: {b: 1}' # f.yaml:2: lambda.b is given although bias is none, but it belongs to bias: ridge.
          'classes: 3\\nbias: ridge' # f.yaml:2: lambda.b is missing although bias is ridge, but must be a number of at least 1e-30 and at most 1e30.
          'classes: 3\\nbias: ridge\\nlambda: {b: 0}' # f.yaml:3: lambda.b is 0, but must be a number of at least 1e-30 and at most 1e30.
          'classes: 4\\ndimension: 2\\nclassifier: {etf: 1}' # f.yaml:2: dimension is 2, but must be at least K-1 = 3 for a fixed simplex ETF classifier.
          'classes: 2\\nclassifier: {W: [[1, 2], [3]]}' # f.yaml:2: classifier.W is a list of 2 items, but must be a matrix as a list of rows of equal length, of numbers of size at most 1e30.
          'classes: 2\\nclassifier:\\n  W:\\n  - [1, 2]\\n  - [3, .nan]' # f.yaml:5: classifier.W[1][1] is .nan, but must be a number of at least -1e30 and at most 1e30.
          'classes: 3\\nclassifier: {W: [[1, 2, 3], [4, 5, 6]]}' # f.yaml:2: classifier.W is a matrix of 2 rows, but must be a matrix of K = 3 rows.
          'classes: 3\\nschema: ufm/2' # f.yaml:2: schema is ufm/2, but must be ufm/1.
          'classes: 3\\nsolve: {reduce: yes}' # f.yaml:2: solve.reduce is yes, but must be true or false.
          'classes: 3\\nsimulate: {optimizer: {name: adam, momentum: 0.9}}' # f.yaml:2: simulate.optimizer.momentum is given although simulate.optimizer.name is adam, but it belongs to simulate.optimizer.name: gd.
          'classes: 3\\nsimulate: {optimizer: {nesterov: true}}' # f.yaml:2: simulate.optimizer.nesterov is true, but needs simulate.optimizer.momentum above 0 and simulate.optimizer.dampening 0.
          'classes: 3\\nsweep: {}' # f.yaml:2: sweep is empty, but must be a mapping with axes, starts, quantity, theory.
          'classes: 3\\nsweep: {starts: 3}' # f.yaml:2: sweep.axes is missing, but must be a list of one or two axes, for example [{field: lambda.W, from: 1e-3, to: 1, points: 40, scale: log}].
          '- 3' # f.yaml:1: the experiment is a list of 1 item, but must be a mapping with schema, name, classes, dimension, samples-per-class, counts, imbalance, labels, loss, lambda, bias, classifier, features, solve, simulate, sweep.
          'classes: 3\\nname: [' # f.yaml:2: the text is no valid YAML: expected the node content, but found '<stream end>'.
          """)
  void everyRule(String yaml, String sentence) {
    assertEquals(sentence, message(yaml));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      textBlock =
          """
          '[{field: lambda.X, from: 1, to: 2, points: 3}]' # f.yaml:2: unknown field lambda.X; did you mean lambda.W?
          '[{field: name, values: [a, b]}]' # f.yaml:2: sweep.axes[0].field is name, but must be the name of a number or enumerated field of the problem or of solve, for example lambda.W.
          '[{from: 1, to: 2, points: 3}]' # f.yaml:2: sweep.axes[0].field is missing, but must be the name of a number or enumerated field, for example lambda.W.
          '[{field: lambda.W, from: 1, to: 2}]' # f.yaml:2: sweep.axes[0].points is missing, but must be a whole number of at least 2 and at most 100000 (or give a list of values).
          '[{field: lambda.W, from: 1, to: 2, points: 1}]' # f.yaml:2: sweep.axes[0].points is 1, but must be a whole number of at least 2 and at most 100000.
          '[{field: lambda.W, from: 0, to: 2, points: 3, scale: log}]' # f.yaml:2: sweep.axes[0].from is 0.0, but must be above 0 on a log axis.
          '[{field: lambda.W, from: -1, to: 2, points: 3}]' # f.yaml:2: sweep.axes[0].from is -1.0, but must be 0 or a number of at least 1e-30 and at most 1e30.
          '[{field: lambda.W, from: 2, to: 2, points: 3}]' # f.yaml:2: sweep.axes[0].to is 2.0, but must be different from sweep.axes[0].from.
          '[{field: lambda.W, values: [1, -1]}]' # f.yaml:2: sweep.axes[0].values is -1, but must be 0 or a number of at least 1e-30 and at most 1e30 as for lambda.W.
          '[{field: lambda.W, values: [1, 1]}]' # f.yaml:2: sweep.axes[0].values is 1 twice, but must be a list without repetitions.
          '[{field: lambda.W, values: [1]}]' # f.yaml:2: sweep.axes[0].values is a list of 1, but must be a list of at least 2 values.
          '[{field: lambda.W, values: [1, 2], points: 3}]' # f.yaml:2: sweep.axes[0].points and sweep.axes[0].values are both given, but only one of the two is allowed.
          '[{field: lambda.b, values: [1, 2]}]' # f.yaml:2: the axis over lambda.b is not possible: lambda.b is given although bias is none, but it belongs to bias: ridge.
          '[{field: lambda.W, values: [1, 2]}, {field: lambda.W, values: [1, 2]}]' # f.yaml:2: sweep.axes[1].field is lambda.W, but must be another field than that of the first axis.
          '[{field: lambda.W, values: [1, 2]}, {field: lambda.H, values: [1, 2]}, {field: classes, values: [2, 3]}]' # f.yaml:2: sweep.axes is a list of 3 axes, but must be a list of one or two axes.
          '7' # f.yaml:2: sweep.axes is 7, but must be a list of mappings with field, from, to, points, scale, values.
          """)
  void everyRuleOfAxes(String axes, String sentence) {
    assertEquals(sentence, message("classes: 3\nsweep: {axes: " + axes + "}"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '#',
      textBlock =
          """
          lambda.W=-1 # --set lambda.W=-1: lambda.W is -1, but must be 0 or a number of at least 1e-30 and at most 1e30.
          lamda.W=1 # --set lamda.W=1: unknown field lamda.W; did you mean lambda.W?
          lambda.W # --set lambda.W: an override must have the form field=value, for example --set lambda.W=1e-3.
          loss.gamma=1 # --set loss.gamma=1: loss.gamma is given although loss.name is ce, but it belongs to loss.name: focal.
          counts=[1 # --set counts=[1: the text is no valid YAML: expected ',' or ']', but got <stream end>.
          sweep.starts=0 # --set sweep.starts=0: sweep.starts is 0, but must be a whole number of at least 1 and at most 100000.
          """)
  void overridesNameThemselves(String set, String sentence) {
    assertEquals(sentence, message("classes: 3", set));
  }

  @Test
  void contradictionsAmongOverridesAreErrors() {
    assertEquals(
        "--set counts=[1,2]: samples-per-class and counts are both given, but only one of samples-per-class, counts, imbalance, labels is allowed.",
        message("classes: 2", "samples-per-class=2", "counts=[1,2]"));
  }

  @Test
  void nestingIsBounded() {
    assertTrue(message("name: " + "[".repeat(50) + "]".repeat(50)).startsWith("f.yaml:1: the lists and mappings are nested more than 20 deep"));
    assertTrue(message("name: &a [*a]").contains("nested more than 20 deep"));
  }

  @Test
  void filesThatCannotBeRead(@TempDir Path folder) throws Exception {
    Path missing = folder.resolve("none.yaml");
    assertEquals(missing + ": there is no such file, but an experiment in YAML is needed.", read(missing));
    assertEquals(folder + ": the file can't be read because it is a folder.", read(folder));
    Path binary = folder.resolve("binary.yaml");
    Files.write(binary, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
    assertEquals(binary + ": the file is no text in UTF-8, but must be an experiment in YAML.", read(binary));
  }

  private static String read(Path file) {
    return assertThrows(SpecError.class, () -> Experiment.read(file, List.of())).getMessage();
  }
}

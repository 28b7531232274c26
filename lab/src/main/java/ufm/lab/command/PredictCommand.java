package ufm.lab.command;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import ufm.lab.spec.Experiment;
import ufm.problem.UfmProblem;
import ufm.theory.Prediction;
import ufm.theory.Predictions;
import ufm.theory.Threshold;

/** {@code ufm predict}: what theory says, without computing anything. */
@Command(
    name = "predict",
    mixinStandardHelpOptions = true,
    description = {
      "Says what theory predicts for the minimum: value, margin, norms, singular values, Gram matrices, thresholds.",
      "",
      "Where no theorem covers the problem the answer is \"no closed form\" and why.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  ./ufm predict examples/simplex-etf.yaml",
      "  ./ufm predict examples/simplex-etf.yaml --set loss=mse --set bias=free",
      "  ./ufm predict --set classes=10 --set samples-per-class=100 --json",
      "  ./ufm predict --set classes=4 --set 'counts=[200,100,50,50]' --set lambda.W=5e-4 --set lambda.H=5e-4 --set loss=mse"
    })
public final class PredictCommand implements Callable<Integer> {
  @Mixin private ExperimentOptions experiment;

  @Option(names = "--json", description = "Print one JSON document with full precision.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Experiment e = experiment.read(List.of());
    UfmProblem p = e.problem();
    Prediction prediction = Predictions.of(p);
    List<Threshold> thresholds = Predictions.thresholds(p);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Map<String, Object> document = new LinkedHashMap<>();
      document.put("problem", JsonDocument.problem(p, e.name(), e.hash()));
      document.put("prediction", JsonDocument.prediction(prediction));
      document.put("gram", JsonDocument.gram(prediction));
      Map<String, Object> named = new LinkedHashMap<>();
      for (Threshold t : thresholds) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("lambda_z", t.lambdaZ());
        one.put("statement", t.statement());
        one.put("reference", t.reference());
        one.put("reached", p.lambdaZ() >= t.lambdaZ());
        named.put(t.name(), one);
      }
      document.put("thresholds", named);
      out.println(JsonDocument.text(document));
    } else {
      print(out, p, prediction, thresholds);
    }
    out.flush();
    return 0;
  }

  private static void print(PrintWriter out, UfmProblem p, Prediction prediction, List<Threshold> thresholds) {
    out.println(p);
    out.println();
    String reference = prediction.reference().isEmpty() ? "" : " (" + prediction.reference() + ")";
    out.println((prediction.closedForm() || prediction.regime().equals("no closed form") ? "" : "no closed form: ") + prediction.regime() + reference);
    out.println(prediction.explanation());
    out.println();
    TextTable table = new TextTable("quantity", "theory");
    prediction.scalars().forEach((name, v) -> table.row(mark(prediction, name), TextTable.number(v)));
    prediction.vectors().forEach((name, v) -> table.row(mark(prediction, name), TextTable.vector(v)));
    prediction.matrices().forEach((name, m) -> table.row(mark(prediction, name), m.length + " x " + m[0].length + " (see --json)"));
    if (!prediction.scalars().isEmpty() || !prediction.vectors().isEmpty()) {
      table.print(out);
      if (!prediction.notUnique().isEmpty()) {
        out.println("* one possible value, not the only one");
      }
      out.println();
    }
    TextTable bounds = new TextTable("threshold", "lambda_Z", "reached");
    for (Threshold t : thresholds) {
      bounds.row(t.name(), TextTable.number(t.lambdaZ()), p.lambdaZ() >= t.lambdaZ() ? "yes" : "no");
    }
    if (!thresholds.isEmpty()) {
      bounds.print(out);
      out.println();
      thresholds.forEach(t -> out.println(t.name() + ": " + t.statement() + " (" + t.reference() + ")"));
      out.println();
    }
    out.println("lambda_Z = sqrt(lambda.W lambda.H) = " + TextTable.number(p.lambdaZ()));
  }

  private static String mark(Prediction p, String name) {
    return p.notUnique().contains(name) ? name + " *" : name;
  }
}

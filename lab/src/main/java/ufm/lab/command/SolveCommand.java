package ufm.lab.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import ufm.backend.Backend;
import ufm.lab.Ufm;
import ufm.lab.io.PointFile;
import ufm.lab.io.WholeFile;
import ufm.lab.spec.Experiment;
import ufm.problem.UfmProblem;
import ufm.solve.CertifiedSolver;
import ufm.solve.InfimumNotAttained;
import ufm.solve.Solution;
import ufm.theory.Prediction;
import ufm.theory.Predictions;

/** {@code ufm solve}: the minimum, held against theory, with a bound on what may be missing. */
@Command(
    name = "solve",
    mixinStandardHelpOptions = true,
    description = {
      "Finds the global minimum from several random starts, certifies it and holds it against theory.",
      "",
      "Prints a table of theory, measurement and difference, a rigorous bound on f - f* where there is one, and why it stopped.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  ./ufm solve examples/simplex-etf.yaml",
      "  ./ufm solve examples/simplex-etf.yaml --set lambda.W=1e-3 --starts 20 --seed 7",
      "  ./ufm solve --set classes=4 --set dimension=64 --set 'counts=[200,100,50,50]' --set loss=mse",
      "  ./ufm solve examples/simplex-etf.yaml --json --out point.json"
    })
public final class SolveCommand implements Callable<Integer> {
  @Mixin private ExperimentOptions experiment;
  @Mixin private BackendOptions backend;

  @Option(names = "--starts", paramLabel = "N", description = "Random starts; short for --set solve.starts=N.")
  private String starts;

  @Option(names = "--seed", paramLabel = "N", description = "Seed of the starts; short for --set solve.seed=N.")
  private String seed;

  @Option(names = "--out", paramLabel = "FILE", description = "Writes the point as JSON (W, H, b, labels), as evaluate and simulate read it.")
  private Path out;

  @Option(names = "--json", description = "Print one JSON document with full precision.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    List<String> more = new ArrayList<>();
    if (starts != null) {
      more.add("solve.starts=" + starts);
    }
    if (seed != null) {
      more.add("solve.seed=" + seed);
    }
    Experiment e = experiment.read(more);
    if (out != null) {
      WholeFile.check(out);
    }
    Prediction prediction = Predictions.of(e.problem());
    PrintWriter text = spec.commandLine().getOut();
    Solution solution;
    PointValue at;
    try (Backend opened = backend.open();
        CertifiedSolver solver = new CertifiedSolver(opened, e.solve())) {
      solution = solver.solve(e.problem());
      at = PointValue.of(opened, e.problem(), solution.point());
    } catch (InfimumNotAttained none) {
      if (json) {
        text.println(JsonDocument.text(noMinimum(e, prediction, none)));
        text.flush();
      }
      spec.commandLine().getErr().println("error: " + none.getMessage());
      return Ufm.BAD_INPUT;
    }
    if (out != null) {
      Map<String, Object> point = PointFile.tree(solution.point());
      point.put("labels", e.problem().labels());
      WholeFile.write(out, JsonDocument.text(point) + "\n");
    }
    PointGeometry geometry = PointGeometry.of(e.problem(), solution.point());
    if (json) {
      text.println(JsonDocument.text(document(e, solution, prediction, geometry, at)));
    } else {
      print(text, e.problem(), solution, prediction, geometry, at.formula());
    }
    text.flush();
    return 0;
  }

  private static Map<String, Object> noMinimum(Experiment e, Prediction prediction, InfimumNotAttained none) {
    Map<String, Object> doc = new LinkedHashMap<>();
    doc.put("problem", JsonDocument.problem(e.problem(), e.name(), e.hash()));
    doc.put("prediction", JsonDocument.prediction(prediction));
    doc.put("status", "infimum-not-attained");
    doc.put("reason", none.getMessage());
    return doc;
  }

  private static Map<String, Object> document(Experiment e, Solution s, Prediction prediction, PointGeometry geometry, PointValue at) {
    Map<String, Object> doc = new LinkedHashMap<>();
    doc.put("problem", JsonDocument.problem(e.problem(), e.name(), e.hash()));
    doc.put("formula", at.formula());
    doc.put("value", s.value());
    doc.put("terms", s.terms());
    at.putNorms(doc);
    doc.put("gradient_scale", s.gradientScale());
    Map<String, Object> metrics = new LinkedHashMap<>(s.metrics().asMap());
    JsonDocument.scalars(geometry.scalars()).forEach(metrics::putIfAbsent);
    doc.put("metrics", metrics);
    doc.put("prediction", JsonDocument.prediction(prediction));
    doc.put("certificate", JsonDocument.certificate(s.certificate()));
    doc.put("status", s.outcome().name().toLowerCase(Locale.ROOT));
    doc.put("reason", s.reason());
    MissedMinimum.of(s, prediction).ifPresent(warning -> doc.put("warning", warning));
    doc.put("restricted", s.restricted());
    doc.put("point", PointFile.tree(s.point()));
    doc.put("gram", geometry.gram());
    Map<String, Object> starts = new LinkedHashMap<>();
    starts.put("count", s.startValues().length);
    starts.put("best", s.bestStart());
    starts.put("at_best", s.startsAtBest());
    starts.put("values", s.startValues());
    starts.put("outcomes", java.util.Arrays.stream(s.startOutcomes()).map(o -> o.name().toLowerCase(Locale.ROOT)).toList());
    starts.put("from_theory", s.fromTheory());
    doc.put("starts", starts);
    Map<String, Object> counters = new LinkedHashMap<>();
    counters.put("iterations", s.iterations());
    counters.put("evaluations", s.evaluations());
    counters.put("hessian_products", s.hessianProducts());
    doc.put("counters", counters);
    doc.put("method", s.method());
    doc.put("time", s.seconds());
    doc.put("provenance", s.provenance());
    return doc;
  }

  private static void print(PrintWriter out, UfmProblem p, Solution s, Prediction prediction, PointGeometry geometry, String formula) {
    out.println(p);
    out.println();
    Comparison.of(s, prediction, geometry).print(out);
    out.println();
    MissedMinimum.of(s, prediction).ifPresent(warning -> out.println("warning     " + warning));
    out.println("theory      " + (prediction.closedForm() || prediction.regime().startsWith("no closed form") ? "" : "no closed form: ") + prediction.regime()
        + (prediction.reference().isEmpty() ? "" : " (" + prediction.reference() + ")"));
    out.println("            " + prediction.explanation());
    if (s.certificate().available()) {
      out.println(
          "certified   f - f* <= " + TextTable.small(s.certificate().gap()) + ", relative to f(0) - f*: "
              + TextTable.small(s.certificate().relativeGap()) + " (f* >= " + TextTable.number(s.certificate().lower()) + ")");
    }
    out.println((s.certificate().available() ? "            " : "certified   ") + s.certificate().verdict());
    out.println("stopped     " + s.outcome().name().toLowerCase(Locale.ROOT) + ": " + s.reason());
    out.println("starts      " + s.startsAtBest() + " of " + s.startValues().length + " at the best value");
    out.println(
        String.format(
            Locale.ROOT, "time        %.3f s; best start: %d iterations, %d evaluations, %d Hessian products", s.seconds(), s.iterations(),
            s.evaluations(), s.hessianProducts()));
    out.println("method      " + s.method() + (s.restricted() ? "; restricted to class means, where critical points may be hidden" : ""));
    out.println("convention  " + formula);
  }
}

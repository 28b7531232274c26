package ufm.lab.command;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import ufm.backend.Backend;
import ufm.certify.Certificate;
import ufm.certify.DualityGap;
import ufm.lab.UnusableFile;
import ufm.lab.io.PointFile;
import ufm.lab.spec.Experiment;
import ufm.landscape.CriticalPointReport;
import ufm.landscape.Landscape;
import ufm.metric.ClassMeans;
import ufm.metric.CollapseMetrics;
import ufm.objective.ClassMeanReduction;
import ufm.problem.Classifier;
import ufm.problem.Point;
import ufm.problem.UfmProblem;
import ufm.theory.Prediction;
import ufm.theory.Predictions;

/** {@code ufm evaluate}: everything that is known about a given point. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    description = {
      "Evaluates a given point: value, terms, gradient, metrics, certificate, curvature.",
      "",
      "The point (W: K x d, H: d x N with a column per sample, b: K) comes from JSON or NumPy files, so that a point from other code can be checked.",
      "Labels of the point define the counts where the experiment gives none; b without a word about bias in the experiment means bias: free.",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  ./ufm solve examples/simplex-etf.yaml --out point.json",
      "  ./ufm evaluate examples/simplex-etf.yaml --point point.json",
      "  ./ufm evaluate --point point.json --set classes=4 --set dimension=8 --set lambda.W=5e-3 --set lambda.H=5e-3",
      "  ./ufm evaluate examples/simplex-etf.yaml --W examples/point/W.npy --H examples/point/H.npy --json",
      "",
      "point.json: {\"W\": [[..], ..], \"H\": [[..], ..], \"b\": [..], \"labels\": [..]}; matrices are lists of rows or {rows, cols, data}."
    })
public final class EvaluateCommand implements Callable<Integer> {
  @Mixin private ExperimentOptions experiment;
  @Mixin private BackendOptions backend;

  @Option(names = "--point", paramLabel = "FILE", description = "JSON file with W, H, b and, if need be, labels.")
  private Path point;

  @Option(names = "--W", paramLabel = "FILE", description = "NumPy file (.npy) with W, K x d.")
  private Path w;

  @Option(names = "--H", paramLabel = "FILE", description = "NumPy file (.npy) with H, d x N (or the class means, d x K).")
  private Path h;

  @Option(names = "--b", paramLabel = "FILE", description = "NumPy file (.npy) with b, K.")
  private Path b;

  @Option(names = "--labels", paramLabel = "FILE", description = "NumPy file (.npy) with the class of each column of H, 0-based.")
  private Path labels;

  @Option(names = "--json", description = "Print one JSON document with full precision.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Experiment e = experiment.read(List.of());
    if (point == null && h == null) {
      throw new ParameterException(spec.commandLine(), "the point is missing, but must be given as --point FILE or as --W FILE --H FILE.");
    }
    if (point != null && (w != null || h != null || b != null || labels != null)) {
      throw new ParameterException(spec.commandLine(), "--point and .npy files are both given, but only one of the two is allowed.");
    }
    PointFile file = point != null ? PointFile.read(point) : PointFile.read(w, h, b, labels);
    if (file.b() != null && !e.gives("bias")) {
      e = e.with("bias", "free");
      spec.commandLine().getErr().println(
          "note: the point gives b and the experiment does not mention bias, so bias is free here (--set bias=none or bias=ridge says otherwise).");
      spec.commandLine().getErr().flush();
    }
    UfmProblem asked = file.relabel(e.problem());
    sameCounts(e, asked, file.name());
    UfmProblem p = turned(asked, file.w());
    double[][] fixed = p.classifier().learned() ? null : Point.rows(p.classifier().fixedMatrix(p.classes(), p.dimension()), p.classes(), p.dimension());
    Point x = full(p, file.point(p, fixed));
    Map<String, Object> document = document(e, asked, p, x);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(JsonDocument.text(document));
    } else {
      print(out, document);
    }
    out.flush();
    return 0;
  }

  /** Labels define the counts, unless the experiment gives them. */
  private static void sameCounts(Experiment e, UfmProblem asked, String name) {
    for (String field : List.of("counts", "samples-per-class", "imbalance", "labels")) {
      for (int k = 0; e.gives(field) && k < asked.classes(); k++) {
        int given = e.problem().count(k);
        if (asked.count(k) != given) {
          throw new UnusableFile(
              name + ": labels has " + asked.count(k) + " samples of class " + k + ", but must have " + given + " because the experiment gives "
                  + field + ".");
        }
      }
    }
  }

  /** A fixed simplex ETF may be given in any rotation: the problem with that W, where it is one; else the problem as it is. */
  private static UfmProblem turned(UfmProblem p, double[][] w) {
    if (w == null || w.length != p.classes() || w[0].length != p.dimension() || !(p.classifier() instanceof Classifier.FixedEtf(double r))) {
      return p;
    }
    int k = p.classes();
    double most = 0;
    for (int i = 0; i < k; i++) {
      for (int j = 0; j < k; j++) {
        double product = 0;
        for (int c = 0; c < w[i].length; c++) {
          product += w[i][c] * w[j][c];
        }
        most = Math.max(most, Math.abs(product - (i == j ? r * r : -r * r / (k - 1))));
      }
    }
    return most <= 1e-9 * r * r ? p.toBuilder().classifier(new Classifier.Fixed(w)).build() : p;
  }

  /** A point of class means stands for samples that equal their mean. */
  private static Point full(UfmProblem p, Point x) {
    return x.columns() == p.samples()
        ? x
        : new Point(x.classes(), x.dimension(), p.samples(), x.w(), ClassMeanReduction.lift(p, x.h()), x.b());
  }

  private Map<String, Object> document(Experiment e, UfmProblem asked, UfmProblem p, Point x) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("problem", JsonDocument.problem(asked, e.name(), e.hash()));
    try (Backend opened = backend.open()) {
      PointValue at = PointValue.of(opened, p, x);
      out.put("formula", at.formula());
      out.put("value", at.value());
      out.put("terms", at.terms());
      out.put("gradient", at.gradient());
      at.putNorms(out);
      out.put("gradient_scale", at.scale());
      PointGeometry geometry = PointGeometry.of(p, x);
      out.put("metrics", metrics(p, x, geometry));
      out.put("gram", geometry.gram());
      Prediction prediction = Predictions.of(asked);
      out.put("prediction", JsonDocument.prediction(prediction));
      Certificate certificate = DualityGap.certify(p, x);
      out.put("certificate", JsonDocument.certificate(certificate));
      CriticalPointReport report = Landscape.analyse(p, x);
      out.put("landscape", JsonDocument.landscape(report));
      out.put("status", status(certificate, prediction, report, at.value()));
      out.put("provenance", opened.provenance());
    }
    return out;
  }

  /** The verdict: of the certificate, else of theory where the value is its proved minimum, else of the curvature. */
  private static String status(Certificate certificate, Prediction prediction, CriticalPointReport report, double value) {
    if (certificate.globallyOptimal()) {
      return "certified-optimum";
    }
    // A saddle just below a threshold has the minimum's value to rounding too: there the curvature knows better.
    boolean open =
        report.verdict() == CriticalPointReport.Verdict.DEGENERATE || report.verdict() == CriticalPointReport.Verdict.LOCAL_MINIMUM;
    boolean least =
        prediction.global() && prediction.value().isPresent()
            && Math.abs(value - prediction.value().getAsDouble()) <= 1e-9 * Math.abs(prediction.value().getAsDouble());
    return open && least ? "global-minimum-by-theory" : JsonDocument.verdict(report);
  }

  private static Map<String, Object> metrics(UfmProblem p, Point x, PointGeometry geometry) {
    Map<String, Object> out = new LinkedHashMap<>(CollapseMetrics.of(p, x).asMap());
    ClassMeans means = ClassMeans.of(p, x.h(), x.columns());
    out.put("class_counts", p.counts());
    out.put("global_mean", means.globalMean());
    out.put("class_means", Point.rows(means.means(), p.dimension(), p.classes()));
    out.put("mean_of_class_means", means.meanOfClassMeans());
    out.put("cdnv_matrix", means.cdnvMatrix());
    JsonDocument.scalars(geometry.scalars()).forEach(out::putIfAbsent);
    out.putAll(geometry.vectors());
    out.putAll(geometry.matrices());
    return out;
  }

  private static void print(PrintWriter out, Map<String, Object> document) {
    TextTable table = new TextTable("quantity", "value");
    table.row("value", TextTable.number((double) document.get("value")));
    section(document, "terms").forEach((name, v) -> table.row("  " + name, TextTable.value(v)));
    table.row("gradient norm", TextTable.number((double) document.get("gradient_norm")));
    Object projected = document.get("projected_gradient_norm");
    if (projected != null) {
      table.row("|P(x - g) - x|", TextTable.value(projected));
    }
    double norm = (double) (projected == null ? document.get("gradient_norm") : projected);
    table.row("  relative to its terms", TextTable.number(norm / (double) document.get("gradient_scale")));
    section(document, "metrics").forEach((name, v) -> {
      if (v instanceof Number) {
        table.row(name, TextTable.value(v));
      }
    });
    Map<String, Object> certificate = section(document, "certificate");
    Map<String, Object> landscape = section(document, "landscape");
    for (String name : List.of("min_hessian_eig", "min_hessian_eig_residual")) {
      table.row(name, TextTable.value(landscape.get(name)));
    }
    table.print(out);
    Map<String, Object> prediction = section(document, "prediction");
    out.println();
    if (prediction.get("f_star") instanceof Double f) {
      out.println("theory       f* = " + TextTable.number(f) + ", " + prediction.get("regime") + " (" + prediction.get("reference") + ")");
    } else {
      out.println("theory       " + prediction.get("regime") + ": " + prediction.get("explanation"));
    }
    out.println("certificate  " + certificate.get("verdict"));
    out.println("landscape    " + landscape.get("explanation"));
    out.println("status       " + document.get("status"));
    out.println("convention   " + document.get("formula"));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> section(Map<String, Object> document, String name) {
    return (Map<String, Object>) document.get(name);
  }
}

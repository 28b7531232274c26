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
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.backend.Layout;
import ufm.certify.Certificate;
import ufm.certify.DualityGap;
import ufm.lab.io.PointFile;
import ufm.lab.spec.Experiment;
import ufm.landscape.CriticalPointReport;
import ufm.landscape.Landscape;
import ufm.metric.ClassMeans;
import ufm.metric.CollapseMetrics;
import ufm.objective.ClassMeanReduction;
import ufm.objective.UfmObjective;
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
      ""
    },
    footer = {
      "",
      "Examples:",
      "  ufm evaluate examples/simplex-etf.yaml --point point.json",
      "  ufm evaluate examples/simplex-etf.yaml --W W.npy --H H.npy --labels y.npy --json",
      "  ufm evaluate --point point.json --set classes=4 --set samples-per-class=10 --set lambda.W=5e-3",
      "  ufm solve examples/simplex-etf.yaml --out point.json && ufm evaluate examples/balanced.yaml --point point.json",
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
    UfmProblem asked = file.relabel(e.problem());
    UfmProblem p = turned(asked, file.w());
    double[][] fixed = p.classifier().learned() ? null : Point.rows(UfmObjective.fixedClassifier(p), p.classes(), p.dimension());
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
      evaluate(opened, p, x, out);
      out.put("metrics", metrics(p, x));
      Prediction prediction = Predictions.of(asked);
      out.put("prediction", JsonDocument.prediction(prediction));
      Certificate certificate = DualityGap.certify(p, x);
      out.put("certificate", JsonDocument.certificate(certificate));
      CriticalPointReport report = Landscape.analyse(p, x);
      out.put("landscape", JsonDocument.landscape(report));
      out.put("status", certificate.globallyOptimal() ? "certified-optimum" : JsonDocument.verdict(report));
      out.put("provenance", opened.provenance());
    }
    return out;
  }

  private static void evaluate(Backend backend, UfmProblem p, Point x, Map<String, Object> out) {
    try (UfmObjective objective = UfmObjective.full(backend, List.of(p));
        LaneBuffer at = backend.allocate(1, objective.layout().size());
        LaneBuffer g = backend.allocate(1, objective.layout().size())) {
      Lanes one = Lanes.all(1);
      objective.write(at, 0, x);
      double[] f = new double[1];
      objective.valueGradient(one, at, f, g);
      double[][] terms = new double[objective.termNames().size()][1];
      objective.terms(one, at, terms);
      double[] scale = new double[1];
      objective.gradientScale(one, at, g, scale);
      out.put("formula", objective.formula());
      out.put("value", f[0]);
      Map<String, Object> named = new LinkedHashMap<>();
      for (int t = 0; t < terms.length; t++) {
        named.put(objective.termNames().get(t), terms[t][0]);
      }
      out.put("terms", named);
      Map<String, Object> blocks = new LinkedHashMap<>();
      double squares = 0;
      for (Layout.Block block : objective.layout().blocks()) {
        double[] entries = new double[Math.toIntExact(block.size())];
        backend.read(g, 0, block.offset(), entries, 0, entries.length);
        for (double v : entries) {
          squares += v * v;
        }
        blocks.put(block.name(), block.cols() == 1 && block.name().equals("b") ? entries : Point.rows(entries, block.rows(), block.cols()));
      }
      out.put("gradient", blocks);
      out.put("gradient_norm", Math.sqrt(squares));
      out.put("gradient_scale", scale[0]);
    }
  }

  private static Map<String, Object> metrics(UfmProblem p, Point x) {
    Map<String, Object> out = new LinkedHashMap<>(CollapseMetrics.of(p, x).asMap());
    ClassMeans means = ClassMeans.of(p, x.h(), x.columns());
    out.put("class_counts", p.counts());
    out.put("global_mean", means.globalMean());
    out.put("class_means", Point.rows(means.means(), p.dimension(), p.classes()));
    out.put("mean_of_class_means", means.meanOfClassMeans());
    out.put("cdnv_matrix", means.cdnvMatrix());
    PointGeometry geometry = PointGeometry.of(p, x);
    geometry.scalars().forEach(out::putIfAbsent);
    out.putAll(geometry.vectors());
    out.putAll(geometry.matrices());
    return out;
  }

  private static void print(PrintWriter out, Map<String, Object> document) {
    TextTable table = new TextTable("quantity", "value");
    table.row("value", TextTable.number((double) document.get("value")));
    section(document, "terms").forEach((name, v) -> table.row("  " + name, TextTable.value(v)));
    table.row("gradient norm", TextTable.number((double) document.get("gradient_norm")));
    table.row("  relative to its terms", TextTable.number((double) document.get("gradient_norm") / (double) document.get("gradient_scale")));
    section(document, "metrics").forEach((name, v) -> {
      if (v instanceof Double) {
        table.row(name, TextTable.value(v));
      }
    });
    table.print(out);
    Map<String, Object> certificate = section(document, "certificate");
    Map<String, Object> landscape = section(document, "landscape");
    Map<String, Object> prediction = section(document, "prediction");
    out.println();
    if (prediction.get("f_star") instanceof Double f) {
      out.println("theory       f* = " + TextTable.number(f) + ", " + prediction.get("regime") + " (" + prediction.get("reference") + ")");
    } else {
      out.println("theory       " + prediction.get("regime") + ": " + prediction.get("explanation"));
    }
    out.println("certificate  " + certificate.get("verdict"));
    out.println("landscape    " + landscape.get("explanation"));
    out.println("convention   " + document.get("formula"));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> section(Map<String, Object> document, String name) {
    return (Map<String, Object>) document.get(name);
  }
}

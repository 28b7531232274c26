package ufm.lab.command;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.Map;
import ufm.certify.Certificate;
import ufm.landscape.CriticalPointReport;
import ufm.problem.Classifier;
import ufm.problem.Loss;
import ufm.problem.UfmProblem;
import ufm.theory.Prediction;

/**
 * The JSON documents that commands print. Numbers have full precision (the shortest text that reads back to the same bits); null stands
 * for what is not defined (0/0) and the texts {@code "Infinity"} and {@code "-Infinity"} for what is not finite.
 */
final class JsonDocument {
  private static final ObjectWriter WRITER = writer();

  private JsonDocument() {}

  /** The text of a document. */
  static String text(Object document) {
    try {
      return WRITER.writeValueAsString(document);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The problem, so that a document says what it is about. */
  static Map<String, Object> problem(UfmProblem p, String name, String hash) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("name", name);
    out.put("hash", hash);
    out.put("classes", p.classes());
    out.put("dimension", p.dimension());
    out.put("samples", p.samples());
    out.put("counts", p.counts());
    out.put("loss", loss(p.loss()));
    out.put("lambda_W", p.lambdaW());
    out.put("lambda_H", p.lambdaH());
    out.put("lambda_b", p.bias().penalty());
    out.put("lambda_z", p.lambdaZ());
    out.put("bias", p.bias().label());
    out.put(
        "classifier",
        switch (p.classifier()) {
          case Classifier.Learned learned -> "learned";
          case Classifier.FixedEtf etf -> Map.of("row_norm", etf.rowNorm());
          case Classifier.Fixed fixed -> Map.of("W", fixed.w());
        });
    out.put("features", p.nonNegativeFeatures() ? "non-negative" : "free");
    return out;
  }

  private static Map<String, Object> loss(Loss loss) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("name", loss.name());
    switch (loss) {
      case Loss.Focal f -> out.put("gamma", f.gamma());
      case Loss.LabelSmoothing s -> out.put("alpha", s.alpha());
      case Loss.CrossEntropy ce -> out.put("gamma", null);
      case Loss.MeanSquaredError mse -> out.put("gamma", null);
    }
    out.values().removeIf(v -> v == null);
    return out;
  }

  /** Theory's prediction; its quantities stand beside the sentences under their own names. */
  static Map<String, Object> prediction(Prediction p) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("closed_form", p.closedForm());
    out.put("regime", p.regime());
    out.put("explanation", p.explanation());
    out.put("reference", p.reference());
    out.put("global", p.global());
    out.put("not_unique", p.notUnique());
    out.putAll(scalars(p.scalars()));
    out.putAll(p.vectors());
    out.putAll(p.matrices());
    return out;
  }

  /** Theory's geometry under the names of {@link PointGeometry#gram}; what theory does not give is absent. */
  static Map<String, Object> gram(Prediction p) {
    Map<String, Object> all = prediction(p);
    all.keySet().retainAll(PointGeometry.NAMES);
    return all;
  }

  /** Numbers by name; counts become whole numbers. */
  static Map<String, Object> scalars(Map<String, Double> numbers) {
    Map<String, Object> out = new LinkedHashMap<>(numbers);
    out.computeIfPresent("rank", (name, x) -> ((Double) x).intValue());
    return out;
  }

  /** A certificate under the names of the formula sheet. */
  static Map<String, Object> certificate(Certificate c) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("available", c.available());
    out.put("kind", c.kind());
    out.put("reason", c.reason());
    out.put("verdict", c.verdict());
    out.put("lower", c.lower());
    out.put("gap", c.gap());
    out.put("relative_gap", c.relativeGap());
    out.put("globally_optimal", c.globallyOptimal());
    out.put("zero_value", c.zeroValue());
    out.put("rounding", c.rounding());
    out.put("grad_spectral_norm", c.gradSpectralNorm());
    out.put("lambda_z", c.lambdaZ());
    out.put("dual_scale", c.dualScale());
    out.put("dual_value", c.recipeDual());
    out.put("dual_spectral_norm_before_scaling", c.recipeSpectralNorm());
    out.put("nuclear_norm_Z", c.nuclearNorm());
    out.put("nuclear_primal", c.nuclearPrimal());
    out.put("criticality", c.criticality());
    return out;
  }

  /** First- and second-order analysis under the names of the formula sheet. */
  static Map<String, Object> landscape(CriticalPointReport r) {
    Map<String, Object> out = new LinkedHashMap<>();
    out.put("verdict", verdict(r));
    out.put("explanation", r.explanation());
    out.put("grad_norm", r.gradNorm());
    out.put("grad_scale", r.gradScale());
    out.put("sigma_max", r.sigmaMax());
    out.put("lambda_z", r.lambdaZ());
    out.put("escape_curvature", r.escapeCurvature());
    out.put("escape_rayleigh", r.escapeRayleigh());
    out.put("min_hessian_eig", r.minHessianEig());
    out.put("min_hessian_eig_residual", r.minHessianEigResidual());
    out.put("min_hessian_eig_transverse", r.minHessianEigTransverse());
    out.put("min_hessian_eig_transverse_residual", r.minHessianEigTransverseResidual());
    out.put("hessian_method", r.hessianMethod());
    out.put("gauge_dimension", r.gaugeDimension());
    out.put("rank_W", r.rankW());
    return out;
  }

  /** {@code strict-saddle} and so on. */
  static String verdict(CriticalPointReport r) {
    return r.verdict().name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  private static ObjectWriter writer() {
    SimpleModule numbers = new SimpleModule();
    numbers.addSerializer(Double.class, new Number());
    numbers.addSerializer(double[].class, new Row());
    // A matrix has a row on each line.
    DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
    return new ObjectMapper().registerModule(numbers).writer(printer);
  }

  private static void write(double x, JsonGenerator out) throws IOException {
    if (Double.isNaN(x)) {
      out.writeNull();
    } else if (Double.isInfinite(x)) {
      out.writeString(Double.toString(x));
    } else {
      out.writeNumber(x);
    }
  }

  private static final class Number extends StdSerializer<Double> {
    private static final long serialVersionUID = 1L;

    Number() {
      super(Double.class);
    }

    @Override
    public void serialize(Double value, JsonGenerator out, SerializerProvider provider) throws IOException {
      write(value, out);
    }
  }

  private static final class Row extends StdSerializer<double[]> {
    private static final long serialVersionUID = 1L;

    Row() {
      super(double[].class);
    }

    @Override
    public void serialize(double[] value, JsonGenerator out, SerializerProvider provider) throws IOException {
      out.writeStartArray();
      for (double x : value) {
        write(x, out);
      }
      out.writeEndArray();
    }
  }
}

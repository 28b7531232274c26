package ufm.lab.spec;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import ufm.random.StartKind;
import ufm.solve.SolveOptions;
import ufm.theory.Threshold;

/** Builds the plans from checked fields. */
final class PlanBuilder {
  private PlanBuilder() {}

  static SolveOptions solve(Given given) {
    return SolveOptions.defaults()
        .withStarts(whole(given, "solve.starts"))
        .withSeed((long) Rules.value(given, "solve.seed"))
        .withStart(start(given, "solve.start"), real(given, "solve.scale"))
        .withReduce((boolean) Rules.value(given, "solve.reduce"))
        .withTolerance(real(given, "solve.tolerance"))
        .withMaxIterations((long) Rules.value(given, "solve.max-iterations"));
  }

  static SimulatePlan simulate(Given given, Path folder) {
    String point = (String) given.get("simulate.point");
    long every = given.has("simulate.record.per-decade") ? 0 : (long) Rules.value(given, "simulate.record.every");
    int perDecade = given.has("simulate.record.per-decade") ? whole(given, "simulate.record.per-decade") : 0;
    return new SimulatePlan(
        optimizer(given),
        (long) Rules.value(given, "simulate.iterations"),
        real(given, "simulate.tolerance"),
        new SimulatePlan.Record(every, perDecade),
        point == null ? start(given, "simulate.start") : null,
        point == null ? null : folder.resolve(point),
        (long) Rules.value(given, "simulate.seed"),
        real(given, "simulate.scale"));
  }

  private static OptimizerPlan optimizer(Given given) {
    String o = "simulate.optimizer.";
    return switch ((String) Rules.value(given, o + "name")) {
      case "adam" -> new OptimizerPlan.Adam(
          given.has(o + "lr") ? real(given, o + "lr") : 1e-3,
          real(given, o + "beta1"),
          real(given, o + "beta2"),
          real(given, o + "epsilon"),
          schedule(given));
      case "lbfgs" -> new OptimizerPlan.Lbfgs(whole(given, o + "memory"));
      case "flow" -> new OptimizerPlan.Flow(
          real(given, o + "rtol"), real(given, o + "atol"), given.has(o + "end-time") ? real(given, o + "end-time") : Double.POSITIVE_INFINITY);
      default -> new OptimizerPlan.GradientDescent(
          given.has(o + "lr") ? real(given, o + "lr") : 0.1,
          real(given, o + "momentum"),
          (boolean) Rules.value(given, o + "nesterov"),
          real(given, o + "dampening"),
          schedule(given));
    };
  }

  private static SchedulePlan schedule(Given given) {
    String s = "simulate.optimizer.schedule.";
    return switch ((String) Rules.value(given, s + "name")) {
      case "step" -> new SchedulePlan.Step((long) Rules.value(given, s + "every"), real(given, s + "factor"));
      case "linear" -> new SchedulePlan.Linear(real(given, s + "end"));
      case "cosine" -> new SchedulePlan.Cosine(real(given, s + "end"));
      default -> new SchedulePlan.Constant();
    };
  }

  static SweepPlan sweep(Given given, Experiment experiment) {
    if (!given.has("sweep.axes")) {
      throw new SpecError(
          given.where("sweep").prefix() + "sweep.axes is missing, but must be a list of one or two axes, for example"
              + " [{field: lambda.W, from: 1e-3, to: 1, points: 40, scale: log}].");
    }
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; given.has("sweep.axes[" + i + "]"); i++) {
      axes.add(axis(given, "sweep.axes[" + i + "]"));
    }
    if (axes.size() > 2) {
      throw SpecError.of(given.where("sweep.axes"), "sweep.axes", "a list of " + axes.size() + " axes", "a list of one or two axes");
    }
    if (axes.size() == 2 && axes.get(0).field().equals(axes.get(1).field())) {
      throw SpecError.of(given.where("sweep.axes[1].field"), "sweep.axes[1].field", axes.get(1).field(), "another field than that of the first axis");
    }
    long cells = axes.stream().mapToLong(Axis::points).reduce(1, Math::multiplyExact);
    if (cells > SweepPlan.MOST_CELLS) {
      throw SpecError.of(given.where("sweep.axes"), "sweep.axes", "a grid of " + cells + " cells", "a grid of at most " + SweepPlan.MOST_CELLS + " cells");
    }
    String theory = (String) Rules.value(given, "sweep.theory");
    if (theory != null && !Threshold.known(theory)) {
      throw SpecError.of(given.where("sweep.theory"), "sweep.theory", theory, "the name of a threshold: one of " + String.join(", ", Threshold.NAMES));
    }
    for (int i = 0; i < axes.size(); i++) {
      for (Object value : axes.get(i).values()) {
        try {
          List<String> fields = axes.stream().map(Axis::field).toList();
          List<Object> cell = new ArrayList<>(axes.stream().map(a -> a.values().getFirst()).toList());
          cell.set(i, value);
          experiment.with(fields, cell);
        } catch (SpecError e) {
          throw new SpecError(
              given.where("sweep.axes[" + i + "]").prefix() + "the axis over " + axes.get(i).field() + " is not possible: " + e.getMessage());
        }
      }
    }
    return new SweepPlan(
        axes, whole(given, "sweep.starts"), (String) Rules.value(given, "sweep.quantity"), theory);
  }

  private static Axis axis(Given given, String at) {
    if (!given.has(at + ".field")) {
      throw new SpecError(
          given.where(at).prefix() + at + ".field is missing, but must be the name of a number or enumerated field, for example lambda.W.");
    }
    String name = field(given, at + ".field");
    FieldType type = Fields.find(name).type();
    Axis.Scale scale = Axis.Scale.valueOf(((String) Rules.value(given, at + ".scale")).toUpperCase(Locale.ROOT));
    List<Object> values = given.has(at + ".values") ? listed(given, at, name, type) : ranged(given, at, type, scale);
    if (scale == Axis.Scale.LOG) {
      for (Object v : values) {
        if (!(v instanceof Number n) || !(n.doubleValue() > 0)) {
          throw SpecError.of(given.where(at), at + (given.has(at + ".values") ? ".values" : ".from"), v, "above 0 on a log axis");
        }
      }
    }
    return new Axis(name, scale, values);
  }

  private static String field(Given given, String at) {
    String text = (String) given.get(at);
    String name = Fields.SHORTHAND.getOrDefault(Fields.canonical(text), Fields.canonical(text));
    if (!FieldReader.known(name)) {
      throw new SpecError(FieldReader.unknown(given.where(at), text).getMessage());
    }
    Field f = Fields.find(name);
    boolean ofCell = !name.startsWith("sweep.") && !name.startsWith("simulate.") && !name.equals("schema") && !name.equals("solve.starts");
    if (f == null || !f.type().sweepable() || !ofCell) {
      throw SpecError.of(given.where(at), at, text, "the name of a number or enumerated field of the problem or of solve, for example lambda.W");
    }
    return name;
  }

  private static List<Object> listed(Given given, String at, String name, FieldType type) {
    for (String other : List.of(".from", ".to", ".points")) {
      if (given.has(at + other)) {
        throw new SpecError(given.where(at + other).prefix() + at + other + " and " + at + ".values are both given, but only one of the two is allowed.");
      }
    }
    List<Object> values = new ArrayList<>();
    for (Object raw : (List<?>) given.get(at + ".values")) {
      Object value = type.value(raw);
      if (value == null) {
        throw SpecError.of(given.where(at + ".values"), at + ".values", raw, type.allowed() + " as for " + name);
      }
      if (values.contains(value)) {
        throw SpecError.of(given.where(at + ".values"), at + ".values", raw + " twice", "a list without repetitions");
      }
      values.add(value);
    }
    if (values.size() < 2) {
      throw SpecError.of(given.where(at + ".values"), at + ".values", "a list of " + values.size(), "a list of at least 2 values");
    }
    return values;
  }

  private static List<Object> ranged(Given given, String at, FieldType type, Axis.Scale scale) {
    if (type instanceof FieldType.Choice) {
      throw new SpecError(given.where(at).prefix() + at + ".values is missing, but must be a list of names, each " + type.allowed() + ".");
    }
    for (String part : List.of(".from", ".to", ".points")) {
      if (!given.has(at + part)) {
        throw new SpecError(
            given.where(at).prefix() + at + part + " is missing, but must be " + Fields.find(at + part).type().allowed() + " (or give a list of values).");
      }
    }
    double from = (double) given.get(at + ".from");
    double to = (double) given.get(at + ".to");
    for (String end : List.of(".from", ".to")) {
      double x = (double) given.get(at + end);
      if (scale == Axis.Scale.LOG && !(x > 0)) {
        throw SpecError.of(given.where(at + end), at + end, x, "above 0 on a log axis");
      }
      if (type.value(x) == null) {
        throw SpecError.of(given.where(at + end), at + end, x, type.allowed());
      }
    }
    if (from == to) {
      throw SpecError.of(given.where(at + ".to"), at + ".to", to, "different from " + at + ".from");
    }
    double[] numbers = Axis.spaced(from, to, whole(given, at + ".points"), scale);
    return type instanceof FieldType.Whole ? Axis.whole(numbers) : new ArrayList<>(Arrays.stream(numbers).boxed().toList());
  }

  private static StartKind start(Given given, String field) {
    return StartKind.valueOf(((String) Rules.value(given, field)).toUpperCase(Locale.ROOT));
  }

  private static int whole(Given given, String field) {
    return Math.toIntExact((long) Rules.value(given, field));
  }

  private static double real(Given given, String field) {
    return (double) Rules.value(given, field);
  }
}

package ufm.lab.spec;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import ufm.problem.UfmProblem;
import ufm.solve.SolveOptions;

/**
 * What a person asks for: a problem and how to solve, simulate and sweep it. Read from a YAML file of the schema {@code ufm/1}
 * (docs/experiment-files.md), from overrides {@code path=value}, or both. Immutable and valid: whatever is wrong is a {@link SpecError}
 * when it is made.
 */
public final class Experiment {
  private final Given given;
  private final Path folder;
  private final UfmProblem problem;
  private final SolveOptions solve;
  private final SimulatePlan simulate;

  private Experiment(Given given, Path folder) {
    this.given = given;
    this.folder = folder;
    Rules.check(given);
    this.problem = ProblemBuilder.build(given);
    this.solve = PlanBuilder.solve(given);
    this.simulate = PlanBuilder.simulate(given, folder);
  }

  /**
   * Reads an experiment file.
   *
   * @param file path; null for an experiment that consists of overrides alone
   * @param sets overrides {@code path=value}, the later ones win
   * @throws SpecError if the file can't be read or something in it is not allowed
   */
  public static Experiment read(Path file, List<String> sets) {
    if (file == null) {
      return new Experiment(Overrides.apply(Given.none(""), sets), Path.of(""));
    }
    String yaml;
    try {
      yaml = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(file))).toString();
    } catch (CharacterCodingException e) {
      throw new SpecError(file + ": the file is no text in UTF-8, but must be an experiment in YAML.");
    } catch (NoSuchFileException e) {
      throw new SpecError(file + ": there is no such file, but an experiment in YAML is needed.");
    } catch (IOException e) {
      throw new SpecError(file + ": the file can't be read" + (Files.isDirectory(file) ? " because it is a folder." : " (" + e.getMessage() + ")."));
    }
    Path parent = file.toAbsolutePath().getParent();
    return parse(yaml, file.toString(), parent == null ? Path.of("") : parent, sets);
  }

  /**
   * Parses an experiment.
   *
   * @param yaml text
   * @param origin name for messages
   * @param sets overrides {@code path=value}
   * @throws SpecError if something in it is not allowed
   */
  public static Experiment parse(String yaml, String origin, List<String> sets) {
    return parse(yaml, origin, Path.of(""), sets);
  }

  private static Experiment parse(String yaml, String origin, Path folder, List<String> sets) {
    YamlNode tree = YamlTree.parse(yaml, line -> Where.file(origin, line));
    Given file = new Given(FieldReader.read("", tree, 0), origin);
    return new Experiment(Overrides.apply(file, sets), folder);
  }

  /** Title of the experiment. */
  public String name() {
    return (String) Rules.value(given, "name");
  }

  /** Whether the file or an override mentions this field, or one of this section; a default does not count. */
  public boolean gives(String field) {
    return given.has(field);
  }

  /** What is minimised. */
  public UfmProblem problem() {
    return problem;
  }

  /** How it is solved. */
  public SolveOptions solve() {
    return solve;
  }

  /** How it is simulated. */
  public SimulatePlan simulate() {
    return simulate;
  }

  /** Whether there is a {@code sweep} section. */
  public boolean hasSweep() {
    return given.has("sweep");
  }

  /**
   * How it is swept.
   *
   * @throws SpecError if there is no sweep section, or an axis runs over values that are not allowed
   */
  public SweepPlan sweep() {
    return PlanBuilder.sweep(given, this);
  }

  /**
   * A copy with one field replaced, as in a cell of a sweep.
   *
   * @param field dotted name, for example {@code lambda.W}
   * @param value Number, String, Boolean, or a list of these
   * @throws SpecError if the field is unknown, the value not allowed, or the whole impossible
   */
  public Experiment with(String field, Object value) {
    return new Experiment(Overrides.with(given, field, value), folder);
  }

  /**
   * A copy with several fields replaced at once, so that only the final combination must be possible.
   *
   * @param fields dotted names
   * @param values one for each
   * @throws SpecError as {@link #with(String, Object)}
   */
  public Experiment with(List<String> fields, List<?> values) {
    Given out = given;
    for (int i = 0; i < fields.size(); i++) {
      out = Overrides.with(out, fields.get(i), values.get(i));
    }
    return new Experiment(out, folder);
  }

  /** The whole experiment as JSON with sorted keys and defaults filled in: two texts with the same meaning have the same form. */
  public String canonicalJson() {
    return Canonical.json(given, problem, field -> true);
  }

  /**
   * What decides the result of a sweep's cell, given the cell's place on the axes, as canonical JSON: without the name, the simulation,
   * the sweep itself and the fields that its axes replace. A refined grid or more starts leave it unchanged.
   */
  public String cellJson() {
    List<String> axes = hasSweep() ? sweep().axes().stream().map(Axis::field).toList() : List.of();
    return Canonical.json(given, problem, field -> Canonical.decidesCell(given, field, axes));
  }

  /** SHA-256 of {@link #canonicalJson}, in hexadecimal. */
  public String hash() {
    return Canonical.sha256(canonicalJson());
  }

  @Override
  public boolean equals(Object o) {
    return o instanceof Experiment e && canonicalJson().equals(e.canonicalJson());
  }

  @Override
  public int hashCode() {
    return canonicalJson().hashCode();
  }

  @Override
  public String toString() {
    return name() + ": " + problem;
  }
}

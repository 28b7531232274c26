package ufm.lab.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JSON Schema that editors use, the documentation and the parser say the same. */
class ExperimentSchemaTest {
  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static JsonSchema schema;
  private static JsonNode tree;

  @BeforeAll
  static void read() throws Exception {
    SchemaDocuments.writeIfAsked();
    tree = new ObjectMapper().readTree(Files.readString(SchemaDocuments.SCHEMA));
    schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(tree);
  }

  @Test
  void theCommittedSchemaIsTheOneOfTheParser() throws Exception {
    assertEquals(SchemaDocuments.schema(), Files.readString(SchemaDocuments.SCHEMA));
  }

  @Test
  void theCommittedTableIsTheOneOfTheParser() throws Exception {
    String document = Files.readString(SchemaDocuments.TABLE);
    assertEquals(SchemaDocuments.withTable(document), document);
  }

  @Test
  void everyNameInTheSchemaIsKnownToTheParserAndTheReverse() {
    Set<String> known = new TreeSet<>(Fields.all().stream().map(Field::name).toList());
    known.addAll(Fields.ALIASES.keySet());
    assertEquals(known, new TreeSet<>(SchemaDocuments.names(tree, "")));
  }

  @Test
  void everyFieldIsDescribed() {
    for (Field f : Fields.all()) {
      assertTrue(f.text().length() > 5 && f.text().endsWith("."), f.name());
    }
  }

  @Test
  void everyExampleIsValidForBoth() throws Exception {
    List<Path> files = new ArrayList<>();
    for (String folder : List.of("../examples", "src/test/resources/experiments")) {
      try (Stream<Path> all = Files.list(Path.of(folder))) {
        all.filter(f -> f.toString().endsWith(".yaml")).forEach(files::add);
      }
    }
    assertTrue(files.size() >= 2);
    for (Path f : files) {
      assertEquals(Set.of(), schema.validate(YAML.readTree(Files.readString(f))), f.toString());
      Experiment e = Experiment.read(f, List.of());
      if (e.hasSweep()) {
        assertTrue(e.sweep().cells() > 1, f.toString());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}", "{classes: 1}", "{classes: x}", "{classes: 4, lamda: {W: 1}}", "{classes: 4, lambda: {W: -1}}", "{classes: 4, lambda: {W: 1.0e-31}}",
        "{classes: 4, lambda: {H: 1.0e+31}}", "{classes: 2, classifier: {W: [[1.0e+31, 0], [0, 1]]}}", "{classes: 4, solve: {scale: 1.0e+31}}",
        "{classes: 4, loss: hinge}",
        "{classes: 4, lambda: {b: 0}}", "{classes: 4, simulate: {optimizer: {momentum: 1}}}", "{classes: 4, counts: [1, 0, 1, 1]}",
        "{classes: 4, sweep: {axes: []}}", "{classes: 4, solve: {reduce: 1}}", "{classes: 4, schema: ufm/2}"
      })
  void whatTheParserRefusesTheSchemaRefuses(String text) throws Exception {
    Set<ValidationMessage> messages = schema.validate(YAML.readTree(text));
    assertFalse(messages.isEmpty());
    org.junit.jupiter.api.Assertions.assertThrows(SpecError.class, () -> Experiment.parse(text, "test", List.of()));
  }
}

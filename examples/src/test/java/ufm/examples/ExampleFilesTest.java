package ufm.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import ufm.lab.spec.Experiment;

/** Every experiment file of this folder is valid, is named as its file, and its comment shows a command that names it. */
class ExampleFilesTest {

  static List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(Path.of("."))) {
      return all.filter(p -> p.toString().endsWith(".yaml")).map(Path::normalize).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("files")
  void isValid(Path file) throws IOException {
    Experiment experiment = Experiment.read(file, List.of());
    assertEquals(file.getFileName().toString(), experiment.name() + ".yaml");
    assertTrue(experiment.problem().samples() >= experiment.problem().classes());
    assertTrue(experiment.simulate().iterations() > 0);
    if (experiment.hasSweep()) {
      assertTrue(experiment.sweep().cells() > 1);
    }
    assertTrue(Files.readString(file).contains("examples/" + file.getFileName()), "no command in the comment");
  }
}

package ufm.solver;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ufm.backend.Backend;
import ufm.backend.LaneBuffer;
import ufm.backend.Lanes;
import ufm.objective.Objective;
import ufm.objective.UfmObjective;
import ufm.problem.UfmProblem;
import ufm.random.StartKind;

/** What a state file refuses, and that it is replaced whole. */
class StateFileTest {
  @TempDir Path folder;
  private final Backend backend = SolverContract.backend(1);
  private final Lbfgs solver = Lbfgs.withMemory(4);
  private Path file;

  private Objective objective(double lambda, int dimension, int lanes) {
    UfmProblem p = UfmProblem.builder(3, dimension).samplesPerClass(2).lambdaW(lambda).lambdaH(1e-2).build();
    return UfmObjective.full(backend, java.util.Collections.nCopies(lanes, p));
  }

  @BeforeEach
  void writeOne() throws IOException {
    file = folder.resolve("run.state");
    try (Objective o = objective(1e-2, 4, 2)) {
      write(o);
    }
  }

  @AfterEach
  void close() {
    backend.close();
  }

  private void write(Objective o) throws IOException {
    try (LaneBuffer x = backend.allocate(o.lanes(), o.layout().size())) {
      ((UfmObjective) o).randomize(Lanes.all(o.lanes()), x, StartKind.GAUSSIAN, 1, 1, new int[] {0, 1});
      Problem problem = Problem.unconstrained(o);
      try (LbfgsState s = SolverLoop.run(
          problem, solver, x, Lanes.all(o.lanes()), new MaxIterations(1000), Recorder.none(), (p, state) -> state.rounds() < 9)) {
        StateFile.write(file, problem, solver, s);
      }
    }
  }

  private String refusal(Objective o, Solver<?> reader) {
    try (o) {
      String message = assertThrows(StateFileException.class, () -> StateFile.read(file, Problem.unconstrained(o), reader)).getMessage();
      assertTrue(message.contains("run.state"), message);
      return message;
    }
  }

  private void assertRefused(String expected) {
    String message = refusal(objective(1e-2, 4, 2), solver);
    assertTrue(message.contains(expected), message);
  }

  @Test
  void theHeaderSaysWhatTheFileIs() throws IOException {
    StateFile.Header h = StateFile.header(file);
    assertEquals(solver.description(), h.solver());
    assertEquals(2, h.lanes());
    assertEquals(backend.provenance(), h.provenance());
  }

  @Test
  void anotherSolverIsRefused() {
    assertTrue(refusal(objective(1e-2, 4, 2), Lbfgs.withMemory(5)).contains("another solver"));
    assertTrue(refusal(objective(1e-2, 4, 2), GradientDescent.plain(0.1)).contains("another solver"));
  }

  @Test
  void anotherProblemIsRefused() {
    assertTrue(refusal(objective(1e-2, 5, 2), solver).contains("another layout"));
    assertTrue(refusal(objective(1e-2, 4, 3), solver).contains("another number of lanes"));
    assertTrue(refusal(objective(2e-2, 4, 2), solver).contains("other problem data: lane 0"));
  }

  @Test
  void everyChangedByteIsNoticed() throws IOException {
    byte[] good = Files.readAllBytes(file);
    for (int at = 0; at < good.length; at += Math.max(1, good.length / 97)) {
      byte[] bad = good.clone();
      bad[at] ^= 0x10;
      Files.write(file, bad);
      refusal(objective(1e-2, 4, 2), solver);
    }
  }

  @Test
  void everyTruncationIsNoticed() throws IOException {
    byte[] good = Files.readAllBytes(file);
    for (int length = 0; length < good.length; length += Math.max(1, good.length / 97)) {
      Files.write(file, java.util.Arrays.copyOf(good, length));
      refusal(objective(1e-2, 4, 2), solver);
    }
    Files.write(file, java.util.Arrays.copyOf(good, good.length - 1));
    assertRefused("damaged or truncated");
  }

  @Test
  void anotherVersionIsNamed() throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    ByteBuffer.wrap(bytes).putInt(Long.BYTES, 99);
    Files.write(file, bytes);
    assertRefused("has version 99, this program reads version 1");
  }

  @Test
  void somethingElseIsNoStateFile() throws IOException {
    Files.writeString(file, "iteration,value\n0,1.0\n");
    assertRefused("is not a state file");
    Files.delete(file);
    try (Objective o = objective(1e-2, 4, 2)) {
      assertThrows(NoSuchFileException.class, () -> StateFile.read(file, Problem.unconstrained(o), solver));
    }
  }

  @Test
  void aFailedWriteLeavesTheOldFileAndNoRemains() throws IOException {
    byte[] before = Files.readAllBytes(file);
    SolverState broken;
    try (Objective o = objective(1e-2, 4, 2);
        LaneBuffer x = backend.allocate(2, o.layout().size())) {
      Problem problem = Problem.unconstrained(o);
      broken = new SolverState(problem, x, Lanes.all(2)) {
        @Override
        public void visit(StateFields fields) {
          super.visit(fields);
          throw new java.io.UncheckedIOException(new IOException("No space left on device"));
        }
      };
      assertEquals(
          "No space left on device", assertThrows(IOException.class, () -> StateFile.write(file, problem, solver, broken)).getMessage());
      broken.close();
      assertThrows(IOException.class, () -> StateFile.write(folder.resolve("missing/run.state"), problem, solver, broken));
    }
    assertArrayEquals(before, Files.readAllBytes(file));
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(file), files.toList());
    }
  }

  @Test
  void aRunThatSavesItselfCanBeTakenUp() throws IOException {
    Path own = folder.resolve("own.state");
    try (Objective o = objective(1e-2, 4, 2);
        LaneBuffer x = backend.allocate(2, o.layout().size())) {
      ((UfmObjective) o).randomize(Lanes.all(2), x, StartKind.GAUSSIAN, 1, 1, new int[] {0, 1});
      Problem problem = Problem.unconstrained(o);
      StoppingCriterion stop = new RelativeGradient(1e-12);
      double value;
      try (LbfgsState s = SolverLoop.run(
          problem, solver, x, Lanes.all(2), stop, Recorder.none(), StateFile.every(Duration.ZERO, own, solver))) {
        value = s.value(0);
      }
      try (LbfgsState s = StateFile.read(own, problem, solver)) {
        assertTrue(s.iterations(0) > 0);
        SolverLoop.resume(problem, solver, s, stop, Recorder.none());
        assertEquals(value, s.value(0), 0);
        assertEquals(Outcome.CONVERGED, s.outcome(0));
      }
    }
  }
}

package ufm.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The launcher {@code ufm} with a JDK that prints what it is asked to run. */
class LauncherTest {
  private static final String WARNING = "WARNING: Using incubator modules: jdk.incubator.vector";

  @TempDir Path root;

  /** What a process wrote. */
  private record Said(int code, String out, String err) {}

  @BeforeEach
  void checkout() throws IOException {
    Path launcher = Path.of("..", "ufm");
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")) && Files.isRegularFile(launcher), "no shell or no launcher");
    Files.copy(launcher, root.resolve("ufm"));
    for (String module : List.of("simulator", "solvers", "cuda", "lab")) {
      Files.createDirectories(root.resolve(module).resolve("src/main"));
      old(Files.createFile(root.resolve(module).resolve("pom.xml")));
      old(root.resolve(module).resolve("src/main"));
    }
    old(Files.createFile(root.resolve("pom.xml")));
    Files.createDirectories(root.resolve("lab/target"));
    Files.createFile(root.resolve("lab/target/ufm.jar"));
    Files.setLastModifiedTime(root.resolve("lab/target/ufm.jar"), FileTime.fromMillis(2_000_000_000L));
  }

  private static void old(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.fromMillis(1_000_000_000L));
  }

  private Path jdk(String version) throws IOException {
    Path home = root.resolve("jdk-" + version);
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "JAVA_VERSION=\"" + version + "\"\nMODULES=\"java.base jdk.incubator.vector\"\n");
    String script = "#!/bin/sh\necho \"$@\"\necho '" + WARNING + "' >&2\necho 'something else' >&2\nexit 7\n";
    Files.writeString(home.resolve("bin/java"), script);
    Files.setPosixFilePermissions(home.resolve("bin/java"), PosixFilePermissions.fromString("rwxr-xr-x"));
    return home;
  }

  private Said launch(Path jdk, String... args) throws IOException, InterruptedException {
    Path err = root.resolve("err");
    ProcessBuilder builder = new ProcessBuilder("/bin/sh", root.resolve("ufm").toString());
    builder.command().addAll(List.of(args));
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder.environment().remove("UFM_JAVA_OPTS");
    Process p = builder.redirectError(err.toFile()).start();
    String out = new String(p.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(p.waitFor(30, TimeUnit.SECONDS), "the launcher hangs");
    return new Said(p.exitValue(), out, Files.readString(err));
  }

  @Test
  void theVersionItKnowsIsStartedWithoutTheVectorApi() throws Exception {
    Said said = launch(jdk("25.0.1"), "solve", "two words");
    assertEquals(7, said.code());
    assertFalse(said.out().contains("--add-modules"), said.out());
    assertTrue(said.out().endsWith("-jar " + root.toRealPath().resolve("lab/target/ufm.jar") + " solve two words\n"), said.out());
    assertEquals(WARNING + "\nsomething else\n", said.err(), "standard error is nobody's filter");
  }

  @Test
  void aNewerVersionGetsTheVectorApiAtItsStartAndItsWarningIsHidden() throws Exception {
    Said said = launch(jdk("26"), "solve");
    assertEquals(7, said.code());
    assertTrue(said.out().contains("--add-modules jdk.incubator.vector"), said.out());
    // The filter may outlive the program by a moment.
    for (int i = 0; i < 100 && Files.size(root.resolve("err")) == 0; i++) {
      Thread.sleep(20);
    }
    assertEquals("something else\n", Files.readString(root.resolve("err")));
  }

  @Test
  void onlyACacheThatIsNewerThanTheJarIsUsed() throws Exception {
    Path cache = Files.createFile(root.resolve("lab/target/ufm.aot"));
    assertTrue(launch(jdk("25.0.1")).out().contains("-XX:AOTCache="), "a cache made after the jar");
    old(cache);
    assertFalse(launch(jdk("25.0.1")).out().contains("-XX:AOTCache="), "a cache of another jar");
  }

  @Test
  void anOldVersionIsRefused() throws Exception {
    Said said = launch(jdk("21.0.2"), "--version");
    // Another JDK of this machine may be found and be good enough: then it runs, and finds that the jar is empty.
    assertTrue(said.code() != 0 && !said.out().contains("-jar"), said.toString());
  }
}

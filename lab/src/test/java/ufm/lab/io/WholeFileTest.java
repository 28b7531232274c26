package ufm.lab.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import ufm.lab.UnusableFile;

class WholeFileTest {
  @TempDir private Path folder;

  private List<String> names() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  private Path pipe() throws Exception {
    boolean known = Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator)).anyMatch(d -> Files.isExecutable(Path.of(d, "mkfifo")));
    assumeTrue(known, "this system has no mkfifo");
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    return pipe;
  }

  private static CompletableFuture<String> reader(Path pipe) {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return Files.readString(pipe);
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    });
  }

  @Test
  void aPipeIsWrittenIntoAndStays() throws Exception {
    Path pipe = pipe();
    WholeFile.check(pipe);
    CompletableFuture<String> text = reader(pipe);
    WholeFile.write(pipe, "through");
    assertEquals("through", text.get(10, TimeUnit.SECONDS));
    CompletableFuture<String> made = reader(pipe);
    WholeFile.make(pipe, file -> Files.writeString(file, "made"));
    assertEquals("made", made.get(10, TimeUnit.SECONDS));
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("pipe"));
    CompletableFuture<String> linked = reader(pipe);
    WholeFile.write(link, "by link");
    assertEquals("by link", linked.get(10, TimeUnit.SECONDS));
    assertTrue(WholeFile.special(pipe));
    assertTrue(Files.isSymbolicLink(link));
    assertEquals(List.of("link", "pipe"), names());
  }

  @Test
  void aLinkStaysAndItsTargetIsReplaced() throws Exception {
    Path other = Files.createDirectory(folder.resolve("other"));
    Path old = Files.writeString(other.resolve("old"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link"), Path.of("other", "old"));
    Path second = Files.createSymbolicLink(folder.resolve("second"), link);
    WholeFile.write(second, "new");
    assertEquals("new", Files.readString(old));
    Path toCome = Files.createSymbolicLink(folder.resolve("to-come"), Path.of("other", "not-yet"));
    WholeFile.check(toCome);
    WholeFile.write(toCome, "first");
    assertEquals("first", Files.readString(other.resolve("not-yet")));
    assertTrue(Files.isSymbolicLink(link) && Files.isSymbolicLink(second) && Files.isSymbolicLink(toCome));
    assertEquals(List.of("link", "other", "second", "to-come"), names());
  }

  @Test
  void aCircleOfLinksIsRefused() throws Exception {
    Path a = Files.createSymbolicLink(folder.resolve("a"), Path.of("b"));
    Files.createSymbolicLink(folder.resolve("b"), Path.of("a"));
    WholeFile.write(folder.resolve("c"), "x");
    assertThrows(UnusableFile.class, () -> {
      Path loop = Files.createSymbolicLink(folder.resolve("d"), Path.of("a", "file"));
      WholeFile.write(loop, "x");
    });
    assertTrue(Files.isSymbolicLink(a));
  }

  @Test
  void nothingStaysBehindAFailure() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "old");
    UnusableFile full =
        assertThrows(UnusableFile.class, () -> WholeFile.write(file, out -> {
          out.write(1);
          throw new IOException("I/O error writing PNG file!", new IOException("No space left on device"));
        }));
    assertEquals(file + " can't be written: no space is left on its disk.", full.getMessage());
    assertThrows(IllegalStateException.class, () -> WholeFile.make(file, partial -> {
      Files.writeString(partial, "half");
      throw new IllegalStateException();
    }));
    assertEquals("old", Files.readString(file));
    assertEquals(List.of("file"), names());
  }

  @Test
  void foldersAreCheckedWithoutBeingMade() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "x");
    assertEquals(file + " can't be written: it is no folder.", assertThrows(UnusableFile.class, () -> WholeFile.checkFolder(file)).getMessage());
    Path below = file.resolve("sub/sub");
    assertEquals(below + " can't be written: " + file + " is no folder.", assertThrows(UnusableFile.class, () -> WholeFile.folder(below)).getMessage());
    Path toCome = folder.resolve("a/b");
    WholeFile.checkFolder(toCome);
    WholeFile.check(toCome.resolve("file"), toCome);
    assertThrows(UnusableFile.class, () -> WholeFile.check(toCome.resolve("c/file"), toCome));
    assertFalse(Files.exists(folder.resolve("a")));
    WholeFile.folder(toCome);
    assertTrue(Files.isDirectory(toCome));
  }
}

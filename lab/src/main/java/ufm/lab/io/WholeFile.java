package ufm.lab.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import ufm.lab.UnusableFile;

/**
 * Writes a file that is seen either complete or not at all: under another name first, then renamed. A symbolic link stays, and the file it
 * points to is replaced; what exists and is no regular file (a pipe, a device) stays too and is written into.
 */
public final class WholeFile {

  /** More links than this are a circle. */
  private static final int LINKS = 40;

  /** Fills a file. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything; the stream is closed by the caller. */
    void to(OutputStream out) throws IOException;
  }

  /** Makes a file under the name it is given. */
  @FunctionalInterface
  public interface Maker {
    /** Makes the file. */
    void make(Path file) throws IOException;
  }

  private WholeFile() {}

  /**
   * Writes a text in UTF-8.
   *
   * @throws UnusableFile if the file can't be written
   */
  public static void write(Path file, String text) {
    write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * Writes bytes.
   *
   * @throws UnusableFile if the file can't be written
   */
  public static void write(Path file, Content content) {
    if (special(file)) {
      try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
        content.to(out);
      } catch (IOException e) {
        throw UnusableFile.writing(file, e);
      }
      return;
    }
    make(file, partial -> {
      try (OutputStream out = Files.newOutputStream(partial)) {
        content.to(out);
      }
    });
  }

  /**
   * Has a file made under another name, then gives it its own.
   *
   * @throws UnusableFile if the file can't be written; the other one is then removed
   */
  public static void make(Path file, Maker maker) {
    Path partial = null;
    try {
      if (Files.isDirectory(file)) {
        throw new IOException("it is a folder");
      }
      partial = special(file) ? Files.createTempFile("ufm", ".partial") : partial(file);
      maker.make(partial);
      rename(partial, file);
    } catch (IOException e) {
      deleteQuietly(partial);
      throw UnusableFile.writing(file, e);
    } catch (RuntimeException e) {
      deleteQuietly(partial);
      throw e;
    }
  }

  /** Where a file grows before it is complete: beside it, with the ending {@code .partial}. */
  public static Path partial(Path file) {
    Path target = special(file) ? file : target(file);
    return target.resolveSibling(target.getFileName() + ".partial");
  }

  /** Gives a complete file its name, in place of an older one; the content goes into what is no regular file. */
  public static void rename(Path partial, Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException("it is a folder");
    }
    if (special(file)) {
      try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.WRITE)) {
        Files.copy(partial, out);
      }
      Files.delete(partial);
      return;
    }
    Path target = target(file);
    try {
      Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(partial, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Whether something stands under that name, through links, that is neither a regular file nor a folder: a pipe, a device. */
  public static boolean special(Path file) {
    return Files.exists(file) && !Files.isRegularFile(file) && !Files.isDirectory(file);
  }

  /**
   * Fails early, before minutes of work, where a file could not be written at the end.
   *
   * @throws UnusableFile if its folder is missing or not writable, or the file is a folder
   */
  public static void check(Path file) {
    Path parent = target(file).toAbsolutePath().getParent();
    try {
      if (Files.isDirectory(file)) {
        throw new IOException("it is a folder");
      }
      if (special(file)) {
        if (!Files.isWritable(file)) {
          throw new IOException("access is denied");
        }
        return;
      }
      if (parent == null || !Files.isDirectory(parent)) {
        throw new NoSuchFileException(String.valueOf(parent));
      }
      probe(parent);
    } catch (IOException e) {
      throw UnusableFile.writing(file, e);
    }
  }

  /**
   * As {@link #check(Path)} for a file that may lie in a folder that is made later, by {@link #folder}; makes nothing.
   *
   * @param folder checked by {@link #checkFolder}
   * @throws UnusableFile if the file could not be written
   */
  public static void check(Path file, Path folder) {
    Path parent = file.toAbsolutePath().normalize().getParent();
    if (Files.exists(folder) || !folder.toAbsolutePath().normalize().equals(parent)) {
      check(file);
    }
  }

  /**
   * Fails early where a folder could not be made or written into; makes nothing.
   *
   * @throws UnusableFile if what stands there is no folder, or it is not writable
   */
  public static void checkFolder(Path folder) {
    Path there = folder.toAbsolutePath().normalize();
    Path existing = there;
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    try {
      if (!Files.isDirectory(existing)) {
        throw new IOException((existing.equals(there) ? "it" : existing) + " is no folder");
      }
      probe(existing);
    } catch (IOException e) {
      throw UnusableFile.writing(folder, e);
    }
  }

  /**
   * Makes a folder, with those above it, where there is none.
   *
   * @throws UnusableFile if it can't be made
   */
  public static void folder(Path folder) {
    if (!Files.isDirectory(folder)) {
      checkFolder(folder);
      try {
        Files.createDirectories(folder);
      } catch (IOException e) {
        throw UnusableFile.writing(folder, e);
      }
    }
  }

  private static void probe(Path folder) throws IOException {
    Files.delete(Files.createTempFile(folder, ".ufm", ".probe"));
  }

  /** Where the links lead that stand under a name, also where nothing is there yet. */
  private static Path target(Path file) {
    Path at = file;
    for (int i = 0; i < LINKS && Files.isSymbolicLink(at); i++) {
      try {
        at = at.resolveSibling(Files.readSymbolicLink(at));
      } catch (IOException e) {
        return at;
      }
    }
    return at;
  }

  private static void deleteQuietly(Path partial) {
    try {
      if (partial != null) {
        Files.deleteIfExists(partial);
      }
    } catch (IOException e) {
      // The failure that led here is the one to report.
    }
  }
}

package ufm.lab.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import ufm.lab.UnusableFile;

/** Writes a file that is seen either complete or not at all: under another name first, then renamed. */
public final class WholeFile {

  /** Fills a file. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything; the stream is closed by the caller. */
    void to(OutputStream out) throws IOException;
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
    Path partial = partial(file);
    try {
      try (OutputStream out = Files.newOutputStream(partial)) {
        content.to(out);
      }
      rename(partial, file);
    } catch (IOException e) {
      deleteQuietly(partial);
      throw UnusableFile.writing(file, e);
    }
  }

  /** Where a file grows before it is complete: beside it, with the ending {@code .partial}. */
  public static Path partial(Path file) {
    return file.resolveSibling(file.getFileName() + ".partial");
  }

  /** Gives a complete file its name, in place of an older one. */
  public static void rename(Path partial, Path file) throws IOException {
    if (Files.isDirectory(file)) {
      throw new IOException("it is a folder");
    }
    try {
      Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(partial, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * Fails early, before minutes of work, where a file could not be written at the end.
   *
   * @throws UnusableFile if its folder is missing or not writable, or the file is a folder
   */
  public static void check(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    try {
      if (Files.isDirectory(file)) {
        throw new IOException("it is a folder");
      }
      if (parent == null || !Files.isDirectory(parent)) {
        throw new NoSuchFileException(String.valueOf(parent));
      }
      Path probe = Files.createTempFile(parent, ".ufm", ".probe");
      Files.delete(probe);
    } catch (IOException e) {
      throw UnusableFile.writing(file, e);
    }
  }

  private static void deleteQuietly(Path partial) {
    try {
      Files.deleteIfExists(partial);
    } catch (IOException e) {
      // The failure that led here is the one to report.
    }
  }
}

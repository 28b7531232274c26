package ufm.lab;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Map;

/** A file that can't be read or written, or that holds something else than it must. One sentence for the user; exit code 2. */
public final class UnusableFile extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final Map<String, String> SYSTEM =
      Map.of(
          "No space left on device", "no space is left on its disk",
          "Disk quota exceeded", "the disk quota is used up",
          "Read-only file system", "its disk is read-only",
          "Permission denied", "access is denied",
          "Is a directory", "it is a folder",
          "Not a directory", "a part of its path is no folder",
          "No such file or directory", "there is no such file or folder",
          "File name too long", "its name is too long",
          "Bad file descriptor", "it is closed",
          "Input/output error", "its disk reports an error");

  /**
   * @param sentence the whole message
   */
  public UnusableFile(String sentence) {
    super(sentence);
  }

  private UnusableFile(String sentence, IOException cause) {
    super(sentence, cause);
  }

  /** A file that can't be read. */
  public static UnusableFile reading(Path file, IOException e) {
    return new UnusableFile(file + " can't be read: " + why(file, e) + ".", e);
  }

  /**
   * A file that can't be written.
   *
   * @param message what a library says, with the system's reason in it
   */
  public static UnusableFile writing(Path file, String message) {
    return new UnusableFile(file + " can't be written: " + words(message) + ".");
  }

  /** A file that can't be written. */
  public static UnusableFile writing(Path file, IOException e) {
    return new UnusableFile(file + " can't be written: " + why(file, e) + ".", e);
  }

  /**
   * Why something failed, in words for the middle of a sentence.
   *
   * @param file what was to be read or written
   */
  static String why(Path file, IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> Files.exists(file) ? "it vanished" : "there is no such file or folder";
      case AccessDeniedException denied -> "access is denied";
      case NotDirectoryException n -> n.getFile() + " is no folder";
      case FileSystemLoopException loop -> "its links lead in a circle";
      case FileSystemException f when Files.isDirectory(file) -> "it is a folder";
      case FileSystemException f when f.getReason() != null -> words(f.getReason());
      case FileAlreadyExistsException f -> f.getFile() + " is there already and is no folder";
      default -> Files.isDirectory(file) ? "it is a folder" : words(message(e));
    };
  }

  /** The innermost message: libraries wrap the failure of the disk in one that says less. */
  private static String message(Throwable e) {
    Throwable inner = e;
    while (inner.getCause() instanceof IOException cause) {
      inner = cause;
    }
    return inner.getMessage() == null ? inner.getClass().getSimpleName() : inner.getMessage();
  }

  /** A message of the system, or of a library around it, in the words of this program. */
  static String words(String message) {
    for (Map.Entry<String, String> known : SYSTEM.entrySet()) {
      if (message.contains(known.getKey())) {
        return known.getValue();
      }
    }
    return message.lines().findFirst().orElse("").replaceAll("[.!]+$", "");
  }
}

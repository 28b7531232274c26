package ufm.lab;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/** A file that can't be read or written, or that holds something else than it must. One sentence for the user; exit code 2. */
public final class UnusableFile extends RuntimeException {
  private static final long serialVersionUID = 1L;

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

  /** A file that can't be written. */
  public static UnusableFile writing(Path file, IOException e) {
    return new UnusableFile(file + " can't be written: " + why(file, e) + ".", e);
  }

  private static String why(Path file, IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> Files.exists(file) ? "it vanished" : "there is no such file or folder";
      case AccessDeniedException denied -> "access is denied";
      case NotDirectoryException n -> n.getFile() + " is no folder";
      case FileSystemException f when Files.isDirectory(file) -> "it is a folder";
      case FileSystemException f when f.getReason() != null -> f.getReason();
      default -> Files.isDirectory(file) ? "it is a folder" : String.valueOf(e.getMessage());
    };
  }
}

package ufm.lab;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Standard output that remembers its first failure, which a {@link PrintStream} swallows: what a program prints on a full disk must not be
 * lost in silence. A reader that has seen enough ({@code | head -1}) is no failure.
 */
final class StandardOutput extends OutputStream {
  private static final int KIND = 0xF000;
  private static final int PIPE = 0x1000;
  private static final int SOCKET = 0xC000;

  private final OutputStream out;
  private final boolean pipe;
  private IOException failure;

  /**
   * @param out where the bytes go
   * @param pipe whether a reader is at the other end, who may leave
   */
  StandardOutput(OutputStream out, boolean pipe) {
    this.out = out;
    this.pipe = pipe;
  }

  /** Takes the place of {@link System#out}. */
  static StandardOutput install() {
    StandardOutput output = new StandardOutput(new FileOutputStream(FileDescriptor.out), pipe());
    System.setOut(new PrintStream(new BufferedOutputStream(output, 1 << 13), false, System.out.charset()));
    return output;
  }

  private static boolean pipe() {
    try {
      int kind = (Integer) Files.getAttribute(Path.of("/dev/fd/1"), "unix:mode") & KIND;
      return kind == PIPE || kind == SOCKET;
    } catch (IOException | RuntimeException e) {
      // No such names on this system: the message of the failure has to tell.
      return false;
    }
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.write(bytes, offset, length);
    } catch (IOException e) {
      if (failure == null) {
        failure = e;
      }
      throw e;
    }
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }

  /**
   * The exit code at the end of the program: a success whose output is lost is none.
   *
   * @param code exit code of the command
   * @param err gets one sentence where something is lost
   */
  int finish(int code, PrintStream err) {
    System.out.flush();
    if (failure == null || pipe || String.valueOf(failure.getMessage()).contains("Broken pipe")) {
      return code;
    }
    err.println("error: " + UnusableFile.writing(Path.of("standard output"), failure).getMessage());
    return code == 0 ? Ufm.BAD_INPUT : code;
  }
}

package ufm.benchmarks.compare;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A process that does work when told to, by the language of {@link Worker}. */
final class Program implements AutoCloseable {

  /** The program can't do it, or has ended; the message says why. */
  static final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    Failure(String message) {
      super(message);
    }
  }

  private final String name;
  private final Process process;
  private final PrintStream to;
  private final BufferedReader from;

  /**
   * Starts it.
   *
   * @param name for people
   * @param log gets what it writes to standard error
   */
  Program(String name, List<String> command, File log) throws IOException {
    this.name = name;
    process = new ProcessBuilder(command).redirectError(log).start();
    to = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    from = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** Its name. */
  String name() {
    return name;
  }

  /** Sends a line and returns the fields of the answer after the expected word. */
  String[] ask(String request, String expected) throws Failure {
    to.println(request);
    return hear(expected);
  }

  /** The fields of the next answer after the expected word, two at least. */
  String[] hear(String expected) throws Failure {
    String line;
    try {
      line = from.readLine();
    } catch (IOException e) {
      throw new Failure(e.getMessage());
    }
    if (line == null) {
      throw new Failure("the process has ended");
    }
    String[] fields = line.split("\t", -1);
    if (!fields[0].equals(expected) || fields.length < 3) {
      throw new Failure(fields[0].equals("failed") && fields.length > 1 ? fields[1] : "unexpected answer '" + line + "'");
    }
    return new String[] {fields[1], fields[2]};
  }

  /** Asks it to end, and ends it if it does not. */
  @Override
  public void close() {
    to.println("quit");
    to.close();
    try {
      if (!process.waitFor(java.time.Duration.ofSeconds(5))) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

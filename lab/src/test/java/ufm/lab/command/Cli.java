package ufm.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import ufm.lab.Ufm;

/**
 * The program run inside the test: what a user would see.
 *
 * @param code exit code
 * @param out standard output
 * @param err standard error
 */
record Cli(int code, String out, String err) {

  /** Runs {@code ufm} with arguments. */
  static Cli run(List<String> arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int code = Ufm.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments.toArray(String[]::new));
    return new Cli(code, out.toString(), err.toString());
  }

  /** Runs {@code ufm} with arguments. */
  static Cli run(String... arguments) {
    return run(List.of(arguments));
  }

  /** Runs a command with {@code --json}, which must succeed, and parses what it prints. */
  static JsonNode json(List<String> arguments) {
    List<String> all = new ArrayList<>(arguments);
    all.add("--json");
    Cli cli = run(all);
    assertEquals(0, cli.code(), () -> String.join(" ", all) + "\n" + cli.err());
    return parse(cli.out());
  }

  /** The one JSON document in a text. */
  static JsonNode parse(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

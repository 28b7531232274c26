package ufm.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The quick ways in: they must say what the complete command line says. */
class UfmTest {
  /** Exit code and both streams of a call. */
  private static List<String> said(String[] args, boolean complete) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (PrintStream all = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setOut(all);
      System.setErr(all);
      int code = complete ? Ufm.commandLine().execute(args) : Ufm.execute(args);
      return List.of(Integer.toString(code), bytes.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  @Test
  void quickWaysSayTheSame() {
    List<String[]> calls = new ArrayList<>();
    for (String line : List.of(
        "--version", "-V", "--help", "--version solve", "solve --help", "predict --debug --set x=1", "--debug predict --set x=1", "solv",
        "help solve", "sweep", "predict solve", "predict --josn", "devices --josn", "plot -h", "evaluate", "simulate --set classes=0")) {
      calls.add(line.split(" "));
    }
    for (String[] call : calls) {
      List<String> complete = said(call, true);
      assertEquals(withoutPlaces(complete), withoutPlaces(said(call, false)), String.join(" ", call));
      assertTrue(!complete.get(1).isBlank(), String.join(" ", call));
    }
  }

  /** A stack trace names the one who called. */
  private static List<String> withoutPlaces(List<String> said) {
    return List.of(said.get(0), said.get(1).replaceAll("(?m)^\\s+(at |\\.\\.\\. ).*\\R", ""));
  }
}

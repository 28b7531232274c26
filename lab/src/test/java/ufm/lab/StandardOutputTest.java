package ufm.lab;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** A success whose output is lost is none. */
class StandardOutputTest {
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final PrintStream err = new PrintStream(said, true, StandardCharsets.UTF_8);

  private static StandardOutput broken(String message, boolean pipe) {
    OutputStream none = new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException(message);
      }
    };
    StandardOutput out = new StandardOutput(none, pipe);
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    print.println("f* = 1");
    assertTrue(print.checkError());
    return out;
  }

  @Test
  void aFullDiskIsSaid() {
    assertEquals(Ufm.BAD_INPUT, broken("No space left on device", false).finish(0, err));
    assertEquals("error: standard output can't be written: no space is left on its disk.\n", said.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"));
  }

  @Test
  void aFailedRunStaysAFailedRun() {
    assertEquals(Ufm.FAILED, broken("Bad file descriptor", false).finish(Ufm.FAILED, err));
    assertEquals("error: standard output can't be written: it is closed.\n", said.toString(StandardCharsets.UTF_8).replace("\r\n", "\n"));
  }

  @Test
  void aReaderMayLeave() {
    assertEquals(0, broken("Broken pipe", false).finish(0, err));
    assertEquals(0, broken("in any language", true).finish(0, err));
    assertEquals("", said.toString(StandardCharsets.UTF_8));
  }

  @Test
  void whatIsWrittenArrives() {
    ByteArrayOutputStream there = new ByteArrayOutputStream();
    StandardOutput out = new StandardOutput(there, false);
    PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8);
    print.print("λ = 1");
    assertEquals("λ = 1", there.toString(StandardCharsets.UTF_8));
    assertEquals(0, out.finish(0, err));
    assertEquals("", said.toString(StandardCharsets.UTF_8));
  }

  @Test
  void anExhaustedHeapSaysHowToGetMore() {
    assertTrue(Ufm.heapExhausted().contains("UFM_JAVA_OPTS=-Xmx"), Ufm.heapExhausted());
  }
}

package ufm.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class DevicesCommandTest {

  private static String run(String... arguments) {
    StringWriter out = new StringWriter();
    assertEquals(0, new CommandLine(new DevicesCommand()).setOut(new PrintWriter(out)).execute(arguments));
    return out.toString();
  }

  @Test
  void jsonNamesBothBackendsAndTheProcessorsFacts() throws Exception {
    JsonNode backends = new ObjectMapper().readTree(run("--json")).get("backends");
    assertEquals(2, backends.size());
    JsonNode cpu = backends.get(0);
    assertEquals("cpu", cpu.get("name").asText());
    assertTrue(cpu.get("available").asBoolean());
    JsonNode processor = cpu.get("devices").get(0);
    assertFalse(processor.get("name").asText().isBlank());
    assertEquals(Integer.toString(Runtime.getRuntime().availableProcessors()), processor.get("properties").get("cores").asText());
    assertFalse(processor.get("properties").get("matrix products").asText().isBlank());
    assertTrue(processor.get("properties").get("elementwise kernels").asText().matches("vector \\(\\d+ bits.*\\)"), processor.toString());
    JsonNode cuda = backends.get(1);
    assertEquals("cuda", cuda.get("name").asText());
    assertFalse(cuda.get("available").asBoolean());
    assertTrue(cuda.get("statement").asText().contains("no CUDA backend yet"));
    assertFalse(cuda.get("findings").isEmpty());
  }

  @Test
  void theTextSaysTheSame() {
    String text = run();
    assertTrue(text.startsWith("cpu\n  The backend cpu runs on the processor and is always available.\n"), text);
    assertTrue(text.contains("\ncuda (not available)\n"), text);
  }
}

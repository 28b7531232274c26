package ufm.lab.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import ufm.backend.BackendProvider;
import ufm.lab.Backends;

/** {@code ufm devices}: which backends there are, what they run on, and what is missing for the others. */
@Command(
    name = "devices",
    description = "Show the backends, what they run on, and what is missing for the others.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  ./ufm devices           # processor, threads, BLAS library; the GPUs that were found",
      "  ./ufm devices --json    # the same for programs",
    })
public final class DevicesCommand implements Callable<Integer> {
  @Option(names = "--json", description = "Print one JSON document.")
  private boolean json;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws JsonProcessingException {
    PrintWriter out = spec.commandLine().getOut();
    List<BackendProvider> providers = Backends.providers();
    if (json) {
      out.println(
          new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT)
              .writeValueAsString(Map.of("backends", providers.stream().map(DevicesCommand::document).toList())));
    } else {
      providers.forEach(p -> print(p, out));
    }
    out.flush();
    return 0;
  }

  private static Map<String, Object> document(BackendProvider provider) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("name", provider.name());
    all.put("available", provider.available());
    all.put("statement", provider.statement());
    all.put("devices", provider.devices());
    all.put("findings", provider.findings());
    return all;
  }

  private static void print(BackendProvider provider, PrintWriter out) {
    out.println(provider.name() + (provider.available() ? "" : " (not available)"));
    out.println("  " + provider.statement());
    for (BackendProvider.Device device : provider.devices()) {
      out.println("  " + device.name());
      device.properties().forEach((key, value) -> out.printf("    %-20s %s%n", key, value));
    }
    provider.findings().forEach(f -> out.println("  " + f));
  }
}

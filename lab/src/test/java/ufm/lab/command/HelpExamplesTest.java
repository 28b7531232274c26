package ufm.lab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import ufm.lab.Ufm;

/**
 * The examples of every {@code --help}, run in their order: as printed, but in a folder of the test and with few cells and iterations.
 */
class HelpExamplesTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern WORD = Pattern.compile("'([^']*)'|\\S+");

  @TempDir Path dir;

  static Stream<String> commands() {
    return Stream.concat(
        Stream.of(""), Ufm.commandLine().getSubcommands().keySet().stream().filter(name -> !name.equals("help")));
  }

  /** The lines of a help text that a user would copy. */
  private static List<String> examples(String command) {
    CommandLine ufm = Ufm.commandLine();
    CommandLine line = command.isEmpty() ? ufm : ufm.getSubcommands().get(command);
    List<String> help = line.getUsageMessage(CommandLine.Help.Ansi.OFF).lines().map(String::strip).toList();
    List<String> out = help.stream().skip(help.indexOf("Examples:") + 1).takeWhile(l -> !l.isEmpty()).toList();
    // A line that was broken could not be copied.
    assertTrue(out.stream().allMatch(l -> l.startsWith("./ufm ")), out.toString());
    return out;
  }

  @ParameterizedTest
  @MethodSource("commands")
  void runInTheirOrder(String command) {
    List<String> examples = examples(command);
    assertTrue(examples.size() >= 2, "examples of " + command);
    int resumed = 0;
    for (String example : examples) {
      List<String> arguments = inFolder(words(example));
      resumed += example.contains("--resume") ? 1 : 0;
      arguments.addAll(fast(arguments, example.contains("--resume")));
      Cli cli = Cli.run(arguments);
      assertEquals(0, cli.code(), () -> example + "\n" + cli.err());
    }
    assertEquals(command.equals("simulate") ? 1 : 0, resumed);
  }

  private static List<String> words(String example) {
    List<String> out = new ArrayList<>();
    for (MatchResult m : WORD.matcher(example.replaceFirst(" # .*", "")).results().skip(1).toList()) {
      out.add(m.group(1) != null ? m.group(1) : m.group());
    }
    return out;
  }

  /** Inputs come from the repository, everything else lies in the test's folder. */
  private List<String> inFolder(List<String> words) {
    List<String> out = new ArrayList<>();
    String before = "";
    for (String word : words) {
      boolean file = List.of("--out", "--export", "--point", "--checkpoint").contains(before) || word.startsWith("runs/");
      if (word.startsWith("examples/")) {
        assertTrue(Files.isRegularFile(ROOT.resolve(word)), word + " does not exist");
        out.add(ROOT.resolve(word).toString());
      } else {
        out.add(file ? dir.resolve(word).toString() : word);
      }
      before = word;
    }
    return out;
  }

  private List<String> fast(List<String> arguments, boolean resume) {
    List<String> out = new ArrayList<>();
    if (arguments.getFirst().equals("simulate")) {
      out.addAll(List.of("--set", "simulate.iterations=" + (resume ? 40 : 20)));
    }
    if (arguments.getFirst().equals("sweep") && !arguments.contains("--help")) {
      out.addAll(List.of("--set", "sweep.axes[0].points=3", "--set", "sweep.axes[1].points=2", "--threads", "2"));
      if (!arguments.contains("sweep.starts=16")) {
        out.addAll(List.of("--set", "sweep.starts=2"));
      }
    }
    if (List.of("simulate", "sweep").contains(arguments.getFirst()) && !arguments.contains("--help") && !arguments.contains("--out")) {
      out.addAll(List.of("--out", dir.resolve("runs").toString()));
    }
    return out;
  }
}

package ufm.lab;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import ufm.backend.BackendUnavailable;
import ufm.lab.command.DevicesCommand;
import ufm.lab.command.EvaluateCommand;
import ufm.lab.command.PlotCommand;
import ufm.lab.command.PredictCommand;
import ufm.lab.command.SimulateCommand;
import ufm.lab.command.SolveCommand;
import ufm.lab.command.SweepCommand;
import ufm.lab.db.ResultsError;
import ufm.lab.spec.SpecError;
import ufm.problem.InvalidProblem;
import ufm.solve.InfimumNotAttained;

/**
 * The program {@code ufm}. A new command is a class with {@link Command} added to {@link #COMMANDS}.
 *
 * <p>Exit codes: 0 for success, {@value #BAD_INPUT} for bad input, an unreadable file or an output that can't be written (one sentence on
 * standard error), {@value #FAILED} for a run that failed otherwise.
 */
@Command(
    name = "ufm",
    mixinStandardHelpOptions = true,
    versionProvider = Ufm.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Simulates, solves and certifies unconstrained features models.",
      "",
      "f(W,H,b) = (1/N) sum_i loss(W h_i + b, y_i) + lambda.W/2 |W|^2 + lambda.H/2 |H|^2 + lambda.b/2 |b|^2",
      ""
    },
    footer = {
      "",
      "Examples:",
      "  ./ufm solve --set classes=4 --set samples-per-class=10 --set lambda.W=5e-3 --set lambda.H=5e-3",
      "  ./ufm predict examples/simplex-etf.yaml",
      "  ./ufm sweep examples/collapse-threshold.yaml",
      "  ./ufm sweep --help",
      "",
      "Exit codes: 0 success; 2 bad input, unreadable file or unwritable output; 1 any other failure."
    })
public final class Ufm implements Runnable {
  /** Exit code for bad input, an unreadable file or an output that can't be written. */
  public static final int BAD_INPUT = 2;

  /** Exit code for a run that failed otherwise. */
  public static final int FAILED = 1;

  /** The names of all commands, in the order in which help shows them. */
  private static final List<String> COMMANDS = List.of("solve", "simulate", "predict", "evaluate", "sweep", "plot", "devices", "help");

  @Spec private CommandSpec spec;

  @Option(names = "--debug", scope = ScopeType.INHERIT, description = "Shows where in the program a failure happened.")
  private boolean debug;

  /** Starts the program. */
  public static void main(String[] args) {
    StandardError.restore();
    Locale.setDefault(Locale.ROOT);
    StandardOutput out = StandardOutput.install();
    int code;
    try {
      code = execute(args);
    } catch (OutOfMemoryError e) {
      System.err.println(heapExhausted());
      code = FAILED;
    }
    System.exit(out.finish(code, System.err));
  }

  /** The version needs no command line, and of the commands only the one that is named is described to picocli: that takes a while for each. */
  static int execute(String[] args) {
    if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
      for (String line : new Version().getVersion()) {
        System.out.println(line);
      }
      return CommandLine.ExitCode.OK;
    }
    boolean named = args.length > 0 && COMMANDS.contains(args[0]) && !args[0].equals("help");
    return (named ? commandLine(List.of(args[0])) : commandLine()).execute(args);
  }

  /** What to say where the heap does not suffice. */
  static String heapExhausted() {
    return "error: the run failed: the Java heap of " + (Runtime.getRuntime().maxMemory() >> 20)
        + " MiB is too small for it; more is given by the environment variable UFM_JAVA_OPTS=-Xmx16g (java -Xmx16g -jar ...), as far as the"
        + " machine has it.";
  }

  private static boolean heapExhausted(Throwable e) {
    return e != null && (e instanceof OutOfMemoryError || heapExhausted(e.getCause()));
  }

  /** The program as a picocli command line, for tests and for embedding. */
  public static CommandLine commandLine() {
    return commandLine(COMMANDS);
  }

  private static CommandLine commandLine(List<String> commands) {
    Ufm ufm = new Ufm();
    CommandLine line = new CommandLine(ufm);
    commands.forEach(name -> line.addSubcommand(name, command(name)));
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setUsageHelpWidth(120);
    line.setParameterExceptionHandler(Ufm::wrongArguments);
    line.setExecutionExceptionHandler(ufm::failed);
    return line;
  }

  private static Object command(String name) {
    return switch (name) {
      case "solve" -> new SolveCommand();
      case "simulate" -> new SimulateCommand();
      case "predict" -> new PredictCommand();
      case "evaluate" -> new EvaluateCommand();
      case "sweep" -> new SweepCommand();
      case "plot" -> new PlotCommand();
      case "devices" -> new DevicesCommand();
      case "help" -> new CommandLine.HelpCommand();
      default -> throw new IllegalArgumentException(name);
    };
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing, but must be one of " + commands() + ".");
  }

  private String commands() {
    return String.join(", ", spec.subcommands().keySet());
  }

  private static int wrongArguments(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    PrintWriter err = line.getErr();
    err.println("error: " + e.getMessage());
    err.println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
    return BAD_INPUT;
  }

  private int failed(Exception e, CommandLine line, ParseResult parsed) {
    PrintWriter err = line.getErr();
    if (heapExhausted(e)) {
      err.println(heapExhausted());
      err.flush();
      return FAILED;
    }
    boolean input = e instanceof SpecError || e instanceof InvalidProblem || e instanceof InfimumNotAttained || e instanceof BackendUnavailable
        || e instanceof UnusableFile || e instanceof ResultsError;
    String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    err.println("error: " + (input ? message : "the run failed: " + message + (debug ? "" : " (--debug shows where).")));
    if (debug) {
      e.printStackTrace(err);
    }
    err.flush();
    return input ? BAD_INPUT : FAILED;
  }

  /** The version in the manifest of the program's archive. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Ufm.class.getPackage().getImplementationVersion();
      return new String[] {
        "ufm " + (version == null ? "(development)" : version), "Java " + Runtime.version() + ", " + System.getProperty("os.name") + " "
            + System.getProperty("os.arch")
      };
    }
  }
}

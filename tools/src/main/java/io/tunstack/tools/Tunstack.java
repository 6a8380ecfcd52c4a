package io.tunstack.tools;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The command itself: it only holds its subcommands. */
@Command(
    name = "tunstack",
    mixinStandardHelpOptions = true,
    versionProvider = Tunstack.Version.class,
    description = "A TCP/IP stack in user space, behind a TUN device.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      UpCommand.class,
      GetCommand.class,
      DemoCommand.class,
      EmulateCommand.class,
      ExperimentCommand.class,
      BenchCommand.class
    },
    footer = {
      "",
      "Exit codes: 0 stopped as asked, 1 failure, 2 usage, 77 permission; get has those of curl.",
    })
final class Tunstack implements Callable<Integer> {
  @Spec private CommandSpec spec;

  /** Builds the command line, with where its output goes. */
  static CommandLine commandLine(PrintWriter out, PrintWriter err) {
    return new CommandLine(new Tunstack())
        .setOut(out)
        .setErr(err)
        .setUsageHelpAutoWidth(true)
        // An argument that begins with @ is what get's -d takes from a file.
        .setExpandAtFiles(false)
        .setParameterExceptionHandler(Tunstack::wrongUsage)
        .setExecutionExceptionHandler(Tunstack::failed);
  }

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "a command is missing; to start the stack type: tunstack up");
  }

  private static int wrongUsage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("tunstack: " + e.getMessage());
    err.println("All options: " + command.getCommandSpec().qualifiedName() + " --help");
    return ExitCode.USAGE;
  }

  private static int failed(Exception e, CommandLine command, ParseResult parsed) {
    return Trouble.tell(e, command.getErr());
  }

  /** Reads the version from the jar's manifest. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Tunstack.class.getPackage().getImplementationVersion();
      return new String[] {
        "tunstack " + (version == null ? "(not packaged)" : version),
        "Java " + System.getProperty("java.version") + ", " + System.getProperty("java.vm.name"),
      };
    }
  }
}

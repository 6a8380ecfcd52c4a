package io.tunstack.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tunstack bench}: measures this machine, by {@code tools/bench/run} of the checkout. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Measures this stack, what a TUN device can carry at all, and the kernel's own stack, side"
          + " by side in network namespaces of its own, and prints medians and ratios.",
      "Takes root, a checkout, gcc, ip and ping; wrk, nginx and jcmd if they are there.",
    })
final class BenchCommand implements Callable<Integer> {
  /** Where the script is, from the folder of the jar. */
  private static final String SCRIPT = "../bench/run";

  private static final int MAX_ROUNDS = 99;
  private static final int MAX_SECONDS = 60;

  @Spec private CommandSpec spec;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      defaultValue = "5",
      description = "how often everything has its turn, 1 to 99; medians are printed")
  private int rounds;

  @Option(
      names = "--secs",
      paramLabel = "N",
      defaultValue = "2",
      description = "how long each measurement takes, 1 to 60 seconds")
  private int seconds;

  @Option(
      names = "--only",
      paramLabel = "PARTS",
      defaultValue = "bulk http rtt cost curve start",
      description = "which parts, with spaces between them")
  private String parts;

  @Override
  public Integer call() throws IOException {
    requireRange("--rounds", rounds, MAX_ROUNDS);
    requireRange("--secs", seconds, MAX_SECONDS);
    Optional<Path> script = script(ownJar());
    if (script.isEmpty()) {
      spec.commandLine()
          .getErr()
          .println(
              "tunstack: the benchmark is not in the jar but in the checkout that built it:"
                  + " tools/bench/run");
      return ExitCode.FAILURE;
    }
    Process process = new ProcessBuilder(command(script.get())).inheritIO().start();
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      return ExitCode.FAILURE;
    }
  }

  private void requireRange(String flag, int value, int most) {
    if (value < 1 || value > most) {
      throw new ParameterException(
          spec.commandLine(), flag + ": a number from 1 to " + most + " is needed; got " + value);
    }
  }

  private List<String> command(Path script) {
    List<String> command = new ArrayList<>();
    command.add(script.toString());
    command.add("--rounds");
    command.add(Integer.toString(rounds));
    command.add("--secs");
    command.add(Integer.toString(seconds));
    command.add("--only");
    command.add(parts);
    return command;
  }

  /** With {@code java -jar} the class path is the jar. */
  private static Path ownJar() {
    return Path.of(System.getProperty("java.class.path"));
  }

  /** The script that belongs to a jar, if that lies where the build has put it. */
  static Optional<Path> script(Path jar) {
    return Optional.of(jar.resolveSibling(SCRIPT).normalize()).filter(Files::isExecutable);
  }
}

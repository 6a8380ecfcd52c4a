package io.tunstack.tools;

import io.tunstack.tools.Demo.Closer;
import io.tunstack.tools.Demo.Script;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code tunstack demo}: a connection from its first segment to its last, without a network. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Lets a client and a server, each on a TCP of its own, talk in memory, and prints every"
          + " segment with the states of both sides.",
      "Needs no privilege, and prints the same every time.",
    })
final class DemoCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--close",
      paramLabel = "WHO",
      defaultValue = "client",
      converter = CloserConverter.class,
      description = "who closes first: client, server, or both at the same moment")
  private Closer closer;

  @Option(names = "--three", description = "the other side closes at once (the default)")
  private boolean three;

  @Option(names = "--late", description = "the other side closes half a second later")
  private boolean late;

  @Option(names = "--absolute", description = "show the real sequence numbers")
  private boolean absolute;

  @Override
  public Integer call() {
    if (three && late) {
      throw new ParameterException(
          spec.commandLine(), "--three and --late exclude each other; give one of them");
    }
    if (late && closer == Closer.BOTH) {
      throw new ParameterException(
          spec.commandLine(),
          "--late: with --close both there is no other side; use --close client or server");
    }
    spec.commandLine()
        .getOut()
        .print(SequenceDiagram.of(Demo.play(new Script(closer, late)), absolute));
    spec.commandLine().getOut().flush();
    return ExitCode.OK;
  }

  /** Reads the names in lower case, as people type them. */
  static final class CloserConverter implements ITypeConverter<Closer> {
    @Override
    public Closer convert(String value) {
      for (Closer closer : Closer.values()) {
        if (closer.name().toLowerCase(Locale.ROOT).equals(value)) {
          return closer;
        }
      }
      throw new TypeConversionException("use client, server or both; got '" + value + "'");
    }
  }
}

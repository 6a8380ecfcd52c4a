package io.tunstack.tools;

import io.tunstack.tcp.CongestionControls;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.tools.UpSettings.InvalidFlagException;
import java.time.Duration;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code tunstack up}: runs the stack on a TUN device until it is told to stop. */
@Command(
    name = "up",
    mixinStandardHelpOptions = true,
    showDefaultValues = true,
    description = {
      "Makes a TUN device in this network namespace and answers on it: ping, TCP, HTTP.",
      "Prints 'ready' when it does. SIGTERM and SIGINT close the connections, remove the device"
          + " and end with exit code 0.",
    })
final class UpCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--tun",
      paramLabel = "NAME",
      defaultValue = Up.TUN,
      description = "the device's name, up to 15 characters")
  private String tun;

  @Option(
      names = "--address",
      paramLabel = "ADDRESS/BITS",
      defaultValue = Up.ADDRESS,
      description = "the stack's address and the length of its network's prefix, 8 to 31")
  private String address;

  @Option(
      names = "--host-address",
      paramLabel = "ADDRESS",
      defaultValue = "",
      showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER,
      description = "the kernel's address there (default: the network's first, 10.77.0.1)")
  private String hostAddress;

  @Option(
      names = "--mtu",
      paramLabel = "BYTES",
      defaultValue = "" + Up.MTU,
      description = "the largest packet, 68 to 65535")
  private int mtu;

  @Option(
      names = "--http",
      paramLabel = "PORT",
      defaultValue = "" + Up.HTTP_PORT,
      description = "where the HTTP server listens, 1 to 65535")
  private int httpPort;

  @Option(
      names = "--cc",
      paramLabel = "NAME",
      defaultValue = CongestionControls.DEFAULT,
      description = "congestion control of what is sent: cubic, newreno or bbr")
  private String cc;

  @Option(
      names = "--no-offload",
      description = {
        "packets of at most one MTU with whole checksums, as a wire carries them; without it the"
            + " device carries up to 64 KiB at once and leaves checksums out, which is faster but"
            + " looks strange in a capture"
      })
  private boolean noOffload;

  @Option(
      names = "--queues",
      paramLabel = "N",
      defaultValue = "1",
      description = {
        "how many queues the device has, each with a thread and connections of its own, 1 to 64:"
            + " for machines with more cores than one flow can use"
      })
  private int queues;

  @Option(
      names = "--busy-poll",
      paramLabel = "MICROS",
      defaultValue = "0",
      description = {
        "how long a thread that has nothing to do goes on looking before it sleeps, 0 to 1000000"
            + " microseconds: answers come sooner, and a core is busy for nothing else"
      })
  private int busyPollMicros;

  @Override
  public Integer call() {
    return up().run(spec.commandLine().getOut(), spec.commandLine().getErr());
  }

  /** What was asked for. */
  Up up() {
    UpSettings settings = settings();
    TcpConfig tcp = tcp();
    requireRange("--queues", queues, 1, Up.MAX_QUEUES);
    requireRange("--busy-poll", busyPollMicros, 0, Up.MAX_BUSY_POLL_MICROS);
    return new Up(settings, tcp, queues, Duration.ofNanos(busyPollMicros * Up.NANOS_PER_MICRO));
  }

  private void requireRange(String flag, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ParameterException(
          spec.commandLine(),
          flag + ": a number from " + least + " to " + most + " is needed; got " + value);
    }
  }

  private UpSettings settings() {
    try {
      UpSettings settings = UpSettings.of(tun, address, hostAddress, mtu, httpPort);
      return noOffload ? settings.withoutOffload() : settings;
    } catch (InvalidFlagException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private TcpConfig tcp() {
    try {
      return TcpConfig.DEFAULT.toBuilder().congestionControl(cc).build();
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--cc: " + e.getMessage(), e);
    }
  }
}

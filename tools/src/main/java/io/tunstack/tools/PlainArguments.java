package io.tunstack.tools;

import io.tunstack.tcp.CongestionControls;
import io.tunstack.tcp.TcpConfig;
import java.time.Duration;
import java.util.Optional;

/**
 * The arguments of {@code up}, read without the parser of the command line, which takes longer to
 * be loaded than everything else together. What it does not know or does not like it leaves to that
 * parser, whose business it is to say what is wrong.
 */
final class PlainArguments {
  /** No number that an option takes has more. */
  private static final int MAX_DIGITS = 7;

  private String tun = Up.TUN;
  private String address = Up.ADDRESS;
  private String hostAddress = "";
  private String cc = CongestionControls.DEFAULT;
  private int mtu = Up.MTU;
  private int httpPort = Up.HTTP_PORT;
  private int queues = 1;
  private int busyPollMicros;
  private boolean offload = true;

  private PlainArguments() {}

  /**
   * Reads arguments.
   *
   * @param args as typed, without the command's own name
   * @return what the parser would make of them; empty if it is to be asked
   */
  static Optional<Up> up(String[] args) {
    PlainArguments plain = new PlainArguments();
    try {
      return plain.read(args) ? Optional.of(plain.up()) : Optional.empty();
    } catch (IllegalArgumentException e) {
      // The parser finds the same, and knows whom to tell.
      return Optional.empty();
    }
  }

  private Up up() {
    UpSettings settings = UpSettings.of(tun, address, hostAddress, mtu, httpPort);
    TcpConfig tcp = TcpConfig.DEFAULT.toBuilder().congestionControl(cc).build();
    return new Up(
        offload ? settings : settings.withoutOffload(),
        tcp,
        queues,
        Duration.ofNanos(busyPollMicros * Up.NANOS_PER_MICRO));
  }

  private boolean read(String[] args) {
    if (args.length == 0 || !args[0].equals("up")) {
      return false;
    }
    int i = 1;
    while (i < args.length) {
      String name = args[i++];
      if (name.equals("--no-offload")) {
        offload = false;
        continue;
      }
      int equals = name.indexOf('=');
      String value;
      if (equals >= 0) {
        value = name.substring(equals + 1);
        name = name.substring(0, equals);
      } else if (i < args.length) {
        value = args[i++];
      } else {
        return false;
      }
      // A value that looks like an option or is quoted is a case for the parser.
      if (value.isEmpty() || value.startsWith("-") || value.startsWith("\"") || !set(name, value)) {
        return false;
      }
    }
    return queues >= 1 && queues <= Up.MAX_QUEUES && busyPollMicros <= Up.MAX_BUSY_POLL_MICROS;
  }

  private boolean set(String name, String value) {
    switch (name) {
      case "--tun" -> tun = value;
      case "--address" -> address = value;
      case "--host-address" -> hostAddress = value;
      case "--cc" -> cc = value;
      case "--mtu" -> mtu = number(value);
      case "--http" -> httpPort = number(value);
      case "--queues" -> queues = number(value);
      case "--busy-poll" -> busyPollMicros = number(value);
      default -> {
        return false;
      }
    }
    return true;
  }

  private static int number(String text) {
    if (text.length() > MAX_DIGITS) {
      throw new NumberFormatException(text);
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        throw new NumberFormatException(text);
      }
    }
    return Integer.parseInt(text);
  }
}

package io.tunstack.packetdrill;

import io.tunstack.tcp.EcnMode;
import io.tunstack.tcp.TcpConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the commands in front of a script set: the {@code sysctl}s that a stack here has a knob for.
 * Scripts begin from what Linux's call {@code defaults.sh}; every other command is noted, and
 * nothing is done about it.
 */
final class Kernel {
  /** What Linux's scripts set by {@code defaults.sh}: receive and send buffers. */
  private static final int DEFAULT_RECEIVE = 540_000;

  private static final int LARGEST_RECEIVE = 15 << 20;
  private static final int LARGEST_SEND = 4 << 20;

  private static final Pattern SETTING =
      Pattern.compile("(?:net\\.ipv4\\.|/proc/sys/net/ipv4/)(\\w+)=(\"[^\"]*\"|\\S+)");

  private final TcpConfig.Builder builder =
      TcpConfig.DEFAULT.toBuilder()
          .sendBufferBytes(LARGEST_SEND)
          .receiveBufferBytes(DEFAULT_RECEIVE)
          .maxReceiveBufferBytes(LARGEST_RECEIVE)
          .ecn(EcnMode.OFF);
  private final List<String> ignored = new ArrayList<>();

  /** Takes a command of the shell, of several lines perhaps. */
  void run(String command) {
    for (String line : command.split("[\\n;]|&&")) {
      Matcher setting = SETTING.matcher(line);
      boolean any = false;
      while (setting.find()) {
        any = true;
        set(setting.group(1), setting.group(2).replace("\"", ""));
      }
      if (!any && !line.isBlank() && !line.contains("defaults.sh")) {
        ignored.add(line.strip());
      }
    }
  }

  private void set(String name, String value) {
    switch (name) {
      case "tcp_timestamps" -> builder.timestamps(!value.equals("0"));
      case "tcp_sack" -> builder.sack(!value.equals("0"));
      case "tcp_window_scaling" -> builder.windowScaling(!value.equals("0"));
      case "tcp_ecn" ->
          builder.ecn(List.of(EcnMode.OFF, EcnMode.ALWAYS, EcnMode.WHEN_ASKED).get(number(value)));
      case "tcp_syncookies" -> builder.synCookies(!value.equals("0"));
      case "tcp_congestion_control" ->
          builder.congestionControl(value.equals("reno") ? "newreno" : value);
      case "tcp_rmem" -> {
        String[] sizes = value.split("\\s+");
        builder.receiveBufferBytes(number(sizes[1])).maxReceiveBufferBytes(number(sizes[2]));
      }
      case "tcp_wmem" -> builder.sendBufferBytes(number(value.split("\\s+")[2]));
      case "tcp_fin_timeout" -> builder.finWait2Timeout(Duration.ofSeconds(number(value)));
      case "tcp_syn_retries" -> builder.synTimeout(until(number(value)));
      case "tcp_synack_retries" -> builder.synAckTimeout(until(number(value)));
      case "tcp_max_syn_backlog" -> builder.maxHalfOpen(number(value));
      default -> ignored.add(name + "=" + value);
    }
  }

  /** When the wait behind the last of so many retransmissions, the first after 1 s, is over. */
  private static Duration until(int retries) {
    return Duration.ofSeconds((1L << (retries + 1)) - 1);
  }

  private static int number(String value) {
    return (int) Math.min(TcpConfig.MAX_BUFFER_BYTES, Long.decode(value));
  }

  TcpConfig config() {
    return builder.build();
  }

  /** What was not done. */
  List<String> ignored() {
    return List.copyOf(ignored);
  }
}

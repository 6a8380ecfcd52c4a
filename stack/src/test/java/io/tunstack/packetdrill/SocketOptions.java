package io.tunstack.packetdrill;

import io.tunstack.packetdrill.Argument.Sequence;
import io.tunstack.packetdrill.Argument.Structure;
import io.tunstack.packetdrill.Argument.Text;
import io.tunstack.packetdrill.Argument.Value;
import io.tunstack.tcp.ConnectionOptions;
import io.tunstack.tcp.KeepAlive;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** {@code setsockopt} and {@code getsockopt}: Linux's options as {@link ConnectionOptions}. */
final class SocketOptions {
  private static final Map<String, Integer> ERRNOS =
      Map.of("", 0, "ECONNREFUSED", 111, "ECONNRESET", 104, "ETIMEDOUT", 110, "EHOSTUNREACH", 113);

  private SocketOptions() {}

  static Outcome set(Endpoint e, int option, Argument argument) {
    ConnectionOptions now = e.options;
    if (option == Constants.SO_LINGER) {
      Map<String, Argument> linger = ((Structure) argument).fields();
      boolean on = value(linger.getOrDefault("onoff", linger.get("l_onoff"))) != 0;
      long seconds = value(linger.getOrDefault("linger", linger.get("l_linger")));
      e.setOptions(
          now.withLinger(on ? Optional.of(Duration.ofSeconds(seconds)) : Optional.empty()));
      return Outcome.of(0);
    }
    if (option == Constants.TCP_CONGESTION) {
      String name = argument instanceof Text text ? text.text() : text((Sequence) argument);
      e.setOptions(now.withCongestionControl(name.equals("reno") ? "newreno" : name));
      return Outcome.of(0);
    }
    int value = (int) value(argument);
    switch (option) {
      case Constants.SO_REUSEADDR, Constants.IP_MTU_DISCOVER -> {
        // Nothing here that they would change.
      }
      case Constants.TCP_NODELAY -> e.setOptions(now.withNoDelay(value != 0));
      case Constants.TCP_MAXSEG -> e.setOptions(now.withMaxSegment(value));
      case Constants.TCP_USER_TIMEOUT ->
          e.setOptions(now.withUserTimeout(Duration.ofMillis(value)));
      // Linux keeps twice what it is asked for, of which bookkeeping takes half when receiving.
      case Constants.SO_SNDBUF ->
          e.setOptions(now.withBuffers(2 * value, now.receiveBufferBytes()));
      case Constants.SO_RCVBUF -> e.setOptions(now.withBuffers(now.sendBufferBytes(), value));
      case Constants.IP_TOS -> e.setOptions(now.withDscp(value >> 2));
      default -> setKeepAlive(e, option, value);
    }
    return Outcome.of(0);
  }

  private static void setKeepAlive(Endpoint e, int option, int value) {
    KeepAlive now = e.keepAliveSettings;
    switch (option) {
      case Constants.SO_KEEPALIVE -> e.keepAlive = value != 0;
      case Constants.TCP_KEEPIDLE ->
          e.keepAliveSettings =
              new KeepAlive(Duration.ofSeconds(value), now.interval(), now.count());
      case Constants.TCP_KEEPINTVL ->
          e.keepAliveSettings = new KeepAlive(now.idle(), Duration.ofSeconds(value), now.count());
      case Constants.TCP_KEEPCNT ->
          e.keepAliveSettings = new KeepAlive(now.idle(), now.interval(), value);
      default -> throw new ScriptError(0, "the socket option is not known");
    }
    e.setOptions(
        e.options.withKeepAlive(e.keepAlive ? Optional.of(e.keepAliveSettings) : Optional.empty()));
  }

  static Outcome get(Endpoint e, int option, Argument expected) {
    return switch (option) {
      case Constants.SO_ERROR -> compare("SO_ERROR", ERRNOS.get(e.takeError()), expected);
      case Constants.TCP_NODELAY -> compare("TCP_NODELAY", e.options.noDelay() ? 1 : 0, expected);
      case Constants.TCP_MAXSEG ->
          compare(
              "TCP_MAXSEG",
              e.socket == null ? e.options.maxSegmentBytes() : e.socket.info().smssBytes(),
              expected);
      case Constants.TCP_USER_TIMEOUT ->
          compare("TCP_USER_TIMEOUT", (int) e.options.userTimeout().toMillis(), expected);
      case Constants.SO_SNDBUF -> compare("SO_SNDBUF", e.options.sendBufferBytes(), expected);
      case Constants.SO_RCVBUF ->
          compare("SO_RCVBUF", 2 * e.options.receiveBufferBytes(), expected);
      case Constants.SO_KEEPALIVE -> compare("SO_KEEPALIVE", e.keepAlive ? 1 : 0, expected);
      default -> throw new ScriptError(0, "the socket option is not known");
    };
  }

  /** Compares with what the script says that a call writes where it points. */
  static Outcome compare(String what, int actual, Argument expected) {
    if (expected instanceof Sequence list
        && list.items().size() == 1
        && list.items().get(0) instanceof Value value
        && value.value() != actual) {
      return Outcome.otherwise(what + " is " + actual);
    }
    return Outcome.of(0);
  }

  private static long value(Argument argument) {
    if (argument instanceof Sequence list && list.items().size() == 1) {
      return value(list.items().get(0));
    }
    if (argument instanceof Value value) {
      return value.value();
    }
    throw new ScriptError(0, "the socket option's value is not a number");
  }

  private static String text(Sequence list) {
    if (list.items().get(0) instanceof Text text) {
      return text.text();
    }
    throw new ScriptError(0, "the socket option's value is not a text");
  }
}

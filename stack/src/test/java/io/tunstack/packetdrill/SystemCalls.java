package io.tunstack.packetdrill;

import io.tunstack.net.Readiness;
import io.tunstack.net.Sockets;
import io.tunstack.net.TcpSocket;
import io.tunstack.packetdrill.Argument.Any;
import io.tunstack.packetdrill.Argument.Applied;
import io.tunstack.packetdrill.Argument.Sequence;
import io.tunstack.packetdrill.Argument.Structure;
import io.tunstack.packetdrill.Argument.Value;
import io.tunstack.wire.IpAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Linux's system calls for stream sockets, on the sockets of a stack. The numbers of descriptors
 * are those that the script gives them.
 */
final class SystemCalls {
  /** A call that may have to be tried more than once before it has an answer. */
  @FunctionalInterface
  interface Attempt {
    /** Answers {@link Outcome#LATER} if it has to wait. */
    Outcome run();
  }

  private final Sockets sockets;
  private final Conversation conversation;
  private final Map<Long, Endpoint> descriptors = new HashMap<>();

  /** Whose numbers assertions are about: the connection that came last. */
  private Endpoint latest;

  /** Whether the call that was prepared last may wait. */
  private boolean mayWait;

  SystemCalls(Sockets sockets, Conversation conversation) {
    this.sockets = sockets;
    this.conversation = conversation;
  }

  boolean mayWait() {
    return mayWait;
  }

  /** Null before there was a connection. */
  TcpSocket latestSocket() {
    return latest == null ? null : latest.socket;
  }

  /** Makes a call ready to be tried. */
  Attempt prepare(Event.Call call) {
    mayWait = true;
    List<Argument> a = call.arguments();
    if (call.name().equals("socket")) {
      return () -> socket(call);
    }
    if (call.name().equals("poll")) {
      return () -> poll(call);
    }
    Endpoint e = descriptors.get(number(call, 0));
    mayWait = e != null && !e.nonBlocking;
    Attempt attempt = prepare(call, e, a);
    return e == null ? () -> Outcome.error("EBADF") : attempt;
  }

  private Attempt prepare(Event.Call call, Endpoint e, List<Argument> a) {
    return switch (call.name()) {
      case "bind" -> () -> bind(e, a);
      case "listen" -> () -> listen(e, (int) number(call, 1));
      case "accept" -> () -> accept(e, call);
      case "connect" -> () -> connect(e, call);
      case "read", "recv", "recvfrom", "readv", "recvmsg" -> receiving(e, call);
      case "write", "send", "sendto", "writev", "sendmsg" -> sending(e, call);
      case "close" -> () -> close(call, e);
      case "shutdown" -> () -> shutdown(e, (int) number(call, 1));
      case "fcntl" -> () -> fcntl(e, call);
      case "ioctl" -> () -> ioctl(e, call);
      case "setsockopt" -> () -> SocketOptions.set(e, (int) number(call, 2), a.get(3));
      case "getsockopt" -> () -> SocketOptions.get(e, (int) number(call, 2), a.get(3));
      default ->
          throw new ScriptError(call.line(), "the system call " + call.name() + " is not known");
    };
  }

  static long number(Event.Call call, int index) {
    if (index < call.arguments().size() && call.arguments().get(index) instanceof Value value) {
      return value.value();
    }
    throw new ScriptError(call.line(), call.name() + ": argument " + index + " is not a number");
  }

  private Outcome socket(Event.Call call) {
    if (call.arguments().get(1) instanceof Value type
        && (type.value() & ~Constants.SOCK_NONBLOCK) == Constants.SOCK_STREAM) {
      Endpoint e = new Endpoint(sockets.options());
      e.nonBlocking = (type.value() & Constants.SOCK_NONBLOCK) != 0;
      return descriptor(call, e);
    }
    throw new ScriptError(call.line(), "sockets are stream sockets here");
  }

  private Outcome descriptor(Event.Call call, Endpoint e) {
    long number = call.result() == null ? 3 : call.result();
    descriptors.put(number, e);
    return Outcome.of(number);
  }

  private static Outcome bind(Endpoint e, List<Argument> arguments) {
    e.port = Conversation.DEFAULT_PORT;
    if (arguments.get(1) instanceof Structure address
        && address.fields().get("sin_port") instanceof Applied port
        && port.arguments().get(0) instanceof Value number
        && number.value() != 0) {
      e.port = (int) number.value();
    }
    return Outcome.of(0);
  }

  private Outcome listen(Endpoint e, int backlog) {
    if (e.listener != null) {
      e.listener.limit(Math.max(1, backlog), e.waiting::size);
      return Outcome.of(0);
    }
    if (e.socket != null) {
      return Outcome.error("EINVAL");
    }
    e.listener =
        sockets.listen(
            e.port,
            socket -> {
              Endpoint accepted = new Endpoint(e.options);
              accepted.socket = socket;
              accepted.options = socket.options();
              accepted.connectReported = true;
              e.waiting.add(accepted);
              latest = accepted;
              return accepted;
            });
    e.listener.setOptions(e.options);
    e.listener.limit(Math.max(1, backlog), e.waiting::size);
    conversation.localPort = e.listener.localAddress().getPort();
    return Outcome.of(0);
  }

  private Outcome accept(Endpoint e, Event.Call call) {
    if (e.listener == null) {
      return Outcome.error("EINVAL");
    }
    Endpoint next = e.waiting.poll();
    if (next == null) {
      return Outcome.LATER;
    }
    latest = next;
    return descriptor(call, next);
  }

  private Outcome connect(Endpoint e, Event.Call call) {
    if (e.socket == null) {
      open(e, call);
      return e.nonBlocking ? Outcome.error("EINPROGRESS") : Outcome.LATER;
    }
    if (e.ended && !e.connectReported) {
      e.connectReported = true;
      String error = e.takeError();
      return Outcome.error(error.isEmpty() ? "ECONNABORTED" : error);
    }
    if (!e.connected) {
      return e.nonBlocking ? Outcome.error("EALREADY") : Outcome.LATER;
    }
    if (e.connectReported) {
      return Outcome.error("EISCONN");
    }
    e.connectReported = true;
    return Outcome.of(0);
  }

  private void open(Endpoint e, Event.Call call) {
    int port = Conversation.DEFAULT_PORT;
    if (call.arguments().get(1) instanceof Structure address
        && address.fields().get("sin_port") instanceof Applied given
        && given.arguments().get(0) instanceof Value number) {
      port = (int) number.value();
    }
    InetSocketAddress any = new InetSocketAddress(IpAddress.UNSPECIFIED.toInetAddress(), e.port);
    InetSocketAddress peer =
        new InetSocketAddress(new IpAddress(Conversation.PEER).toInetAddress(), port);
    e.socket = sockets.connect(any, peer, e.options, e);
    conversation.between(e.socket.localAddress().getPort(), port);
    latest = e;
  }

  private Attempt receiving(Endpoint e, Event.Call call) {
    boolean peek = hasFlag(call, Constants.MSG_PEEK, "recv", "recvfrom");
    mayWait &= !hasFlag(call, Constants.MSG_DONTWAIT, "recv", "recvfrom");
    if (isNull(call)) {
      return () -> Outcome.error("EFAULT");
    }
    int length = (int) Math.min(1 << 24, lengthOf(call));
    return () -> receive(e, length, peek);
  }

  private static Outcome receive(Endpoint e, int length, boolean peek) {
    if (e.socket == null || (!e.connected && !e.ended)) {
      return Outcome.error("ENOTCONN");
    }
    ByteBuffer target = ByteBuffer.allocate(length);
    int n = peek ? e.socket.peek(target) : e.socket.read(target);
    if (n > 0) {
      return Outcome.of(n);
    }
    if (e.hasError()) {
      return Outcome.error(e.takeError());
    }
    return n < 0 || e.readShut || length == 0 ? Outcome.of(0) : Outcome.LATER;
  }

  private Attempt sending(Endpoint e, Event.Call call) {
    mayWait &= !hasFlag(call, Constants.MSG_DONTWAIT, "send", "sendto");
    if (isNull(call)) {
      return () -> Outcome.error("EFAULT");
    }
    ByteBuffer source = ByteBuffer.allocate((int) lengthOf(call));
    for (int i = 0; i < source.limit(); i++) {
      source.put(i, (byte) i);
    }
    boolean waits = mayWait;
    return () -> send(e, source, waits);
  }

  private static Outcome send(Endpoint e, ByteBuffer source, boolean waits) {
    if (e.hasError()) {
      return Outcome.error(e.takeError());
    }
    if (e.socket == null || e.writeShut || e.ended) {
      return Outcome.error("EPIPE");
    }
    if (!e.connected) {
      return Outcome.LATER;
    }
    e.socket.write(source);
    boolean done = !source.hasRemaining() || (!waits && source.position() > 0);
    return done ? Outcome.of(source.position()) : Outcome.LATER;
  }

  private static boolean hasFlag(Event.Call call, int flag, String... names) {
    return List.of(names).contains(call.name()) && (number(call, 3) & flag) != 0;
  }

  private static boolean isNull(Event.Call call) {
    return call.arguments().get(1) instanceof Value value && value.value() == 0;
  }

  /** How much a call reads or writes, vectors and messages added up. */
  private static long lengthOf(Event.Call call) {
    Argument second = call.arguments().get(1);
    if (second instanceof Any) {
      return number(call, 2);
    }
    if (second instanceof Structure message) {
      second = message.fields().get("msg_iov");
    }
    long sum = 0;
    if (second instanceof Sequence vector) {
      for (Argument each : vector.items()) {
        if (each instanceof Structure part && part.fields().get("1") instanceof Value length) {
          sum += length.value();
        }
      }
      return sum;
    }
    throw new ScriptError(call.line(), call.name() + ": no length");
  }

  private Outcome close(Event.Call call, Endpoint e) {
    descriptors.remove(number(call, 0));
    if (e.listener != null) {
      e.listener.close();
      e.waiting.forEach(each -> each.socket.abort());
    }
    if (e.socket != null) {
      e.socket.close();
    }
    return Outcome.of(0);
  }

  private static Outcome shutdown(Endpoint e, int how) {
    if (e.listener != null) {
      e.listener.close();
      return Outcome.of(0);
    }
    if (e.socket == null || e.ended || (!e.connected && how != Constants.SHUT_RD)) {
      return Outcome.error("ENOTCONN");
    }
    e.readShut |= how != Constants.SHUT_WR;
    if (how != Constants.SHUT_RD) {
      e.writeShut = true;
      e.socket.shutdownOutput();
    }
    return Outcome.of(0);
  }

  private static Outcome fcntl(Endpoint e, Event.Call call) {
    if (number(call, 1) == Constants.F_SETFL) {
      e.nonBlocking = (number(call, 2) & Constants.O_NONBLOCK) != 0;
      return Outcome.of(0);
    }
    return Outcome.of(Constants.O_RDWR | (e.nonBlocking ? Constants.O_NONBLOCK : 0));
  }

  private static Outcome ioctl(Endpoint e, Event.Call call) {
    int request = (int) number(call, 1);
    int answer =
        switch (request) {
          case Constants.SIOCINQ -> e.socket.available();
          case Constants.SIOCOUTQ -> e.socket.unacknowledged() + e.socket.unsent();
          case Constants.SIOCOUTQNSD -> e.socket.unsent();
          default -> throw new ScriptError(call.line(), "the ioctl is not known");
        };
    return SocketOptions.compare("ioctl", answer, call.arguments().get(2));
  }

  private Outcome poll(Event.Call call) {
    mayWait = !(call.arguments().get(2) instanceof Value timeout) || timeout.value() != 0;
    int ready = 0;
    if (call.arguments().get(0) instanceof Sequence list) {
      for (Argument each : list.items()) {
        Map<String, Argument> entry = ((Structure) each).fields();
        int wanted = (int) ((Value) entry.get("events")).value();
        int expected = (int) ((Value) entry.get("revents")).value();
        Endpoint e = descriptors.get(((Value) entry.get("fd")).value());
        int seen = events(e) & (wanted | Constants.POLLERR | Constants.POLLHUP);
        ready += seen != 0 ? 1 : 0;
        if (seen != 0 && seen != expected) {
          return Outcome.otherwise("revents are 0x" + Integer.toHexString(seen));
        }
      }
    }
    return ready > 0 || !mayWait ? Outcome.of(ready) : Outcome.LATER;
  }

  private static int events(Endpoint e) {
    if (e.listener != null) {
      return e.waiting.isEmpty() ? 0 : Constants.POLLIN;
    }
    if (e.socket == null) {
      return Constants.POLLOUT | Constants.POLLHUP;
    }
    int bits = e.socket.readiness();
    int events = (bits & Readiness.READABLE) != 0 ? Constants.POLLIN : 0;
    events |= (bits & Readiness.WRITABLE) != 0 ? Constants.POLLOUT : 0;
    events |= (bits & Readiness.INPUT_ENDED) != 0 ? Constants.POLLRDHUP : 0;
    events |= (bits & Readiness.HANGUP) != 0 ? Constants.POLLHUP : 0;
    events |= e.hasError() ? Constants.POLLERR : 0;
    return events;
  }
}

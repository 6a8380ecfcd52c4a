package io.tunstack.packetdrill;

import io.tunstack.net.TcpSocket;
import io.tunstack.tcp.TcpInfo;
import io.tunstack.tcp.TcpState;
import io.tunstack.wire.TcpView;
import java.util.ArrayList;
import java.util.List;

/** Runs a script. What does not come as the script says ends it with an {@link AssertionError}. */
final class Runner implements AutoCloseable {
  /** Packetdrill's own: how far from its time something may happen, microseconds. */
  private static final long DEFAULT_TOLERANCE = 4_000;

  /** And this share of the time since the step before. */
  private static final int TOLERANCE_PERCENT = 1;

  /** How long a packet is waited for that may come at any time. */
  private static final long PATIENCE = 600_000_000;

  private static final int DEFAULT_MTU = 1500;

  private final Script script;
  private final Host host;
  private final Conversation conversation = new Conversation();
  private final SystemCalls calls;
  private final List<Waiting> waiting = new ArrayList<>();
  private final List<String> ignored;
  private final long tolerance;
  private long base;

  /** A call that blocks, and when it is to return. */
  private record Waiting(Event.Call call, SystemCalls.Attempt attempt, When when) {}

  private Runner(Script script) {
    this.script = script;
    Kernel kernel = new Kernel();
    script.setup().forEach(kernel::run);
    this.ignored = new ArrayList<>(kernel.ignored());
    this.tolerance = setting("tolerance_usecs", DEFAULT_TOLERANCE);
    this.host = new Host(kernel.config(), (int) setting("mtu", DEFAULT_MTU));
    this.calls = new SystemCalls(host.sockets(), conversation);
    // The number of a connection to the default port begins near 2³² at this time.
    host.startAt(Wrap.START);
  }

  private long setting(String name, long otherwise) {
    String value = script.settings().get(name);
    return value == null ? otherwise : Long.parseLong(value);
  }

  /**
   * Runs a script to its end.
   *
   * @param strict whether a packet that is left at the end is a failure
   * @return the commands that nothing was done about
   */
  static List<String> run(Script script, boolean strict) {
    try (Runner runner = new Runner(script)) {
      for (Event event : script.events()) {
        runner.step(event);
      }
      runner.finish(strict);
      return runner.ignored;
    }
  }

  private void step(Event event) {
    When when = event.when().from(base);
    if (event instanceof Event.Departure departure) {
      base = Math.max(when.start(), expect(departure, when));
      return;
    }
    passUntil(when.start());
    base = Math.max(when.start(), when.any() ? host.micros() : 0);
    if (event instanceof Event.Arrival arrival) {
      arrive(arrival);
    } else if (event instanceof Event.Trouble trouble) {
      host.receive(conversation.toPacket(trouble.message()));
    } else if (event instanceof Event.Call call) {
      call(call, when);
    } else if (event instanceof Event.Check check) {
      check(check);
    } else if (event instanceof Event.Shell shell) {
      ignored.add(shell.command().strip());
    }
    retryWaiting();
  }

  private void passUntil(long micros) {
    while (host.micros() < micros) {
      host.step(micros);
      retryWaiting();
    }
  }

  private void arrive(Event.Arrival arrival) {
    SegmentLine segment = arrival.segment();
    if (segment.has(TcpView.SYN) && !segment.has(TcpView.ACK) && isGone()) {
      conversation.beginAnew();
    }
    host.receive(conversation.toPacket(segment));
  }

  /** Whether the peer's SYN begins a connection: there is none, or one in TIME-WAIT. */
  private boolean isGone() {
    for (TcpInfo info : host.stack().tcp().connections()) {
      if (info.tuple().localPort() == conversation.localPort
          && info.tuple().remotePort() == conversation.peerPort) {
        return info.state() == TcpState.TIME_WAIT;
      }
    }
    return true;
  }

  /** Waits for a segment; answers when it left. */
  private long expect(Event.Departure departure, When when) {
    long slack = Math.max(tolerance, (when.start() - base) * TOLERANCE_PERCENT / 100);
    long limit = when.any() ? host.micros() + PATIENCE : when.end() + slack;
    while (host.sent().isEmpty() && host.micros() < limit) {
      host.step(limit);
      retryWaiting();
    }
    if (host.sent().isEmpty()) {
      throw failure(departure, "nothing was sent until " + seconds(host.micros()) + times(when));
    }
    SegmentLine wanted = departure.segment();
    Host.Sent first = host.sent().poll();
    SegmentLine sent = conversation.read(first.packet(), wanted, departure.line());
    boolean several = false;
    while (sent.length() < wanted.length() && !host.sent().isEmpty()) {
      SegmentLine next = conversation.read(host.sent().peek().packet(), wanted, departure.line());
      if (!sent.goesOnWith(next)) {
        break;
      }
      sent = sent.with(next);
      several = true;
      host.sent().poll();
    }
    String difference = Differences.between(wanted, sent, several);
    if (!difference.isEmpty()) {
      throw failure(
          departure, "sent at " + seconds(first.micros()) + ": " + sent + " (" + difference + ")");
    }
    if (!when.any() && (first.micros() < when.start() - slack || first.micros() > limit)) {
      throw failure(
          departure, "sent at " + seconds(first.micros()) + times(when) + " ±" + seconds(slack));
    }
    return first.micros();
  }

  private static String times(When when) {
    String end = when.end() > when.start() ? " to " + seconds(when.end()) : "";
    return when.any() ? "" : ", expected at " + seconds(when.start()) + end;
  }

  private static String seconds(long micros) {
    return String.format("%.6f s", micros / 1e6);
  }

  private void call(Event.Call call, When when) {
    SystemCalls.Attempt attempt = calls.prepare(call);
    Outcome outcome = attempt.run();
    host.settle();
    if (outcome.equals(Outcome.LATER) && calls.mayWait()) {
      if (when.until() < 0) {
        throw failure(call, "it would wait");
      }
      waiting.add(new Waiting(call, attempt, when));
    } else {
      verify(call, outcome);
    }
  }

  private void retryWaiting() {
    for (Waiting each : List.copyOf(waiting)) {
      Outcome outcome = each.attempt().run();
      if (!outcome.equals(Outcome.LATER)) {
        waiting.remove(each);
        host.settle();
        verify(each.call(), outcome);
        if (Math.abs(host.micros() - each.when().until()) > tolerance) {
          throw failure(
              each.call(),
              "it returned at "
                  + seconds(host.micros())
                  + ", expected at "
                  + seconds(each.when().until())
                  + " ±"
                  + seconds(tolerance));
        }
      }
    }
  }

  private void verify(Event.Call call, Outcome outcome) {
    if (!outcome.complaint().isEmpty()) {
      throw failure(call, outcome.complaint());
    }
    if (call.result() == null) {
      return;
    }
    if (call.result() != outcome.value() || !call.errno().equals(outcome.errno())) {
      throw failure(call, "it answered " + outcome);
    }
  }

  private void check(Event.Check check) {
    TcpSocket socket = calls.latestSocket();
    if (socket == null) {
      throw new ScriptError(check.line(), "there is no connection to ask");
    }
    List<String> failures = Formula.failures(check.code(), InfoFields.of(socket.info()));
    if (!failures.isEmpty()) {
      throw failure(check, "does not hold: " + failures + "; " + socket.info());
    }
  }

  private void finish(boolean strict) {
    for (Waiting each : List.copyOf(waiting)) {
      passUntil(each.when().until() + tolerance);
    }
    if (!waiting.isEmpty()) {
      throw failure(waiting.get(0).call(), "it has not returned");
    }
    if (strict && !host.sent().isEmpty()) {
      Host.Sent left = host.sent().peek();
      SegmentLine any = new SegmentLine(-1, 0, 0, 0, 0, -1, 0, null);
      throw new AssertionError(
          script.name() + ": at the end there is " + conversation.read(left.packet(), any, 0));
    }
  }

  private AssertionError failure(Event event, String what) {
    return new AssertionError(
        script.name() + ":" + event.line() + ": " + event.text() + ": " + what);
  }

  @Override
  public void close() {
    host.close();
  }
}

package io.tunstack.packetdrill;

import io.netty.buffer.ByteBuf;
import io.tunstack.engine.Stack;
import io.tunstack.net.Sockets;
import io.tunstack.script.RecordingLink;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.time.VirtualClock;
import java.util.ArrayDeque;
import java.util.SplittableRandom;

/** The stack under test on virtual time, and what it has sent and when. */
final class Host implements AutoCloseable {
  static final String ADDRESS = "10.77.0.2";

  private final VirtualClock clock = new VirtualClock();
  private final RecordingLink link;
  private final Stack stack;
  private final ArrayDeque<Sent> sent = new ArrayDeque<>();
  private long start;

  /** A packet, and when it left, microseconds from the start. */
  record Sent(long micros, ByteBuf packet) {}

  Host(TcpConfig config, int mtu) {
    link = new RecordingLink(mtu);
    SplittableRandom random = new SplittableRandom(1);
    stack =
        Stack.builder(link, clock)
            .address(ADDRESS + "/24")
            .tcp(config)
            .random(random::nextLong)
            .build();
  }

  Stack stack() {
    return stack;
  }

  Sockets sockets() {
    return Sockets.on(stack);
  }

  /** Time is counted from {@code nanos} on. */
  void startAt(long nanos) {
    clock.advanceTo(nanos);
    start = nanos;
  }

  long micros() {
    return (clock.nanos() - start) / 1_000;
  }

  /** Does all there is to do now. */
  void settle() {
    while (stack.poll(clock.nanos()) <= clock.nanos()) {
      // Output goes in turns; a turn that says "now" has left some for the next.
    }
    collect();
  }

  private void collect() {
    for (byte[] packet = link.sent.poll(); packet != null; packet = link.sent.poll()) {
      sent.add(new Sent(micros(), io.netty.buffer.Unpooled.wrappedBuffer(packet)));
    }
  }

  /** Lets time pass up to the next deadline or {@code limit}, whichever comes first. */
  void step(long limit) {
    settle();
    long end = start + limit * 1_000;
    long next = stack.poll(clock.nanos());
    clock.advanceTo(Math.max(clock.nanos(), Math.min(next, end)));
    settle();
  }

  void receive(ByteBuf packet) {
    stack.receive(packet);
    packet.release();
    settle();
  }

  ArrayDeque<Sent> sent() {
    return sent;
  }

  @Override
  public void close() {
    stack.close();
  }
}

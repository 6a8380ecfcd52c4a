package io.tunstack.tools;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tunstack.engine.Stack;
import io.tunstack.link.ImpairedLink;
import io.tunstack.link.Impairment;
import io.tunstack.link.InMemoryLink;
import io.tunstack.link.Link;
import io.tunstack.net.Sockets;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.tcp.SegmentEvent;
import io.tunstack.tcp.SegmentEvent.Direction;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.tcp.TcpState;
import io.tunstack.time.VirtualClock;
import io.tunstack.wire.IpAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * One HTTP exchange between two stacks in this JVM, on a clock that jumps from event to event: the
 * same every time, and over at once.
 *
 * <pre>
 *   Stack (client) -- ImpairedLink -- InMemoryLink pair -- ImpairedLink -- Stack (server)
 *          \                                                              /
 *           `-------------- SegmentObserver --&gt; list of Segment ---------'
 * </pre>
 */
final class Demo {
  static final IpAddress CLIENT = IpAddress.parse("10.77.0.1");
  static final IpAddress SERVER = IpAddress.parse("10.77.0.2");
  static final int PORT = 80;

  /** 79 bytes, so that the client's FIN has the relative number 80. */
  static final String REQUEST =
      "GET /hello.txt HTTP/1.1\r\nHost: 10.77.0.2\r\nUser-Agent: tunstack\r\nAccept: */*\r\n\r\n";

  /** 649 bytes, so that the server's FIN has the relative number 650. */
  static final String RESPONSE =
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 583\r\n\r\n"
          + "Each byte of this page has a number in the sequence.\n".repeat(11);

  /** One way; long enough that segments which cross do so visibly. */
  private static final Duration WAY = Duration.ofMillis(10);

  private static final Impairment DELAYED = Impairment.NONE.withDelay(WAY, Duration.ZERO);

  /** When the client asks: after the handshake, so that its last ACK travels alone. */
  private static final Duration ASKED = Duration.ofMillis(100);

  /** When the first FIN is sent: after the delayed ACK of the response. */
  private static final Duration CLOSED = Duration.ofSeconds(1);

  /** How long a late closer waits after it has seen the other's FIN. */
  private static final Duration LATER = Duration.ofMillis(500);

  /** Acknowledgments wait for company from the first, so that what is drawn is drawn everywhere. */
  private static final TcpConfig AS_IN_TEXTBOOKS =
      TcpConfig.DEFAULT.toBuilder().quickAcks(0).build();

  private static final int MTU = 1500;
  private static final int SEED = 9293;

  private final Script script;
  private final VirtualClock clock = new VirtualClock();
  private final Stack client;
  private final Stack server;
  private final List<Segment> segments = new ArrayList<>();
  private final ArrayDeque<Integer> toClient = new ArrayDeque<>();
  private final ArrayDeque<Integer> toServer = new ArrayDeque<>();

  private long timeWaitOverNanos;

  private Demo(Script script) {
    this.script = script;
    SplittableRandom random = new SplittableRandom(SEED);
    InMemoryLink.Pair pair = InMemoryLink.pair(MTU);
    client = stack(pair.left(), CLIENT, random.split());
    server = stack(pair.right(), SERVER, random.split());
  }

  private Stack stack(Link link, IpAddress address, SplittableRandom random) {
    return Stack.builder(new ImpairedLink(link, clock, DELAYED, SEED), clock)
        .tcp(AS_IN_TEXTBOOKS)
        .address(address + "/24")
        .random(random::nextLong)
        .build();
  }

  /** Who sends the first FIN. */
  enum Closer {
    CLIENT,
    SERVER,
    BOTH
  }

  /**
   * What is to happen.
   *
   * @param closer who sends the first FIN
   * @param late whether the other side waits with its own
   */
  record Script(Closer closer, boolean late) {}

  /**
   * A segment, seen at both ends.
   *
   * @param nanos when it was sent
   * @param fromClient which way it went
   * @param seq SEG.SEQ
   * @param ack SEG.ACK
   * @param flags the control bits
   * @param length bytes of text
   * @param sender the sender's state, having sent it
   * @param receiver the receiver's state, having processed it
   */
  record Segment(
      long nanos,
      boolean fromClient,
      int seq,
      int ack,
      int flags,
      int length,
      TcpState sender,
      TcpState receiver) {
    private Segment arrived(TcpState state) {
      return new Segment(nanos, fromClient, seq, ack, flags, length, sender, state);
    }

    private Segment sentIn(TcpState state) {
      return new Segment(nanos, fromClient, seq, ack, flags, length, state, receiver);
    }
  }

  /**
   * What has happened.
   *
   * @param script as asked for
   * @param segments in the order in which they were sent
   * @param timeWaitOverNanos when the last connection left TIME-WAIT
   */
  record Story(Script script, List<Segment> segments, long timeWaitOverNanos) {}

  /** Plays it from the SYN to the end of TIME-WAIT. */
  static Story play(Script script) {
    Demo demo = new Demo(script);
    try {
      demo.start();
      demo.run();
      return new Story(script, List.copyOf(demo.segments), demo.timeWaitOverNanos);
    } finally {
      demo.client.close();
      demo.server.close();
    }
  }

  private void start() {
    client.tcp().observe(event -> observe(event, true));
    server.tcp().observe(event -> observe(event, false));
    Sockets serverSockets = Sockets.on(server);
    serverSockets.listen(
        PORT,
        socket -> {
          if (script.closer != Closer.CLIENT) {
            closeAt(serverSockets, socket);
          }
          return new Side(serverSockets, REQUEST, RESPONSE);
        });
    Sockets clientSockets = Sockets.on(client);
    TcpSocket socket =
        clientSockets.connect(
            new InetSocketAddress(SERVER.toInetAddress(), PORT),
            new Side(clientSockets, RESPONSE, ""));
    clientSockets.alarm(() -> socket.write(bytes(REQUEST))).arm(ASKED);
    if (script.closer != Closer.SERVER) {
      closeAt(clientSockets, socket);
    }
  }

  private void closeAt(Sockets sockets, TcpSocket socket) {
    sockets.alarm(socket::shutdownOutput).arm(CLOSED.minusNanos(clock.nanos()));
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(US_ASCII));
  }

  /** Lets time jump from deadline to deadline until nothing is left to happen. */
  private void run() {
    boolean waiting = false;
    long next = clock.nanos();
    while (next != Link.NEVER) {
      clock.advanceTo(next);
      long now = clock.nanos();
      next = Math.min(client.poll(now), server.poll(now));
      // The client may have put something on the server's link, or the server on the client's.
      next = Math.min(next, Math.min(client.poll(now), server.poll(now)));
      int timeWait = client.tcp().timeWaitCount() + server.tcp().timeWaitCount();
      if (waiting && timeWait == 0) {
        timeWaitOverNanos = now;
      }
      waiting = timeWait > 0;
    }
  }

  /** A link hands over in order and loses nothing: what arrives is what was sent first. */
  private void observe(SegmentEvent event, boolean atClient) {
    if (event.direction() == Direction.SENT) {
      (atClient ? toServer : toClient).add(segments.size());
      segments.add(
          new Segment(
              event.nanos(),
              atClient,
              event.seq(),
              event.ack(),
              event.flags(),
              event.textLength(),
              event.after(),
              TcpState.CLOSED));
    } else {
      int index = (atClient ? toClient : toServer).remove();
      TcpState state = event.after();
      segments.set(index, segments.get(index).arrived(state));
      settle(event.nanos(), atClient, state);
    }
  }

  /** What was sent in answer has been sent before the state changed; shown is the state after. */
  private void settle(long nanos, boolean atClient, TcpState state) {
    segments.replaceAll(s -> s.nanos == nanos && s.fromClient == atClient ? s.sentIn(state) : s);
  }

  /** An application: once it has read what it expects it answers; after the peer's FIN it ends. */
  private final class Side implements TcpHandler {
    private final Sockets sockets;
    private final String answer;
    private int missing;

    Side(Sockets sockets, String expected, String answer) {
      this.sockets = sockets;
      this.answer = answer;
      this.missing = expected.length();
    }

    @Override
    public void onReadable(TcpSocket socket) {
      ByteBuffer buffer = ByteBuffer.allocate(MTU);
      int count = socket.read(buffer);
      if (count > 0) {
        missing -= count;
        if (missing == 0) {
          socket.write(bytes(answer));
        }
        buffer.clear();
        count = socket.read(buffer);
      }
      if (count < 0) {
        finish(socket);
      }
    }

    private void finish(TcpSocket socket) {
      if (script.late) {
        sockets.alarm(socket::shutdownOutput).arm(LATER);
      } else {
        socket.shutdownOutput();
      }
    }
  }
}

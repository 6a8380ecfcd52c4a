package io.tunstack.http.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tunstack.engine.Stack;
import io.tunstack.link.InMemoryLink;
import io.tunstack.link.Link;
import io.tunstack.net.Sockets;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.tcp.CloseReason;
import io.tunstack.time.VirtualClock;
import io.tunstack.wire.IpAddress;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** A client on one stack, a server that follows the test's script on another, in virtual time. */
final class OriginRig implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(5);
  static final HttpUrl URL = HttpUrl.parse("http://10.77.0.2/");
  static final InetSocketAddress SERVER = address("10.77.0.2", 80);

  private static final int MTU = 1_500;
  private static final IpAddress SERVER_ADDRESS = IpAddress.parse("10.77.0.2");

  private final VirtualClock clock = new VirtualClock();
  private final InMemoryLink.Pair wire = InMemoryLink.pair(MTU);
  final Stack clientStack = stack(wire.left(), "10.77.0.1/24", 1);
  private final Stack serverStack = stack(wire.right(), SERVER_ADDRESS + "/24", 2);
  final Sockets clientSockets = Sockets.on(clientStack);

  /** Connections that the server has accepted. */
  final List<Guest> guests = new ArrayList<>();

  /** What each request head is answered with, in turn; with none left, nothing is. */
  final ArrayDeque<String> answers = new ArrayDeque<>();

  OriginRig() {
    Sockets.on(serverStack)
        .listen(
            SERVER.getPort(),
            socket -> {
              Guest guest = new Guest(socket);
              guests.add(guest);
              return guest;
            });
  }

  private Stack stack(Link link, String address, int seed) {
    return Stack.builder(link, clock).address(address).random(new Random(seed)::nextLong).build();
  }

  static InetSocketAddress address(String host, int port) {
    return new InetSocketAddress(IpAddress.parse(host).toInetAddress(), port);
  }

  HttpClient client() {
    return client(ClientLimits.DEFAULT);
  }

  HttpClient client(ClientLimits limits) {
    return HttpClient.to(clientSockets, SERVER, limits);
  }

  /** Lets both stacks work, and time pass when neither has anything to do, until it is so. */
  boolean until(BooleanSupplier condition, Duration atMost) {
    long end = clock.nanos() + atMost.toNanos();
    while (!condition.getAsBoolean()) {
      long now = clock.nanos();
      long next = Math.min(serverStack.poll(now), clientStack.poll(now));
      if (wire.left().waiting() + wire.right().waiting() == 0 && next > now) {
        if (condition.getAsBoolean()) {
          return true;
        }
        if (now >= end) {
          return false;
        }
        clock.advanceTo(Math.min(end, next));
      }
    }
    return true;
  }

  /** Whether nothing is left to happen at the client, ever. */
  boolean isClientIdle() {
    return clientStack.poll(clock.nanos()) == Link.NEVER;
  }

  /** Lets time pass, whatever happens meanwhile. */
  void pass(Duration time) {
    until(() -> false, time);
  }

  /** Sends a request and lets things happen until it is over. */
  Recorder exchange(HttpClient client, ClientRequest request) {
    Recorder recorder = new Recorder();
    client.send(request, recorder);
    if (!until(recorder::isOver, SOON)) {
      throw new AssertionError("not over: " + recorder.story());
    }
    return recorder;
  }

  /** The last connection that came; there must be one. */
  Guest guest() {
    until(() -> !guests.isEmpty(), SOON);
    return guests.get(guests.size() - 1);
  }

  @Override
  public void close() {
    clientStack.close();
    serverStack.close();
  }

  /** The server's end of a connection. */
  final class Guest implements TcpHandler {
    private final TcpSocket socket;
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final ByteBuffer scratch = ByteBuffer.allocate(1 << 16);
    private final ByteArrayOutputStream waiting = new ByteArrayOutputStream();
    private int answered;
    private boolean finAfter;
    boolean reading = true;
    boolean finSeen;
    CloseReason closed;

    Guest(TcpSocket socket) {
      this.socket = socket;
      socket.setNoDelay(true);
    }

    String received() {
      return received.toString(ISO_8859_1);
    }

    /** Sends; ends with a FIN if the text ends in {@code <FIN>}, with a RST at {@code <RST>}. */
    void send(String text) {
      boolean reset = text.endsWith("<RST>");
      finAfter = text.endsWith("<FIN>");
      String bytes = reset || finAfter ? text.substring(0, text.length() - 5) : text;
      waiting.writeBytes(bytes.getBytes(ISO_8859_1));
      push();
      if (reset) {
        socket.abort();
      }
    }

    private void push() {
      ByteBuffer bytes = ByteBuffer.wrap(waiting.toByteArray());
      waiting.reset();
      socket.write(bytes);
      if (bytes.hasRemaining()) {
        waiting.write(bytes.array(), bytes.position(), bytes.remaining());
      } else if (finAfter) {
        socket.shutdownOutput();
      }
    }

    /** Reads so many bytes, although it is not reading. */
    void take(int bytes) {
      socket.read(ByteBuffer.allocate(bytes));
    }

    private void answer() {
      String requests = received();
      int heads = requests.split("\r\n\r\n", -1).length - 1;
      while (answered < heads && !answers.isEmpty()) {
        answered++;
        send(answers.remove());
      }
    }

    @Override
    public void onReadable(TcpSocket ignored) {
      if (!reading) {
        return;
      }
      int count;
      while ((count = socket.read(scratch.clear())) > 0) {
        received.write(scratch.array(), 0, count);
      }
      finSeen |= count < 0;
      answer();
      if (finSeen) {
        socket.close();
      }
    }

    @Override
    public void onWritable(TcpSocket ignored) {
      push();
    }

    @Override
    public void onClosed(TcpSocket ignored, CloseReason reason) {
      closed = reason;
    }
  }
}

package io.tunstack.examples;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.engine.PuppetLink;
import io.tunstack.engine.Stack;
import io.tunstack.engine.StackThread;
import io.tunstack.link.Impairment;
import io.tunstack.link.InMemoryLink;
import io.tunstack.link.WaitableLink;
import io.tunstack.net.BlockingListener;
import io.tunstack.net.BlockingSocket;
import io.tunstack.net.BlockingSockets;
import io.tunstack.net.CrossThreadLink;
import io.tunstack.net.Forwarder;
import io.tunstack.net.Sockets;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpListener;
import io.tunstack.net.TcpSocket;
import io.tunstack.sim.SimulatedHost;
import io.tunstack.sim.Simulation;
import io.tunstack.time.Clock;
import io.tunstack.time.SystemClock;
import io.tunstack.time.VirtualClock;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The README's examples: each is a region of this file, and runs. */
class ReadmeTest {
  private static final Path README = Path.of("README.md");
  private static final Path SOURCE = Path.of("src/test/java/io/tunstack/examples/ReadmeTest.java");
  private static final Pattern BLOCK = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL);
  private static final Pattern REGION =
      // In two pieces, or it would find itself.
      Pattern.compile(" *// example" + ": [^\n]*\n(.*?) *// end of example\n", Pattern.DOTALL);

  // example: an application
  /** Sends back what it gets, and closes when its peer has. */
  static final class Echo implements TcpHandler {
    private final ByteBuffer buffer = ByteBuffer.allocate(16 * 1024).flip();

    @Override
    public void onReadable(TcpSocket socket) {
      int n = 0;
      while (n >= 0) {
        if (!buffer.hasRemaining()) {
          n = socket.read(buffer.clear());
          buffer.flip();
          if (n == 0) {
            return; // onReadable comes again
          }
        }
        if (n >= 0 && socket.write(buffer) == 0) {
          return; // onWritable comes; what is not read closes the peer's window
        }
      }
      socket.close();
    }

    @Override
    public void onWritable(TcpSocket socket) {
      onReadable(socket);
    }
  }

  // end of example

  /** Notes what comes back. */
  private static final class Question implements TcpHandler {
    private final ByteBuffer answer = ByteBuffer.allocate(1000);

    @Override
    public void onConnected(TcpSocket socket) {
      socket.write(ByteBuffer.wrap(new byte[] {4, 2}));
    }

    @Override
    public void onReadable(TcpSocket socket) {
      socket.read(answer);
    }
  }

  @Test
  void shouldRunByHand() {
    InMemoryLink.Pair link = InMemoryLink.pair(1500);
    Question question = new Question();
    // example: a stack driven by hand
    VirtualClock clock = new VirtualClock(); // or SystemClock, or any Clock of yours
    try (Stack server = Stack.builder(link.left(), clock).address("10.77.0.2/24").build();
        Stack client = Stack.builder(link.right(), clock).address("10.77.0.1/24").build()) {
      Sockets.on(server).listen(7, socket -> new Echo());
      Sockets.on(client).connect(new InetSocketAddress("10.77.0.2", 7), question);

      while (question.answer.position() == 0) {
        long now = clock.nanos();
        // Reads the link dry, calls handlers, fires timers, sends; says when to come again.
        long next = Math.min(server.poll(now), client.poll(now));
        if (link.left().waiting() + link.right().waiting() == 0) {
          clock.advanceTo(next); // with a real link: sleep until then, or until a packet comes
        }
      }
    }
    // end of example
    assertEquals(2, question.answer.position());
    assertEquals(4, question.answer.get(0));
  }

  @Test
  @Timeout(60)
  void shouldRunOnAThread() throws Exception {
    PuppetLink puppet = new PuppetLink();
    assertEquals(7, listenOnAThread(puppet));
    assertTrue(puppet.isClosed());
  }

  private static int listenOnAThread(WaitableLink link) throws Exception {
    Clock clock = new SystemClock();
    // example: a stack with a thread of its own
    Stack stack = Stack.builder(link, clock).address("10.77.0.2/24").build();
    try (StackThread thread = StackThread.start(stack, "tunstack")) {
      // From here on the stack is the thread's: everything else reaches it as a command.
      TcpListener listener =
          thread
              .submit(() -> Sockets.on(stack).listen(7, socket -> new Echo()))
              .get(1, TimeUnit.SECONDS);
      // ... until it is time to close, which closes the stack and the link too.
      // end of example
      return listener.localAddress().getPort();
    }
  }

  @Test
  @Timeout(60)
  void shouldBlockOnThreadsOfItsOwn() throws Exception {
    byte[] question = {1, 2, 3};
    byte[] answer;
    long length;
    Stack stack =
        Stack.builder(CrossThreadLink.pair()[0], new SystemClock()).address("10.77.0.2/24").build();
    try (StackThread thread = StackThread.start(stack, "tunstack")) {
      // example: streams that block
      ExecutorService threads =
          Executors.newCachedThreadPool(); // or one virtual thread for each task
      BlockingSockets sockets = BlockingSockets.on(stack, thread);
      try (BlockingListener listener = sockets.listen(7, 16)) {
        Future<Long> echoed =
            threads.submit(
                () -> {
                  try (BlockingSocket socket = listener.accept(Duration.ofMinutes(1))) {
                    return socket.in().transferTo(socket.out());
                  }
                });
        InetSocketAddress address = new InetSocketAddress("10.77.0.2", 7);
        try (BlockingSocket socket = sockets.connect(address, Duration.ofSeconds(10))) {
          socket.setReadTimeout(Duration.ofSeconds(10));
          socket.setOptions(socket.options().withNoDelay(true));
          socket.out().write(question);
          socket.shutdownOutput();
          answer = socket.in().readAllBytes();
        }
        length = echoed.get(10, TimeUnit.SECONDS);
      }
      // end of example
      threads.shutdown();
    }
    assertArrayEquals(question, answer);
    assertEquals(3, length);
  }

  @Test
  void shouldStandInForOthers() {
    InMemoryLink.Pair link = InMemoryLink.pair(1500);
    VirtualClock clock = new VirtualClock();
    Question near = new Question();
    Question refused = new Question();
    try (Stack stack = Stack.builder(link.left(), clock).address("10.77.0.2/24").build();
        Stack client = Stack.builder(link.right(), clock).address("10.77.0.1/24").build()) {
      // example: a stack that stands in for others
      // Whatever the hosts behind this link connect to, the stack is it.
      Forwarder forwarder =
          Sockets.on(stack)
              .forwardTcp(
                  100, // may wait for a decision
                  request -> {
                    if (request.destination().getPort() == 7) {
                      request.accept(new Echo()); // or keep the request, and decide later
                    } else {
                      request.reject();
                    }
                  });
      // end of example
      Sockets.on(client).connect(new InetSocketAddress("203.0.113.9", 7), near);
      TcpSocket other =
          Sockets.on(client).connect(new InetSocketAddress("198.51.100.1", 8), refused);
      for (int i = 0; i < 10; i++) {
        client.poll(clock.nanos());
        stack.poll(clock.nanos());
      }
      forwarder.close();
      assertEquals(4, near.answer.get(0));
      assertFalse(other.isOpen());
    }
  }

  @Test
  void shouldRunInASimulation() {
    Question question = new Question();
    // example: a simulation
    try (Simulation simulation = new Simulation(42)) {
      simulation.setImpairment(
          Impairment.NONE
              .withDelay(Duration.ofMillis(20), Duration.ofMillis(5))
              .withLoss(0.1)
              .withDuplication(0.01));
      SimulatedHost server = simulation.host("10.0.0.1/24").start();
      SimulatedHost client = simulation.host("10.0.0.2/24").start();
      server.sockets().listen(7, socket -> new Echo());
      client.sockets().connect(new InetSocketAddress("10.0.0.1", 7), question);
      boolean answered =
          simulation.runUntil(() -> question.answer.position() > 0, Duration.ofMinutes(1));
      assertTrue(answered, simulation::toString); // names the seed, with which it happens again
    }
    // end of example
    assertEquals(2, question.answer.get(1));
  }

  @Test
  void shouldShowWhatIsCompiled() throws IOException {
    List<String> regions = new ArrayList<>();
    Matcher source = REGION.matcher(Files.readString(SOURCE));
    while (source.find()) {
      regions.add(outdented(source.group(1)));
    }
    List<String> blocks = new ArrayList<>();
    Matcher readme = BLOCK.matcher(Files.readString(README));
    while (readme.find()) {
      blocks.add(readme.group(1));
    }
    assertEquals(6, regions.size());
    assertEquals(regions, blocks);
  }

  private static String outdented(String region) {
    int indent =
        region
            .lines()
            .filter(line -> !line.isBlank())
            .mapToInt(line -> line.length() - line.stripLeading().length())
            .min()
            .orElse(0);
    return region
        .stripTrailing()
        .lines()
        .map(line -> line.isBlank() ? "" : line.substring(indent))
        .collect(Collectors.joining("\n", "", "\n"));
  }
}

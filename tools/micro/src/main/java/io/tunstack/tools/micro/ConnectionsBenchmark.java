package io.tunstack.tools.micro;

import io.netty.buffer.ByteBuf;
import io.tunstack.engine.Stack;
import io.tunstack.http.HttpHandler;
import io.tunstack.http.HttpResponse;
import io.tunstack.http.HttpRouter;
import io.tunstack.http.HttpServer;
import io.tunstack.ip.Ipv4;
import io.tunstack.link.ReceivedChecksum;
import io.tunstack.net.Sockets;
import io.tunstack.time.SystemClock;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A segment for one of many connections: a bare acknowledgment, which is little more than finding
 * whom it is for, and a request, which is answered.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(
    value = 1,
    jvmArgsAppend = {"-XX:+UseSerialGC", "-Xmx2g"})
public class ConnectionsBenchmark {
  /** From one connection to the next: far enough that no cache line tells of both. */
  private static final int STRIDE = 7_919;

  @Param({"10", "100", "1000", "10000", "100000"})
  private int connections;

  private Peers peers;
  private Stack stack;
  private Ipv4 ipv4;
  private int next;

  @Setup
  public void open() {
    peers = new Peers(connections);
    stack = Stack.builder(peers, new SystemClock()).address(Peers.SERVER).build();
    ipv4 = stack.ipv4();
    HttpRouter router =
        HttpRouter.builder()
            .get("/hello", HttpHandler.of(request -> HttpResponse.text(200, "hello\n")))
            .build();
    HttpServer.of(router).listen(Sockets.on(stack), Peers.SERVER_PORT);
    for (int i = 0; i < connections; i++) {
      receive(peers.syn(i));
      receive(peers.acknowledgment(i));
    }
    if (stack.tcp().connectionCount() != connections) {
      throw new IllegalStateException("not all of them are open");
    }
  }

  /** The peers' packets have no checksums: a link that offloads answers for them. */
  private void receive(ByteBuf packet) {
    ipv4.receive(packet, ReceivedChecksum.VERIFIED, 0, stack.clock().nanos());
    stack.poll(stack.clock().nanos());
  }

  private int choose() {
    next = (next + STRIDE) % connections;
    return next;
  }

  @Benchmark
  public void acknowledgment() {
    receive(peers.acknowledgment(choose()));
  }

  @Benchmark
  public long request() {
    receive(peers.request(choose()));
    return peers.answered();
  }

  @TearDown
  public void close() {
    if (peers.answered() == 0 && stack.tcp().connectionCount() != connections) {
      throw new IllegalStateException("connections were lost");
    }
    stack.close();
  }
}

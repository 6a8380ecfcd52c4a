package io.tunstack.tools.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.engine.Stack;
import io.tunstack.link.InMemoryLink;
import io.tunstack.net.Sockets;
import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import io.tunstack.stats.Counter;
import io.tunstack.time.VirtualClock;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ResponderTest {
  private static final int MTU = 1500;
  private static final int ENOUGH = 1_000_000;
  private static final int TURNS = 100_000;

  private final VirtualClock clock = new VirtualClock();
  private long taken;
  private long accepted;

  private static InMemoryLink.Pair pair(boolean offload) {
    return offload ? InMemoryLink.offloadingPair(MTU) : InMemoryLink.pair(MTU);
  }

  private void run(InMemoryLink.Pair pair, TcpHandler handler) {
    Responder responder = new Responder(pair.right(), clock, Responder.TEXT_BYTES, false);
    try (Stack stack = Stack.builder(pair.left(), clock).address("10.77.0.1/24").build()) {
      Sockets.on(stack).connect(new InetSocketAddress("10.77.0.2", 80), handler);
      for (int i = 0; i < TURNS && taken < ENOUGH; i++) {
        responder.turn();
        stack.poll(clock.nanos());
        clock.advanceTo(clock.nanos() + 10_000);
      }
      assertEquals(0, stack.counters().get(Counter.TCP_RETRANS_SEGS));
    }
    assertTrue(taken >= ENOUGH, taken + " bytes");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldSendWithoutEnd_whenItIsAskedFor(boolean offload) {
    ByteBuffer chunk = ByteBuffer.allocate(100_000);
    run(
        pair(offload),
        new TcpHandler() {
          @Override
          public void onConnected(TcpSocket socket) {
            socket.write(ByteBuffer.wrap("GET ".getBytes(StandardCharsets.US_ASCII)));
          }

          @Override
          public void onReadable(TcpSocket socket) {
            taken += socket.read(chunk.clear());
          }
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldAcknowledge_whenItIsSentTo(boolean offload) {
    run(
        pair(offload),
        new TcpHandler() {
          @Override
          public void onConnected(TcpSocket socket) {
            onWritable(socket);
          }

          @Override
          public void onWritable(TcpSocket socket) {
            int count = socket.write(ByteBuffer.allocate(200_000));
            while (count > 0) {
              accepted += count;
              count = socket.write(ByteBuffer.allocate(200_000));
            }
            taken = accepted - socket.info().unackedBytes() - socket.info().unsentBytes();
          }

          @Override
          public void onReadable(TcpSocket socket) {}
        });
  }
}

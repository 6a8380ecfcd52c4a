package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.sim.SimulatedHost;
import io.tunstack.sim.Simulation;
import io.tunstack.wire.IpAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LossRecoveryTest {
  private final Simulation simulation = new Simulation(1);
  private final SimulatedHost reader = simulation.host("10.0.0.1/24").start();
  private final SimulatedHost writer = simulation.host("10.0.0.2/24").start();

  @AfterEach
  void close() {
    simulation.close();
  }

  private TcpConnection connect() {
    ConnectionHandler reading =
        new SilentHandler() {
          @Override
          public void onReadable(TcpConnection c) {
            ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
            while (c.read(buffer.clear()) > 0) {
              // Only room matters.
            }
          }
        };
    reader.stack().tcp().listen(IpAddress.UNSPECIFIED, 80, 1, c -> reading);
    Tcp tcp = writer.stack().tcp();
    TcpConnection c =
        tcp.connect(
            IpAddress.UNSPECIFIED,
            0,
            IpAddress.parse("10.0.0.1"),
            80,
            tcp.defaultOptions(),
            new SilentHandler());
    simulation.settle();
    return c;
  }

  @Test
  void shouldTakeItsPointAlong_whenNothingIsLost() {
    TcpConnection c = connect();
    for (int i = 0; i < 20; i++) {
      assertEquals(100_000, c.write(ByteBuffer.allocate(100_000)));
      simulation.run(Duration.ofSeconds(1));
      assertEquals(0, c.unacknowledged());
      // Two gigabytes behind, it would seem to lie ahead, and no loss would be a new one.
      assertEquals(c.snd.sndUna - 1, c.snd.recovery.point());
    }
    assertTrue(c.isOpen());
  }
}

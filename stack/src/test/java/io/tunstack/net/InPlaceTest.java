package io.tunstack.net;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.memory.SlabPool;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bytes that are made in the send buffer and read from the receive buffer, without a copy. */
final class InPlaceTest {
  private final SocketRig rig = new SocketRig();
  private int made;
  private int seen;

  @AfterEach
  void close() {
    rig.close();
  }

  private void make(ByteBuffer room) {
    while (room.hasRemaining()) {
      room.put((byte) (made++ % 251));
    }
  }

  private void look(ByteBuffer bytes, int most) {
    for (int i = 0; i < most && bytes.hasRemaining(); i++) {
      assertEquals((byte) (seen++ % 251), bytes.get());
    }
  }

  @Test
  void shouldCarryEveryByteInOrder_howeverFewAreTakenAtOnce() {
    TcpSocket socket = rig.connect();
    socket.setNoDelay(true);
    int filled = 0;
    while (filled < 100_000) {
      int count = socket.fill(100_000 - filled, this::make);
      assertTrue(count > 0 && count <= SlabPool.SLAB_BYTES, () -> count + " bytes");
      filled += count;
      rig.simulation.settle();
    }
    TcpSocket reader = rig.accepted.get(0);
    assertEquals(100_000, reader.available());
    while (seen < 100_000) {
      int before = seen;
      int count = reader.take(bytes -> look(bytes, 7_001));
      assertEquals(seen - before, count);
      assertTrue(count > 0);
    }
    assertEquals(0, reader.take(bytes -> look(bytes, 1)));
    assertEquals(100_000, made);
  }

  @Test
  void shouldLeaveWhatIsNotTaken_andGoOnBehindWhatWasWritten() {
    TcpSocket socket = rig.connect();
    socket.write(ByteBuffer.wrap(new byte[] {0, 1, 2}));
    made = 3;
    assertEquals(4, socket.fill(4, this::make));
    rig.simulation.settle();
    TcpSocket reader = rig.accepted.get(0);
    assertEquals(0, reader.take(bytes -> look(bytes, 0)));
    assertEquals(7, reader.available());
    assertEquals(2, reader.take(bytes -> look(bytes, 2)));
    ByteBuffer rest = ByteBuffer.allocate(10);
    assertEquals(5, reader.read(rest));
    look(rest.flip(), 10);
    assertEquals(7, seen);
  }

  @Test
  void shouldCallBack_whenThereWasNoRoom() {
    TcpSocket socket = rig.connect();
    // The peer's application does not read, so in the end nothing moves any more.
    while (socket.writable() > 0) {
      assertTrue(socket.fill(socket.writable() + 1, this::make) > 0);
      rig.simulation.settle();
    }
    assertEquals(-1, socket.fill(1, room -> made = -1));
    assertTrue(made > 0, "nobody is asked to make what there is no room for");
    rig.atClient.events.clear();
    TcpSocket reader = rig.accepted.get(0);
    while (reader.take(bytes -> look(bytes, Integer.MAX_VALUE)) > 0) {
      rig.simulation.settle();
    }
    assertTrue(rig.atClient.events.contains("writable"), rig.atClient.events::toString);
    assertEquals(made, seen);
  }

  @Test
  void shouldQueueNothing_whenNothingIsMade() {
    TcpSocket socket = rig.connect();
    assertEquals(0, socket.fill(10, room -> {}));
    assertEquals(0, rig.client.stack().slabsInUse());
    assertEquals(0, socket.unsent());
  }

  @Test
  void shouldForgetWhatItLent_whenTheConnectionEndsMeanwhile() {
    TcpSocket socket = rig.connect();
    assertEquals(
        0,
        socket.fill(
            10,
            room -> {
              make(room);
              socket.abort();
            }));
    assertThrows(IllegalStateException.class, () -> socket.fill(1, this::make));
    rig.simulation.settle();
    TcpSocket other = rig.connect();
    other.write(ByteBuffer.allocate(5));
    rig.simulation.settle();
    TcpSocket reader = rig.accepted.get(1);
    assertEquals(
        0,
        reader.take(
            bytes -> {
              bytes.position(bytes.limit());
              reader.abort();
            }));
    assertEquals(-1, reader.take(bytes -> look(bytes, 1)));
  }

  @Test
  void shouldTellTheEnd_whenAllIsTaken() {
    TcpSocket socket = rig.connect();
    socket.fill(3, this::make);
    socket.shutdownOutput();
    rig.simulation.settle();
    TcpSocket reader = rig.accepted.get(0);
    assertEquals(3, reader.take(bytes -> look(bytes, 3)));
    assertEquals(-1, reader.take(bytes -> look(bytes, 1)));
    reader.close();
  }
}

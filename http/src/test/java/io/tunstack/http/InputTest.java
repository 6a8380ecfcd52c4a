package io.tunstack.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class InputTest {
  private final byte[] shared = new byte[64];
  private final Input input = new Input(shared);
  private final FakeSocket socket = new FakeSocket(100);

  InputTest() {
    socket.handler =
        new TcpHandler() {
          @Override
          public void onReadable(TcpSocket ignored) {
            // The test reads when it likes.
          }
        };
  }

  private String content() {
    return new String(input.array(), input.start(), input.available(), StandardCharsets.ISO_8859_1);
  }

  @Test
  void shouldOwnNothing_whenEverythingWasUsed() {
    socket.deliver("abc");
    assertEquals(3, input.fill(socket, 100));
    assertSame(shared, input.array());
    input.skip(3);

    input.endTurn();

    assertSame(shared, input.array());
    assertEquals(0, input.fill(socket, 100));
  }

  @Test
  void shouldKeepWhatIsLeft_whenTheSharedArrayGoesToAnother() {
    socket.deliver("abcdef");
    input.fill(socket, 100);
    input.skip(2);

    input.endTurn();
    Arrays.fill(shared, (byte) '!');

    assertEquals("cdef", content());
    assertNotSame(shared, input.array());
    assertTrue(input.array().length <= 512);
    socket.deliver("gh");
    input.fill(socket, 1);
    assertEquals("cdefg", content());
    input.skip(5);
    assertSame(shared, input.array());
  }

  @Test
  void shouldMakeRoomInFrontOrGrow_whenItIsFull() {
    socket.deliver("x".repeat(60) + "y".repeat(60) + "z".repeat(60));
    input.fill(socket, 64);
    input.skip(40);
    input.fill(socket, 40);
    assertEquals("x".repeat(20) + "y".repeat(44), content());
    input.fill(socket, 40);
    input.fill(socket, 40);

    assertEquals("x".repeat(20) + "y".repeat(60) + "z".repeat(input.available() - 80), content());
    assertTrue(input.available() > 64);
  }

  @Test
  void shouldDiscardUpToTheLimit_andSeeTheEnd() {
    socket.deliver("x".repeat(1_000));

    assertTrue(input.discard(socket, 100) >= 100);
    input.discard(socket, 10_000);
    assertEquals(0, input.discard(socket, 100));
    socket.peerFin();
    assertEquals(-1, input.discard(socket, 100));
  }
}

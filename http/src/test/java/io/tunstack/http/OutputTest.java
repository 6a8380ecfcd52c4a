package io.tunstack.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.net.TcpHandler;
import io.tunstack.net.TcpSocket;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class OutputTest {
  private final FakeSocket socket = new FakeSocket(100);
  private final ByteBuffer stage = ByteBuffer.allocate(1_000);
  private final Output output = new Output(socket, stage);

  OutputTest() {
    socket.peerReads = false;
    socket.handler =
        new TcpHandler() {
          @Override
          public void onReadable(TcpSocket ignored) {
            // Nothing is sent to this socket.
          }
        };
  }

  @Test
  void shouldWriteOnce_whenMuchWasStaged() {
    stage.put(new byte[30]);
    stage.put(new byte[40]);

    assertTrue(output.flush());

    assertEquals(1, socket.writes);
    assertEquals(70, output.accepted());
    assertEquals(0, stage.position());
  }

  @Test
  void shouldKeepWhatWasRefused_andFreeTheStage() {
    stage.put(new byte[150]);

    assertFalse(output.flush());

    assertTrue(output.isBlocked());
    assertEquals(0, stage.position());
    assertEquals(100, output.accepted());
    socket.peerTakes(100);
    assertTrue(output.flush());
    assertEquals(150, socket.outputBytes().length);
  }

  @Test
  void shouldAskForALittleMoreThanFits_soThatTheSocketCallsBack() {
    assertEquals(1_124, output.appetite());
    stage.put(new byte[60]);
    assertEquals(1_064, output.appetite());
    stage.put(new byte[500]);
    assertEquals(1_024, output.appetite());
  }

  @Test
  void shouldForgetEverything_whenDiscarded() {
    stage.put(new byte[150]);
    output.flush();
    stage.put((byte) 1);

    output.discard();

    assertTrue(output.flush());
    assertEquals(100, socket.outputBytes().length);
  }
}

package io.tunstack.http;

import static io.tunstack.http.ServerHarness.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The end of a connection that must not take the last response with it (RFC 9112 §9.6). */
class StagedCloseTest {
  private final ServerHarness harness = new ServerHarness();

  @Test
  void shouldReadOn_whenAResponseIsSentBeforeTheRequestHasEnded() {
    FakeSocket socket = harness.connect();
    socket.deliver("POST /sink HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n");
    for (int i = 0; i < 1_000; i++) {
      socket.deliver("x".repeat(1_000));
    }

    assertEquals(400, ParsedResponse.all(socket.outputBytes()).get(0).status());
    assertTrue(socket.finSent());
    assertEquals(0, socket.available());
    assertFalse(socket.wasClosed());
    assertEquals(1_000_000, harness.count(HttpCounter.DISCARDED_BYTES));

    socket.peerFin();
    assertEquals(0, harness.server.openConnections());
    assertFalse(socket.wasAborted());
  }

  @Test
  void shouldStopReading_whenTheClientSendsWithoutEnd() {
    HttpLimits limits = HttpLimits.builder().linger(10_000, Duration.ofSeconds(5)).build();
    ServerHarness own = new ServerHarness(ServerHarness.routes(), limits);
    FakeSocket socket = own.send("POST /sink HTTP/1.1\r\n\r\n");
    for (int i = 0; i < 20; i++) {
      socket.deliver("x".repeat(1_000));
    }

    assertTrue(socket.wasClosed());
    assertEquals(1, own.count(HttpCounter.LINGERS_CUT));
    assertEquals(0, own.server.openConnections());
  }

  @Test
  void shouldDropAShortBody_whenNobodyWantsIt() {
    FakeSocket socket =
        harness.send("POST /nowhere HTTP/1.1\r\nHost: h\r\nContent-Length: 100000\r\n\r\n");
    socket.deliver("x".repeat(100_000) + get("/hello"));

    assertEquals(2, ParsedResponse.all(socket.outputBytes()).size());
    assertFalse(socket.finSent());
  }

  @Test
  void shouldCloseRatherThanDrop_whenAnUnwantedBodyIsLong() {
    FakeSocket socket =
        harness.send("POST /nowhere HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");

    ParsedResponse response = ParsedResponse.all(socket.outputBytes()).get(0);
    assertEquals(404, response.status());
    assertEquals("close", response.field("Connection"));
    assertTrue(socket.finSent());
  }

  @Test
  void shouldClose_whenAnUnwantedChunkedBodyDoesNotEnd() {
    FakeSocket socket =
        harness.send("POST /nowhere HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 300 && !socket.finSent(); i++) {
      socket.deliver("400\r\n" + "x".repeat(1_024) + "\r\n");
    }

    assertEquals(404, ParsedResponse.all(socket.outputBytes()).get(0).status());
    assertTrue(socket.finSent());
  }

  @Test
  void shouldEndIdleConnectionsAndFinishOthers_whenTheServerCloses() {
    FakeSocket idle = harness.send(get("/hello"));
    FakeSocket busy = harness.connect(10_000);
    busy.peerReads = false;
    busy.deliver(get("/bytes?n=100000") + get("/hello"));
    FakeSocket uploading =
        harness.send("POST /sink HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nx");

    harness.server.close();

    assertTrue(idle.finSent());
    assertFalse(busy.finSent() || uploading.finSent());
    uploading.deliver("y");
    assertEquals("close", ParsedResponse.all(uploading.outputBytes()).get(0).field("Connection"));
    assertTrue(uploading.finSent());
    busy.peerReads = true;
    busy.peerTakes(10_000);
    assertTrue(busy.finSent());
    assertTrue(busy.output().length() > 100_000);
  }
}

package io.tunstack.http;

import static io.tunstack.http.ServerHarness.get;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Clients that take their time. */
class TimeoutTest {
  private final ServerHarness harness = new ServerHarness();

  private static int onlyStatus(FakeSocket socket) {
    var responses = ParsedResponse.all(socket.outputBytes());
    assertEquals(1, responses.size());
    return responses.get(0).status();
  }

  @Test
  void shouldSay408_whenAHeadTrickles() {
    FakeSocket socket = harness.send("GET /hello HTTP/1.1\r\nHost: h\r\n");
    int lines = 0;
    while (!socket.finSent() && lines < 1_000) {
      harness.pass(Duration.ofMillis(500));
      socket.deliver("X-" + lines++ + ": y\r\n");
    }

    assertEquals(408, onlyStatus(socket));
    assertEquals(HttpLimits.DEFAULT.headTimeout().toMillis() / 500, lines);
    assertEquals(1, harness.count(HttpCounter.HEAD_TIMEOUTS));
  }

  @Test
  void shouldCountTheHeadsTimeAnew_whenTheNextRequestTrickles() {
    FakeSocket socket = harness.send("GET /he");
    harness.pass(Duration.ofSeconds(19));
    socket.deliver("llo HTTP/1.1\r\nHost: h\r\n\r\nGET /he");
    harness.pass(Duration.ofSeconds(19));

    socket.deliver("llo HTTP/1.1\r\nHost: h\r\n\r\n");

    assertEquals(2, ParsedResponse.all(socket.outputBytes()).size());
    assertFalse(socket.finSent());
  }

  @Test
  void shouldSendOnlyFin_whenNothingEverComes() {
    FakeSocket socket = harness.connect();

    harness.pass(HttpLimits.DEFAULT.headTimeout());

    assertEquals("", socket.output());
    assertTrue(socket.finSent());
    assertFalse(socket.wasAborted());
  }

  @Test
  void shouldSendOnlyFin_whenAConnectionIsIdleTooLong() {
    FakeSocket socket = harness.send(get("/hello"));
    harness.pass(Duration.ofSeconds(59));
    assertFalse(socket.finSent());
    socket.deliver(get("/hello"));
    harness.pass(Duration.ofSeconds(59));
    assertFalse(socket.finSent());

    harness.pass(Duration.ofSeconds(1));

    assertTrue(socket.finSent());
    assertEquals(2, ParsedResponse.all(socket.outputBytes()).size());
    assertEquals(1, harness.count(HttpCounter.IDLE_TIMEOUTS));
    harness.pass(HttpLimits.DEFAULT.lingerTime());
    assertTrue(socket.wasClosed());
    assertFalse(socket.wasAborted());
    assertEquals(0, harness.server.openConnections());
  }

  @Test
  void shouldSay408_whenABodyStopsOrTrickles() {
    FakeSocket stopped =
        harness.send("POST /sink HTTP/1.1\r\nHost: h\r\nContent-Length: 10000\r\n\r\nabc");
    FakeSocket trickling =
        harness.send("POST /sink HTTP/1.1\r\nHost: h\r\nContent-Length: 10000\r\n\r\n");
    for (int i = 0; i < 29; i++) {
      harness.pass(Duration.ofSeconds(1));
      trickling.deliver("x");
    }
    assertEquals("", stopped.output() + trickling.output());

    harness.pass(Duration.ofSeconds(1));

    assertEquals(408, onlyStatus(stopped));
    assertEquals(408, onlyStatus(trickling));
    assertTrue(stopped.finSent() && trickling.finSent());
    assertEquals(2, harness.count(HttpCounter.BODY_TIMEOUTS));
  }

  @Test
  void shouldBePatient_whenABodyKeepsComing() {
    FakeSocket socket =
        harness.send("POST /sink HTTP/1.1\r\nHost: h\r\nContent-Length: 20480\r\n\r\n");
    for (int i = 0; i < 10; i++) {
      harness.pass(Duration.ofSeconds(29));
      socket.deliver("x".repeat(2_048));
    }

    assertEquals(200, onlyStatus(socket));
  }

  @Test
  void shouldReset_whenTheClientTakesNothingOfAResponse() {
    FakeSocket socket = harness.connect(10_000);
    socket.peerReads = false;
    socket.deliver(get("/bytes?n=1000000"));

    harness.pass(HttpLimits.DEFAULT.writeTimeout());

    assertTrue(socket.wasAborted());
    assertEquals(1, harness.count(HttpCounter.WRITE_TIMEOUTS));
    assertEquals(0, harness.server.openConnections());
  }

  @Test
  void shouldBePatient_whenTheClientTakesAResponseSlowly() {
    FakeSocket socket = harness.connect(10_000);
    socket.peerReads = false;
    socket.deliver(get("/bytes?n=1000000"));
    for (int i = 0; i < 100; i++) {
      harness.pass(Duration.ofSeconds(20));
      socket.peerTakes(100);
    }

    assertFalse(socket.wasAborted());
    assertEquals(0, harness.count(HttpCounter.WRITE_TIMEOUTS));
  }

  @Test
  void shouldGoOnDelivering_whenTheClientIsSlowAndTheConnectionEnds() {
    FakeSocket socket = harness.connect(100_000);
    socket.peerReads = false;
    socket.deliver("GET /bytes?n=50000 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    assertTrue(socket.finSent());
    for (int i = 0; i < 20; i++) {
      harness.pass(Duration.ofSeconds(4));
      socket.peerTakes(1_000);
    }
    assertFalse(socket.wasClosed());

    harness.pass(Duration.ofSeconds(10));

    assertTrue(socket.wasAborted(), "the peer has stopped reading");
  }

  @Test
  void shouldHaveNoAlarm_whenTheConnectionIsOver() {
    FakeSocket socket = harness.send(get("/hello"));
    assertTrue(harness.alarms.anyArmed());

    socket.peerFin();

    assertFalse(harness.alarms.anyArmed());
    assertEquals(0, harness.server.openConnections());
  }
}

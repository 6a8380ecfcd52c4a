package io.tunstack.http.client;

import static io.tunstack.http.client.OriginRig.SOON;
import static io.tunstack.http.client.OriginRig.URL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.http.client.HttpFailure.Kind;
import io.tunstack.tcp.CloseReason;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Nothing is waited for without end. */
class ClientTimeoutTest {
  private static final Duration MOMENT = Duration.ofMillis(100);

  private final OriginRig rig = new OriginRig();
  private final HttpClient client =
      rig.client(
          ClientLimits.builder()
              .connectTimeout(Duration.ofSeconds(3))
              .headTimeout(Duration.ofSeconds(10))
              .idleTimeout(Duration.ofSeconds(20))
              .totalTimeout(Duration.ofSeconds(100))
              .build());
  private final Recorder recorder = new Recorder();

  @AfterEach
  void close() {
    rig.close();
  }

  private void assertOverAfter(Duration time, Kind kind, String words) {
    rig.pass(time.minus(MOMENT));
    assertFalse(recorder.isOver(), recorder::story);
    rig.pass(MOMENT.multipliedBy(2));
    assertTrue(recorder.isOver(), recorder::story);
    assertEquals(kind, recorder.failure.kind());
    assertTrue(recorder.failure.message().contains(words), recorder.failure::message);
    assertFalse(client.hasIdleConnection());
  }

  @Test
  void shouldGiveUp_whenNobodyAnswersTheSyn() {
    HttpClient nobody =
        HttpClient.to(rig.clientSockets, OriginRig.address("10.77.0.99", 80), client.limits());
    nobody.send(ClientRequest.get(URL), recorder);

    assertOverAfter(Duration.ofSeconds(3), Kind.CONNECT_TIMEOUT, "10.77.0.99:80 in 3 s");
    assertEquals(0, rig.clientStack.tcp().connectionCount());
  }

  @Test
  void shouldTellTimedOut_whenTcpGivesUpFirst() {
    HttpClient nobody =
        HttpClient.to(
            rig.clientSockets,
            OriginRig.address("10.77.0.99", 80),
            ClientLimits.builder().connectTimeout(Duration.ofHours(1)).build());
    nobody.send(ClientRequest.get(URL), recorder);
    rig.pass(Duration.ofMinutes(10));

    assertEquals(Kind.CONNECT_TIMEOUT, recorder.failure.kind());
  }

  @Test
  void shouldGiveUpAndReset_whenNoHeadComes() {
    client.send(ClientRequest.get(URL), recorder);
    OriginRig.Guest guest = rig.guest();

    assertOverAfter(Duration.ofSeconds(10), Kind.TIMEOUT, "no response from 10.77.0.2:80 in 10 s");
    assertEquals(CloseReason.RESET, guest.closed);
  }

  @Test
  void shouldGiveUp_whenAHeadComesByteByByte() {
    client.send(ClientRequest.get(URL), recorder);
    OriginRig.Guest guest = rig.guest();
    for (int i = 0; i < 9; i++) {
      guest.send("HTTP/1.1 ".substring(i, i + 1));
      rig.pass(Duration.ofSeconds(1));
    }

    assertOverAfter(Duration.ofSeconds(1), Kind.TIMEOUT, "no response");
  }

  @Test
  void shouldGiveUp_whenTheBodyStandsStill() {
    client.send(ClientRequest.get(URL), recorder);
    rig.guest().send("HTTP/1.1 200 OK\r\n\r\n");
    for (int i = 0; i < 3; i++) {
      rig.pass(Duration.ofSeconds(15));
      rig.guest().send("x");
    }
    assertFalse(recorder.isOver());

    assertOverAfter(Duration.ofSeconds(20), Kind.TIMEOUT, "nothing more came");
    assertEquals("xxx", recorder.text());
  }

  @Test
  void shouldGiveUp_whenTheServerTakesNothingOfTheRequest() {
    rig.answers.clear();
    client.send(ClientRequest.builder("PUT", URL).body(new byte[9_000_000]).build(), recorder);
    rig.guest().reading = false;
    rig.pass(Duration.ofSeconds(19));
    assertFalse(recorder.isOver(), recorder::story);
    rig.pass(Duration.ofSeconds(22));

    assertEquals(Kind.TIMEOUT, recorder.failure.kind());
    assertTrue(recorder.failure.message().contains("took nothing"), recorder.failure::message);
  }

  @Test
  void shouldBePatient_whenTheServerTakesTheRequestSlowly() {
    client.send(ClientRequest.builder("PUT", URL).body(new byte[9_000_000]).build(), recorder);
    rig.guest().reading = false;
    // Too little at a time for the socket to tell that there is room.
    for (int i = 0; i < 6; i++) {
      rig.pass(Duration.ofSeconds(15));
      assertFalse(recorder.isOver(), recorder::story);
      rig.guest().take(50_000);
    }
  }

  @Test
  void shouldGiveUp_whenItTakesTooLongAllInAll() {
    client.send(ClientRequest.get(URL), recorder);
    rig.guest().send("HTTP/1.1 200 OK\r\n\r\n");
    for (int i = 0; i < 9; i++) {
      rig.pass(Duration.ofSeconds(10));
      rig.guest().send("x");
    }

    assertOverAfter(Duration.ofSeconds(10), Kind.TIMEOUT, "not finished");
  }

  @Test
  void shouldLeaveNoAlarmBehind_whenTheCallIsOver() {
    rig.answers.add("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    client.send(ClientRequest.get(URL), recorder);
    assertTrue(rig.until(recorder::isOver, SOON));

    rig.pass(SOON);

    assertTrue(rig.isClientIdle());
    assertTrue(client.hasIdleConnection());
    assertTrue(recorder.ended);
  }
}

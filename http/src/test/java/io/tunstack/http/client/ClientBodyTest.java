package io.tunstack.http.client;

import static io.tunstack.http.client.OriginRig.SOON;
import static io.tunstack.http.client.OriginRig.URL;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.http.BodyProducer;
import io.tunstack.http.client.HttpFailure.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies in both directions, and who has to wait for whom. */
class ClientBodyTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  private static final int LARGE = 5_000_000;

  private final OriginRig rig = new OriginRig();
  private final HttpClient client = rig.client();

  @AfterEach
  void close() {
    rig.close();
    assertEquals(0, rig.clientStack.slabsInUse());
  }

  private static byte[] pattern(int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i % 251);
    }
    return bytes;
  }

  /** Gives so many bytes of the pattern, a few at a time, and nothing at every third call. */
  private static final class Spring implements BodyProducer {
    private final ByteBuffer source;
    private final int atOnce;
    HttpCall call;
    int calls;
    boolean closed;

    Spring(int length, int atOnce) {
      source = ByteBuffer.wrap(pattern(length));
      this.atOnce = atOnce;
    }

    @Override
    public int produce(ByteBuffer target) {
      if (!source.hasRemaining()) {
        return END;
      }
      if (++calls % 3 == 0) {
        call.resume();
        return 0;
      }
      int count = Math.min(atOnce, Math.min(target.remaining(), source.remaining()));
      target.put(source.slice().limit(count));
      source.position(source.position() + count);
      return count;
    }

    @Override
    public void close() {
      assertFalse(closed);
      closed = true;
    }
  }

  private static String bodyOf(String request) {
    return request.substring(request.indexOf("\r\n\r\n") + 4);
  }

  private Recorder post(ClientRequest request, Spring spring) {
    Recorder recorder = new Recorder();
    HttpCall call = client.send(request, recorder);
    if (spring != null) {
      spring.call = call;
    }
    return recorder;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 16_000, 16_384, 200_000})
  void shouldSendABodyThatIsThere(int length) {
    rig.answers.add(OK);
    byte[] body = pattern(length);

    Recorder recorder = rig.exchange(client, ClientRequest.builder("POST", URL).body(body).build());
    rig.until(() -> bodyOf(rig.guest().received()).length() == length, SOON);

    assertTrue(recorder.ended);
    String request = rig.guest().received();
    assertTrue(request.contains("\r\nContent-Length: " + length + "\r\n"), request);
    assertFalse(request.contains("Transfer-Encoding"));
    assertArrayEquals(body, bodyOf(request).getBytes(StandardCharsets.ISO_8859_1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 500, 65_536})
  void shouldSendWhatAProducerGives(int atOnce) {
    Spring spring = new Spring(3_000, atOnce);
    Recorder recorder = post(ClientRequest.builder("PUT", URL).body(spring, 3_000).build(), spring);
    rig.until(() -> bodyOf(rig.guest().received() + "\r\n\r\n").length() >= 3_000, SOON);
    rig.guest().send(OK);

    assertTrue(rig.until(recorder::isOver, SOON));
    assertTrue(recorder.ended, recorder::story);
    assertTrue(spring.closed);
    assertArrayEquals(
        pattern(3_000), bodyOf(rig.guest().received()).getBytes(StandardCharsets.ISO_8859_1));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 500, 65_536})
  void shouldSendChunks_whenNobodyKnowsHowMuchComes(int atOnce) {
    Spring spring = new Spring(30_000, atOnce);
    Recorder recorder =
        post(ClientRequest.builder("POST", URL).chunkedBody(spring).build(), spring);
    rig.until(() -> rig.guest().received().endsWith("\r\n0\r\n\r\n"), SOON);
    rig.guest().send(OK);

    assertTrue(rig.until(recorder::isOver, SOON));
    assertTrue(recorder.ended, recorder::story);
    String request = rig.guest().received();
    assertTrue(request.contains("\r\nTransfer-Encoding: chunked\r\n"));
    assertFalse(request.contains("Content-Length"));
    assertArrayEquals(pattern(30_000), unchunked(bodyOf(request)));
  }

  private static byte[] unchunked(String body) {
    StringBuilder data = new StringBuilder();
    int at = 0;
    while (true) {
      int end = body.indexOf("\r\n", at);
      int size = Integer.parseInt(body.substring(at, end), 16);
      if (size == 0) {
        return data.toString().getBytes(StandardCharsets.ISO_8859_1);
      }
      data.append(body, end + 2, end + 2 + size);
      at = end + 2 + size + 2;
    }
  }

  @Test
  void shouldRefuseToSendChunks_whenTheServerSpeaksHttp10() {
    rig.answers.add("HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n");
    rig.exchange(client, ClientRequest.get(URL));
    ClientRequest chunked =
        ClientRequest.builder("POST", URL).chunkedBody(new Spring(5, 5)).build();

    assertThrows(IllegalStateException.class, () -> client.send(chunked, new Recorder()));
  }

  @Test
  void shouldFail_whenTheProducerEndsEarly() {
    Spring spring = new Spring(10, 10);
    Recorder recorder = post(ClientRequest.builder("PUT", URL).body(spring, 11).build(), spring);

    assertTrue(rig.until(recorder::isOver, SOON));
    assertEquals(Kind.CANCELLED, recorder.failure.kind());
    assertTrue(spring.closed);
  }

  @Test
  void shouldTakeTheAnswerAndGiveUpTheRest_whenTheServerAnswersBeforeItHasReadTheBody() {
    Recorder recorder = post(ClientRequest.builder("PUT", URL).body(pattern(LARGE)).build(), null);
    rig.guest().reading = false;
    rig.pass(SOON);
    assertEquals("connected", recorder.story().strip().split(" ")[0]);

    rig.guest().send("HTTP/1.1 413 Too Large\r\nContent-Length: 2\r\n\r\nno");

    assertTrue(rig.until(recorder::isOver, SOON));
    assertEquals("connected head 413 end | no", recorder.story());
    assertFalse(client.hasIdleConnection());
  }

  @Test
  void shouldCloseTheWindow_whenTheHandlerTakesNothing() {
    Recorder recorder = new Recorder();
    recorder.appetite = 100_000;
    HttpCall call = client.send(ClientRequest.get(URL), recorder);
    String body = new String(pattern(LARGE), StandardCharsets.ISO_8859_1);
    rig.guest().send("HTTP/1.1 200 OK\r\nContent-Length: " + LARGE + "\r\n\r\n" + body);

    // An hour: being kept waiting by the handler is no reason for a time-out.
    rig.pass(java.time.Duration.ofHours(1));

    assertEquals(100_000, recorder.bytes().length);
    assertEquals(0, rig.clientStack.tcp().connections().get(0).rcvWndBytes());
    assertTrue(rig.clientStack.tcp().connections().get(0).unreadBytes() < LARGE / 2);

    recorder.appetite = Integer.MAX_VALUE;
    call.resume();

    assertTrue(rig.until(recorder::isOver, SOON));
    assertTrue(recorder.ended, recorder.events::toString);
    assertTrue(Arrays.equals(pattern(LARGE), recorder.bytes()));
  }

  @Test
  void shouldGoOn_whenTheHandlerLeavesBytesAndAsksForThemAtOnce() {
    Recorder recorder = new Recorder();
    recorder.appetite = 10;
    HttpCall call = client.send(ClientRequest.get(URL), recorder);
    recorder.onEachPiece =
        () -> {
          recorder.appetite = 10;
          call.resume();
        };
    rig.guest().send("HTTP/1.1 200 OK\r\n\r\n" + "0123456789abc".repeat(100) + "<FIN>");

    assertTrue(rig.until(recorder::isOver, SOON));
    assertEquals("0123456789abc".repeat(100), recorder.text());
  }
}

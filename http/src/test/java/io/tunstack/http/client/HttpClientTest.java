package io.tunstack.http.client;

import static io.tunstack.http.client.OriginRig.SOON;
import static io.tunstack.http.client.OriginRig.URL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.http.client.HttpFailure.Kind;
import io.tunstack.tcp.CloseReason;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One request after another, against a server that follows a script. */
class HttpClientTest {
  private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

  private final OriginRig rig = new OriginRig();
  private final HttpClient client = rig.client();

  @AfterEach
  void close() {
    rig.close();
    assertEquals(0, rig.clientStack.slabsInUse());
  }

  private Recorder get() {
    return rig.exchange(client, ClientRequest.get(URL));
  }

  private Recorder get(String answer) {
    rig.answers.add(answer);
    return get();
  }

  @Test
  void shouldTellEverythingInOrder() {
    Recorder recorder = get(HELLO);

    assertEquals("connected sent head 200 end | hello", recorder.story());
    assertEquals("GET / HTTP/1.1\r\nHost: 10.77.0.2\r\n\r\n", rig.guest().received());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        HELLO,
        "HTTP/1.1 200\r\nContent-Length: 5, 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n"
            + "2;x=y\r\nhe\r\n03\r\nllo\r\n0\r\nT: t\r\n\r\n",
        "HTTP/1.1 200 OK\r\n\r\nhello<FIN>",
        "HTTP/1.0 200 OK\r\n\r\nhello<FIN>",
        "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello<FIN>",
        "HTTP/1.1 200 OK\r\nX: a\r\n\t b\r\nContent-Length: 5\r\n\r\nhello",
      })
  void shouldFindTheEndOfTheBody_howeverItIsFramed(String answer) {
    assertEquals("connected sent head 200 end | hello", get(answer).story());
  }

  @ParameterizedTest
  @CsvSource({"204", "304"})
  void shouldExpectNoBody_whenTheStatusHasNone(int status) {
    Recorder recorder = get("HTTP/1.1 " + status + " X\r\nContent-Length: 5\r\n\r\n");

    assertEquals("connected sent head " + status + " end | ", recorder.story());
    assertTrue(client.hasIdleConnection());
  }

  @Test
  void shouldExpectNoBody_whenTheRequestWasHead() {
    rig.answers.add("HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n");
    rig.answers.add("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    ClientRequest head = ClientRequest.builder("HEAD", URL).build();

    assertEquals("connected sent head 200 end | ", rig.exchange(client, head).story());
    assertEquals("reused sent head 200 end | ", rig.exchange(client, head).story());
  }

  @Test
  void shouldSkipInterimResponses() {
    Recorder recorder =
        get(
            "HTTP/1.1 100 Continue\r\n\r\n"
                + "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\nContent-Length: 9\r\n\r\n"
                + HELLO);

    assertEquals("connected sent interim 100 interim 103 head 200 end | hello", recorder.story());
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 200 OK\\r\\nContent-Length: 6\\r\\n\\r\\nhello<FIN>, PARTIAL",
    "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n5\\r\\nhello\\r\\n<FIN>, PARTIAL",
    "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\n0\\r\\n<FIN>, PARTIAL",
    "HTTP/1.1 200 OK\\r\\nContent-Le<FIN>, EMPTY_REPLY",
    "HTTP/1.1 100 Continue\\r\\n\\r\\n<FIN>, EMPTY_REPLY",
    "<FIN>, EMPTY_REPLY",
    "<RST>, RESET",
    "HTTP/1.1 200 OK\\r\\nTransfer-Encoding: chunked\\r\\n\\r\\nx\\r\\n, BAD_BODY",
    "SSH-2.0-OpenSSH_9.2\\r\\n, NOT_HTTP",
    "HTTP/1.1 abc\\r\\n\\r\\n, NOT_HTTP",
    "HTTP/1.1 200 OK\\r\\nX\\r\\n\\r\\n, BAD_HEAD",
    "HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: x\\r\\n\\r\\n, BAD_HEAD",
    "HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\nContent-Length: 6\\r\\n\\r\\nhello!, BAD_HEAD",
  })
  void shouldFail_whenTheResponseIsNotWhole(String answer, Kind kind) {
    Recorder recorder = get(answer.replace("\\r\\n", "\r\n"));

    assertEquals(kind, recorder.failure.kind(), recorder.failure::message);
    assertFalse(client.hasIdleConnection());
    assertTrue(rig.until(() -> rig.clientStack.tcp().connectionCount() == 0, SOON));
  }

  @Test
  void shouldFail_whenTheServerResetsInTheMiddleOfTheBody() {
    Recorder recorder = new Recorder();
    client.send(ClientRequest.get(URL), recorder);
    rig.guest().send("HTTP/1.1 200 OK\r\n\r\nhel");
    rig.until(() -> recorder.text().equals("hel"), SOON);

    rig.guest().send("<RST>");

    assertTrue(rig.until(recorder::isOver, SOON));
    assertEquals(Kind.RESET, recorder.failure.kind());
  }

  @Test
  void shouldGiveUp_whenInterimResponsesNeverEnd() {
    Recorder recorder =
        get("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(ResponseReader.MAX_INTERIM + 1));

    assertEquals(Kind.BAD_HEAD, recorder.failure.kind());
  }

  @Test
  void shouldBoundItsMemory_whenAHeaderNeverEnds() {
    Recorder recorder = get("HTTP/1.1 200 OK\r\nX: " + "x".repeat(1_000_000));

    assertEquals(Kind.BAD_HEAD, recorder.failure.kind());
    assertTrue(recorder.failure.message().contains("262144"), recorder.failure::message);
  }

  @Test
  void shouldFail_whenNobodyListens() {
    HttpClient other =
        HttpClient.to(rig.clientSockets, OriginRig.address("10.77.0.2", 81), ClientLimits.DEFAULT);

    Recorder recorder = rig.exchange(other, ClientRequest.get(URL));

    assertEquals("REFUSED | ", recorder.story());
    assertEquals("10.77.0.2:81 refused the connection", recorder.failure.message());
  }

  @Test
  void shouldUseTheConnectionAgain() {
    rig.answers.addAll(List.of(HELLO, HELLO, HELLO));

    assertEquals("connected sent head 200 end | hello", get().story());
    assertEquals("reused sent head 200 end | hello", get().story());
    assertEquals("reused sent head 200 end | hello", get().story());
    assertEquals(1, rig.guests.size());
  }

  @Test
  void shouldUseTheConnectionAgain_whenTheNextRequestComesFromTheEndOfTheLast() {
    rig.answers.addAll(List.of(HELLO, HELLO));
    Recorder second = new Recorder();
    Recorder first = new Recorder();
    first.after = () -> client.send(ClientRequest.get(URL), second);

    client.send(ClientRequest.get(URL), first);

    assertTrue(rig.until(second::isOver, SOON));
    assertEquals("reused sent head 200 end | hello", second.story());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: x, Close\r\n\r\nhello",
        "HTTP/1.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        HELLO + "<FIN>",
        HELLO + "more than was announced",
        HELLO + HELLO,
        "HTTP/1.1 204 No Content\r\n\r\nhello",
      })
  void shouldOpenAnotherConnection_whenThisOneIsNotFit(String answer) {
    Recorder first = get(answer);
    Recorder second = get(HELLO);

    assertTrue(first.ended);
    assertEquals("connected sent head 200 end | hello", second.story());
    assertEquals(2, rig.guests.size());
  }

  @Test
  void shouldOpenAnotherConnection_whenBytesCameInBetween() {
    get(HELLO);
    rig.guest().send("HTTP/1.1 408 Request Timeout\r\n\r\n");
    rig.pass(SOON);

    assertFalse(client.hasIdleConnection());
    assertEquals("connected sent head 200 end | hello", get(HELLO).story());
  }

  @Test
  void shouldKeepTheConnection_whenTheServerSpeaksHttp10AndSaysSo() {
    get("HTTP/1.0 200 OK\r\nContent-Length: 5\r\nConnection: Keep-Alive\r\n\r\nhello");

    assertEquals("reused sent head 200 end | hello", get(HELLO).story());
  }

  @Test
  void shouldAskOnceMore_whenTheServerCloseTheConnectionMeanwhile() {
    get(HELLO);
    rig.answers.addAll(List.of("<RST>", HELLO));

    assertEquals("reused sent connected sent head 200 end | hello", get().story());
    assertEquals(2, rig.guests.size());
  }

  @Test
  void shouldAskOnceMore_whenTheServerFinishedMeanwhile() {
    get(HELLO);
    rig.answers.addAll(List.of("<FIN>", HELLO));

    assertEquals("reused sent connected sent head 200 end | hello", get().story());
  }

  @Test
  void shouldAskOnlyOnceMore() {
    get(HELLO);
    rig.answers.addAll(List.of("<RST>", "<RST>", HELLO));

    assertEquals("reused sent connected sent RESET | ", get().story());
  }

  @Test
  void shouldNotAskOnceMore_whenAnAnswerHadBegun() {
    get(HELLO);

    assertEquals("reused sent EMPTY_REPLY | ", get("HTTP/1.1 2<FIN>").story());
  }

  @Test
  void shouldNotAskOnceMore_whenTheMethodIsNotIdempotent() {
    get(HELLO);
    rig.answers.addAll(List.of("<RST>", HELLO));

    Recorder post =
        rig.exchange(client, ClientRequest.builder("POST", URL).body(new byte[3]).build());

    assertEquals("reused sent RESET | ", post.story());
  }

  @Test
  void shouldRefuseASecondCall_whileOneIsUnderWay() {
    client.send(ClientRequest.get(URL), new Recorder());

    assertThrows(
        IllegalStateException.class, () -> client.send(ClientRequest.get(URL), new Recorder()));
  }

  @Test
  void shouldResetTheConnectionAndTellTheHandler_whenCancelled() {
    Recorder recorder = new Recorder();
    HttpCall call = client.send(ClientRequest.get(URL), recorder);
    rig.guest().send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello");
    rig.until(() -> recorder.text().equals("hello"), SOON);
    assertFalse(call.isOver());

    call.cancel();
    call.cancel();
    call.resume();

    assertTrue(call.isOver());
    assertEquals("connected sent head 200 CANCELLED | hello", recorder.story());
    assertTrue(rig.until(() -> rig.guest().closed == CloseReason.RESET, SOON));
    assertEquals("connected sent head 200 end | hello", get(HELLO).story());
  }

  @Test
  void shouldStopAtOnce_whenCancelledInTheMiddleOfAPiece() {
    Recorder recorder = new Recorder();
    HttpCall call = client.send(ClientRequest.get(URL), recorder);
    recorder.onEachPiece = call::cancel;
    rig.answers.add("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n1\r\nb\r\n");

    assertTrue(rig.until(recorder::isOver, SOON));
    assertEquals("connected sent head 200 CANCELLED | a", recorder.story());
  }

  @Test
  void shouldEndTheCall_whenTheHandlerThrows() {
    Recorder recorder = new Recorder();
    recorder.onEachPiece =
        () -> {
          throw new IllegalStateException("a bug of the handler's, as the log of this test says");
        };
    rig.answers.add(HELLO);
    client.send(ClientRequest.get(URL), recorder);

    assertTrue(rig.until(recorder::isOver, SOON));
    assertEquals(Kind.CANCELLED, recorder.failure.kind());
    assertEquals("connected sent head 200 end | hello", get(HELLO).story());
  }

  @Test
  void shouldFinishTheConnectionInOrder_whenAskedTo() {
    get(HELLO);

    client.closeIdle();

    assertFalse(client.hasIdleConnection());
    assertTrue(rig.until(() -> rig.guest().closed == CloseReason.FINISHED, SOON));
  }

  @Test
  void shouldCloseAfterTheResponse_whenTheRequestSaysSo() {
    rig.answers.add(HELLO);
    rig.exchange(client, ClientRequest.builder("GET", URL).closeAfter().build());

    assertTrue(rig.guest().received().contains("\r\nConnection: close\r\n"));
    assertFalse(client.hasIdleConnection());
  }

  @Test
  void shouldTellTheHandler_whenTheStackGoesDown() {
    Recorder recorder = new Recorder();
    client.send(ClientRequest.get(URL), recorder);
    rig.guest();

    rig.clientStack.tcp().close();

    assertEquals(Kind.CANCELLED, recorder.failure.kind());
  }
}

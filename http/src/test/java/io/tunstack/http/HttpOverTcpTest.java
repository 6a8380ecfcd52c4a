package io.tunstack.http;

import static io.tunstack.http.ServerHarness.get;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.tcp.CloseReason;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The server on a stack, a client on another, the wire and the time between them virtual. */
class HttpOverTcpTest {
  private static final Duration SOON = Duration.ofSeconds(5);

  private final TwoStacks stacks = new TwoStacks();

  @AfterEach
  void everythingIsGivenBack() {
    assertTrue(stacks.until(() -> stacks.slabsInUse() == 0, Duration.ofMinutes(5)));
    stacks.close();
  }

  private TwoStacks.Client send(String request) {
    TwoStacks.Client client = stacks.connect();
    client.send(request.getBytes(ISO_8859_1));
    return client;
  }

  private static String closing(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";
  }

  private void endsInOrder(TwoStacks.Client client) {
    assertTrue(stacks.until(() -> client.finSeen, SOON));
    client.finish();
    assertTrue(stacks.until(() -> client.closed != null, SOON));
    assertEquals(CloseReason.FINISHED, client.closed);
    assertEquals(0, stacks.server.openConnections());
  }

  @Test
  void shouldSayHello() {
    TwoStacks.Client client = send(closing("/hello"));

    endsInOrder(client);

    ParsedResponse response = ParsedResponse.all(client.received()).get(0);
    assertEquals("hello\n", response.text());
    assertEquals("Sun, 06 Nov 1994 08:49:37 GMT", response.field("Date"));
  }

  @Test
  void shouldStreamAWholeDownload_whenItIsManyTimesTheSendBuffer() {
    TwoStacks.Client client = send(closing("/bytes?n=20000003"));

    endsInOrder(client);

    byte[] body = ParsedResponse.all(client.received()).get(0).body();
    assertEquals(20_000_003, body.length);
    int wrong = 0;
    for (int i = 0; i < body.length; i++) {
      wrong += (body[i] & 0xff) == i % 251 ? 0 : 1;
    }
    assertEquals(0, wrong);
  }

  @Test
  void shouldDigestAWholeUpload() throws Exception {
    byte[] upload = new byte[5_000_001];
    new Random(3).nextBytes(upload);
    TwoStacks.Client client =
        send(
            "PUT /digest HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 5000001\r\n\r\n");
    client.send(upload);

    endsInOrder(client);

    String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(upload));
    assertEquals(
        "{\"bytes\":5000001,\"sha256\":\"" + sum + "\"}\n",
        ParsedResponse.all(client.received()).get(0).text());
  }

  @Test
  void shouldStopProducing_whenTheClientDoesNotReadItsEcho() {
    // More than the server's send buffer and the client's receive buffer hold together.
    byte[] upload = new byte[2_500_000];
    new Random(4).nextBytes(upload);
    TwoStacks.Client client =
        send(
            "PUT /echo HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: 2500000\r\n\r\n");
    client.reading = false;
    client.send(upload);
    stacks.pass(Duration.ofSeconds(10));
    assertFalse(client.finSeen);

    client.reading = true;
    client.pull();

    endsInOrder(client);
    assertArrayEquals(upload, ParsedResponse.all(client.received()).get(0).body());
  }

  @Test
  void shouldServeManyAtOnce() {
    List<TwoStacks.Client> clients = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      clients.add(send(get("/hello") + closing("/bytes?n=" + (i * 1_000 + 1))));
    }

    clients.forEach(this::endsEventually);

    for (int i = 0; i < 64; i++) {
      List<ParsedResponse> responses = ParsedResponse.all(clients.get(i).received());
      assertEquals(2, responses.size());
      assertEquals(i * 1_000 + 1, responses.get(1).body().length);
    }
    assertEquals(0, stacks.server.openConnections());
  }

  private void endsEventually(TwoStacks.Client client) {
    assertTrue(stacks.until(() -> client.finSeen, SOON));
    client.finish();
    assertTrue(stacks.until(() -> client.closed == CloseReason.FINISHED, SOON));
  }

  @Test
  void shouldDeliverTheWholeAnswer_whenAMegabyteFollowsABadRequest() {
    TwoStacks.Client client = send("POST /sink HTTP/1.1\r\nContent-Length: 1000000\r\n\r\n");
    client.send(new byte[1_000_000]);

    endsInOrder(client);

    List<ParsedResponse> responses = ParsedResponse.all(client.received());
    assertEquals(1, responses.size());
    assertEquals(400, responses.get(0).status());
  }

  @Test
  void shouldSendFin_whenAConnectionIsIdle() {
    TwoStacks.Client client = send(get("/hello"));
    assertTrue(stacks.until(() -> client.received().length > 0, SOON));

    stacks.pass(Duration.ofSeconds(59));
    assertFalse(client.finSeen);
    stacks.pass(Duration.ofSeconds(2));

    assertTrue(client.finSeen);
    endsInOrder(client);
  }

  @Test
  void shouldForgetTheConnection_whenTheClientResetsInTheMiddle() {
    TwoStacks.Client client = send(get("/bytes?n=50000000"));
    client.reading = false;
    stacks.pass(Duration.ofMillis(100));

    client.reset();
    stacks.pass(Duration.ofMillis(100));

    assertEquals(0, stacks.server.openConnections());
    assertEquals(0, stacks.serverConnections());
  }

  @Test
  void shouldDeliverEverythingThenFin_whenTheClientHalfClosesFirst() {
    TwoStacks.Client client = send(get("/bytes?n=3000000"));
    stacks.until(() -> client.received().length > 0, SOON);
    client.finish();

    assertTrue(stacks.until(() -> client.closed != null, SOON));

    assertEquals(CloseReason.FINISHED, client.closed);
    assertEquals(3_000_000, ParsedResponse.all(client.received()).get(0).body().length);
  }

  @Test
  void shouldShowTheConnectionItself_whenStatusAndIndexAreAsked() {
    TwoStacks.Client client = send(get("/status") + closing("/"));

    endsInOrder(client);

    List<ParsedResponse> responses = ParsedResponse.all(client.received());
    assertTrue(responses.get(0).text().contains("\"remote\":\"10.77.0.1:"));
    assertTrue(responses.get(0).text().contains("\"TcpPassiveOpens\":1"));
    assertTrue(responses.get(1).text().contains(">10.77.0.2:80<"));
    assertTrue(responses.get(1).text().contains(">ESTABLISHED<"));
  }

  @Test
  void shouldEndEveryConnectionInOrder_whenTheServerCloses() {
    TwoStacks.Client client = send(get("/hello"));
    assertTrue(stacks.until(() -> client.received().length > 0, SOON));

    stacks.server.close();

    endsInOrder(client);
  }
}

package io.tunstack.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.http.wire.HttpMethod;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/** Every response says exactly once where it ends, and bodies arrive as they were sent. */
class FramingProperties {
  private static final List<Integer> STATUSES = List.of(200, 204, 304, 400, 404, 500);

  /** {@link ParsedResponse} fails on two framings, on none, and on a body that is cut. */
  @Property(tries = 400)
  void shouldFrameExactlyOnce_whateverTheResponse(
      @ForAll @IntRange(max = 200_000) int length,
      @ForAll @IntRange(max = 5) int statusIndex,
      @ForAll boolean known,
      @ForAll boolean http10,
      @ForAll boolean keepAlive,
      @ForAll boolean head,
      @ForAll long seed) {
    int status = STATUSES.get(statusIndex);
    boolean bodyless = status == 204 || status == 304;
    byte[] body = new byte[bodyless ? 0 : length];
    new Random(seed).nextBytes(body);
    HttpRouter router =
        HttpRouter.builder()
            .get("/", exchange -> exchange.respond(response(status, body, known, seed)))
            .build();
    ServerHarness harness = new ServerHarness(router);
    FakeSocket socket = harness.connect(1_000 + new Random(seed).nextInt(100_000));
    socket.deliver(
        (head ? "HEAD" : "GET")
            + (http10 ? " / HTTP/1.0\r\n" : " / HTTP/1.1\r\nHost: h\r\n")
            + (keepAlive ? "Connection: keep-alive" : "Connection: close")
            + "\r\n\r\n");

    List<ParsedResponse> responses =
        ParsedResponse.all(socket.outputBytes(), new boolean[] {head, false});

    assertEquals(1, responses.size());
    ParsedResponse response = responses.get(0);
    assertEquals(status, response.status());
    assertArrayEquals(head ? new byte[0] : body, response.body());
    boolean close = "close".equals(response.field("Connection"));
    assertEquals(close, socket.finSent());
    assertTrue(close || keepAlive);
    if (http10) {
      assertNull(response.field("Transfer-Encoding"));
    }
    Statistics.label("framing")
        .collect(response.framing())
        .coverage(
            checker -> {
              checker.check("length").percentage(p -> p > 10);
              checker.check("chunked").percentage(p -> p > 5);
              checker.check("close").percentage(p -> p > 2);
              checker.check("none").percentage(p -> p > 5);
            });
  }

  private static HttpResponse response(int status, byte[] body, boolean known, long seed) {
    HttpResponse.Builder builder = HttpResponse.status(status);
    if (HttpStatus.hasNoBody(status)) {
      return builder.build();
    }
    Random random = new Random(seed);
    int[] at = {0};
    BodyProducer producer =
        target -> {
          if (at[0] == body.length) {
            return BodyProducer.END;
          }
          int count = Math.min(target.remaining(), body.length - at[0]);
          count = 1 + random.nextInt(count);
          target.put(body, at[0], count);
          at[0] += count;
          return count;
        };
    return known
        ? builder.stream("application/octet-stream", body.length, producer).build()
        : builder.stream("application/octet-stream", producer).build();
  }

  @Property(tries = 200)
  void shouldEchoTheSameBody_whateverTheSplitsAndTheRoom(
      @ForAll @IntRange(max = 300_000) int length,
      @ForAll boolean chunked,
      @ForAll @IntRange(min = 2_000, max = 200_000) int sendBuffer,
      @ForAll long seed) {
    Random random = new Random(seed);
    byte[] body = new byte[length];
    random.nextBytes(body);
    ServerHarness harness = new ServerHarness();
    FakeSocket socket = harness.connect(sendBuffer);
    socket.peerReads = false;
    byte[] request = request(body, chunked, random);
    int from = 0;
    int mostUnread = 0;
    while (from < request.length) {
      int to = Math.min(request.length, from + 1 + random.nextInt(20_000));
      socket.deliver(Arrays.copyOfRange(request, from, to));
      mostUnread = Math.max(mostUnread, socket.available());
      from = to;
      if (random.nextInt(3) == 0) {
        socket.peerTakes(random.nextInt(sendBuffer));
      }
    }
    socket.peerReads = true;
    socket.peerTakes(sendBuffer);

    ParsedResponse response = ParsedResponse.all(socket.outputBytes()).get(0);
    assertArrayEquals(body, response.body());
    assertEquals(chunked ? "chunked" : "length", response.framing());
    assertEquals(1, harness.count(HttpCounter.RESPONSES));
    Statistics.label("back-pressure")
        .collect(mostUnread > 0)
        .coverage(
            checker -> {
              checker.check(true).percentage(p -> p > 5);
              checker.check(false).percentage(p -> p > 5);
            });
  }

  private static byte[] request(byte[] body, boolean chunked, Random random) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(out, HttpMethod.PUT + " /echo HTTP/1.1\r\nHost: h\r\n");
    if (!chunked) {
      write(out, "Content-Length: " + body.length + "\r\n\r\n");
      out.writeBytes(body);
      return out.toByteArray();
    }
    write(out, "Transfer-Encoding: chunked\r\n\r\n");
    int at = 0;
    while (at < body.length) {
      int count = 1 + random.nextInt(Math.min(body.length - at, 50_000));
      write(out, Integer.toHexString(count) + (random.nextBoolean() ? ";e" : "") + "\r\n");
      out.write(body, at, count);
      write(out, "\r\n");
      at += count;
    }
    write(out, "0\r\n\r\n");
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}

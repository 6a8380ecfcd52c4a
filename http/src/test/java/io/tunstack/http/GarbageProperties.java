package io.tunstack.http;

import static io.tunstack.http.ServerHarness.get;
import static io.tunstack.http.ServerHarness.post;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;

/** Whatever comes, nothing is thrown, little is kept, and everything ends. */
class GarbageProperties {
  private static final List<String> SEEDS =
      List.of(
          get("/hello"),
          get("/bytes?n=100"),
          post("/sink", "0123456789"),
          post("/echo", "abc"),
          "POST /echo HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "5;e=f\r\nabcde\r\n0\r\nT: u\r\n\r\n",
          "PUT /digest HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab",
          "HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");

  /** Pure noise, and good requests with some octets changed, lost or doubled. */
  @Provide
  Arbitrary<byte[]> garbage() {
    Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(600);
    Arbitrary<byte[]> mutants =
        Arbitraries.of(SEEDS)
            .list()
            .ofMinSize(1)
            .ofMaxSize(5)
            .flatMap(
                seeds -> Arbitraries.longs().map(seed -> mutate(String.join("", seeds), seed)));
    return Arbitraries.frequencyOf(Tuple.of(1, noise), Tuple.of(4, mutants));
  }

  private static byte[] mutate(String stream, long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder(stream);
    for (int i = random.nextInt(4); i > 0; i--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(4)) {
        case 0 -> text.setCharAt(at, (char) random.nextInt(256));
        case 1 -> text.deleteCharAt(at);
        case 2 -> text.insert(at, text.substring(at, Math.min(text.length(), at + 9)));
        default -> text.insert(at, "\r\n: ;0\t,".charAt(random.nextInt(9) % 8));
      }
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  @Property(tries = 1_000)
  void shouldEndInOrder_whateverComes(@ForAll("garbage") byte[] stream, @ForAll long seed) {
    ServerHarness harness = new ServerHarness();
    FakeSocket socket = harness.connect();
    Random random = new Random(seed);
    int from = 0;
    while (from < stream.length) {
      int to = Math.min(stream.length, from + 1 + random.nextInt(64));
      socket.deliver(Arrays.copyOfRange(stream, from, to));
      from = to;
    }

    boolean refused = harness.count(HttpCounter.REFUSED) > 0;
    boolean served = harness.count(HttpCounter.RESPONSES) > 0;
    harness.pass(Duration.ofMinutes(5));

    assertTrue(socket.finSent() || socket.wasAborted());
    assertEquals(0, harness.server.openConnections());
    assertEquals(0, harness.count(HttpCounter.HANDLER_FAILURES));
    Statistics.label("outcome")
        .collect(refused ? "refused" : served ? "served" : "waited for")
        .coverage(
            checker -> {
              checker.check("refused").percentage(p -> p > 20);
              checker.check("served").percentage(p -> p > 10);
              checker.check("waited for").count(c -> c > 5);
            });
  }
}

package io.tunstack.http;

import static io.tunstack.http.ServerHarness.get;
import static io.tunstack.http.ServerHarness.post;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/** What a stream of requests is answered with does not depend on how it is cut into segments. */
class SplitIndependenceProperties {
  private static final List<String> GOOD =
      List.of(
          get("/hello"),
          "\r\n" + get("/bytes?n=300"),
          "HEAD /bytes?n=5 HTTP/1.1\r\nhOsT: h\r\nX:\r\n\r\n",
          get("/nowhere"),
          get("http://h/hello?a=%20b"),
          "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n",
          post("/sink", "0123456789"),
          post("/digest", "GET /hello HTTP/1.1\r\nHost: h\r\n\r\n"),
          post("/echo", "echo\r\n\r\n"),
          post("/nowhere", "unwanted"),
          "POST /sink HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "a;x=\"y\"\r\n0123456789\r\n01\r\nz\r\n00\r\nT: t\r\nU:\r\n\r\n",
          "POST /sink HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\nabc",
          "GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");

  private static final List<String> LAST =
      List.of(
          "GET /hello HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n" + get("/hello"),
          "GET /hello HTTP/1.0\r\n\r\n" + get("/hello"),
          "GET /hello HTTP/1.1\r\n\r\n" + get("/hello"),
          "GET /hello\r\n\r\n",
          "GET /../x HTTP/1.1\r\nHost: h\r\n\r\n",
          "BREW /hello HTTP/1.1\r\nHost: h\r\n\r\n",
          "GET /hello HTTP/1.1\r\nHost: h\r\nX : y\r\n\r\n",
          "GET /hello HTTP/1.1\r\nHost: h\nX: y\r\n\r\n",
          "POST /sink HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
          "POST /hello HTTP/1.1\r\nHost: h\r\nContent-Length: 99999999999\r\n\r\nxyz",
          "\u0016\u0003\u0001",
          "GET /" + "x".repeat(17_000) + " HTTP/1.1\r\n\u0000",
          "GET / HTTP/1.1\r\nX: " + "x".repeat(33_000) + "\u0000",
          "");

  @Provide
  Arbitrary<String> streams() {
    return Arbitraries.of(GOOD)
        .list()
        .ofMaxSize(6)
        .flatMap(good -> Arbitraries.of(LAST).map(last -> String.join("", good) + last));
  }

  private static String answer(String stream, int[] cuts) {
    ServerHarness harness = new ServerHarness();
    FakeSocket socket = harness.connect();
    byte[] bytes = stream.getBytes(StandardCharsets.ISO_8859_1);
    int from = 0;
    for (int cut : cuts) {
      socket.deliver(Arrays.copyOfRange(bytes, from, cut));
      from = cut;
    }
    socket.deliver(Arrays.copyOfRange(bytes, from, bytes.length));
    return socket.output()
        + "|fin "
        + socket.finSent()
        + "|requests "
        + harness.count(HttpCounter.REQUESTS)
        + "|responses "
        + harness.count(HttpCounter.RESPONSES);
  }

  @Property(tries = 400)
  void shouldAnswerTheSame_howeverTheStreamIsCut(
      @ForAll("streams") String stream, @ForAll long seed) {
    int[] cuts =
        new Random(seed)
            .ints(new Random(~seed).nextInt(8), 0, stream.length() + 1)
            .sorted()
            .toArray();

    String whole = answer(stream, new int[0]);

    assertEquals(whole, answer(stream, cuts), stream);
    int statusLines = whole.split("HTTP/1\\.1 ", -1).length - 1;
    Statistics.label("responses")
        .collect(statusLines == 0 ? "none" : statusLines < 4 ? "few" : "many")
        .coverage(
            checker -> {
              checker.check("few").percentage(p -> p > 15);
              checker.check("many").percentage(p -> p > 15);
            });
    Statistics.label("ends")
        .collect(whole.contains("|fin true"))
        .coverage(
            checker -> {
              checker.check(true).percentage(p -> p > 30);
              checker.check(false).count(c -> c > 5);
            });
  }

  /** Every request with every other behind it, cut once at every octet and also cut everywhere. */
  @Example
  void shouldAnswerTheSame_whenCutAtEveryOctet() {
    for (String good : GOOD) {
      cutEverywhere(good + get("/hello"));
    }
    for (String last : LAST) {
      if (last.length() < 1_000) {
        cutEverywhere(get("/hello") + last);
      }
    }
  }

  private static void cutEverywhere(String stream) {
    String whole = answer(stream, new int[0]);
    int[] all = new int[stream.length()];
    for (int cut = 0; cut < stream.length(); cut++) {
      all[cut] = cut;
      assertEquals(whole, answer(stream, new int[] {cut}), stream);
    }
    assertEquals(whole, answer(stream, all), stream);
  }
}

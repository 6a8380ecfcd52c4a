package io.tunstack.http.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.http.wire.BadMessageException;
import io.tunstack.http.wire.HeadLimits;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;

/**
 * What is read does not depend on how the bytes are split, and nothing is ever thrown but refusal.
 */
class ResponseReaderProperties {
  private static final HeadLimits LIMITS = new HeadLimits(8_000, 400, 20, 60, 30);

  private static final List<String> RESPONSES =
      List.of(
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
          "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\nleft over",
          "HTTP/1.0 404 Not Found\r\n\r\nuntil the end",
          "HTTP/1.1 200\r\n\r\n",
          "HTTP/1.1 204 No Content\r\nX: y\r\n\r\nleft over",
          "HTTP/1.1 304 \r\nContent-Length: 10\r\n\r\n",
          "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: a\r\n\r\n"
              + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
              + "5;a=b\r\nhello\r\n06\r\n world\r\n0\r\nT: t\r\nU:\r\n\r\nleft over",
          "HTTP/1.1 200 OK\r\nX: a\r\n b\r\n\tc \r\nContent-Length: 1\r\n\r\nx",
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
          "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n",
          "HTTP/1.1 101 Switching Protocols\r\n\r\n",
          "HTTP/1.1 200 OK\r\nX: " + "x".repeat(500) + "\r\n\r\n",
          "HTTP/2 200\r\n\r\n",
          "HTTP/1.1 200 OK\nX: y\n\n",
          "HTTP/1.1 200 OK\r\n folded: first\r\n\r\n",
          "");

  /** Pure noise, and responses with some octets changed, lost or doubled. */
  @Provide
  Arbitrary<byte[]> streams() {
    Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(300);
    Arbitrary<byte[]> mutants =
        Arbitraries.of(RESPONSES)
            .flatMap(text -> Arbitraries.longs().map(seed -> mutate(text, seed)));
    return Arbitraries.frequencyOf(Tuple.of(1, noise), Tuple.of(9, mutants));
  }

  private static byte[] mutate(String response, long seed) {
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder(response);
    for (int i = random.nextInt(3); i > 0 && text.length() > 0; i--) {
      int at = random.nextInt(text.length());
      switch (random.nextInt(4)) {
        case 0 -> text.setCharAt(at, (char) random.nextInt(256));
        case 1 -> text.deleteCharAt(at);
        case 2 -> text.insert(at, text.substring(at, Math.min(text.length(), at + 9)));
        default -> text.insert(at, "\r\n: ;0\t,".charAt(random.nextInt(8)));
      }
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Reads a stream in pieces that end where told, and tells everything that came out. */
  private static String read(byte[] stream, String method, int[] cuts) {
    Recorder recorder = new Recorder();
    ResponseReader reader = new ResponseReader(LIMITS, method, recorder);
    int used = 0;
    String end;
    try {
      int from = 0;
      for (int i = 0; i <= cuts.length && !reader.isDone(); i++) {
        int to = i < cuts.length ? cuts[i] : stream.length;
        // At an offset, as it is in a buffer that was read from before.
        byte[] array = new byte[3 + to - from];
        System.arraycopy(stream, from, array, 3, to - from);
        ByteBuffer piece = ByteBuffer.wrap(array).position(3).slice();
        reader.read(piece);
        assertTrue(reader.isDone() || !piece.hasRemaining(), "stopped for no reason");
        used = to - piece.remaining();
        from = to;
      }
      end = reader.isDone() ? "done, keep " + reader.keepsConnection() : "wants more";
    } catch (BadMessageException e) {
      end = "refused: " + e.getMessage();
      used = -1;
    }
    return recorder.story() + " | " + end + " | used " + used + " | " + reader.endOfInput();
  }

  @Property(tries = 2_000)
  void shouldReadTheSame_howeverTheStreamIsCut(
      @ForAll("streams") byte[] stream, @ForAll long seed) {
    Random random = new Random(seed);
    String method = random.nextInt(5) == 0 ? "HEAD" : "GET";
    int[] cuts = random.ints(random.nextInt(8), 0, stream.length + 1).sorted().toArray();

    String whole = read(stream, method, new int[0]);

    assertEquals(whole, read(stream, method, cuts));
    Statistics.label("outcome")
        .collect(whole.contains("| done") ? "done" : whole.contains("refused") ? "refused" : "more")
        .coverage(
            checker -> {
              checker.check("done").percentage(p -> p > 10);
              checker.check("refused").percentage(p -> p > 25);
              checker.check("more").percentage(p -> p > 8);
            });
  }

  @Example
  void shouldReadTheSame_whenCutAtEveryOctet() {
    for (String response : RESPONSES) {
      byte[] stream = response.getBytes(StandardCharsets.ISO_8859_1);
      for (String method : List.of("GET", "HEAD")) {
        String whole = read(stream, method, new int[0]);
        int[] all = new int[stream.length];
        for (int cut = 0; cut < stream.length; cut++) {
          all[cut] = cut;
          assertEquals(whole, read(stream, method, new int[] {cut}), response);
        }
        assertEquals(whole, read(stream, method, all), response);
      }
    }
  }
}

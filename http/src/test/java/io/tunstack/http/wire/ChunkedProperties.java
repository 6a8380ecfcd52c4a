package io.tunstack.http.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.statistics.Statistics;

/** What the encoder writes the decoder reads; what nobody wrote it survives. */
class ChunkedProperties {
  @Property(tries = 500)
  void shouldComeBackTheSame_howeverItIsChunkedAndCut(
      @ForAll @IntRange(max = 20_000) int length, @ForAll long seed) throws BadMessageException {
    Random random = new Random(seed);
    byte[] data = new byte[length];
    random.nextBytes(data);
    int largest = 1 + random.nextInt(5_000);
    ByteBuffer encoded = ByteBuffer.allocate(length * 9 + 16);
    int chunks = 0;
    for (int at = 0; at < length; chunks++) {
      int count = Math.min(length - at, 1 + random.nextInt(largest));
      int opened = encoded.position();
      ChunkedEncoder.open(encoded);
      encoded.put(data, at, count);
      ChunkedEncoder.close(encoded, opened);
      at += count;
    }
    ChunkedEncoder.end(encoded);

    byte[] stream = Arrays.copyOf(encoded.array(), encoded.position() + 5);
    assertArrayEquals(data, decode(stream, encoded.position(), random));
    Statistics.label("chunks")
        .collect(chunks == 0 ? "none" : chunks == 1 ? "one" : "many")
        .coverage(
            checker -> {
              checker.check("none").count(c -> c > 0);
              checker.check("many").percentage(p -> p > 20);
            });
  }

  private static byte[] decode(byte[] stream, int expectedEnd, Random random)
      throws BadMessageException {
    ChunkedDecoder decoder = new ChunkedDecoder(Heads.LIMITS);
    ByteArrayOutputStream decoded = new ByteArrayOutputStream();
    int at = 0;
    int arrived = 0;
    while (!decoder.isDone()) {
      arrived = Math.min(stream.length, arrived + 1 + random.nextInt(3_000));
      while (at < arrived && !decoder.isDone()) {
        at = decoder.advance(stream, at, arrived);
        int count = (int) Math.min(decoder.dataRemaining(), arrived - at);
        if (count > 0) {
          decoded.write(stream, at, count);
          decoder.consume(count);
          at += count;
        }
      }
    }
    assertEquals(expectedEnd, at);
    return decoded.toByteArray();
  }

  @Property(tries = 1_000)
  void shouldRefuseOrWait_whateverTheOctets(@ForAll @Size(max = 60) byte[] noise) {
    ChunkedDecoder decoder = new ChunkedDecoder(Heads.LIMITS);
    int at = 0;
    boolean refused = false;
    try {
      while (at < noise.length && decoder.dataRemaining() == 0 && !decoder.isDone()) {
        at = decoder.advance(noise, at, noise.length);
        int count = (int) Math.min(decoder.dataRemaining(), noise.length - at);
        decoder.consume(count);
        at += count;
      }
    } catch (BadMessageException e) {
      refused = true;
      assertEquals(400, e.status());
    }
    assertTrue(at <= noise.length);
    Statistics.label("refused")
        .collect(refused)
        .coverage(checker -> checker.check(true).percentage(p -> p > 50));
  }
}

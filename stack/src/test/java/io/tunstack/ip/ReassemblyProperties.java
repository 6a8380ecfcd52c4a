package io.tunstack.ip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.tunstack.link.OutboundPacket;
import io.tunstack.wire.Ipv4View;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.statistics.Statistics;

/** What one stack cuts another joins, and what somebody forges in between nobody joins. */
final class ReassemblyProperties {
  private static final int TCP = 6;

  /** Sends a payload as a header and ranges of random lengths; returns the fragments. */
  private static List<byte[]> cut(byte[] payload, int mtu, Random random) {
    try (IpRig sender = new IpRig(Ipv4Config.of("10.77.0.1/24"), mtu)) {
      OutboundPacket packet = sender.ip.newPacket();
      int at = Math.min(payload.length, random.nextInt(60));
      packet.header().writeBytes(payload, 0, at);
      while (at < payload.length) {
        int length = Math.min(payload.length - at, 1 + random.nextInt(3000));
        packet.addRange(Unpooled.wrappedBuffer(payload), at, length);
        at += length;
      }
      int destination = Packets.LOCAL.bits();
      assertTrue(sender.ip.send(packet, Packets.PEER.bits(), destination, TCP, 0, false));
      return sender.expectAll();
    }
  }

  @Property(tries = 400)
  void shouldComeBack_whenCutShuffledDuplicatedAndJoined(
      @ForAll @IntRange(max = 65_515) int length,
      @ForAll @IntRange(min = 68, max = 9000) int mtu,
      @ForAll Random random) {
    byte[] payload = new byte[length];
    random.nextBytes(payload);
    List<byte[]> fragments = cut(payload, mtu, random);
    List<byte[]> arriving = new ArrayList<>(fragments);
    Collections.shuffle(arriving, random);
    byte[] lastToCome = arriving.remove(arriving.size() - 1);
    int duplicates = random.nextInt(4);
    for (int i = 0; i < duplicates && !arriving.isEmpty(); i++) {
      arriving.add(arriving.get(random.nextInt(arriving.size())));
    }
    try (IpRig rig = new IpRig()) {
      RecordingTransport tcp = new RecordingTransport(TCP);
      rig.ip.register(tcp);
      arriving.forEach(rig::inject);
      assertEquals(0, tcp.payloads.size(), "nothing before the last piece");
      rig.inject(lastToCome);
      assertEquals(1, tcp.payloads.size());
      assertArrayEquals(payload, tcp.payloads.get(0));
      assertEquals(0, rig.ip.fragmentBytesHeld());
      rig.expectNothing();
    }
    Statistics.label("fragments")
        .collect(fragments.size() == 1 ? "one" : fragments.size() < 20 ? "some" : "many")
        .coverage(
            coverage -> {
              coverage.check("one").count(count -> count > 0);
              coverage.check("some").percentage(share -> share > 10);
              coverage.check("many").percentage(share -> share > 10);
            });
  }

  /**
   * A forger inserts a fragment of other bytes that begins or ends inside a genuine one. Whether
   * the datagram is then delivered or not, no byte of the forger's ever is.
   */
  @Property(tries = 1000)
  void shouldNeverMixInForgedBytes(
      @ForAll @IntRange(min = 3, max = 40) int units,
      @ForAll @IntRange(min = 2, max = 6) int unitsPerPiece,
      @ForAll Random random) {
    byte[] genuine = new byte[units * 8];
    Arrays.fill(genuine, (byte) 'g');
    byte[] forged = new byte[genuine.length];
    Arrays.fill(forged, (byte) 'f');
    int pieceBytes = Math.min(unitsPerPiece, units - 1) * 8;
    List<byte[]> arriving = new ArrayList<>();
    for (int at = 0; at < genuine.length; at += pieceBytes) {
      int length = Math.min(pieceBytes, genuine.length - at);
      arriving.add(Packets.fragment(Packets.datagram(TCP, genuine), 1, at, length));
    }
    Collections.shuffle(arriving, random);
    int cutInside = 8 + random.nextInt(pieceBytes / 8 - 1) * 8;
    byte[] forgery =
        random.nextBoolean()
            ? Packets.fragment(Packets.datagram(TCP, forged), 1, 0, cutInside)
            : Packets.fragment(
                Packets.datagram(TCP, forged), 1, cutInside, genuine.length - cutInside);
    arriving.add(random.nextInt(arriving.size() + 1), forgery);
    try (IpRig rig = new IpRig()) {
      RecordingTransport tcp = new RecordingTransport(TCP);
      rig.ip.register(tcp);
      arriving.forEach(rig::inject);
      for (byte[] payload : tcp.payloads) {
        assertArrayEquals(genuine, payload);
      }
      assertTrue(tcp.payloads.size() <= 1);
      Statistics.label("delivered")
          .collect(tcp.payloads.size())
          .coverage(
              coverage -> {
                coverage.check(0).percentage(share -> share > 20);
                coverage.check(1).percentage(share -> share > 5);
              });
      rig.advance(IpRig.MINUTES);
      rig.expectAll();
    }
  }

  /** Any fragments at all: what is delivered is what a plain model of the rules delivers. */
  @Property(tries = 2000)
  void shouldDeliverWhatTheRulesSay(
      @ForAll @IntRange(min = 1, max = 10) int arrivals, @ForAll Random random) {
    Model model = new Model();
    try (IpRig rig = new IpRig()) {
      RecordingTransport tcp = new RecordingTransport(TCP);
      rig.ip.register(tcp);
      for (int i = 0; i < arrivals; i++) {
        int start = random.nextInt(3);
        int length = 1 + random.nextInt(3 - start);
        boolean last = start + length == 3 || random.nextInt(8) == 0;
        if (start == 0 && last) {
          continue;
        }
        byte[] payload = new byte[length * 8];
        // One byte value a place: a duplicate is a duplicate, now and then a forgery.
        Arrays.fill(payload, (byte) (random.nextInt(10) == 0 ? 99 : 10 * start + length));
        rig.inject(
            Packets.edit(
                Packets.datagram(TCP, payload),
                b -> b.setShort(4, 1).setShort(6, (last ? 0 : Ipv4View.MORE_FRAGMENTS) | start)));
        model.add(start, payload, last);
      }
      assertEquals(model.delivered.size(), tcp.payloads.size());
      for (int i = 0; i < model.delivered.size(); i++) {
        assertArrayEquals(model.delivered.get(i), tcp.payloads.get(i));
      }
      Statistics.label("outcome")
          .collect(model.delivered.isEmpty() ? model.abandoned : "delivered")
          .coverage(
              coverage -> {
                coverage.check("delivered").percentage(share -> share > 5);
                coverage.check(true).percentage(share -> share > 5);
                coverage.check(false).percentage(share -> share > 2);
              });
      rig.advance(IpRig.MINUTES);
      rig.expectAll();
    }
  }

  /** The rules once more, slowly: a list of pieces, compared one by one. */
  private static final class Model {
    final List<byte[]> delivered = new ArrayList<>();
    boolean abandoned;
    private final List<Piece> pieces = new ArrayList<>();

    void add(int start, byte[] payload, boolean last) {
      Piece piece = new Piece(start * 8, payload, last);
      if (abandoned) {
        return;
      }
      for (Piece other : pieces) {
        if (piece.start == other.start
            && Arrays.equals(piece.bytes, other.bytes)
            && piece.last == other.last) {
          return;
        }
        boolean apart = piece.start >= other.stop() || other.start >= piece.stop();
        boolean behindTheEnd =
            (other.last && piece.stop() >= other.stop())
                || (piece.last && other.stop() >= piece.stop());
        if (!apart || behindTheEnd || (piece.last && other.last)) {
          abandoned = true;
          return;
        }
      }
      pieces.add(piece);
      deliverIfWhole();
    }

    private void deliverIfWhole() {
      int total = 0;
      int end = -1;
      for (Piece piece : pieces) {
        total += piece.bytes.length;
        end = piece.last ? piece.stop() : end;
      }
      if (total == end) {
        byte[] whole = new byte[total];
        for (Piece piece : pieces) {
          System.arraycopy(piece.bytes, 0, whole, piece.start, piece.bytes.length);
        }
        delivered.add(whole);
        pieces.clear();
      }
    }
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Piece(int start, byte[] bytes, boolean last) {
    int stop() {
      return start + bytes.length;
    }
  }
}

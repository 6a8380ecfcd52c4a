package io.tunstack.tun;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.OutboundPacket;
import io.tunstack.wire.Ipv4View;
import io.tunstack.wire.TcpView;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.statistics.Statistics;

class OutboxProperties {
  private static final int HEADERS = 40;

  /** A packet of ranges, or none: then what has been added is pushed. */
  private record Step(List<Integer> ranges, boolean onTheHeap, boolean push) {}

  @Provide
  Arbitrary<List<Step>> steps() {
    Arbitrary<List<Integer>> few = Arbitraries.integers().between(1, 1460).list().ofMaxSize(3);
    Arbitrary<List<Integer>> large = Arbitraries.integers().between(1, 20_000).list().ofMaxSize(3);
    Arbitrary<List<Integer>> many =
        Arbitraries.integers().between(1, 30).list().ofMinSize(50).ofMaxSize(80);
    // More than there is room for altogether.
    Arbitrary<List<Integer>> tooMany =
        Arbitraries.integers().between(10, 30).list().ofMinSize(128).ofMaxSize(140);
    Arbitrary<Step> packet =
        Combinators.combine(
                Arbitraries.frequencyOf(
                    Tuple.of(6, few), Tuple.of(2, large), Tuple.of(2, many), Tuple.of(1, tooMany)),
                Arbitraries.integers().between(0, 7))
            .as((ranges, chance) -> new Step(ranges, chance == 0, false));
    Arbitrary<Step> push = Arbitraries.just(new Step(List.of(), false, true));
    return Arbitraries.frequencyOf(Tuple.of(20, packet), Tuple.of(1, push))
        .list()
        .ofMinSize(1)
        .ofMaxSize(60);
  }

  @Property(tries = 400)
  void shouldWriteEveryPacketAsItWas_inOrder(
      @ForAll("steps") List<Step> steps, @ForAll boolean offload) {
    FakeKernel kernel = new FakeKernel();
    Outbox outbox = new Outbox(kernel, FakeKernel.TUN, "tun", offload ? VnetHeader.BYTES : 0);
    List<byte[]> expected = new ArrayList<>();
    List<ByteBuf> texts = new ArrayList<>();
    OutboundPacket packet = new OutboundPacket();
    int fullBefore = 0;
    int waiting = 0;
    for (Step step : steps) {
      if (step.push) {
        assertEquals(0, outbox.push());
        waiting = 0;
      } else {
        fill(packet, step, texts);
        if (!outbox.hasRoomFor(packet)) {
          assertTrue(waiting > 0, "an empty one has room");
          assertEquals(0, outbox.push());
          fullBefore++;
          waiting = 0;
        }
        outbox.add(packet);
        waiting++;
        expected.add(asWritten(packet, offload));
        // The header is the caller's again.
        packet.header().setZero(0, packet.header().capacity());
      }
      assertEquals(waiting == 0, outbox.isEmpty());
      assertTrue(waiting <= Outbox.PACKETS);
    }
    assertEquals(0, outbox.push());

    assertEquals(expected.size(), kernel.written.size());
    for (int i = 0; i < expected.size(); i++) {
      assertArrayEquals(expected.get(i), kernel.written.get(i), "packet " + i);
    }
    Statistics.label("full")
        .collect(fullBefore > 0)
        .coverage(c -> c.check(true).percentage(p -> p > 20));
    Statistics.label("heap")
        .collect(steps.stream().anyMatch(s -> s.onTheHeap && !s.ranges.isEmpty()))
        .coverage(c -> c.check(true).percentage(p -> p > 20));
    packet.close();
    texts.forEach(ByteBuf::release);
  }

  private static void fill(OutboundPacket packet, Step step, List<ByteBuf> texts) {
    packet.reset();
    ByteBuf header = packet.header();
    header.setIndex(0, 0).writeZero(HEADERS);
    int total = HEADERS + step.ranges.stream().mapToInt(Integer::intValue).sum();
    Ipv4View.write(header, 0, 0, total, texts.size(), 0, 64, TcpView.PROTOCOL, 1, 2);
    for (int i = 0; i < step.ranges.size(); i++) {
      int length = step.ranges.get(i);
      // Somewhere in the middle there is a piece that the kernel cannot be pointed to.
      boolean heap = step.onTheHeap && i == step.ranges.size() / 2;
      ByteBuf text = heap ? Unpooled.buffer(length + 7) : Unpooled.directBuffer(length + 7);
      texts.add(text);
      for (int k = 0; k < length + 7; k++) {
        text.writeByte(texts.size() * 31 + k);
      }
      packet.addRange(text, 5, length);
    }
    if (step.ranges.size() % 2 == 1) {
      packet.leaveToLink(1000);
    }
  }

  private static byte[] asWritten(OutboundPacket packet, boolean offload) {
    int front = offload ? VnetHeader.BYTES : 0;
    ByteBuf whole = Unpooled.buffer(front + packet.length());
    if (offload) {
      NativeBlock block = new NativeBlock(VnetHeader.BYTES);
      VnetHeader.write(block.bytes(), 0, packet);
      for (int i = 0; i < front; i++) {
        whole.writeByte(block.bytes().get(i));
      }
    }
    packet.copyTo(whole);
    return whole.array();
  }
}

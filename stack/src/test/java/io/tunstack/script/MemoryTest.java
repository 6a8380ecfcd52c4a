package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tunstack.memory.SlabPool;
import io.tunstack.stats.Counter;
import io.tunstack.stats.SendReason;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.tcp.TcpState;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When memory is short: what is given up, in which order, and who goes on. */
class MemoryTest {
  private static final int SLAB = SlabPool.SLAB_BYTES;

  private static TcpConfig slabs(int count) {
    return TcpConfig.DEFAULT.toBuilder().maxBufferBytes((long) count * SLAB).build();
  }

  private static TcpScript unread(TcpConfig config) {
    TcpScript s = TcpScript.established(config);
    s.app.readEagerly = false;
    return s;
  }

  private static void send(TcpScript s, int from, int to) {
    for (int at = from; at < to; at += 1000) {
      int end = Math.min(at + 1000, to);
      s.inject(". " + at + ":" + end + "(" + (end - at) + ") ack 1 win 65535");
    }
  }

  @Test
  void shouldGiveUpWhatIsOutOfOrder_forWhatComesInOrder() {
    try (TcpScript s = unread(slabs(2))) {
      send(s, 1, 1 + SLAB - 1000);
      s.inject(". 40001:41001(1000) ack 1 win 65535");
      assertEquals(2, s.stack.slabsInUse());
      s.drain();
      s.inject(". " + (SLAB - 999) + ":" + (SLAB + 1) + "(1000) ack 1 win 65535");
      s.drain();
      s.inject(". " + (SLAB + 1) + ":" + (SLAB + 1001) + "(1000) ack 1 win 65535");
      assertEquals(1, s.counter(Counter.PRUNE_CALLED));
      assertEquals(1, s.counter(Counter.OFO_PRUNED));
      assertEquals(0, s.counter(Counter.RCV_PRUNED));
      assertEquals(SLAB + 1000, s.info().unreadBytes());
      // What was given up comes again, and is taken as if for the first time.
      s.readAll();
      send(s, SLAB + 1001, 41_001);
      s.readAll();
      s.expectReceived(41_000);
    }
  }

  @Test
  void shouldDropWhatComesInOrder_whenNothingIsLeftToGiveUp() {
    try (TcpScript s = unread(slabs(1))) {
      send(s, 1, 1 + SLAB);
      s.drain();
      s.inject(". " + (SLAB + 1) + ":" + (SLAB + 1001) + "(1000) ack 1 win 65535");
      s.expect(". 1:1(0) ack " + (SLAB + 1));
      assertEquals(1, s.counter(Counter.PRUNE_CALLED));
      assertEquals(0, s.counter(Counter.OFO_PRUNED));
      assertEquals(1, s.counter(Counter.RCV_PRUNED));
      s.readAll();
      s.inject(". " + (SLAB + 1) + ":" + (SLAB + 1001) + "(1000) ack 1 win 65535");
      s.readAll();
      s.expectReceived(SLAB + 1000);
    }
  }

  @Test
  void shouldOfferASlabAtMost_underPressure() {
    try (TcpScript s = unread(slabs(4))) {
      int next = 1;
      for (int i = 0; i < 3; i++) {
        send(s, next, next + SLAB);
        next += SLAB;
      }
      s.readAll();
      s.afterMillis(100);
      s.drain();
      assertTrue(s.info().rcvWndBytes() > SLAB, "no pressure any more: " + s.info());
      s.from(40_001);
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.drain();
      s.inject(". 1:1(0) ack 1 win 65535");
      send(s, 1, 1 + 3 * SLAB);
      s.afterMillis(100);
      int offered = s.info().rcvWndBytes();
      send(s, 1 + 3 * SLAB, 1 + 3 * SLAB + 10_000);
      s.afterMillis(100);
      assertTrue(s.info().rcvWndBytes() < offered, "the edge moved on under pressure");
    }
  }

  @Test
  void shouldGiveUpOrphans_whosePeersTakeNothing_onlyUnderPressure() {
    try (TcpScript s = TcpScript.established(slabs(8), 65535, "mss 1460")) {
      s.write(100_000);
      int acked = s.drain().stream().mapToInt(x -> x.seq() + x.length()).max().orElseThrow();
      s.inject(". 1:1(0) ack " + acked + " win 0");
      s.closeSocket();
      s.inject(". 1:1(0) ack " + acked + " win 0");
      assertTrue(s.stack.slabsInUse() >= 6, "in use " + s.stack.slabsInUse());
      s.after(Duration.ofSeconds(1));
      s.expectState(TcpState.CLOSED);
      assertEquals(1, s.counter(Counter.TCP_ABORT_ON_MEMORY));
      assertEquals(1, s.counterOf(SendReason.RST_MEMORY));
      assertEquals(0, s.stack.slabsInUse());
    }
    try (TcpScript s = TcpScript.established(slabs(80), 65535, "mss 1460")) {
      s.write(100_000);
      int acked = s.drain().stream().mapToInt(x -> x.seq() + x.length()).max().orElseThrow();
      s.inject(". 1:1(0) ack " + acked + " win 0");
      s.closeSocket();
      s.after(Duration.ofSeconds(1));
      s.expectState(TcpState.FIN_WAIT_1);
    }
  }
}

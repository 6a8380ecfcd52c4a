package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tunstack.stats.Counter;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.tcp.TcpState;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Complete connections that nobody accepts: beyond the backlog nothing is told, as on Linux. */
class AcceptQueueTest {
  /** What the application was given and has not accepted. */
  private int waiting;

  private TcpScript withBacklog(TcpConfig config, int backlog) {
    TcpScript s = new TcpScript(config, 1500);
    s.listener.limit(backlog, () -> waiting);
    return s;
  }

  @Test
  void shouldDropTheFinalAck_andCompleteWhenThereIsRoom() {
    try (TcpScript s = withBacklog(TcpConfig.DEFAULT, 1)) {
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.expect("S. 0:0(0) ack 1");
      waiting = 2;
      s.inject(". 1:1(0) ack 1 win 65535");
      s.expectNothing();
      s.expectState(TcpState.SYN_RECEIVED);
      assertEquals(1, s.counter(Counter.TCP_LISTEN_OVERFLOWS));
      assertEquals(1, s.counter(Counter.TCP_LISTEN_DROPS));
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.expectNothing();
      waiting = 1;
      s.afterMillis(1000);
      s.expect("S. 0:0(0) ack 1");
      s.inject(". 1:1(0) ack 1 win 65535");
      s.expectState(TcpState.ESTABLISHED);
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.expectReceived(10);
    }
  }

  @Test
  void shouldDropTheSyn_whenTheAcceptQueueIsFull() {
    try (TcpScript s = withBacklog(TcpConfig.DEFAULT, 3)) {
      waiting = 4;
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.expectNothing();
      assertEquals(1, s.counter(Counter.TCP_LISTEN_OVERFLOWS));
      assertEquals(1, s.counter(Counter.TCP_LISTEN_DROPS));
      waiting = 3;
      s.inject("S 0:0(0) win 65535 <mss 1460>");
      s.expect("S. 0:0(0) ack 1");
    }
  }

  @Test
  void shouldCountThoseThatCompleteInOneBatch() {
    try (TcpScript s = withBacklog(TcpConfig.DEFAULT, 1)) {
      int[] ours = new int[4];
      for (int i = 0; i < ours.length; i++) {
        s.peerPort = 40_000 + i;
        s.inject("S 0:0(0) win 65535 <mss 1460>");
        ours[i] = s.drain().get(0).seq();
      }
      for (int i = 0; i < ours.length; i++) {
        s.peerPort = 40_000 + i;
        s.queue(". 1:1(0) ack " + (ours[i] + 1) + " win 65535");
      }
      s.settle();
      assertEquals(List.of("connected", "connected"), s.app.events);
      assertEquals(2, s.counter(Counter.TCP_LISTEN_OVERFLOWS));
    }
  }

  @Test
  void shouldDropACookiesAck_whenTheAcceptQueueIsFull() {
    try (TcpScript s = withBacklog(TcpConfig.DEFAULT.withCaps(100, 1, 10), 1)) {
      s.from(39_999).inject("S 0:0(0) win 65535 <mss 1460>");
      s.drain();
      s.from(40_000).inject("S 0:0(0) win 65535 <mss 1460>");
      s.drain();
      waiting = 2;
      s.inject(". 1:1(0) ack 1 win 65535");
      s.expectNothing();
      assertEquals(1, s.counter(Counter.TCP_LISTEN_OVERFLOWS));
      waiting = 1;
      s.inject("P. 1:11(10) ack 1 win 65535");
      s.expectReceived(10);
    }
  }

  @Test
  void shouldRefuseABacklogOfZero() {
    try (TcpScript s = new TcpScript()) {
      assertThrows(IllegalArgumentException.class, () -> s.listener.limit(0, () -> 0));
    }
  }
}

package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.tunstack.requirement.Requirement;
import io.tunstack.stats.Counter;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.tcp.TcpState;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Segments that nobody meant: random ones, and good ones with something changed. */
class RandomSegmentsTest {
  private static final int TCP = 20;

  private static void expectServed(TcpScript s, int port) {
    s.localPort = TcpScript.PORT;
    s.drain();
    s.from(port).inject("S 0:0(0) win 65535 <mss 1460>");
    s.expect("S. 0:0(0) ack 1");
    s.app.received.reset();
    s.inject("P. 1:11(10) ack 1 win 65535");
    s.expectState(TcpState.ESTABLISHED);
    s.expectReceived(10);
    assertEquals(0, s.counter(Counter.TCP_ABORT_ON_CALLBACK));
  }

  @Test
  @Requirement("TCP-029")
  void shouldGoOnServing_afterFourThousandRandomSegments() {
    SplittableRandom random = new SplittableRandom(29);
    try (TcpScript s = TcpScript.established()) {
      for (int i = 0; i < 4000; i++) {
        s.peerPort = 40_000 + random.nextInt(3);
        s.localPort = random.nextInt(4) == 0 ? random.nextInt(65_536) : TcpScript.PORT;
        s.injectChanged(
            "P. 1:21(20) ack 1 win 65535 <TS val 1 ecr 1>",
            p -> {
              for (int at = TCP + 4; at < p.writerIndex(); at++) {
                p.setByte(at, random.nextInt());
              }
              p.setByte(TCP + 12, random.nextInt(4, 11) << 4);
            });
        if (random.nextInt(10) == 0) {
          s.afterMillis(random.nextInt(500));
        }
      }
      expectServed(s, 50_000);
    }
  }

  @Test
  @Requirement("TCP-029")
  void shouldGoOnServing_afterMutationsInEveryState() {
    SplittableRandom random = new SplittableRandom(30);
    int changed = 0;
    for (int state = 0; state < 12; state++) {
      try (TcpScript s = bring(state)) {
        for (int i = 0; i < 150; i++) {
          String flags = random.nextInt(3) == 0 ? "F. " : "P. ";
          int seq = random.nextInt(-2, 30);
          int ack = random.nextInt(-2, 20);
          String line = flags + seq + ":" + (seq + 10) + "(10) ack " + ack + " win 1000";
          s.injectChanged(line, p -> mutate(p, random));
          changed++;
        }
        s.afterMillis(500);
        expectServed(s, 50_000);
      }
    }
    assertTrue(changed >= 1800);
  }

  private static void mutate(ByteBuf packet, SplittableRandom random) {
    int changes = random.nextInt(1, 4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(TCP + 4, packet.writerIndex());
      packet.setByte(at, packet.getByte(at) ^ (1 << random.nextInt(8)));
    }
  }

  private static TcpScript bring(int to) {
    if (to < 2) {
      TcpScript s = new TcpScript();
      return to == 0 ? s : s.inject("S 0:0(0) win 65535 <mss 1460>");
    }
    if (to == 2) {
      return TcpScript.connecting().inject("S 0:0(0) win 65535 <mss 1460>");
    }
    TcpScript s =
        to % 2 == 0
            ? TcpScript.established()
            : TcpScript.established(
                TcpConfig.DEFAULT, 65535, "mss 1460,sackOK,TS val 1 ecr 0,wscale 2");
    String stamp = to % 2 == 0 ? "" : " <TS val 2 ecr 0>";
    s.write(10);
    if (to >= 5) {
      s.closeOutput();
    }
    if (to == 7 || to == 8) {
      s.inject(". 1:1(0) ack 12 win 65535" + stamp);
    }
    if (to >= 9 || to == 4) {
      s.inject("F. 1:1(0) ack " + (to >= 11 ? 12 : 1) + " win 65535" + stamp);
    }
    return s;
  }
}

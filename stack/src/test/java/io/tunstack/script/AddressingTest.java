package io.tunstack.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.tunstack.ip.Ipv4Config;
import io.tunstack.requirement.Requirement;
import io.tunstack.tcp.TcpState;
import io.tunstack.wire.IpAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whom TCP talks to, and what it asks of IP. */
class AddressingTest {
  private static final String SYN = "S 0:0(0) win 65535 <mss 1460>";
  private static final int TYPE_OF_SERVICE = 1;
  private static final int TIME_TO_LIVE = 8;
  private static final int SOURCE = 12;
  private static final int DESTINATION = 16;

  private static int bits(String address) {
    return IpAddress.parse(address).bits();
  }

  @Test
  @Requirement("TCP-075")
  void shouldServeManyConnections_onManyPorts() {
    try (TcpScript s = new TcpScript()) {
      Set<String> accepted = new HashSet<>();
      for (int port = 1001; port <= 1004; port++) {
        s.sockets.listen(
            port,
            socket -> {
              accepted.add(socket.localAddress() + " " + socket.remoteAddress());
              return ignored -> {};
            });
      }
      for (int i = 0; i < 400; i++) {
        s.localPort = 1001 + i % 4;
        s.from(40_000 + i / 4).inject(SYN);
        s.expect("S. 0:0(0) ack 1");
        s.inject(". 1:1(0) ack 1 win 65535");
      }
      assertEquals(400, accepted.size());
      assertEquals(400, s.stack.tcp().connectionCount());
    }
  }

  @Test
  @Requirement("TCP-076")
  void shouldKeepItsAddress_asLongAsTheConnectionLasts() {
    try (TcpScript s = TcpScript.connecting()) {
      s.expect("S 0:0(0) win 65535");
      s.inject("S. 0:0(0) ack 1 win 65535 <mss 1460>");
      s.write(5000);
      s.afterMillis(3000);
      s.closeOutput();
      s.abortSocket();
      assertTrue(s.link.sent.stream().filter(packet -> packet.length > 1000).count() > 3);
      for (byte[] packet : s.link.sent) {
        ByteBuffer header = ByteBuffer.wrap(packet);
        assertEquals(TcpScript.LOCAL, header.getInt(SOURCE));
        assertEquals(TcpScript.PEER, header.getInt(DESTINATION));
      }
    }
  }

  @Test
  @Requirement("TCP-077")
  void shouldRefuseToConnect_whereNoHostCanBe() {
    try (TcpScript s = new TcpScript()) {
      for (String address :
          List.of("255.255.255.255", "224.0.0.1", "0.0.0.0", "10.77.0.255", "240.0.0.1")) {
        InetSocketAddress nobody =
            new InetSocketAddress(IpAddress.parse(address).toInetAddress(), 80);
        assertThrows(
            IllegalArgumentException.class, () -> s.sockets.connect(nobody, s.app), address);
      }
      s.settle();
      s.expectNothing();
    }
  }

  @Test
  @Requirement("TCP-078")
  void shouldAnswerNoSyn_toOrFromManyHosts() {
    try (TcpScript s = new TcpScript()) {
      for (String address : List.of("255.255.255.255", "10.77.0.255", "224.0.0.1")) {
        s.injectChanged(SYN, p -> p.setInt(DESTINATION, bits(address)));
      }
      for (String address : List.of("224.0.0.1", "255.255.255.255", "10.77.0.255", "0.0.0.0")) {
        s.injectChanged(SYN, p -> p.setInt(SOURCE, bits(address)));
        s.localPort = 81;
        s.injectChanged(SYN, p -> p.setInt(SOURCE, bits(address)));
        s.localPort = 80;
      }
      s.expectNothing();
      assertEquals(0, s.stack.tcp().connectionCount());
    }
  }

  @Test
  @Requirement("TCP-094")
  void shouldUseEveryPort_butZero() {
    try (TcpScript s = new TcpScript()) {
      assertThrows(IllegalArgumentException.class, () -> s.sockets.listen(65_536, socket -> s.app));
      InetSocketAddress zero =
          new InetSocketAddress(new IpAddress(TcpScript.PEER).toInetAddress(), 0);
      assertThrows(IllegalArgumentException.class, () -> s.sockets.connect(zero, s.app));
      s.localPort = 0;
      s.inject(SYN);
      s.expectReset(0, 1);
      for (int port : new int[] {1, 65_535}) {
        s.sockets.listen(port, socket -> s.app);
        s.localPort = port;
        s.from(port).inject(SYN);
        s.expect("S. 0:0(0) ack 1");
      }
    }
  }

  @Test
  @Requirement({"TCP-080", "TCP-108"})
  void shouldMarkWhatItSends_asTheApplicationSays_andFromThenOn() {
    try (TcpScript s = TcpScript.established()) {
      s.write(10);
      assertEquals(0, s.link.sent.peek()[TYPE_OF_SERVICE]);
      s.drain();
      s.app.socket.setDscp(46);
      s.inject(". 1:1(0) ack 11 win 65535");
      s.write(10);
      assertEquals(46 << 2, s.link.sent.peek()[TYPE_OF_SERVICE] & 0xff);
      s.drain();
      s.app.socket.setDscp(10);
      s.closeOutput();
      assertEquals(10 << 2, s.link.sent.peek()[TYPE_OF_SERVICE] & 0xff);
      assertThrows(IllegalArgumentException.class, () -> s.app.socket.setDscp(64));
    }
  }

  @Test
  @Requirement("TCP-081")
  void shouldSendWithTheConfiguredTimeToLive() {
    Ipv4Config far = Ipv4Config.builder().address("10.77.0.2/24").timeToLive(77).build();
    try (TcpScript s = new TcpScript(far)) {
      s.inject(SYN);
      assertEquals(77, s.link.sent.peek()[TIME_TO_LIVE]);
    }
  }

  @Test
  @Requirement("TCP-082")
  void shouldNotMindIpOptions() {
    int[][] lists = {{1, 1, 1, 0}, {68, 8, 5, 0, 0, 0, 0, 0}, {7, 7, 4, 0, 0, 0, 0, 0}};
    for (int[] list : lists) {
      try (TcpScript s = new TcpScript()) {
        s.injectChanged(SYN, p -> insertIpOptions(p, list));
        s.expect("S. 0:0(0) ack 1");
      }
    }
  }

  private static void insertIpOptions(ByteBuf packet, int... bytes) {
    byte[] segment = new byte[packet.writerIndex() - 20];
    packet.getBytes(20, segment);
    packet.writerIndex(20);
    for (int each : bytes) {
      packet.writeByte(each);
    }
    packet.writeBytes(segment);
    packet.setByte(0, 0x45 + bytes.length / 4);
  }

  @Test
  @Requirement("TCP-091")
  void shouldNotMixUpConnections_whenItHasStartedAnew() {
    try (TcpScript before = TcpScript.established();
        TcpScript after = TcpScript.established()) {
      before.inject("P. 1:11(10) ack 1 win 65535");
      // The stack that has started anew knows nothing of what the peer goes on with.
      after.abortSocket();
      after.drain();
      after.inject("P. 11:21(10) ack 1 win 65535");
      after.expect("R 1:1(0)");
      after.expectState(TcpState.CLOSED);
      after.expectReceived(0);
    }
  }
}

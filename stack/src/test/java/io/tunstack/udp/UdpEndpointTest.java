package io.tunstack.udp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.ip.IpRig;
import io.tunstack.ip.Ipv4Config;
import io.tunstack.ip.Packets;
import io.tunstack.requirement.Requirement;
import io.tunstack.stats.Counter;
import io.tunstack.stats.DropReason;
import io.tunstack.stats.SendReason;
import io.tunstack.wire.Checksum;
import io.tunstack.wire.IpAddress;
import io.tunstack.wire.Ipv4View;
import io.tunstack.wire.UdpView;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UdpEndpointTest {
  private static final int PORT = 5353;
  private static final int PEER_PORT = 4000;
  private static final IpAddress ANY = IpAddress.UNSPECIFIED;

  private final IpRig rig = new IpRig();
  private final Udp udp = new Udp(rig.ip, rig.counters, () -> 7, () -> rig.now);
  private final Recorder heard = new Recorder();

  UdpEndpointTest() {
    rig.ip.register(udp);
  }

  @AfterEach
  void closeRig() {
    udp.close();
    assertEquals(0, udp.queuedBytes());
    assertEquals(0, udp.endpointCount());
    rig.close();
  }

  /** Notes what happens. */
  private static final class Recorder implements EndpointHandler {
    final List<UdpError> errors = new ArrayList<>();
    int readable;
    Runnable whenReadable = () -> {};

    @Override
    public void onReadable() {
      readable++;
      whenReadable.run();
    }

    @Override
    public void onError(UdpError error) {
      errors.add(error);
    }
  }

  private UdpEndpoint bind() {
    return udp.bind(ANY, PORT, heard);
  }

  private void arrive(int fromPort, int length) {
    arrive("10.77.0.1", fromPort, length);
  }

  private void arrive(String from, int fromPort, int length) {
    byte[] bytes = Packets.udp(fromPort, PORT, Packets.data(length));
    Unpooled.wrappedBuffer(bytes).setShort(6, 0);
    rig.inject(Packets.datagram(Udp.PROTOCOL, from, "10.77.0.2", bytes));
  }

  private static ByteBuffer text(int length) {
    return ByteBuffer.wrap(Packets.data(length));
  }

  // ---- receiving ---------------------------------------------------------------------------

  @Test
  @Requirement("IP-016")
  void shouldGiveWhatArrives_withAllThatIsKnownAboutIt() {
    UdpEndpoint endpoint = bind();
    byte[] packet = Packets.datagram(Udp.PROTOCOL, Packets.udp(PEER_PORT, PORT, Packets.data(21)));
    rig.inject(Packets.edit(packet, buf -> buf.setByte(1, 0xb8).setByte(8, 17)));
    UdpDatagram got = endpoint.receive().orElseThrow();
    assertEquals(text(21), got.text());
    assertEquals(21, got.length());
    assertEquals(new InetSocketAddress("10.77.0.1", PEER_PORT), got.source());
    assertEquals(IpAddress.parse("10.77.0.2"), got.destination());
    assertEquals(0xb8, got.typeOfService());
    assertEquals(17, got.timeToLive());
    assertEquals(Optional.empty(), endpoint.receive());
    assertEquals(1, rig.counters.get(Counter.UDP_IN_DATAGRAMS));
    rig.expectNothing();
  }

  @Test
  void shouldGiveThemInOrder_emptyOnesToo() {
    UdpEndpoint endpoint = bind();
    for (int length : new int[] {3, 0, 1472}) {
      arrive(PEER_PORT, length);
    }
    assertEquals(3, endpoint.receive().orElseThrow().length());
    assertEquals(0, endpoint.receive().orElseThrow().length());
    assertEquals(1472, endpoint.receive().orElseThrow().length());
  }

  @Test
  void shouldTellOnce_afterTheBatch() {
    UdpEndpoint endpoint = bind();
    arrive(PEER_PORT, 1);
    arrive(PEER_PORT, 2);
    assertEquals(0, heard.readable);
    assertTrue(udp.hasReady());
    udp.runCallbacks();
    udp.runCallbacks();
    assertEquals(1, heard.readable);
    assertFalse(udp.hasReady());
    endpoint.receive();
    arrive(PEER_PORT, 3);
    udp.runCallbacks();
    assertEquals(2, heard.readable);
  }

  @Test
  void shouldDropWhatDoesNotFit_andCountIt() {
    UdpEndpoint endpoint = bind();
    endpoint.setReceiveBuffer(3000);
    for (int i = 0; i < 5; i++) {
      arrive(PEER_PORT, 1000);
    }
    assertEquals(3, rig.counters.get(Counter.UDP_RCVBUF_ERRORS));
    assertEquals(2, rig.counters.get(Counter.UDP_IN_DATAGRAMS));
    rig.expectNothing();
    endpoint.receive();
    arrive(PEER_PORT, 1000);
    assertEquals(3, rig.counters.get(Counter.UDP_RCVBUF_ERRORS));
  }

  @Test
  void shouldTakeOneDatagram_whateverItsSize() {
    UdpEndpoint endpoint = bind();
    endpoint.setReceiveBuffer(1);
    arrive(PEER_PORT, 1000);
    arrive(PEER_PORT, 0);
    assertEquals(1000, endpoint.receive().orElseThrow().length());
    assertEquals(1, rig.counters.get(DropReason.UDP_RECEIVE_BUFFER));
  }

  @Test
  void shouldLimitTheMemoryOfAllTogether() {
    for (int port = 1; port <= 400; port++) {
      udp.bind(ANY, port, heard);
      byte[] bytes = Packets.udp(PEER_PORT, port, new byte[1400]);
      Unpooled.wrappedBuffer(bytes).setShort(6, 0);
      byte[] packet = Packets.datagram(Udp.PROTOCOL, bytes);
      for (int i = 0; i < 150; i++) {
        rig.inject(packet);
      }
    }
    assertTrue(udp.queuedBytes() <= 64 << 20, () -> "bytes: " + udp.queuedBytes());
    assertTrue(rig.counters.get(Counter.UDP_MEM_ERRORS) > 0);
  }

  // ---- whom a datagram is for --------------------------------------------------------------

  @Test
  @Requirement("UDP-006")
  void shouldTakeOnlyItsOwnPort() {
    UdpEndpoint endpoint = bind();
    rig.inject(Packets.datagram(Udp.PROTOCOL, Packets.udp(PEER_PORT, PORT + 1, Packets.data(4))));
    assertEquals(Optional.empty(), endpoint.receive());
    assertEquals(3, Packets.payload(rig.expectOne())[1], "port unreachable");
  }

  @Test
  @Requirement("UDP-006")
  void shouldTakeOnlyWhatIsForItsAddress() {
    Ipv4Config config =
        Ipv4Config.builder().address("10.77.0.2/24").address("10.77.0.3/24").build();
    IpRig two = new IpRig(config, 1500);
    Udp there = new Udp(two.ip, two.counters, () -> 7, () -> two.now);
    two.ip.register(there);
    UdpEndpoint other = there.bind(IpAddress.parse("10.77.0.3"), PORT, heard);
    byte[] datagram = Packets.datagram(Udp.PROTOCOL, Packets.udp(PEER_PORT, PORT, Packets.data(4)));
    two.inject(datagram);
    assertEquals(Optional.empty(), other.receive());
    assertEquals(3, Packets.payload(two.expectOne())[1], "port unreachable");
    UdpEndpoint any = there.bind(ANY, PORT + 1, heard);
    two.inject(Packets.datagram(Udp.PROTOCOL, Packets.udp(PEER_PORT, PORT + 1, Packets.data(4))));
    assertEquals(4, any.receive().orElseThrow().length());
    there.close();
    two.close();
  }

  @Test
  @Requirement("UDP-006")
  void shouldTakeOnlyItsPeers_whenConnected() {
    UdpEndpoint endpoint = bind();
    endpoint.connect(Packets.PEER, PEER_PORT);
    arrive(PEER_PORT + 1, 4);
    arrive("10.77.0.9", PEER_PORT, 4);
    assertEquals(Optional.empty(), endpoint.receive());
    assertEquals(2, rig.expectAll().size(), "nobody is there for them");
    arrive(PEER_PORT, 4);
    assertEquals(4, endpoint.receive().orElseThrow().length());
    endpoint.disconnect();
    arrive(PEER_PORT + 1, 5);
    assertEquals(5, endpoint.receive().orElseThrow().length());
    rig.expectNothing();
  }

  @Test
  @Requirement("UDP-006")
  void shouldPreferTheConnected_thenTheAddress_thenAny() {
    UdpEndpoint own = udp.bind(Packets.LOCAL, PORT, heard);
    assertThrows(IllegalArgumentException.class, this::bind);
    arrive(PEER_PORT, 1);
    assertEquals(1, own.receive().orElseThrow().length());
    own.connect(Packets.PEER, PEER_PORT);
    arrive(PEER_PORT, 2);
    assertEquals(2, own.receive().orElseThrow().length());
  }

  @Test
  void shouldRefuseAPortThatIsTaken_untilItIsGivenBack() {
    UdpEndpoint endpoint = bind();
    assertThrows(IllegalArgumentException.class, this::bind);
    assertThrows(
        IllegalArgumentException.class, () -> udp.bind(Packets.LOCAL, PORT, heard), "address");
    endpoint.connect(Packets.PEER, PEER_PORT);
    assertThrows(IllegalArgumentException.class, this::bind);
    endpoint.close();
    endpoint.close();
    bind();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65_536})
  void shouldRefuseAPortThatIsNone(int port) {
    assertThrows(IllegalArgumentException.class, () -> udp.bind(ANY, port, heard));
  }

  @Test
  void shouldRefuseAnAddressThatIsNotOurs() {
    assertThrows(IllegalArgumentException.class, () -> udp.bind(Packets.PEER, PORT, heard));
  }

  @Test
  void shouldPickPortsThatAreFree_andTellNothingAboutTheNext() {
    Set<Integer> ports = new HashSet<>();
    int neighbours = 0;
    int before = 0;
    for (int i = 0; i < 1000; i++) {
      int port = udp.bind(ANY, 0, heard).localPort();
      assertTrue(port >= 32_768 && port <= 60_999, () -> "port " + port);
      assertTrue(ports.add(port), () -> "twice: " + port);
      neighbours += Math.abs(port - before) < 10 ? 1 : 0;
      before = port;
    }
    assertTrue(neighbours < 50, "neighbours: " + neighbours);
  }

  @Test
  void shouldSayThatNoPortIsLeft() {
    for (int i = 0; i < 28_232; i++) {
      udp.bind(ANY, 0, heard);
    }
    assertThrows(IllegalStateException.class, () -> udp.bind(ANY, 0, heard));
  }

  // ---- sending -----------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 21, 512, 1471, 1472})
  @Requirement("UDP-004")
  void shouldSend_withAGoodChecksum(int length) {
    UdpEndpoint endpoint = bind();
    ByteBuffer text = text(length);
    assertTrue(endpoint.send(text, Packets.PEER, PEER_PORT));
    assertFalse(text.hasRemaining());
    byte[] packet = rig.expectOne();
    ByteBuf buf = Unpooled.wrappedBuffer(packet);
    assertEquals(PORT, UdpView.sourcePort(buf, 20));
    assertEquals(PEER_PORT, UdpView.destinationPort(buf, 20));
    assertEquals(8 + length, UdpView.length(buf, 20));
    assertNotEquals(0, UdpView.checksum(buf, 20));
    long sum =
        Checksum.pseudoHeader(Packets.LOCAL.bits(), Packets.PEER.bits(), Udp.PROTOCOL, 8 + length);
    assertTrue(Checksum.isValid(sum + Checksum.sum(buf, 20, 8 + length)));
    assertEquals(text(length), ByteBuffer.wrap(packet, 28, length));
    assertFalse(Ipv4View.dontFragment(buf, 0));
    assertEquals(64, Ipv4View.timeToLive(buf, 0));
    assertEquals(1, rig.counters.get(Counter.UDP_OUT_DATAGRAMS));
    assertEquals(1, rig.counters.get(SendReason.UDP));
  }

  @Test
  @Requirement("UDP-004")
  void shouldSendAChecksumOfZeroAsAllOnes() {
    UdpEndpoint endpoint = bind();
    endpoint.send(ByteBuffer.wrap(new byte[2]), Packets.PEER, PEER_PORT);
    int checksum = UdpView.checksum(Unpooled.wrappedBuffer(rig.expectOne()), 20);
    // Text that makes the sum all ones, so that its complement is zero.
    ByteBuffer text = ByteBuffer.allocate(2).putShort(0, (short) checksum);
    endpoint.send(text, Packets.PEER, PEER_PORT);
    assertEquals(0xffff, UdpView.checksum(Unpooled.wrappedBuffer(rig.expectOne()), 20));
  }

  @Test
  void shouldSendFromDirectBuffers_whatRemains() {
    ByteBuffer direct = ByteBuffer.allocateDirect(100).position(10).limit(14);
    bind().send(direct, Packets.PEER, PEER_PORT);
    assertEquals(32, rig.expectOne().length);
    assertEquals(14, direct.position());
  }

  @Test
  void shouldSendToItsPeer_andToNobodyElse() {
    UdpEndpoint endpoint = bind();
    assertThrows(IllegalStateException.class, () -> endpoint.send(text(1)));
    endpoint.connect(Packets.PEER, PEER_PORT);
    assertEquals(Packets.LOCAL, endpoint.localAddress());
    endpoint.send(text(1));
    endpoint.send(text(1), Packets.PEER, PEER_PORT);
    assertEquals(2, rig.expectAll().size());
    assertThrows(
        IllegalArgumentException.class, () -> endpoint.send(text(1), Packets.PEER, PEER_PORT + 1));
    rig.expectNothing();
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "224.0.0.1", "240.0.0.1", "255.255.255.255", "10.77.0.255"})
  void shouldRefuseWhatIsNoHost(String address) {
    UdpEndpoint endpoint = bind();
    IpAddress to = IpAddress.parse(address);
    assertThrows(IllegalArgumentException.class, () -> endpoint.send(text(1), to, PEER_PORT));
    assertThrows(IllegalArgumentException.class, () -> endpoint.connect(to, PEER_PORT));
    rig.expectNothing();
  }

  @Test
  void shouldRefusePortZero_toSendTo() {
    UdpEndpoint endpoint = bind();
    assertThrows(
        IllegalArgumentException.class, () -> endpoint.send(text(1), Packets.PEER, 0), "no port");
    assertThrows(IllegalArgumentException.class, () -> endpoint.connect(Packets.PEER, 0));
  }

  @Test
  @Requirement("IP-017")
  void shouldCutWhatIsTooLongForTheLink_orRefuseItIfItMustNot() {
    UdpEndpoint endpoint = bind();
    assertTrue(endpoint.send(text(65_507), Packets.PEER, PEER_PORT));
    assertEquals(45, rig.expectAll().size());
    assertThrows(
        IllegalArgumentException.class, () -> endpoint.send(text(65_508), Packets.PEER, PEER_PORT));
    endpoint.setDontFragment(true);
    assertEquals(1472, endpoint.uncutLength(Packets.PEER));
    assertThrows(
        IllegalArgumentException.class, () -> endpoint.send(text(1473), Packets.PEER, PEER_PORT));
    assertTrue(endpoint.send(text(1472), Packets.PEER, PEER_PORT));
    assertTrue(Ipv4View.dontFragment(Unpooled.wrappedBuffer(rig.expectOne()), 0));
  }

  @Test
  @Requirement("IP-016")
  void shouldMarkWhatItSends() {
    UdpEndpoint endpoint = bind();
    endpoint.setDscp(46);
    endpoint.setTimeToLive(3);
    endpoint.send(text(1), Packets.PEER, PEER_PORT);
    ByteBuf packet = Unpooled.wrappedBuffer(rig.expectOne());
    assertEquals(46 << 2, Ipv4View.typeOfService(packet, 0));
    assertEquals(3, Ipv4View.timeToLive(packet, 0));
    assertThrows(IllegalArgumentException.class, () -> endpoint.setDscp(64));
    assertThrows(IllegalArgumentException.class, () -> endpoint.setTimeToLive(0));
    assertThrows(IllegalArgumentException.class, () -> endpoint.setTimeToLive(256));
    assertThrows(IllegalArgumentException.class, () -> endpoint.setReceiveBuffer(0));
  }

  @Test
  void shouldSayThatItIsLost_whenTheLinkRefusesIt() {
    rig.linkAccepts = false;
    assertFalse(bind().send(text(1), Packets.PEER, PEER_PORT));
    rig.linkAccepts = true;
  }

  @Test
  void shouldDoNothing_afterClose() {
    UdpEndpoint endpoint = bind();
    arrive(PEER_PORT, 4);
    endpoint.close();
    udp.runCallbacks();
    assertEquals(0, heard.readable);
    assertEquals(Optional.empty(), endpoint.receive());
    assertThrows(
        IllegalStateException.class, () -> endpoint.send(text(1), Packets.PEER, PEER_PORT));
    assertThrows(
        IllegalStateException.class, () -> endpoint.connect(Packets.PEER, PEER_PORT), "closed");
    assertTrue(endpoint.isClosed());
  }

  @Test
  void shouldCloseWhoseHandlerThrows_andNobodyElse() {
    UdpEndpoint bad = bind();
    UdpEndpoint good = udp.bind(ANY, PORT + 1, new Recorder());
    heard.whenReadable =
        () -> {
          throw new IllegalStateException("as planned");
        };
    arrive(PEER_PORT, 4);
    udp.runCallbacks();
    assertTrue(bad.isClosed());
    assertFalse(good.isClosed());
    assertEquals(1, rig.counters.get(Counter.UDP_CLOSE_ON_CALLBACK));
  }

  // ---- errors ------------------------------------------------------------------------------

  private void complain(int type, int code, int mtu, byte[] about) {
    rig.inject(Packets.datagram(1, Packets.icmp(type, code, mtu, about)));
    udp.runCallbacks();
  }

  @Test
  @Requirement({"UDP-005", "ICMP-012"})
  void shouldTellWhatIcmpSays_whetherConnectedOrNot() {
    UdpEndpoint endpoint = bind();
    endpoint.send(text(4), Packets.PEER, PEER_PORT);
    complain(3, 3, 0, rig.expectOne());
    endpoint.connect(Packets.PEER, PEER_PORT);
    endpoint.send(text(4));
    complain(3, 1, 0, rig.expectOne());
    InetSocketAddress peer = new InetSocketAddress("10.77.0.1", PEER_PORT);
    assertEquals(List.of(new UdpError(3, 3, peer), new UdpError(3, 1, peer)), heard.errors);
    assertEquals(PortUnreachableException.class, heard.errors.get(0).toException().getClass());
    assertEquals(NoRouteToHostException.class, heard.errors.get(1).toException().getClass());
    rig.expectNothing();
  }

  @Test
  void shouldNotTellOfWhatAnotherSent() {
    UdpEndpoint endpoint = bind();
    endpoint.send(text(4), Packets.PEER, PEER_PORT);
    byte[] sent = rig.expectOne();
    endpoint.connect(Packets.PEER, PEER_PORT + 1);
    complain(3, 3, 0, sent);
    assertEquals(List.of(), heard.errors);
    assertEquals(1, rig.counters.get(DropReason.ICMP_IGNORED));
  }

  @Test
  void shouldKeepAFewErrors_andCountTheRest() {
    UdpEndpoint endpoint = bind();
    endpoint.send(text(4), Packets.PEER, PEER_PORT);
    byte[] sent = rig.expectOne();
    for (int i = 0; i < 20; i++) {
      rig.inject(Packets.datagram(1, Packets.icmp(3, 3, 0, sent)));
    }
    udp.runCallbacks();
    assertEquals(16, heard.errors.size());
    assertEquals(4, rig.counters.get(DropReason.ICMP_IGNORED));
  }

  @Test
  @Requirement("PMTU-001")
  void shouldLearnThePathsSize_whenConnected() {
    UdpEndpoint endpoint = bind();
    endpoint.setDontFragment(true);
    endpoint.send(text(1472), Packets.PEER, PEER_PORT);
    byte[] sent = rig.expectOne();
    complain(3, 4, 1000, sent);
    assertEquals(1472, endpoint.uncutLength(Packets.PEER), "anybody could have said that");
    endpoint.connect(Packets.PEER, PEER_PORT);
    complain(3, 4, 1000, sent);
    assertEquals(972, endpoint.uncutLength(Packets.PEER));
    assertThrows(IllegalArgumentException.class, () -> endpoint.send(text(973)));
    assertTrue(endpoint.send(text(972)));
    assertArrayEquals(Packets.data(972), textOf(rig.expectOne()));
    assertEquals(2, heard.errors.size());
  }

  private static byte[] textOf(byte[] packet) {
    byte[] text = new byte[packet.length - 28];
    System.arraycopy(packet, 28, text, 0, text.length);
    return text;
  }
}

package io.tunstack.ip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBufUtil;
import io.tunstack.wire.Ipv4Fault;
import io.tunstack.wire.Ipv4View;
import java.util.ArrayList;
import java.util.List;

/** A transport that keeps what it is given, and checks what the IP layer promises about it. */
final class RecordingTransport implements Transport {
  final List<byte[]> payloads = new ArrayList<>();
  final List<String> errors = new ArrayList<>();
  int typeOfService;
  int timeToLive;
  int source;
  int destination;

  private final int protocol;

  RecordingTransport(int protocol) {
    this.protocol = protocol;
  }

  @Override
  public int protocol() {
    return protocol;
  }

  @Override
  public void receive(Ipv4Datagram d, long now) {
    int total = d.payloadOffset() - d.headerOffset() + d.payloadLength();
    assertEquals(Ipv4Fault.NONE, Ipv4View.check(d.buffer(), d.headerOffset(), total));
    assertEquals(total, Ipv4View.totalLength(d.buffer(), d.headerOffset()));
    assertTrue(!Ipv4View.isFragment(d.buffer(), d.headerOffset()), "a whole datagram");
    assertEquals(protocol, d.protocol());
    payloads.add(ByteBufUtil.getBytes(d.buffer(), d.payloadOffset(), d.payloadLength()));
    typeOfService = d.typeOfService();
    timeToLive = d.timeToLive();
    source = d.source();
    destination = d.destination();
  }

  @Override
  public void icmpError(IcmpError e, long now) {
    assertTrue(e.quoteLength() >= 8, "at least eight bytes are quoted");
    byte[] quote = ByteBufUtil.getBytes(e.buffer(), e.quoteOffset(), e.quoteLength());
    errors.add(
        e.type()
            + "/"
            + e.code()
            + " mtu "
            + e.nextHopMtu()
            + " total "
            + e.quotedTotalLength()
            + " quote "
            + quote.length
            + " "
            + ByteBufUtil.hexDump(quote, 0, 8));
  }
}

package io.tunstack.udp;

import io.netty.buffer.ByteBuf;
import io.tunstack.ip.IcmpError;
import io.tunstack.ip.Ipv4;
import io.tunstack.ip.Ipv4Datagram;
import io.tunstack.ip.Transport;
import io.tunstack.stats.Counters;
import io.tunstack.stats.DropReason;
import io.tunstack.wire.Checksum;
import io.tunstack.wire.IcmpView;
import io.tunstack.wire.UdpView;

/** UDP without sockets: every port is closed. Engine thread only. */
public final class Udp implements Transport {
  /** UDP's protocol number. */
  public static final int PROTOCOL = 17;

  private final Ipv4 ip;
  private final Counters counters;

  /**
   * Makes the transport; the caller registers it.
   *
   * @param ip the layer below
   * @param counters the stack's
   */
  public Udp(Ipv4 ip, Counters counters) {
    this.ip = ip;
    this.counters = counters;
  }

  @Override
  public int protocol() {
    return PROTOCOL;
  }

  @Override
  public void receive(Ipv4Datagram datagram, long now) {
    ByteBuf buffer = datagram.buffer();
    int at = datagram.payloadOffset();
    int available = datagram.payloadLength();
    if (available < UdpView.HEADER_LENGTH) {
      counters.drop(DropReason.UDP_LENGTH);
      return;
    }
    int length = UdpView.length(buffer, at);
    if (length < UdpView.HEADER_LENGTH || length > available) {
      counters.drop(DropReason.UDP_LENGTH);
      return;
    }
    if (datagram.needsChecksumVerified() && !isIntact(datagram, length)) {
      counters.drop(DropReason.UDP_CHECKSUM);
      return;
    }
    counters.drop(DropReason.UDP_NO_PORT);
    ip.sendUnreachable(datagram, IcmpView.PORT_UNREACHABLE, now);
  }

  /** RFC 1122 §4.1.3.4: a checksum that is there must be right; zero means that there is none. */
  private static boolean isIntact(Ipv4Datagram datagram, int length) {
    ByteBuf buffer = datagram.buffer();
    int at = datagram.payloadOffset();
    if (UdpView.checksum(buffer, at) == UdpView.NO_CHECKSUM) {
      return true;
    }
    long pseudoHeader =
        Checksum.pseudoHeader(datagram.source(), datagram.destination(), PROTOCOL, length);
    return Checksum.isValid(pseudoHeader + Checksum.sum(buffer, at, length));
  }

  /** Nothing yet: without sockets this stack sends no datagram that could be the cause. */
  @Override
  public void icmpError(IcmpError error, long now) {}
}

package io.tunstack.ip;

import io.netty.buffer.ByteBuf;
import io.tunstack.link.OutboundPacket;
import io.tunstack.stats.Counter;
import io.tunstack.stats.Counters;
import io.tunstack.stats.DropReason;
import io.tunstack.stats.SendReason;
import io.tunstack.wire.Checksum;
import io.tunstack.wire.IcmpView;
import io.tunstack.wire.Ipv4View;
import java.util.function.LongSupplier;

/**
 * ICMP for a host (RFC 792, RFC 1122 §3.2.2): answers echo requests, hands errors to the transport
 * whose datagram they quote, and sends errors of its own.
 */
final class Icmp implements Transport {
  static final int PROTOCOL = 1;

  private static final int HEADER = IcmpView.HEADER_LENGTH;

  /** What RFC 792 promises of the quoted datagram's payload: enough for ports. */
  private static final int QUOTED_PAYLOAD = 8;

  /** Our own headers in front of a quotation. */
  private static final int ERROR_HEADERS = OutboundPacket.IP_HEADER_ROOM + HEADER;

  private final Ipv4 ip;
  private final Ipv4Config config;
  private final Counters counters;
  private final IcmpErrorLimit errorLimit;
  private final IcmpError error = new IcmpError();

  Icmp(Ipv4 ip, Ipv4Config config, Counters counters, LongSupplier random) {
    this.ip = ip;
    this.config = config;
    this.counters = counters;
    errorLimit = new IcmpErrorLimit(config.icmpErrorsPerSecond(), config.icmpErrorBurst(), random);
  }

  @Override
  public int protocol() {
    return PROTOCOL;
  }

  @Override
  public void receive(Ipv4Datagram d, long now) {
    counters.increment(Counter.ICMP_IN_MSGS);
    ByteBuf buffer = d.buffer();
    int at = d.payloadOffset();
    if (d.payloadLength() < HEADER) {
      counters.drop(DropReason.ICMP_TOO_SHORT);
      return;
    }
    if (!Checksum.isValid(Checksum.sum(buffer, at, d.payloadLength()))) {
      counters.drop(DropReason.ICMP_CHECKSUM);
      return;
    }
    switch (IcmpView.type(buffer, at)) {
      case IcmpView.ECHO_REQUEST -> {
        counters.increment(Counter.ICMP_IN_ECHOS);
        if (ip.isLocal(d.destination())) {
          answerEcho(d);
        } else {
          // Whoever plays another host's part in TCP or UDP does not know whether it is there.
          counters.drop(DropReason.IP_NOT_FOR_US);
        }
      }
      case IcmpView.DESTINATION_UNREACHABLE -> {
        counters.increment(Counter.ICMP_IN_DEST_UNREACHS);
        handUp(d, now);
      }
      case IcmpView.TIME_EXCEEDED -> {
        counters.increment(Counter.ICMP_IN_TIME_EXCDS);
        handUp(d, now);
      }
      case IcmpView.PARAMETER_PROBLEM -> {
        counters.increment(Counter.ICMP_IN_PARM_PROBS);
        handUp(d, now);
      }
      case IcmpView.ECHO_REPLY -> ignore(Counter.ICMP_IN_ECHO_REPS);
      // Source quench is dead (RFC 6633), a host with one link needs no redirect, and the other
      // queries are not a host's to answer (RFC 1122 §3.2.2.7, RFC 6918).
      case IcmpView.SOURCE_QUENCH -> ignore(Counter.ICMP_IN_SRC_QUENCHS);
      case IcmpView.REDIRECT -> ignore(Counter.ICMP_IN_REDIRECTS);
      case IcmpView.TIMESTAMP_REQUEST -> ignore(Counter.ICMP_IN_TIMESTAMPS);
      case IcmpView.ADDRESS_MASK_REQUEST -> ignore(Counter.ICMP_IN_ADDR_MASKS);
      default -> counters.drop(DropReason.ICMP_IGNORED);
    }
  }

  private void ignore(Counter counter) {
    counters.increment(counter);
    counters.drop(DropReason.ICMP_IGNORED);
  }

  /** RFC 1122 §3.2.2.6: the same identifier, sequence number, data and type of service. */
  private void answerEcho(Ipv4Datagram d) {
    boolean sent =
        answer(
            d,
            d.typeOfService(),
            IcmpView.ECHO_REPLY,
            0,
            IcmpView.rest(d.buffer(), d.payloadOffset()),
            d.payloadOffset() + HEADER,
            d.payloadLength() - HEADER);
    if (sent) {
      counters.increment(Counter.ICMP_OUT_ECHO_REPS);
      counters.sent(SendReason.ICMP_ECHO_REPLY);
    }
  }

  /** RFC 1122 §3.2.2.1: the transport that sent the quoted datagram has to know. */
  private void handUp(Ipv4Datagram d, long now) {
    ByteBuf buffer = d.buffer();
    int at = d.payloadOffset();
    int quote = at + HEADER;
    int quoted = d.payloadLength() - HEADER;
    if (quoted < Ipv4View.MIN_HEADER_LENGTH + QUOTED_PAYLOAD
        || Ipv4View.version(buffer, quote) != 4) {
      counters.drop(DropReason.ICMP_BAD_QUOTE);
      return;
    }
    int headerLength = Ipv4View.headerLength(buffer, quote);
    int totalLength = Ipv4View.totalLength(buffer, quote);
    // What stands behind the quoted datagram is an extension (RFC 4884) and not the transport's.
    int payload = Math.min(quoted, totalLength) - headerLength;
    // A quoted later fragment starts in the middle of the transport's data, not with its header.
    if (headerLength < Ipv4View.MIN_HEADER_LENGTH
        || payload < QUOTED_PAYLOAD
        || Ipv4View.fragmentOffset(buffer, quote) != 0
        || Ipv4View.source(buffer, quote) != d.destination()) {
      counters.drop(DropReason.ICMP_BAD_QUOTE);
      return;
    }
    Transport transport = ip.transport(Ipv4View.protocol(buffer, quote));
    if (transport == null || transport == this) {
      counters.drop(DropReason.ICMP_IGNORED);
      return;
    }
    int type = IcmpView.type(buffer, at);
    int code = IcmpView.code(buffer, at);
    boolean tooBig =
        type == IcmpView.DESTINATION_UNREACHABLE && code == IcmpView.FRAGMENTATION_NEEDED;
    error.set(
        type,
        code,
        tooBig ? IcmpView.nextHopMtu(buffer, at) : 0,
        Ipv4View.source(buffer, quote),
        Ipv4View.destination(buffer, quote),
        totalLength,
        buffer,
        quote + headerLength,
        payload);
    error.within(d);
    transport.icmpError(error, now);
  }

  /** Nothing: an error about an echo reply concerns the peer that asked. */
  @Override
  public void icmpError(IcmpError error, long now) {}

  void sendUnreachable(Ipv4Datagram d, int code, long now) {
    if (sendError(d, IcmpView.DESTINATION_UNREACHABLE, code, now)) {
      counters.increment(Counter.ICMP_OUT_DEST_UNREACHS);
    }
  }

  void sendProtocolUnreachable(Ipv4Datagram d, long now) {
    sendUnreachable(d, IcmpView.PROTOCOL_UNREACHABLE, now);
  }

  void sendReassemblyTimeout(Ipv4Datagram d, long now) {
    if (sendError(d, IcmpView.TIME_EXCEEDED, IcmpView.REASSEMBLY_TIMEOUT, now)) {
      counters.increment(Counter.ICMP_OUT_TIME_EXCDS);
    }
  }

  private boolean sendError(Ipv4Datagram d, int type, int code, long now) {
    if (!mayBeToldOff(d)) {
      return false;
    }
    DropReason limited = errorLimit.take(d.source(), now);
    if (limited != null) {
      counters.drop(limited);
      return false;
    }
    int headerLength = d.payloadOffset() - d.headerOffset();
    int room = Math.min(config.icmpErrorBytes(), ip.mtu()) - ERROR_HEADERS;
    // On a tiny link the least that is useful is quoted all the same, and cut.
    room = Math.max(room, headerLength + QUOTED_PAYLOAD);
    int quoted = Math.min(room, headerLength + d.payloadLength());
    boolean sent = answer(d, 0, type, code, 0, d.headerOffset(), quoted);
    if (sent) {
      counters.sent(SendReason.ICMP_ERROR);
    }
    return sent;
  }

  /**
   * RFC 1122 §3.2.2: no error about an ICMP error, a broadcast or multicast, a fragment but the
   * first, or a source that is not one host.
   */
  private boolean mayBeToldOff(Ipv4Datagram d) {
    boolean answerable =
        ip.isLocal(d.destination()) || ip.takesForeign(d.protocol(), d.destination());
    // A source of our own got past the checks only if it is us who sent it.
    if (!answerable || !(ip.isUsableRemote(d.source()) || ip.isLocal(d.source()))) {
      return false;
    }
    if (Ipv4View.fragmentOffset(d.buffer(), d.headerOffset()) != 0) {
      return false;
    }
    return d.protocol() != PROTOCOL
        || (d.payloadLength() > 0
            && !IcmpView.isError(IcmpView.type(d.buffer(), d.payloadOffset())));
  }

  /** Sends a message back, with bytes of what it answers behind the header. */
  private boolean answer(
      Ipv4Datagram d,
      int typeOfService,
      int type,
      int code,
      int rest,
      int dataOffset,
      int dataLength) {
    OutboundPacket packet = ip.newPacket();
    ByteBuf header = packet.header();
    int at = header.writerIndex();
    IcmpView.write(header, at, type, code, rest);
    header.writerIndex(at + HEADER);
    packet.addRange(d.buffer(), dataOffset, dataLength);
    IcmpView.setChecksum(header, at, Checksum.finish(OutboundChecksum.sum(packet)));
    counters.increment(Counter.ICMP_OUT_MSGS);
    // RFC 1122 §3.2.2.6: from the address that was asked.
    int from = d.destination();
    int to = d.source();
    return ip.send(packet, from, to, PROTOCOL, typeOfService, false);
  }
}

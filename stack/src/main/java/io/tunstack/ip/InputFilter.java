package io.tunstack.ip;

import io.netty.buffer.ByteBuf;
import io.tunstack.stats.Counter;
import io.tunstack.stats.Counters;
import io.tunstack.stats.DropReason;
import io.tunstack.wire.Ipv4Fault;
import io.tunstack.wire.Ipv4View;

/**
 * What a packet from the link has to pass before anybody looks into it, in the order of RFC 1122
 * §3.2.1: version, lengths, checksum, options, source, destination.
 */
final class InputFilter {
  private final Ipv4 ipv4;
  private final Counters counters;

  InputFilter(Ipv4 ipv4, Counters counters) {
    this.ipv4 = ipv4;
    this.counters = counters;
  }

  /** Counts a packet, its readable bytes; answers null, or why it is not for us. */
  DropReason check(ByteBuf packet) {
    counters.increment(Counter.IP_IN_RECEIVES);
    int offset = packet.readerIndex();
    Ipv4Fault fault = Ipv4View.check(packet, offset, packet.readableBytes());
    if (fault != Ipv4Fault.NONE) {
      return reasonFor(fault);
    }
    counters.add(Counter.IP_IN_OCTETS, Ipv4View.totalLength(packet, offset));
    counters.increment(ecnCounter(Ipv4View.typeOfService(packet, offset)));
    int source = Ipv4View.source(packet, offset);
    if (!AddressRanges.isUnicast(source) || ipv4.isSubnetBroadcast(source)) {
      return DropReason.IP_SOURCE_ADDRESS;
    }
    if (ipv4.isLocal(source)) {
      return DropReason.IP_SOURCE_IS_SELF;
    }
    if (!isWanted(packet, offset)) {
      countGroup(Ipv4View.destination(packet, offset));
      return DropReason.IP_NOT_FOR_US;
    }
    return null;
  }

  /** Whether it is for us, or for one whose part a transport plays. */
  private boolean isWanted(ByteBuf packet, int offset) {
    int destination = Ipv4View.destination(packet, offset);
    if (ipv4.isLocal(destination)) {
      // Loopback addresses are this host's own, and nobody else may use them (RFC 1122 §3.2.1.3).
      return !AddressRanges.isLoopback(destination);
    }
    return ipv4.takesForeign(Ipv4View.protocol(packet, offset), destination);
  }

  private void countGroup(int destination) {
    if (AddressRanges.isMulticast(destination)) {
      counters.increment(Counter.IP_IN_MCAST_PKTS);
    } else if (destination == AddressRanges.LIMITED_BROADCAST
        || ipv4.isSubnetBroadcast(destination)) {
      counters.increment(Counter.IP_IN_BCAST_PKTS);
    }
  }

  private static Counter ecnCounter(int typeOfService) {
    return switch (typeOfService & Ipv4View.ECN_MASK) {
      case Ipv4View.ECN_NOT_CAPABLE -> Counter.IP_IN_NO_ECT_PKTS;
      case 1 -> Counter.IP_IN_ECT1_PKTS;
      case 2 -> Counter.IP_IN_ECT0_PKTS;
      default -> Counter.IP_IN_CE_PKTS;
    };
  }

  private static DropReason reasonFor(Ipv4Fault fault) {
    return switch (fault) {
      case TOO_SHORT -> DropReason.IP_TOO_SHORT;
      case VERSION -> DropReason.IP_NOT_VERSION_4;
      case HEADER_LENGTH -> DropReason.IP_HEADER_LENGTH;
      case TOTAL_LENGTH -> DropReason.IP_TOTAL_LENGTH;
      case CHECKSUM -> DropReason.IP_CHECKSUM;
      case OPTION_LENGTH -> DropReason.IP_OPTION;
      case SOURCE_ROUTE -> DropReason.IP_SOURCE_ROUTE;
      case NONE -> throw new AssertionError("no fault, no reason");
    };
  }
}

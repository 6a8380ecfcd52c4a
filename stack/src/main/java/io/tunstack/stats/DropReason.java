package io.tunstack.stats;

/** Why a packet or a segment was thrown away. Each is a counter of its own, and feeds Linux's. */
public enum DropReason {
  /** Shorter than an IPv4 header. */
  IP_TOO_SHORT(Counter.IP_IN_HDR_ERRORS),
  /** The version is not 4. */
  IP_NOT_VERSION_4(Counter.IP_IN_HDR_ERRORS),
  /** The header length is below 20 or goes past the packet. */
  IP_HEADER_LENGTH(Counter.IP_IN_HDR_ERRORS),
  /** The total length is shorter than the header or longer than what arrived. */
  IP_TOTAL_LENGTH(Counter.IP_IN_TRUNCATED),
  /** The header checksum is wrong. */
  IP_CHECKSUM(Counter.IP_IN_HDR_ERRORS, Counter.IP_IN_CSUM_ERRORS),
  /** An option's length is 0, 1 or past the header. */
  IP_OPTION(Counter.IP_IN_HDR_ERRORS),
  /** The packet asks for a source route, which is refused (RFC 7126 §4.3). */
  IP_SOURCE_ROUTE(Counter.IP_IN_HDR_ERRORS),
  /** The source is loopback, multicast, broadcast, class E or zero. */
  IP_SOURCE_ADDRESS(Counter.IP_IN_ADDR_ERRORS),
  /** The source is one of our own addresses. */
  IP_SOURCE_IS_SELF(Counter.IP_IN_ADDR_ERRORS),
  /** The destination is not ours, and a host does not forward. */
  IP_NOT_FOR_US(Counter.IP_IN_ADDR_ERRORS),
  /** Nobody registered for the protocol. */
  IP_UNKNOWN_PROTOCOL(Counter.IP_IN_UNKNOWN_PROTOS),
  /** A fragment that is empty, unaligned, or ends past 65,535 bytes. */
  FRAGMENT_MALFORMED(Counter.IP_REASM_FAILS),
  /** A fragment overlaps another with other bounds: the datagram is given up (RFC 5722). */
  FRAGMENT_OVERLAP(Counter.IP_REASM_FAILS),
  /** A fragment that is here already, byte for byte. */
  FRAGMENT_DUPLICATE(null),
  /** The cap on fragments, datagrams or bytes waiting is reached. */
  FRAGMENT_MEMORY(Counter.IP_REASM_FAILS),
  /** The datagram's last fragment did not come in time. */
  FRAGMENT_TIMEOUT(Counter.IP_REASM_TIMEOUT, Counter.IP_REASM_FAILS),
  /** ICMP shorter than its header. */
  ICMP_TOO_SHORT(Counter.ICMP_IN_ERRORS),
  /** ICMP with a wrong checksum. */
  ICMP_CHECKSUM(Counter.ICMP_IN_CSUM_ERRORS, Counter.ICMP_IN_ERRORS),
  /** An ICMP type or code that is not handled. */
  ICMP_IGNORED(null),
  /** An ICMP error whose quotation is too short or not from us. */
  ICMP_BAD_QUOTE(Counter.ICMP_IN_ERRORS),
  /** UDP shorter than its header, or with an impossible length. */
  UDP_LENGTH(Counter.UDP_IN_ERRORS),
  /** UDP with a wrong checksum. */
  UDP_CHECKSUM(Counter.UDP_IN_CSUM_ERRORS, Counter.UDP_IN_ERRORS),
  /** Nobody listens on the UDP port. */
  UDP_NO_PORT(Counter.UDP_NO_PORTS),
  /** The receive queue of the datagram's socket is full. */
  UDP_RECEIVE_BUFFER(Counter.UDP_RCVBUF_ERRORS, Counter.UDP_IN_ERRORS),
  /** The receive queues of all sockets together hold too much. */
  UDP_MEMORY(Counter.UDP_MEM_ERRORS, Counter.UDP_IN_ERRORS),
  /** TCP shorter than its header, or a data offset below 5 or past the segment. */
  TCP_HEADER(Counter.TCP_IN_ERRS),
  /** TCP with a wrong checksum. */
  TCP_CHECKSUM(Counter.TCP_IN_CSUM_ERRORS, Counter.TCP_IN_ERRS),
  /** No connection and no listener: answered with a RST, unless it was one. */
  TCP_NO_SOCKET(null),
  /** A RST that no state wants. */
  TCP_RST_IGNORED(null),
  /** Neither SYN, RST nor ACK where one is required. */
  TCP_FLAGS(null),
  /** An acknowledgment that is not acceptable in an opening state. */
  TCP_BAD_ACK_OPENING(null),
  /** The half-open queue is full. */
  TCP_SYN_QUEUE_FULL(Counter.TCP_LISTEN_DROPS),
  /** The accept queue is full. */
  TCP_ACCEPT_QUEUE_FULL(Counter.TCP_LISTEN_OVERFLOWS),
  /** As many requests wait for the forwarder's decision as may. */
  TCP_FORWARD_QUEUE_FULL(Counter.TCP_LISTEN_DROPS),
  /** A segment for a request that the forwarder has not decided about, such as its SYN again. */
  TCP_FORWARD_PENDING(null),
  /** The cap on connections is reached. */
  TCP_TOO_MANY_CONNECTIONS(Counter.TCP_ABORT_ON_MEMORY),
  /** The sequence number lies outside the window. */
  TCP_SEQUENCE(null),
  /** A RST inside the window but not at RCV.NXT: challenged (RFC 5961 §3.2). */
  TCP_RST_CHALLENGED(null),
  /** A SYN in a synchronized state: challenged (RFC 5961 §4.2). */
  TCP_SYN_CHALLENGED(Counter.TCP_SYN_CHALLENGE),
  /** An acknowledgment of what was never sent, or far too old (RFC 5961 §5.2). */
  TCP_ACK_RANGE(null),
  /** A timestamp older than the last one (RFC 7323 §5.3). */
  TCP_PAWS(Counter.TCP_PAWS_ESTAB),
  /** A segment without the timestamp that was agreed (RFC 7323 §3.2). */
  TCP_TIMESTAMP_MISSING(null),
  /** Every byte was received before. */
  TCP_DUPLICATE(null),
  /** Out of order, with no room to keep it. */
  TCP_OUT_OF_ORDER_MEMORY(Counter.TCP_OFO_DROP),
  /** In order, with no room to keep it even when all that came out of order is given up. */
  TCP_RECEIVE_MEMORY(Counter.RCV_PRUNED),
  /** Text after the peer's FIN, which does not exist. */
  TCP_AFTER_FIN(null),
  /** Text for an application that has closed. */
  TCP_AFTER_CLOSE(Counter.TCP_ABORT_ON_DATA),
  /** A segment for a connection in TIME-WAIT that is not its FIN nor a new SYN. */
  TCP_TIME_WAIT(null),
  /** A packet with a loopback address, which must not appear on a link (RFC 1122 §3.2.1.3). */
  LOOPBACK_ON_LINK(Counter.IP_OUT_DISCARDS),
  /** A packet for another engine of the stack, which has too many to take already. */
  ENGINE_INBOX_FULL(Counter.IP_IN_DISCARDS),
  /** The link refused a packet. */
  LINK_REFUSED(Counter.IP_OUT_DISCARDS),
  /** A packet too large for the link that must not be cut. */
  PACKET_TOO_BIG(Counter.IP_FRAG_FAILS),
  /** An ICMP error that the limit on all of them kept back. */
  ICMP_RATE_LIMIT(Counter.ICMP_OUT_RATE_LIMIT_GLOBAL),
  /** An ICMP error that the limit on those to one host kept back. */
  ICMP_RATE_LIMIT_HOST(Counter.ICMP_OUT_RATE_LIMIT_HOST),
  /** A challenge acknowledgment that the rate limit kept back. */
  CHALLENGE_RATE_LIMIT(Counter.TCP_ACK_SKIPPED);

  private final Counter counter;
  private final Counter sum;

  DropReason(Counter counter) {
    this(counter, null);
  }

  DropReason(Counter counter, Counter sum) {
    this.counter = counter;
    this.sum = sum;
  }

  /**
   * Returns Linux's counter for it.
   *
   * @return null where Linux has none
   */
  Counter counter() {
    return counter;
  }

  /**
   * Returns Linux's counter for this and other reasons together.
   *
   * @return null where there is none
   */
  Counter sum() {
    return sum;
  }
}

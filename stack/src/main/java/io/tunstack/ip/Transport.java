package io.tunstack.ip;

/**
 * A protocol on top of IPv4, registered for one protocol number. Called on the engine thread; must
 * not throw, whatever the bytes are.
 */
public interface Transport {
  /**
   * Returns the protocol number.
   *
   * @return 1 for ICMP, 6 for TCP, 17 for UDP …
   */
  int protocol();

  /**
   * Takes a datagram that passed every check of the IP layer, whole, addressed to this host.
   *
   * @param datagram borrowed for the call, its buffer too
   * @param now the clock's nanoseconds
   */
  void receive(Ipv4Datagram datagram, long now);

  /**
   * Takes an ICMP error about a datagram that this transport sent (RFC 1122 §3.2.2.1). The
   * quotation comes from the network: the transport must check that it sent such a segment.
   *
   * @param error borrowed for the call
   * @param now the clock's nanoseconds
   */
  void icmpError(IcmpError error, long now);
}

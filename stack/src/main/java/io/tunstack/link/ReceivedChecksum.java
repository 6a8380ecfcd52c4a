package io.tunstack.link;

/** What a link knows about the transport checksum of a packet that it has delivered. */
public enum ReceivedChecksum {
  /** Nothing: whoever receives the packet verifies it. */
  UNVERIFIED,

  /** It is complete, and somebody trustworthy has verified it already. */
  VERIFIED,

  /**
   * The packet never left this machine and its checksum has not been computed: the field holds the
   * sum of the pseudo-header only. There is nothing to verify; whoever passes the packet on to
   * where bits can flip completes it first ({@link PacketSplitter}).
   */
  PARTIAL
}

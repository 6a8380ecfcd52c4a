package io.tunstack.link;

/** Sets "congestion experienced" in an IPv4 header (RFC 3168 §5). */
final class EcnMark {
  private static final int VERSION = 0;
  private static final int TRAFFIC_CLASS = 1;
  private static final int CHECKSUM = 10;
  private static final int MIN_HEADER = 20;
  private static final int ECN = 0b11;

  private EcnMark() {}

  /**
   * Marks a packet whose sender said that it can be marked. The checksum follows (RFC 1624).
   *
   * @return whether it is marked now; false for "not ECT", which must be dropped instead
   */
  static boolean mark(byte[] packet) {
    if (packet.length < MIN_HEADER
        || packet[VERSION] >>> 4 != 4
        || (packet[TRAFFIC_CLASS] & ECN) == 0) {
      return false;
    }
    int before = word(packet, VERSION);
    packet[TRAFFIC_CLASS] |= ECN;
    int after = word(packet, VERSION);
    // RFC 1624 eqn. 3: HC' = ~(~HC + ~m + m')
    int sum = (~word(packet, CHECKSUM) & 0xffff) + (~before & 0xffff) + after;
    sum = (sum & 0xffff) + (sum >>> 16);
    sum = (sum & 0xffff) + (sum >>> 16);
    packet[CHECKSUM] = (byte) (~sum >>> 8);
    packet[CHECKSUM + 1] = (byte) ~sum;
    return true;
  }

  private static int word(byte[] packet, int at) {
    return (packet[at] & 0xff) << 8 | (packet[at + 1] & 0xff);
  }
}

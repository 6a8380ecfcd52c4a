package io.tunstack.ip;

/** Which addresses name one host, whatever the network (RFC 1122 §3.2.1.3, RFC 6890). */
final class AddressRanges {
  private static final int LIMITED_BROADCAST = -1;

  private AddressRanges() {}

  /** Tells whether the address could be one host's on a network: not 0/8, 127/8, 224/3. */
  static boolean isUnicast(int address) {
    int first = address >>> 24;
    return first != 0 && first != 127 && first < 224;
  }

  /** Tells whether the address is a multicast group's, or the limited broadcast. */
  static boolean isGroup(int address) {
    return address >>> 28 == 0xe || address == LIMITED_BROADCAST;
  }
}

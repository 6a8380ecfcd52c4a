package io.tunstack.ip;

/** Which addresses name one host, whatever the network (RFC 1122 §3.2.1.3, RFC 6890). */
final class AddressRanges {
  /** Every host on the link, whatever its network (RFC 919 §7). */
  static final int LIMITED_BROADCAST = -1;

  private AddressRanges() {}

  /** Tells whether the address is this host itself wherever it is used: 127/8. */
  static boolean isLoopback(int address) {
    return address >>> 24 == 127;
  }

  /** Tells whether the address could be one host's on a network: not 0/8, 127/8, 224/3. */
  static boolean isUnicast(int address) {
    int first = address >>> 24;
    return first != 0 && first != 127 && first < 224;
  }

  /** Tells whether the address names a group: 224/4 (RFC 1112 §4). */
  static boolean isMulticast(int address) {
    return address >>> 28 == 14;
  }
}

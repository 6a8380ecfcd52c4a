package io.tunstack.wire;

/** What can be wrong with an IPv4 header, in the order in which it is looked for. */
public enum Ipv4Fault {
  /** Nothing. */
  NONE,
  /** Fewer bytes than the smallest header has. */
  TOO_SHORT,
  /** The version is not 4. */
  VERSION,
  /** The header length is below 20 bytes or goes past the bytes there are. */
  HEADER_LENGTH,
  /** The total length is below the header's or goes past the bytes there are. */
  TOTAL_LENGTH,
  /** The header checksum is wrong. */
  CHECKSUM,
  /** An option's length is 0, 1 or goes past the header. */
  OPTION_LENGTH,
  /** An option asks for a loose or strict source route. */
  SOURCE_ROUTE
}

package io.tunstack.tcp;

/** What to do about explicit congestion notification (RFC 3168). */
public enum EcnMode {
  /** Neither asked for nor agreed to. */
  OFF,
  /** Agreed to when the peer asks, as Linux does by default ({@code tcp_ecn = 2}). */
  WHEN_ASKED,
  /** Asked for in every SYN too. */
  ALWAYS
}

package io.tunstack.wire;

import io.netty.buffer.ByteBuf;

/**
 * The TCP header (RFC 9293 §3.1) in a buffer: static accessors at an absolute offset.
 *
 * <pre>
 *    0 source port    2 destination port
 *    4 sequence number
 *    8 acknowledgment number
 *   12 data offset, reserved   13 flags   14 window
 *   16 checksum      18 urgent pointer
 *   20 options
 * </pre>
 *
 * <p>The caller has seen to it that {@link #MIN_HEADER} bytes are there.
 */
public final class TcpView {
  /** The header without options, bytes. */
  public static final int MIN_HEADER = 20;

  /** The header with every option that the data offset can express, bytes. */
  public static final int MAX_HEADER = 60;

  /** Options at most, bytes. */
  public static final int MAX_OPTIONS = MAX_HEADER - MIN_HEADER;

  /** IPv4's number for TCP. */
  public static final int PROTOCOL = 6;

  /** No more data from the sender. */
  public static final int FIN = 0x01;

  /** Synchronize sequence numbers. */
  public static final int SYN = 0x02;

  /** Reset the connection. */
  public static final int RST = 0x04;

  /** Push. */
  public static final int PSH = 0x08;

  /** The acknowledgment number counts. */
  public static final int ACK = 0x10;

  /** The urgent pointer counts. */
  public static final int URG = 0x20;

  /** ECN echo (RFC 3168). */
  public static final int ECE = 0x40;

  /** Congestion window reduced (RFC 3168). */
  public static final int CWR = 0x80;

  private static final int CHECKSUM_AT = 16;
  private static final String FLAG_LETTERS = "FSRP.UEW";

  private TcpView() {}

  /**
   * Reads the source port.
   *
   * @param buf the buffer
   * @param at where the header starts
   * @return 0 to 65,535
   */
  public static int sourcePort(ByteBuf buf, int at) {
    return buf.getUnsignedShort(at);
  }

  /**
   * Reads the destination port.
   *
   * @param buf the buffer
   * @param at where the header starts
   * @return 0 to 65,535
   */
  public static int destinationPort(ByteBuf buf, int at) {
    return buf.getUnsignedShort(at + 2);
  }

  /**
   * Reads the sequence number.
   *
   * @param buf the buffer
   * @param at where the header starts
   * @return SEG.SEQ
   */
  public static int sequence(ByteBuf buf, int at) {
    return buf.getInt(at + 4);
  }

  /**
   * Reads the acknowledgment number.
   *
   * @param buf the buffer
   * @param at where the header starts
   * @return SEG.ACK
   */
  public static int acknowledgment(ByteBuf buf, int at) {
    return buf.getInt(at + 8);
  }

  /**
   * Reads the length of the header.
   *
   * @param buf the buffer
   * @param at where the header starts
   * @return bytes, 0 to 60, unchecked
   */
  public static int headerLength(ByteBuf buf, int at) {
    return (buf.getByte(at + 12) & 0xf0) >>> 2;
  }

  /**
   * Reads the eight control bits; the reserved ones are not among them.
   *
   * @param buf the buffer
   * @param at where the header starts
   * @return a sum of {@link #FIN} … {@link #CWR}
   */
  public static int flags(ByteBuf buf, int at) {
    return buf.getByte(at + 13) & 0xff;
  }

  /**
   * Reads the window, unscaled.
   *
   * @param buf the buffer
   * @param at where the header starts
   * @return 0 to 65,535
   */
  public static int window(ByteBuf buf, int at) {
    return buf.getUnsignedShort(at + 14);
  }

  /**
   * Reads the urgent pointer.
   *
   * @param buf the buffer
   * @param at where the header starts
   * @return 0 to 65,535
   */
  public static int urgentPointer(ByteBuf buf, int at) {
    return buf.getUnsignedShort(at + 18);
  }

  /**
   * Appends a header without options; the data offset and the checksum are set later.
   *
   * @param buf written at its writer index
   * @param sourcePort 0 to 65,535
   * @param destinationPort 0 to 65,535
   * @param sequence SEG.SEQ
   * @param acknowledgment SEG.ACK, 0 if the ACK flag is not set
   * @param flags the control bits
   * @param window unscaled, 0 to 65,535
   */
  public static void emit(
      ByteBuf buf,
      int sourcePort,
      int destinationPort,
      int sequence,
      int acknowledgment,
      int flags,
      int window) {
    buf.writeShort(sourcePort);
    buf.writeShort(destinationPort);
    buf.writeInt(sequence);
    buf.writeInt(acknowledgment);
    buf.writeByte(MIN_HEADER << 2);
    buf.writeByte(flags);
    buf.writeShort(window);
    buf.writeInt(0);
  }

  /**
   * Sets the data offset.
   *
   * @param buf the buffer
   * @param at where the header starts
   * @param headerLength bytes, a multiple of 4 from 20 to 60
   */
  public static void setHeaderLength(ByteBuf buf, int at, int headerLength) {
    buf.setByte(at + 12, headerLength << 2);
  }

  /**
   * Sets the checksum.
   *
   * @param buf the buffer
   * @param at where the header starts
   * @param checksum 16 bits
   */
  public static void setChecksum(ByteBuf buf, int at, int checksum) {
    buf.setShort(at + CHECKSUM_AT, checksum);
  }

  /**
   * Writes flags as tcpdump does.
   *
   * @param flags the control bits
   * @return such as {@code S.} for SYN,ACK
   */
  public static String flagsToString(int flags) {
    StringBuilder text = new StringBuilder();
    for (int bit = 0; bit < FLAG_LETTERS.length(); bit++) {
      if ((flags & 1 << bit) != 0 && 1 << bit != ACK) {
        text.append(FLAG_LETTERS.charAt(bit));
      }
    }
    if ((flags & ACK) != 0) {
      text.append('.');
    }
    return text.length() == 0 ? "none" : text.toString();
  }
}

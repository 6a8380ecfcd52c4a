package io.tunstack.wire;

import io.netty.buffer.ByteBuf;

/**
 * TCP options, read into fields and written from them: end, no-operation and maximum segment size
 * (RFC 9293 §3.2), window scale and timestamps (RFC 7323), SACK-permitted and SACK (RFC 2018).
 *
 * <p>One object is reused for many segments. Reading never leaves the bounds it is given: an option
 * with a length of 0 or 1, or one that goes past the end, ends the reading, and what came before
 * counts. Options of unknown kind are skipped by their length.
 */
public final class TcpOptions {
  /** The shift that RFC 7323 §2.3 allows at most. */
  public static final int MAX_WINDOW_SHIFT = 14;

  /** Blocks that fit into 40 bytes of options. */
  public static final int MAX_SACK_BLOCKS = 4;

  private static final int END = 0;
  private static final int NOP = 1;
  private static final int MSS = 2;
  private static final int WINDOW_SCALE = 3;
  private static final int SACK_PERMITTED = 4;
  private static final int SACK = 5;
  private static final int TIMESTAMPS = 8;

  private static final int ABSENT = -1;

  private int mss;
  private int windowShift;
  private boolean sackPermitted;
  private boolean timestamps;
  private int tsVal;
  private int tsEcr;
  private int sackBlocks;
  private final int[] sackLeft = new int[MAX_SACK_BLOCKS];
  private final int[] sackRight = new int[MAX_SACK_BLOCKS];

  /** Makes a set without any option. */
  public TcpOptions() {
    mss = ABSENT;
    windowShift = ABSENT;
  }

  /**
   * Forgets every option.
   *
   * @return this set
   */
  public TcpOptions clear() {
    mss = ABSENT;
    windowShift = ABSENT;
    sackPermitted = false;
    timestamps = false;
    tsVal = 0;
    tsEcr = 0;
    sackBlocks = 0;
    return this;
  }

  /**
   * Reads options, replacing what was there.
   *
   * @param buf the buffer
   * @param at where they start
   * @param length bytes, 0 to 40
   * @return false if the list was malformed; what came before the fault is kept
   */
  public boolean parse(ByteBuf buf, int at, int length) {
    clear();
    int end = at + length;
    int i = at;
    while (i < end) {
      int kind = buf.getUnsignedByte(i);
      if (kind == END) {
        return true;
      }
      if (kind == NOP) {
        i++;
        continue;
      }
      if (i + 1 >= end) {
        return false;
      }
      int size = buf.getUnsignedByte(i + 1);
      if (size < 2 || size > end - i) {
        return false;
      }
      parseOne(buf, i + 2, kind, size - 2);
      i += size;
    }
    return true;
  }

  private void parseOne(ByteBuf buf, int at, int kind, int length) {
    // An option of a known kind with a wrong length is skipped, as one of an unknown kind is.
    if (kind == MSS && length == 2) {
      mss = buf.getUnsignedShort(at);
    } else if (kind == WINDOW_SCALE && length == 1) {
      windowShift = Math.min(buf.getUnsignedByte(at), MAX_WINDOW_SHIFT);
    } else if (kind == SACK_PERMITTED && length == 0) {
      sackPermitted = true;
    } else if (kind == TIMESTAMPS && length == 8) {
      timestamps = true;
      tsVal = buf.getInt(at);
      tsEcr = buf.getInt(at + 4);
    } else if (kind == SACK && length % 8 == 0) {
      sackBlocks = Math.min(length / 8, MAX_SACK_BLOCKS);
      for (int b = 0; b < sackBlocks; b++) {
        sackLeft[b] = buf.getInt(at + b * 8);
        sackRight[b] = buf.getInt(at + b * 8 + 4);
      }
    }
  }

  /**
   * Appends these options, padded to a multiple of four bytes. Kinds that the layout of a 40-byte
   * list cannot hold together are the caller's mistake: SACK blocks beyond the room are left out.
   *
   * @param buf written at its writer index
   * @return bytes written
   */
  public int emit(ByteBuf buf) {
    int start = buf.writerIndex();
    if (mss != ABSENT) {
      buf.writeByte(MSS).writeByte(4).writeShort(mss);
    }
    if (sackPermitted && timestamps) {
      // These two share the four bytes that the timestamps' alignment would waste.
      buf.writeByte(SACK_PERMITTED).writeByte(2);
      emitTimestamps(buf);
    } else if (timestamps) {
      buf.writeByte(NOP).writeByte(NOP);
      emitTimestamps(buf);
    } else if (sackPermitted) {
      buf.writeByte(NOP).writeByte(NOP).writeByte(SACK_PERMITTED).writeByte(2);
    }
    if (windowShift != ABSENT) {
      buf.writeByte(NOP).writeByte(WINDOW_SCALE).writeByte(3).writeByte(windowShift);
    }
    int room = (TcpView.MAX_OPTIONS - (buf.writerIndex() - start) - 4) / 8;
    int blocks = Math.min(sackBlocks, room);
    if (blocks > 0) {
      buf.writeByte(NOP).writeByte(NOP).writeByte(SACK).writeByte(2 + 8 * blocks);
      for (int b = 0; b < blocks; b++) {
        buf.writeInt(sackLeft[b]).writeInt(sackRight[b]);
      }
    }
    return buf.writerIndex() - start;
  }

  private void emitTimestamps(ByteBuf buf) {
    buf.writeByte(TIMESTAMPS).writeByte(10).writeInt(tsVal).writeInt(tsEcr);
  }

  /**
   * Tells whether the maximum segment size is there.
   *
   * @return true if so
   */
  public boolean hasMss() {
    return mss != ABSENT;
  }

  /**
   * Returns the maximum segment size.
   *
   * @return bytes, 0 to 65,535, or -1 if absent
   */
  public int mss() {
    return mss;
  }

  /**
   * Sets the maximum segment size.
   *
   * @param bytes 0 to 65,535
   * @return this set
   */
  public TcpOptions mss(int bytes) {
    mss = bytes;
    return this;
  }

  /**
   * Tells whether the window scale is there.
   *
   * @return true if so
   */
  public boolean hasWindowShift() {
    return windowShift != ABSENT;
  }

  /**
   * Returns the window scale.
   *
   * @return 0 to 14 (larger ones are read as 14, RFC 7323 §2.3), or -1 if absent
   */
  public int windowShift() {
    return windowShift;
  }

  /**
   * Sets the window scale.
   *
   * @param shift 0 to 14
   * @return this set
   */
  public TcpOptions windowShift(int shift) {
    windowShift = shift;
    return this;
  }

  /**
   * Tells whether SACK-permitted is there.
   *
   * @return true if so
   */
  public boolean sackPermitted() {
    return sackPermitted;
  }

  /**
   * Sets SACK-permitted.
   *
   * @param permitted true to send it
   * @return this set
   */
  public TcpOptions sackPermitted(boolean permitted) {
    sackPermitted = permitted;
    return this;
  }

  /**
   * Tells whether timestamps are there.
   *
   * @return true if so
   */
  public boolean hasTimestamps() {
    return timestamps;
  }

  /**
   * Returns the sender's timestamp.
   *
   * @return TSval
   */
  public int tsVal() {
    return tsVal;
  }

  /**
   * Returns the echoed timestamp.
   *
   * @return TSecr
   */
  public int tsEcr() {
    return tsEcr;
  }

  /**
   * Sets the timestamps.
   *
   * @param value TSval
   * @param echo TSecr
   * @return this set
   */
  public TcpOptions timestamps(int value, int echo) {
    timestamps = true;
    tsVal = value;
    tsEcr = echo;
    return this;
  }

  /**
   * Returns how many SACK blocks there are.
   *
   * @return 0 to 4
   */
  public int sackBlocks() {
    return sackBlocks;
  }

  /**
   * Returns a block's first sequence number.
   *
   * @param block 0 to {@link #sackBlocks()} - 1
   * @return the left edge
   */
  public int sackLeft(int block) {
    return sackLeft[block];
  }

  /**
   * Returns the sequence number behind a block's last.
   *
   * @param block 0 to {@link #sackBlocks()} - 1
   * @return the right edge
   */
  public int sackRight(int block) {
    return sackRight[block];
  }

  /**
   * Appends a SACK block; a fifth is left out.
   *
   * @param left the first sequence number
   * @param right the one behind the last
   * @return this set
   */
  public TcpOptions addSackBlock(int left, int right) {
    if (sackBlocks < MAX_SACK_BLOCKS) {
      sackLeft[sackBlocks] = left;
      sackRight[sackBlocks] = right;
      sackBlocks++;
    }
    return this;
  }
}

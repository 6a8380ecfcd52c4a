package io.tunstack.ip;

import io.netty.buffer.ByteBuf;
import io.tunstack.wire.Ipv4View;
import java.util.Arrays;

/**
 * A datagram of which some fragments are here: disjoint pieces, sorted by where they start.
 *
 * <pre>
 *   payload  0        1480      2960               5920    6408
 *            [ piece 0 ][ piece 1 ]     missing      [ last ]
 * </pre>
 */
final class PartialDatagram {
  /** How a fragment goes with those that are here. */
  enum Fit {
    /** It fills a part of a gap. */
    NEW,
    /** It is here already, byte for byte. */
    DUPLICATE,
    /** It overlaps another piece, or contradicts where the datagram ends. */
    CONFLICT
  }

  /** Memory of the object, its arrays at their first size, and its place in the table, roughly. */
  static final int OVERHEAD_BYTES = 256;

  /** Memory of a piece beside its bytes: the array's header and slots that grow by doubling. */
  static final int PIECE_OVERHEAD_BYTES = 64;

  private static final int UNKNOWN = -1;
  private static final int INITIAL_PIECES = 4;

  private final FragmentKey key;
  private final long deadline;
  private int[] starts = new int[INITIAL_PIECES];
  private byte[][] pieces = new byte[INITIAL_PIECES][];
  private int count;
  private int receivedBytes;
  private int pieceBytes;
  // Where the payload ends; known from the last fragment on.
  private int end = UNKNOWN;
  // The first fragment's IPv4 header as it came.
  private byte[] header = {};
  private boolean congestionSeen;
  private boolean notCapableSeen;
  private boolean abandoned;

  PartialDatagram(FragmentKey key, long deadline) {
    this.key = key;
    this.deadline = deadline;
  }

  FragmentKey key() {
    return key;
  }

  long deadline() {
    return deadline;
  }

  /** Returns the bytes of memory that this takes. */
  int cost() {
    return OVERHEAD_BYTES + pieceBytes + count * PIECE_OVERHEAD_BYTES + header.length;
  }

  int pieces() {
    return count;
  }

  boolean isAbandoned() {
    return abandoned;
  }

  /** Forgets the pieces but not the key: what comes later must not make a datagram any more. */
  void abandon() {
    abandoned = true;
    starts = new int[0];
    pieces = new byte[0][];
    header = new byte[0];
    count = 0;
    receivedBytes = 0;
    pieceBytes = 0;
  }

  /** Judges a fragment whose payload is {@code length} bytes at {@code at} in the buffer. */
  Fit judge(int start, int length, boolean last, ByteBuf buffer, int at) {
    int stop = start + length;
    int index = indexFrom(start);
    if (index < count && starts[index] == start && pieces[index].length == length) {
      boolean wasLast = stop == end;
      return wasLast == last && hasBytes(pieces[index], buffer, at) ? Fit.DUPLICATE : Fit.CONFLICT;
    }
    boolean overlapsNext = index < count && starts[index] < stop;
    boolean overlapsPrevious = index > 0 && stopOf(index - 1) > start;
    // Behind the last fragment nothing may come, and the last one must be the hindmost.
    boolean wrongEnd =
        last
            ? end != UNKNOWN || (count > 0 && stopOf(count - 1) >= stop)
            : end != UNKNOWN && stop >= end;
    return overlapsNext || overlapsPrevious || wrongEnd ? Fit.CONFLICT : Fit.NEW;
  }

  /** Keeps a copy of a fragment that {@link #judge} found new. */
  void add(int start, int length, boolean last, ByteBuf buffer, int at) {
    int index = indexFrom(start);
    if (count == starts.length) {
      starts = Arrays.copyOf(starts, count * 2);
      pieces = Arrays.copyOf(pieces, count * 2);
    }
    System.arraycopy(starts, index, starts, index + 1, count - index);
    System.arraycopy(pieces, index, pieces, index + 1, count - index);
    byte[] bytes = new byte[length];
    buffer.getBytes(at, bytes);
    starts[index] = start;
    pieces[index] = bytes;
    count++;
    receivedBytes += length;
    pieceBytes += length;
    if (last) {
      end = start + length;
    }
  }

  /** Keeps the first fragment's header. */
  void setHeader(ByteBuf buffer, int at, int length) {
    header = new byte[length];
    buffer.getBytes(at, header);
  }

  /** Notes a fragment's ECN field (RFC 3168 §5.3). */
  void noteEcn(int typeOfService) {
    int ecn = typeOfService & Ipv4View.ECN_MASK;
    congestionSeen |= ecn == Ipv4View.ECN_CONGESTION_EXPERIENCED;
    notCapableSeen |= ecn == Ipv4View.ECN_NOT_CAPABLE;
  }

  /** Tells whether every byte from the first to the last is here. */
  boolean isComplete() {
    return receivedBytes == end;
  }

  boolean hasFirstFragment() {
    return header.length > 0;
  }

  /**
   * Tells whether the whole can be a datagram: the first fragment's header, which may be longer
   * than the others', must leave room for the payload, and the marks of congestion must not
   * contradict each other.
   */
  boolean isSound() {
    return header.length + end <= Ipv4View.MAX_TOTAL_LENGTH && !(congestionSeen && notCapableSeen);
  }

  /** Writes the whole datagram from index 0 on, as if it had never been cut. */
  void writeWhole(ByteBuf target) {
    target.clear().writeBytes(header);
    for (int i = 0; i < count; i++) {
      target.writeBytes(pieces[i]);
    }
    target.setShort(2, target.writerIndex());
    target.setShort(6, 0);
    if (congestionSeen) {
      target.setByte(1, header[1] | Ipv4View.ECN_CONGESTION_EXPERIENCED);
    }
    Ipv4View.updateChecksum(target, 0, header.length);
  }

  /** Writes the first fragment from index 0 on, unchanged. */
  void writeFirstFragment(ByteBuf target) {
    target.clear().writeBytes(header).writeBytes(pieces[0]);
  }

  /** Finds the first piece that starts at or behind a position. */
  private int indexFrom(int start) {
    int found = Arrays.binarySearch(starts, 0, count, start);
    return found >= 0 ? found : -found - 1;
  }

  private int stopOf(int index) {
    return starts[index] + pieces[index].length;
  }

  private static boolean hasBytes(byte[] bytes, ByteBuf buffer, int at) {
    for (int i = 0; i < bytes.length; i++) {
      if (buffer.getByte(at + i) != bytes[i]) {
        return false;
      }
    }
    return true;
  }
}

package io.tunstack.link;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Arrays;

/**
 * A packet on its way out: a header scratch, and ranges of other people's buffers behind it.
 *
 * <pre>
 *   header()                      range 0          range 1
 *   [ IP room | TCP + options ]   [ slab bytes ]   [ slab bytes ] ...
 * </pre>
 *
 * <p>The transport appends its header behind the room that {@link #reset()} leaves for IP, adds
 * ranges for the payload, and hands the packet to the IP layer, which fills the room. Nothing is
 * copied before the link gathers the pieces. One packet object serves a stack for its lifetime;
 * ranges are borrowed and the buffers in them are never released by it. Engine thread only.
 */
public final class OutboundPacket implements AutoCloseable {
  /** Bytes that {@link #reset()} leaves free in front for an IPv4 header without options. */
  public static final int IP_HEADER_ROOM = 20;

  /**
   * Header bytes at most. An IPv4 header takes 20, TCP's takes 60 with every option; what ICMP
   * composes fits too. The rest is head room for links that prepend a header of their own.
   */
  public static final int HEADER_CAPACITY = 256;

  private static final int INITIAL_RANGES = 8;

  private final ByteBuf header = Unpooled.directBuffer(HEADER_CAPACITY, HEADER_CAPACITY);
  private ByteBuf[] buffers = new ByteBuf[INITIAL_RANGES];
  private int[] offsets = new int[INITIAL_RANGES];
  private int[] lengths = new int[INITIAL_RANGES];
  private int rangeCount;
  private int payloadLength;
  private boolean leftToLink;
  private int segmentBytes;

  /** Makes an empty packet, {@link #reset()} already. */
  public OutboundPacket() {
    reset();
  }

  /** Gives the header scratch back; the packet is of no use afterwards. */
  @Override
  public void close() {
    reset();
    header.release();
  }

  /**
   * Empties the packet and leaves {@link #IP_HEADER_ROOM} bytes in the header.
   *
   * @return this packet
   */
  public OutboundPacket reset() {
    header.setIndex(0, IP_HEADER_ROOM);
    Arrays.fill(buffers, 0, rangeCount, null);
    rangeCount = 0;
    payloadLength = 0;
    leftToLink = false;
    segmentBytes = 0;
    return this;
  }

  /**
   * Leaves the transport checksum to a link that offloads ({@link Link#offloads()}): the field
   * holds the folded sum of the pseudo-header, not inverted. And where the payload is more than one
   * segment, cutting it is left to the link too.
   *
   * @param bytes of payload in each segment but the last; 0 if it is a single segment
   */
  public void leaveToLink(int bytes) {
    leftToLink = true;
    segmentBytes = payloadLength > bytes ? bytes : 0;
  }

  /**
   * Tells whether the checksum is left to the link.
   *
   * @return true after {@link #leaveToLink}
   */
  public boolean isLeftToLink() {
    return leftToLink;
  }

  /**
   * Tells whether the packet has to be cut.
   *
   * @return bytes of payload in each segment but the last; 0 if it is a single segment
   */
  public int segmentBytes() {
    return segmentBytes;
  }

  /**
   * Returns the header scratch, a direct buffer: its readable bytes are the front of the packet.
   *
   * @return owned by this packet; write to it, do not release it
   */
  public ByteBuf header() {
    return header;
  }

  /**
   * Appends a range of a buffer to the payload.
   *
   * @param buffer borrowed until the packet is reset or sent
   * @param offset absolute index of the first byte
   * @param length bytes, may be 0
   * @throws IndexOutOfBoundsException if the range is not inside the buffer
   */
  public void addRange(ByteBuf buffer, int offset, int length) {
    if (offset < 0 || length < 0 || offset > buffer.capacity() - length) {
      throw new IndexOutOfBoundsException(
          "range " + offset + "+" + length + " of a buffer of " + buffer.capacity());
    }
    if (length == 0) {
      return;
    }
    if (rangeCount == buffers.length) {
      buffers = Arrays.copyOf(buffers, rangeCount * 2);
      offsets = Arrays.copyOf(offsets, rangeCount * 2);
      lengths = Arrays.copyOf(lengths, rangeCount * 2);
    }
    buffers[rangeCount] = buffer;
    offsets[rangeCount] = offset;
    lengths[rangeCount] = length;
    rangeCount++;
    payloadLength += length;
  }

  /**
   * Returns how many payload ranges there are.
   *
   * @return 0 or more
   */
  public int rangeCount() {
    return rangeCount;
  }

  /**
   * Returns the buffer of a range.
   *
   * @param index 0 to {@link #rangeCount()} - 1
   * @return borrowed
   */
  public ByteBuf rangeBuffer(int index) {
    return buffers[index];
  }

  /**
   * Returns where a range starts in its buffer.
   *
   * @param index 0 to {@link #rangeCount()} - 1
   * @return an absolute index
   */
  public int rangeOffset(int index) {
    return offsets[index];
  }

  /**
   * Returns the length of a range.
   *
   * @param index 0 to {@link #rangeCount()} - 1
   * @return bytes, 1 or more
   */
  public int rangeLength(int index) {
    return lengths[index];
  }

  /**
   * Returns the payload behind the header.
   *
   * @return bytes
   */
  public int payloadLength() {
    return payloadLength;
  }

  /**
   * Returns the length of the whole packet.
   *
   * @return bytes, header included
   */
  public int length() {
    return header.readableBytes() + payloadLength;
  }

  /**
   * Gathers the packet into one buffer, behind what is there.
   *
   * @param target must have {@link #length()} bytes of room
   */
  public void copyTo(ByteBuf target) {
    target.writeBytes(header, header.readerIndex(), header.readableBytes());
    for (int i = 0; i < rangeCount; i++) {
      target.writeBytes(buffers[i], offsets[i], lengths[i]);
    }
  }
}

package io.tunstack.tun;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.LinkException;
import io.tunstack.link.OutboundPacket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Packets on their way to the device: put together one by one, then written one right after the
 * other, with a system call each.
 *
 * <pre>
 *   slots    [ front | header, or all of a small packet ]   x {@link #PACKETS}
 *   pieces   { address, length } of a slot's bytes and of the ranges behind it: struct iovec
 * </pre>
 *
 * <p>In between, nothing of ours runs: the kernel's receiving of a packet fills the first cache of
 * instructions by itself, and finds itself there again for the next one. Taking turns with TCP for
 * each packet costs a sixth of the rate of 1,500-byte packets.
 *
 * <p>Belongs to the thread that sends.
 */
final class Outbox {
  /** Enough to have most of the gain, few enough that the first does not wait for long. */
  static final int PACKETS = 16;

  /** Pieces of one packet at most; a segment out of a send queue has two or three. */
  static final int MAX_PIECES = 64;

  /**
   * Packets of at most so many bytes are copied together: that takes less than what the kernel has
   * to do for several pieces.
   */
  static final int MAX_COPIED = 512;

  /** The largest packet there is. */
  static final int MAX_PACKET = 65_535;

  /** A small packet with its front, and a multiple of eight, as the front's numbers like it. */
  private static final int SLOT_BYTES = 528;

  private static final int PIECE_BYTES = 16;
  private static final int PIECES = 2 * MAX_PIECES;

  private final Syscalls sys;
  private final int fd;
  private final String device;

  /** Bytes in front of each packet: those of {@link VnetHeader}, or none. */
  private final int front;

  private final ByteBuf slots = Unpooled.directBuffer(PACKETS * SLOT_BYTES, PACKETS * SLOT_BYTES);
  private final ByteBuffer fronts = inNativeOrder(slots, PACKETS * SLOT_BYTES);
  private final NativeBlock pieces = new NativeBlock(PIECES * PIECE_BYTES);
  private final int[] lengths = new int[PACKETS];

  /** The first piece of each packet, and where those of the next will begin. */
  private final int[] firstPiece = new int[PACKETS + 1];

  private int count;

  /** For a packet that the kernel cannot gather; made when there is one. */
  private ByteBuf gathered;

  private boolean gatheredInUse;

  Outbox(Syscalls sys, int fd, String device, int front) {
    this.sys = sys;
    this.fd = fd;
    this.device = device;
    this.front = front;
  }

  private static ByteBuffer inNativeOrder(ByteBuf buffer, int length) {
    return buffer.internalNioBuffer(0, length).slice().order(ByteOrder.nativeOrder());
  }

  /** Tells whether there is nothing to push. */
  boolean isEmpty() {
    return count == 0;
  }

  /**
   * Tells whether a packet has to wait until what is here has been pushed. An empty one has room.
   */
  boolean hasRoomFor(OutboundPacket packet) {
    return count < PACKETS
        && firstPiece[count] + Math.min(1 + packet.rangeCount(), MAX_PIECES) <= PIECES
        && !(gatheredInUse && mustBeGathered(packet));
  }

  /**
   * Takes a packet for which there is room. Its header is copied; what its ranges point to stays
   * where it is and as it is until {@link #push}, unless all of it is small.
   *
   * @param packet of at most {@link #MAX_PACKET} bytes
   */
  void add(OutboundPacket packet) {
    int length = packet.length();
    int at = count * SLOT_BYTES;
    if (front > 0) {
      VnetHeader.write(fronts, at, packet);
    }
    slots.setIndex(at, at + front);
    int piece = firstPiece[count];
    if (length <= MAX_COPIED) {
      packet.copyTo(slots);
      piece = addSlot(piece);
    } else if (mustBeGathered(packet)) {
      piece = gather(packet, front > 0 ? addSlot(piece) : piece);
    } else {
      ByteBuf header = packet.header();
      slots.writeBytes(header, header.readerIndex(), header.readableBytes());
      piece = point(packet, addSlot(piece));
    }
    lengths[count++] = front + length;
    firstPiece[count] = piece;
  }

  private int addSlot(int piece) {
    setPiece(piece, slots.memoryAddress() + slots.readerIndex(), slots.readableBytes());
    return piece + 1;
  }

  private int point(OutboundPacket packet, int first) {
    int piece = first;
    for (int i = 0; i < packet.rangeCount(); i++) {
      long address = packet.rangeBuffer(i).memoryAddress() + packet.rangeOffset(i);
      setPiece(piece++, address, packet.rangeLength(i));
    }
    return piece;
  }

  private int gather(OutboundPacket packet, int piece) {
    if (gathered == null) {
      gathered = Unpooled.directBuffer(MAX_PACKET, MAX_PACKET);
    }
    gatheredInUse = true;
    packet.copyTo(gathered.clear());
    setPiece(piece, gathered.memoryAddress(), gathered.readableBytes());
    return piece + 1;
  }

  /** Whether the kernel cannot be told where the pieces are, as they are on the heap or many. */
  private static boolean mustBeGathered(OutboundPacket packet) {
    if (packet.length() <= MAX_COPIED) {
      return false;
    }
    if (1 + packet.rangeCount() > MAX_PIECES) {
      return true;
    }
    for (int i = 0; i < packet.rangeCount(); i++) {
      if (!packet.rangeBuffer(i).hasMemoryAddress()) {
        return true;
      }
    }
    return false;
  }

  private void setPiece(int piece, long address, long length) {
    int at = piece * PIECE_BYTES;
    pieces.bytes().putLong(at, address).putLong(at + Long.BYTES, length);
  }

  /**
   * Writes everything, in the order in which it came. Empty afterwards, whatever happens.
   *
   * @return how many packets were lost: EIO means that the interface is down, EAGAIN and ENOBUFS
   *     that it is full, EINVAL that this is not a packet
   * @throws LinkException if the device is gone
   */
  int push() {
    int waiting = count;
    count = 0;
    gatheredInUse = false;
    int lost = 0;
    for (int i = 0; i < waiting; i++) {
      // The device takes a packet whole or not at all; the rest of one would be another packet.
      long written = write(firstPiece[i], firstPiece[i + 1] - firstPiece[i]);
      if (written != lengths[i]) {
        lost++;
        requireDevice(written);
      }
    }
    return lost;
  }

  private long write(int first, int number) {
    int at = first * PIECE_BYTES;
    if (number > 1) {
      return sys.writev(fd, pieces.address() + at, number);
    }
    ByteBuffer piece = pieces.bytes();
    return sys.write(fd, piece.getLong(at), piece.getLong(at + Long.BYTES));
  }

  private void requireDevice(long written) {
    int errno = written < 0 ? sys.errno() : 0;
    if (Errno.isGone(errno)) {
      throw new LinkException(Advice.gone(device, errno));
    }
  }
}

package io.tunstack.tcp;

import static io.tunstack.memory.SlabPool.SLAB_BYTES;

import io.netty.buffer.ByteBuf;
import io.tunstack.link.OutboundPacket;
import io.tunstack.wire.Seq;
import java.nio.ByteBuffer;
import java.util.function.Consumer;

/**
 * Bytes written and not yet acknowledged, addressed by sequence number. A segment takes its payload
 * from here as ranges of slabs, however often it is sent.
 */
final class SendQueue {
  private final Spares<SlabDeque> deques;

  /** Null while the queue is empty. */
  private SlabDeque slabs;

  private int capacity;
  private int startSeq;
  private int endSeq;

  SendQueue(Spares<SlabDeque> deques, int capacity) {
    this.deques = deques;
    this.capacity = capacity;
  }

  /** Says which sequence number the first byte will have; only while empty. */
  void startAt(int seq) {
    startSeq = seq;
    endSeq = seq;
  }

  /** The sequence number behind the last byte. */
  int endSeq() {
    return endSeq;
  }

  int length() {
    return Seq.distance(startSeq, endSeq);
  }

  int room() {
    return Math.max(0, capacity - length());
  }

  int capacity() {
    return capacity;
  }

  /** Changes how much it takes; what is in it already stays. */
  void setCapacity(int bytes) {
    capacity = bytes;
  }

  /** Copies in as much as fits; the source's position moves. */
  int write(ByteBuffer source) {
    int wanted = Math.min(source.remaining(), room());
    if (wanted > 0 && slabs == null) {
      slabs = deques.take();
    }
    int written = 0;
    while (written < wanted) {
      int position = slabs.offset + length();
      ByteBuf slab = slabs.slabFor(position);
      if (slab == null) {
        break;
      }
      int at = position % SLAB_BYTES;
      int chunk = Math.min(wanted - written, SLAB_BYTES - at);
      int limit = source.limit();
      source.limit(source.position() + chunk);
      slab.setBytes(at, source);
      source.limit(limit);
      written += chunk;
      endSeq += chunk;
    }
    return written;
  }

  /**
   * Takes bytes without copying them where they fill whole slabs; the rest, in front and behind, is
   * copied. The source's position moves behind what was taken, and nothing before it may change
   * until it is acknowledged.
   */
  int lend(ByteBuffer source) {
    int wanted = Math.min(source.remaining(), room());
    int position = slabs == null ? 0 : slabs.offset + length();
    int front = -position & (SLAB_BYTES - 1);
    int whole = (wanted - front) / SLAB_BYTES;
    if (whole <= 0 || !source.isDirect()) {
      return write(source);
    }
    if (slabs == null) {
      slabs = deques.take();
    }
    int limit = source.limit();
    source.limit(source.position() + front);
    int taken = write(source);
    source.limit(limit);
    if (taken < front) {
      return taken;
    }
    for (int i = 0; i < whole; i++) {
      slabs.lend(slabs.offset + length(), source);
      source.position(source.position() + SLAB_BYTES);
      endSeq += SLAB_BYTES;
    }
    taken += whole * SLAB_BYTES;
    // What there is no room for now can be lent later; a last piece cannot.
    return source.remaining() < SLAB_BYTES ? taken + write(source) : taken;
  }

  /**
   * Lets somebody write into the queue itself.
   *
   * @param limit bytes at most
   * @param maker is given room that lies together, if there is any, and moves its position
   * @return how many bytes were put there; -1 if there is no room
   */
  int fill(int limit, Consumer<ByteBuffer> maker) {
    int wanted = Math.min(limit, room());
    if (wanted <= 0) {
      return -1;
    }
    if (slabs == null) {
      slabs = deques.take();
    }
    int position = slabs.offset + length();
    ByteBuf slab = slabs.slabFor(position);
    if (slab == null) {
      return -1;
    }
    int at = position % SLAB_BYTES;
    ByteBuffer room = slab.internalNioBuffer(at, Math.min(wanted, SLAB_BYTES - at));
    int before = endSeq;
    maker.accept(room);
    if (slabs == null || endSeq != before) {
      // The connection has ended meanwhile, or has been written to.
      return 0;
    }
    int written = room.position() - at;
    endSeq += written;
    if (length() == 0) {
      giveBack();
    }
    return written;
  }

  /** Adds the ranges that hold {@code length} bytes from {@code seq} to a packet. */
  @SuppressWarnings("ReferenceEquality") // the very buffer, not one that has the same bytes
  void addRanges(OutboundPacket packet, int seq, int length) {
    if (length == 0) {
      return;
    }
    int position = slabs.offset + Seq.distance(startSeq, seq);
    int left = length;
    while (left > 0) {
      ByteBuf buffer = slabs.slabAt(position);
      int start = slabs.startAt(position) + position % SLAB_BYTES;
      int chunk = Math.min(left, SLAB_BYTES - position % SLAB_BYTES);
      // Of what was lent, pieces that lie together leave as one.
      while (chunk < left
          && slabs.slabAt(position + chunk) == buffer
          && slabs.startAt(position + chunk) == start + chunk) {
        chunk += Math.min(left - chunk, SLAB_BYTES);
      }
      packet.addRange(buffer, start, chunk);
      position += chunk;
      left -= chunk;
    }
  }

  /** Forgets everything before {@code seq}. */
  void release(int seq) {
    int bytes = Seq.distance(startSeq, seq);
    if (bytes <= 0) {
      return;
    }
    startSeq = seq;
    slabs.offset += bytes;
    while (slabs.offset >= SLAB_BYTES) {
      slabs.dropFirst();
      slabs.offset -= SLAB_BYTES;
    }
    if (startSeq == endSeq) {
      // Nothing waits: an idle connection holds no slab.
      giveBack();
    }
  }

  private void giveBack() {
    if (slabs != null) {
      slabs.clear();
      deques.give(slabs);
      slabs = null;
    }
  }

  void clear() {
    giveBack();
    startSeq = endSeq;
  }
}

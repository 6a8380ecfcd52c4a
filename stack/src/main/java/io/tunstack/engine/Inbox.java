package io.tunstack.engine;

import io.tunstack.link.ReceivedChecksum;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Packets that other engines of the stack have handed over. Any thread offers, one polls. */
final class Inbox {
  /**
   * As many as the device keeps of a queue's; beyond that they are lost, as they would be there.
   */
  static final int MAX_PACKETS = 10_000;

  private final ConcurrentLinkedQueue<Packet> packets = new ConcurrentLinkedQueue<>();
  private final AtomicInteger size = new AtomicInteger();

  /** Called when a packet has been added. */
  private volatile Runnable alarm = Inbox::wakeNobody;

  /** A packet as the link gave it, or reassembled. Nobody changes the bytes. */
  static final class Packet {
    final byte[] bytes;
    final ReceivedChecksum checksum;
    final int segmentBytes;

    Packet(byte[] bytes, ReceivedChecksum checksum, int segmentBytes) {
      this.bytes = bytes;
      this.checksum = checksum;
      this.segmentBytes = segmentBytes;
    }
  }

  private static void wakeNobody() {}

  /** Says who is to be woken. */
  void onArrival(Runnable newAlarm) {
    alarm = newAlarm;
  }

  /** Adds a packet; false if there are too many. */
  boolean offer(Packet packet) {
    if (size.incrementAndGet() > MAX_PACKETS) {
      size.decrementAndGet();
      return false;
    }
    packets.add(packet);
    alarm.run();
    return true;
  }

  boolean isEmpty() {
    return packets.isEmpty();
  }

  /** Takes the oldest out; null if there is none. */
  Packet poll() {
    Packet packet = packets.poll();
    if (packet != null) {
      size.decrementAndGet();
    }
    return packet;
  }
}

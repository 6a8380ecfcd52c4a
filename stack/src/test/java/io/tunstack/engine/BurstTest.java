package io.tunstack.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.tunstack.link.Link;
import io.tunstack.link.OutboundPacket;
import io.tunstack.link.ReceivedChecksum;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BurstTest {
  private static final int LARGEST = 65_535;

  /** A read that fails. */
  private static final int FAILS = -1;

  private final Queue queue = new Queue();
  private final Burst burst = new Burst(queue, LARGEST);

  @AfterEach
  void close() {
    burst.close();
    queue.buffers.forEach(buffer -> assertEquals(0, buffer.refCnt()));
  }

  @Test
  void shouldHaveAllInOrderWithWhatIsKnownOfThem_whenTheyAreFew() {
    queue.packets.addAll(List.of(100, 101, 3));

    burst.read(Burst.MAX_PACKETS);

    assertEquals(3, burst.count());
    assertEquals(204, burst.bytes());
    assertTrue(burst.isDry());
    for (int i = 0; i < 3; i++) {
      assertEquals(i, burst.packet(i).getByte(burst.packet(i).readerIndex()));
      assertEquals(i + 1000, burst.segmentBytes(i));
      assertEquals(
          i % 2 == 0 ? ReceivedChecksum.PARTIAL : ReceivedChecksum.VERIFIED, burst.checksum(i));
    }
    assertEquals(3, burst.packet(2).readableBytes());
  }

  @Test
  void shouldStopAtItsSize_andGoOnNextTime() {
    for (int i = 0; i < Burst.MAX_PACKETS + 1; i++) {
      queue.packets.add(40);
    }

    burst.read(Integer.MAX_VALUE);
    assertEquals(Burst.MAX_PACKETS, burst.count());
    assertFalse(burst.isDry());

    burst.read(Integer.MAX_VALUE);
    assertEquals(1, burst.count());
    assertEquals(Burst.MAX_PACKETS, burst.packet(0).getByte(burst.packet(0).readerIndex()));
    assertTrue(burst.isDry());
  }

  @Test
  void shouldStopAtTheNumber_whenThereIsOne() {
    queue.packets.addAll(List.of(40, 40, 40));

    burst.read(2);

    assertEquals(2, burst.count());
    assertFalse(burst.isDry());
    assertEquals(2, queue.buffers.size());
  }

  @Test
  void shouldBeAloneInItsBurst_whenAPacketIsOfManySegments() {
    queue.packets.addAll(List.of(LARGEST, 40));

    burst.read(Burst.MAX_PACKETS);

    assertEquals(1, burst.count());
    assertFalse(burst.isDry());
  }

  @Test
  void shouldReadUntilThereIsEnough_whenSomeAreLarge() {
    queue.packets.addAll(List.of(Burst.ENOUGH_BYTES - 1, 40, 40));

    burst.read(Burst.MAX_PACKETS);

    assertEquals(2, burst.count());
  }

  @Test
  void shouldGiveEachOnce_inOrder() {
    assertTrue(burst.isEmpty());
    queue.packets.addAll(List.of(40, 40));
    burst.read(Burst.MAX_PACKETS);

    assertEquals(0, burst.take());
    assertFalse(burst.isEmpty());
    assertEquals(1, burst.take());
    assertTrue(burst.isEmpty());

    queue.packets.add(40);
    burst.read(Burst.MAX_PACKETS);
    assertEquals(0, burst.take());
    assertTrue(burst.isEmpty());
  }

  @Test
  void shouldKeepThoseBefore_whenReadingFails() {
    queue.packets.addAll(List.of(40, 41, FAILS, 42));

    assertThrows(IllegalStateException.class, () -> burst.read(Burst.MAX_PACKETS));

    assertEquals(0, burst.take());
    assertEquals(1, burst.take());
    assertEquals(41, burst.packet(1).readableBytes());
    assertTrue(burst.isEmpty());
    burst.read(Burst.MAX_PACKETS);
    assertEquals(1, burst.count());
  }

  @Test
  void shouldLendAnEmptyBuffer_forWhatComesByAnotherWay() {
    queue.packets.add(40);
    burst.read(Burst.MAX_PACKETS);
    burst.take();

    ByteBuf spare = burst.spare();

    assertEquals(0, spare.readableBytes());
    assertEquals(LARGEST, spare.capacity());
  }

  /** Delivers packets of given lengths; the first byte tells how many came before. */
  private static final class Queue implements Link {
    private final ArrayDeque<Integer> packets = new ArrayDeque<>();
    private final Set<ByteBuf> buffers = Collections.newSetFromMap(new IdentityHashMap<>());
    private int delivered;

    @Override
    public int receive(ByteBuf into) {
      if (packets.isEmpty()) {
        return 0;
      }
      buffers.add(into);
      int length = packets.remove();
      if (length == FAILS) {
        throw new IllegalStateException("a defect, as planned");
      }
      into.clear().writeZero(length).setByte(0, delivered++);
      return length;
    }

    @Override
    public ReceivedChecksum receivedChecksum() {
      return delivered % 2 == 1 ? ReceivedChecksum.PARTIAL : ReceivedChecksum.VERIFIED;
    }

    @Override
    public int receivedSegmentBytes() {
      return delivered - 1 + 1000;
    }

    @Override
    public int mtu() {
      return LARGEST;
    }

    @Override
    public boolean send(OutboundPacket packet) {
      return false;
    }

    @Override
    public void close() {}
  }
}

package io.tunstack.tcp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import io.tunstack.memory.SlabPool;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The receiving half by itself, over more bytes than a script would send. */
class ReceiverTest {
  private static final int IRS = -5000;
  private static final int LENGTH = 60_000;

  private final SlabPool pool = new SlabPool(1 << 20);
  private final Receiver receiver =
      new Receiver(
          new Workspace(pool, TcpConfig.DEFAULT),
          TcpConfig.DEFAULT,
          ConnectionOptions.of(TcpConfig.DEFAULT));
  private final Segment segment = new Segment();
  private final ByteBuffer target = ByteBuffer.allocate(LENGTH);

  ReceiverTest() {
    receiver.start(IRS);
    segment.buffer = Unpooled.buffer(LENGTH).writeZero(LENGTH);
    segment.segmentBytes = LENGTH;
  }

  @AfterEach
  void holdNothing() {
    receiver.clear();
    assertEquals(0, pool.inUse());
  }

  /** Takes text in order, and reads it. */
  private void pass(int length) {
    segment.seq = receiver.rcvNxt();
    segment.textLength = length;
    assertTrue(receiver.text(segment));
    assertEquals(length, receiver.read(target.clear()));
  }

  @Test
  void shouldForgetUrgentDataThatWasRead_thoughTheNumbersComeRound() {
    assertTrue(receiver.urgent(receiver.rcvNxt() + 10));
    pass(4);
    assertEquals(6, receiver.urgentRemaining());
    pass(6);
    assertEquals(0, receiver.urgentRemaining());
    for (long passed = 0; passed < (1L << 31) + LENGTH; passed += LENGTH) {
      pass(LENGTH);
      assertEquals(0, receiver.urgentRemaining());
    }
    assertTrue(receiver.urgent(receiver.rcvNxt() + 3), "what is urgent now");
    assertEquals(3, receiver.urgentRemaining());
  }
}

package io.tunstack.tun;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.tunstack.link.LinkException;
import io.tunstack.link.OutboundPacket;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TunLinkTest {
  private static final byte V4 = 0x45;
  private static final byte V6 = 0x60;

  private final FakeKernel kernel = new FakeKernel();
  private final OutboundPacket packet = new OutboundPacket();
  private final ByteBuf direct = Unpooled.directBuffer(65_536, 65_536);
  private final ByteBuf heap = Unpooled.buffer(16, 16).writeBytes(bytes(16, 100));
  private TunLink link;

  @BeforeEach
  void open() {
    link = TunLink.open(kernel, TunConfig.builder().build());
    kernel.calls.clear();
    kernel.closed.clear();
    direct.writeBytes(bytes(512, 0));
    packet.header().setIndex(0, 0).writeBytes(new byte[] {V4, 1, 2, 3}).skipBytes(1);
  }

  @AfterEach
  void release() {
    direct.release();
    packet.header().release();
  }

  @Test
  void shouldWriteOnce_whenThereIsOnlyAHeader() {
    assertTrue(link.send(packet));

    assertEquals(List.of("write"), kernel.calls);
    assertArrayEquals(new byte[] {1, 2, 3}, kernel.written.get(0));
  }

  @Test
  void shouldGatherInTheKernel_whenRangesAreDirect() {
    packet.addRange(direct, 0, 512);
    packet.addRange(direct.slice(100, 50), 5, 1);

    assertTrue(link.send(packet));

    assertEquals(List.of("writev 3"), kernel.calls);
    byte[] written = kernel.written.get(0);
    assertArrayEquals(bytes(512, 0), Arrays.copyOfRange(written, 3, 515));
    assertArrayEquals(new byte[] {1, 2, 3}, Arrays.copyOf(written, 3));
    assertArrayEquals(new byte[] {105}, Arrays.copyOfRange(written, 515, written.length));
  }

  @Test
  void shouldCopyTogether_whenThePacketIsSmall() {
    packet.addRange(direct, 10, 2);
    packet.addRange(direct.slice(100, 50), 5, 1);
    assertTrue(link.send(packet));
    packet.addRange(direct, 0, Outbox.MAX_COPIED - packet.length());
    assertTrue(link.send(packet));
    packet.addRange(direct, 0, 1);
    assertTrue(link.send(packet));

    assertEquals(List.of("write", "write", "writev 5"), kernel.calls);
    assertArrayEquals(new byte[] {1, 2, 3, 10, 11, 105}, kernel.written.get(0));
    byte[] largest = Arrays.copyOf(kernel.written.get(2), Outbox.MAX_COPIED);
    assertArrayEquals(largest, kernel.written.get(1));
  }

  @Test
  void shouldCopyTogether_whenARangeIsOnTheHeap() {
    packet.addRange(direct, 10, 2);
    packet.addRange(heap, 1, 2);
    assertTrue(link.send(packet));
    packet.addRange(direct, 0, 510);
    assertTrue(link.send(packet));

    assertEquals(List.of("write", "write"), kernel.calls);
    byte[] small = {1, 2, 3, 10, 11, 101, 102};
    assertArrayEquals(small, kernel.written.get(0));
    assertArrayEquals(small, Arrays.copyOf(kernel.written.get(1), small.length));
    assertEquals(small.length + 510, kernel.written.get(1).length);
  }

  @Test
  void shouldCopyTogether_whenThereAreMorePiecesThanIovecs() {
    for (int i = 0; i < Outbox.MAX_PIECES - 1; i++) {
      packet.addRange(direct, i, 10);
    }
    assertTrue(link.send(packet));
    packet.addRange(direct, 200, 1);
    assertTrue(link.send(packet));

    assertEquals(List.of("writev " + Outbox.MAX_PIECES, "write"), kernel.calls);
    byte[] last = kernel.written.get(1);
    assertEquals(3 + (Outbox.MAX_PIECES - 1) * 10 + 1, last.length);
    assertEquals((byte) 200, last[last.length - 1]);
  }

  @Test
  void shouldRefuse_whenItIsNoPacketByItsLength() {
    packet.addRange(direct, 0, 65_533);

    assertFalse(link.send(packet));

    assertEquals(List.of(), kernel.calls);
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EAGAIN, Errno.ENOBUFS, Errno.EIO, Errno.EINVAL, Errno.ENOMEM})
  void shouldLoseOnePacket_whenTheKernelRefusesIt(int errno) {
    kernel.writeErrno = errno;
    assertFalse(link.send(packet));

    kernel.writeErrno = 0;
    assertTrue(link.send(packet));
  }

  @Test
  void shouldLoseThePacket_whenTheWriteIsShort() {
    kernel.writeShortBy = 1;

    assertFalse(link.send(packet));
    assertEquals(1, kernel.written.size());
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EBADFD, Errno.EBADF, Errno.ENODEV, Errno.ENXIO})
  void shouldSayThatTheDeviceIsGone_whenTheKernelSaysSo(int errno) {
    kernel.writeErrno = errno;
    kernel.readErrno = errno;

    for (LinkException gone :
        List.of(
            assertThrows(LinkException.class, () -> link.send(packet)),
            assertThrows(LinkException.class, () -> link.receive(direct)))) {
      assertTrue(gone.getMessage().contains("tunstack0 is gone"), gone.getMessage());
      assertTrue(gone.getMessage().contains("ip monitor link"), gone.getMessage());
    }
    link.close();
    assertEquals(List.of(FakeKernel.TUN, FakeKernel.EVENT), kernel.closed);
  }

  @Test
  void shouldPutOffUntilTheFlush_whenInABatch() {
    link.batch();
    for (int i = 0; i < 3; i++) {
      packet.header().setByte(1, i);
      assertTrue(link.send(packet));
    }
    assertEquals(List.of(), kernel.calls);

    assertEquals(0, link.flush());
    assertEquals(3, kernel.written.size());
    for (int i = 0; i < 3; i++) {
      assertArrayEquals(new byte[] {(byte) i, 2, 3}, kernel.written.get(i));
    }
    assertTrue(link.send(packet));
    assertEquals(4, kernel.written.size());
    assertEquals(0, link.flush());
    assertEquals(4, kernel.written.size());
  }

  @Test
  void shouldWriteSomeBefore_whenABatchIsLarge() {
    link.batch();
    for (int i = 0; i <= Outbox.PACKETS; i++) {
      assertTrue(link.send(packet));
    }

    assertEquals(Outbox.PACKETS, kernel.written.size());
    assertEquals(0, link.flush());
    assertEquals(Outbox.PACKETS + 1, kernel.written.size());
  }

  @Test
  void shouldTellHowManyWereLost_whenTheKernelRefusesABatch() {
    kernel.writeErrno = Errno.ENOBUFS;
    link.batch();
    for (int i = 0; i <= Outbox.PACKETS; i++) {
      assertTrue(link.send(packet));
    }
    assertEquals(Outbox.PACKETS + 1, link.flush());

    kernel.writeErrno = 0;
    link.batch();
    assertTrue(link.send(packet));
    assertEquals(0, link.flush());
    assertEquals(1, kernel.written.size());
  }

  @Test
  void shouldForgetTheBatch_whenTheDeviceIsGone() {
    kernel.writeErrno = Errno.EBADFD;
    link.batch();
    assertTrue(link.send(packet));
    assertTrue(link.send(packet));
    assertThrows(LinkException.class, () -> link.flush());

    kernel.writeErrno = 0;
    assertEquals(0, link.flush());
    assertEquals(List.of(), kernel.written);
  }

  @Test
  void shouldSayThatItIsClosed_whenABatchIsLeft() {
    link.batch();
    assertTrue(link.send(packet));
    link.close();

    assertThrows(LinkException.class, () -> link.flush());
    assertEquals(List.of(), kernel.written);
  }

  @Test
  void shouldReceiveInOrder_whenPacketsWait() {
    kernel.deliver(V4, (byte) 1);
    kernel.deliver((byte) 0x4f, (byte) 2, (byte) 3);

    assertEquals(2, link.receive(direct));
    assertEquals(2, direct.readableBytes());
    assertEquals(1, direct.getByte(1));
    assertEquals(3, link.receive(direct));
    assertEquals(0, link.receive(direct));
    assertEquals(0, direct.readableBytes());
  }

  @Test
  void shouldCountAndSkip_whenPacketsAreNotIpv4() {
    kernel.deliver(V6, (byte) 1);
    kernel.deliver((byte) 0);
    kernel.deliver(V4, (byte) 7);

    assertEquals(2, link.receive(direct));
    assertEquals(7, direct.getByte(1));
    assertEquals(2, link.ignoredPackets());
  }

  @Test
  void shouldComeBackEmpty_whenOthersNeverEnd() {
    for (int i = 0; i <= TunLink.MAX_SKIPPED; i++) {
      kernel.deliver(V6);
    }
    kernel.deliver(V4);

    assertEquals(0, link.receive(direct));
    assertEquals(TunLink.MAX_SKIPPED, link.ignoredPackets());
    assertEquals(1, link.receive(direct));
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EAGAIN, Errno.EINTR, Errno.ENOMEM, Errno.EIO})
  void shouldReceiveNothing_whenThereIsNothingForTheMoment(int errno) {
    kernel.readErrno = errno;
    assertEquals(0, link.receive(direct));

    kernel.readErrno = 0;
    kernel.deliver(V4);
    assertEquals(1, link.receive(direct));
  }

  @Test
  void shouldEndRatherThanSpin_whenReadingFailsForAnUnknownReason() {
    kernel.readErrno = Errno.EFAULT;

    LinkException failure = assertThrows(LinkException.class, () -> link.receive(direct));

    assertTrue(failure.getMessage().contains("EFAULT"));
  }

  @Test
  void shouldRefuseTheBuffer_whenItIsOnTheHeapOrSmall() {
    ByteBuf small = Unpooled.directBuffer(1499, 1499);
    assertThrows(IllegalArgumentException.class, () -> link.receive(heap));
    assertThrows(IllegalArgumentException.class, () -> link.receive(small));
    small.release();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 999_999_999, 1_000_000_000, 86_400_000_000_123L, Long.MAX_VALUE})
  void shouldSleepToTheNanosecond_whenWaiting(long timeout) {
    link.await(timeout);

    assertEquals(List.of(timeout), kernel.timeouts);
    assertEquals(List.of("ppoll 2"), kernel.calls);
  }

  @Test
  void shouldNotSleep_whenTheTimeIsOverAlready() {
    link.await(-5);

    assertEquals(List.of(0L), kernel.timeouts);
  }

  @Test
  void shouldForgetTheWakeup_whenItHasEndedOneWait() {
    link.wakeup();
    link.wakeup();
    assertEquals(2, kernel.eventCount);

    link.await(Long.MAX_VALUE);

    assertEquals(0, kernel.eventCount);
  }

  @ParameterizedTest
  @ValueSource(ints = {Errno.EINTR, Errno.EAGAIN, Errno.ENOMEM})
  void shouldReturnEarly_whenTheWaitIsInterrupted(int errno) {
    kernel.pollErrno = errno;
    link.await(Long.MAX_VALUE);

    assertEquals(List.of("ppoll 2"), kernel.calls);
  }

  @Test
  void shouldEndRatherThanSpin_whenWaitingFails() {
    kernel.pollErrno = Errno.EINVAL;

    assertThrows(LinkException.class, () -> link.await(Long.MAX_VALUE));
  }

  @ParameterizedTest
  @ValueSource(ints = {Poll.POLLERR, Poll.POLLHUP, Poll.POLLNVAL, Poll.POLLERR | Poll.POLLIN})
  void shouldEnd_whenTheDeviceReportsAnErrorAndIsGone(int events) {
    kernel.deviceEvents = (short) events;
    kernel.failingIoctls.put(TunDevice.TUNGETIFF, Errno.EBADFD);

    LinkException gone = assertThrows(LinkException.class, () -> link.await(Long.MAX_VALUE));

    assertTrue(gone.getMessage().contains("EBADFD"), gone.getMessage());
  }

  @Test
  void shouldPauseRatherThanSpin_whenTheDeviceReportsAnErrorAndIsThere() {
    kernel.deviceEvents = Poll.POLLERR;
    link.await(Long.MAX_VALUE);
    link.await(Long.MAX_VALUE);
    link.await(Long.MAX_VALUE);
    kernel.deviceEvents = 0;
    link.await(7);
    link.await(8);

    assertEquals(List.of("ppoll 2", "ppoll 1", "ppoll 2", "ppoll 1", "ppoll 2"), kernel.calls);
    assertEquals(
        List.of(Long.MAX_VALUE, TunLink.PAUSE_NANOS, Long.MAX_VALUE, 7L, 8L), kernel.timeouts);
  }

  @Test
  void shouldPauseRatherThanSpin_whenReadingFailsBecauseTheInterfaceIsDown() {
    kernel.readErrno = Errno.EIO;
    assertEquals(0, link.receive(direct));
    link.await(Long.MAX_VALUE);

    assertEquals(List.of("ppoll 1"), kernel.calls);
    assertEquals(List.of(TunLink.PAUSE_NANOS), kernel.timeouts);
  }

  @Test
  void shouldCloseBothOnce_whenClosedTwice() {
    link.close();
    link.close();

    assertEquals(List.of(FakeKernel.TUN, FakeKernel.EVENT), kernel.closed);
    assertFalse(kernel.closed.contains(FakeKernel.SOCKET));
  }

  @Test
  void shouldKeepTheDescriptorsOpen_whileSomebodyWaits() {
    kernel.duringPoll =
        () -> {
          link.close();
          assertEquals(List.of(), kernel.closed);
          assertEquals(1, kernel.eventCount);
          link.wakeup();
          assertEquals(1, kernel.eventCount);
        };

    link.await(Long.MAX_VALUE);

    assertEquals(List.of(FakeKernel.TUN, FakeKernel.EVENT), kernel.closed);
  }

  @Test
  void shouldSayThatItIsClosed_whenUsedAfterwards() {
    link.close();
    link.wakeup();

    assertThrows(LinkException.class, () -> link.send(packet));
    assertThrows(LinkException.class, () -> link.receive(direct));
    LinkException closed = assertThrows(LinkException.class, () -> link.await(0));
    assertTrue(closed.getMessage().contains("closed by this process"));
  }

  @Test
  void shouldCloseTheDevice_whenThereIsNoEventDescriptor() {
    FakeKernel other = new FakeKernel();
    other.eventErrno = Errno.EMFILE;

    TunException failure =
        assertThrows(TunException.class, () -> TunLink.open(other, TunConfig.builder().build()));

    assertTrue(failure.getMessage().contains("EMFILE"));
    assertEquals(List.of(FakeKernel.SOCKET, FakeKernel.TUN), other.closed);
  }

  @Test
  void shouldTellTheDevicesMtu_whenAsked() {
    assertEquals(1500, link.mtu());
    assertEquals("tunstack0", link.info().name());
  }

  private static byte[] bytes(int count, int first) {
    byte[] made = new byte[count];
    for (int i = 0; i < count; i++) {
      made[i] = (byte) (first + i);
    }
    return made;
  }
}

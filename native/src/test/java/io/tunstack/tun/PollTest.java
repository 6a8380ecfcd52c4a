package io.tunstack.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against the real kernel, with a second event descriptor in the device's place. */
class PollTest {
  private static final int NONBLOCK = 0x800;

  private final Syscalls sys = LibC.load();
  private final int device = sys.eventfd(0, NONBLOCK);
  private final int event = sys.eventfd(0, NONBLOCK);
  private final NativeBlock one = new NativeBlock(8);
  private final Poll poll = new Poll(sys, device, event);

  @AfterEach
  void close() {
    sys.close(device);
    sys.close(event);
  }

  @Test
  void shouldTimeOut_whenNothingHappens() {
    assertEquals(0, poll.await(true, 1));
    assertEquals(0, poll.await(true, 0));
    assertEquals(0, poll.await(true, -1));
    assertFalse(poll.eventIsReady());
    assertFalse(poll.deviceHasError());
  }

  @Test
  void shouldTellThemApart_whenOneIsReady() {
    signal(device);
    assertEquals(1, poll.await(true, Long.MAX_VALUE));
    assertFalse(poll.eventIsReady());

    signal(event);
    assertEquals(2, poll.await(true, Long.MAX_VALUE));
    assertTrue(poll.eventIsReady());
    assertFalse(poll.deviceHasError());
  }

  @Test
  void shouldLookAtTheEventOnly_whenTheDeviceIsLeftOut() {
    signal(device);

    assertEquals(0, poll.await(false, 0));
  }

  @Test
  void shouldTellOfAnError_whenTheDescriptorIsNotOpen() {
    Poll closed = new Poll(sys, Integer.MAX_VALUE, event);

    assertEquals(1, closed.await(true, Long.MAX_VALUE));
    assertTrue(closed.deviceHasError());
    assertEquals(Errno.EBADF, closed.probeDevice());

    closed.await(false, 0);
    assertFalse(closed.deviceHasError());
  }

  @Test
  void shouldFindNoDevice_whenTheDescriptorIsSomethingElse() {
    assertEquals(Errno.ENOTTY, poll.probeDevice());
  }

  private void signal(int fd) {
    one.bytes().putLong(0, 1);
    assertEquals(8, sys.write(fd, one.address(), 8));
  }
}

package io.tunstack.tun;

import java.nio.ByteBuffer;

/**
 * {@code ppoll} over the device and the event descriptor, in memory set aside once.
 *
 * <pre>
 *    0  struct pollfd   event:   fd, events, revents
 *    8  struct pollfd   device:  fd, events, revents
 *   16  struct timespec seconds, nanoseconds
 *   32  struct ifreq    for asking whether the device is there
 * </pre>
 *
 * <p>The event comes first, so that leaving the device out is a matter of the count.
 */
final class Poll {
  static final int POLLIN = 0x1;
  static final int POLLERR = 0x8;
  static final int POLLHUP = 0x10;
  static final int POLLNVAL = 0x20;

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private static final int EVENT = 0;
  private static final int DEVICE = 8;
  private static final int EVENTS = 4;
  private static final int REVENTS = 6;
  private static final int TIMESPEC = 16;
  private static final int NANOSECONDS = TIMESPEC + 8;
  private static final int IFREQ = 32;

  private final Syscalls sys;
  private final int deviceFd;
  private final NativeBlock block = new NativeBlock(IFREQ + InterfaceControl.IFREQ_SIZE);

  Poll(Syscalls sys, int deviceFd, int eventFd) {
    this.sys = sys;
    this.deviceFd = deviceFd;
    ByteBuffer bytes = block.bytes();
    bytes.putInt(EVENT, eventFd).putShort(EVENT + EVENTS, (short) POLLIN);
    bytes.putInt(DEVICE, deviceFd).putShort(DEVICE + EVENTS, (short) POLLIN);
  }

  /**
   * Waits.
   *
   * @param withDevice false to wait for the event only
   * @param timeoutNanos at most; less than 1 returns at once, {@link Long#MAX_VALUE} is for ever
   * @return how many are ready, or -1 with the reason in errno
   */
  int await(boolean withDevice, long timeoutNanos) {
    ByteBuffer bytes = block.bytes();
    bytes.putShort(EVENT + REVENTS, (short) 0).putShort(DEVICE + REVENTS, (short) 0);
    long timespec = 0;
    if (timeoutNanos != Long.MAX_VALUE) {
      long timeout = Math.max(0, timeoutNanos);
      bytes.putLong(TIMESPEC, timeout / NANOS_PER_SECOND);
      bytes.putLong(NANOSECONDS, timeout % NANOS_PER_SECOND);
      timespec = block.address() + TIMESPEC;
    }
    return sys.ppoll(block.address(), withDevice ? 2 : 1, timespec, 0);
  }

  /** Tells whether the last wait found the event signalled. */
  boolean eventIsReady() {
    return (block.bytes().getShort(EVENT + REVENTS) & POLLIN) != 0;
  }

  /** Tells whether the last wait found something wrong with the device. */
  boolean deviceHasError() {
    int wrong = POLLERR | POLLHUP | POLLNVAL;
    return (block.bytes().getShort(DEVICE + REVENTS) & wrong) != 0;
  }

  /** Asks the kernel for the device behind the descriptor. Returns 0, or the reason for none. */
  int probeDevice() {
    int result = sys.ioctl(deviceFd, TunDevice.TUNGETIFF, block.address() + IFREQ);
    return result < 0 ? sys.errno() : 0;
  }
}

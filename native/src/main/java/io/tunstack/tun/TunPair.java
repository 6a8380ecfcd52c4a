package io.tunstack.tun;

import io.tunstack.link.LinkException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Two TUN devices for one thread to carry packets between, and a way to sleep until either has one.
 *
 * <pre>
 *    0  struct pollfd   event
 *    8  struct pollfd   left
 *   16  struct pollfd   right
 *   24  struct timespec
 *   40  struct ifreq    for asking whether a device is there
 * </pre>
 *
 * <p>Everything but {@link #wakeup} belongs to that one platform thread.
 */
public final class TunPair implements AutoCloseable {
  private static final int EFD_NONBLOCK = 0x800;
  private static final int EFD_CLOEXEC = 0x80000;
  private static final int POLLFD = 8;
  private static final int EVENTS = 4;
  private static final int REVENTS = 6;
  private static final int TIMESPEC = 24;
  private static final int IFREQ = 40;

  /** A descriptor that ppoll passes over. */
  private static final int NONE = -1;

  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private final Syscalls sys;
  private final List<TunPort> ports;
  private final int eventFd;
  private final InFlight inFlight;
  private final NativeBlock block = new NativeBlock(IFREQ + InterfaceControl.IFREQ_SIZE);
  private final NativeBlock event = new NativeBlock(Long.BYTES);
  private final NativeBlock one = new NativeBlock(Long.BYTES);

  private TunPair(Syscalls sys, List<TunPort> ports, int eventFd) {
    this.sys = sys;
    this.ports = ports;
    this.eventFd = eventFd;
    this.inFlight = new InFlight(() -> sys.close(eventFd));
    one.bytes().putLong(0, 1);
    block.bytes().putInt(0, eventFd);
    for (int at = 0; at < TIMESPEC; at += POLLFD) {
      block.bytes().putShort(at + EVENTS, (short) Poll.POLLIN);
    }
  }

  /**
   * Makes both devices, or takes over persistent ones, and sets them up without an address.
   *
   * @param left name and MTU; its address is not used
   * @param right the same for the other one
   * @return a pair that the caller closes
   * @throws TunException if anything is in the way; the message says what to do about it
   */
  public static TunPair open(TunConfig left, TunConfig right) {
    return open(LibC.load(), left, right);
  }

  static TunPair open(Syscalls sys, TunConfig left, TunConfig right) {
    TunPort leftPort = new TunPort(sys, left);
    TunPort rightPort = null;
    try {
      rightPort = new TunPort(sys, right);
      int eventFd = sys.eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
      if (eventFd < 0) {
        throw Advice.failed("make an event descriptor", sys.errno());
      }
      return new TunPair(sys, List.of(leftPort, rightPort), eventFd);
    } catch (RuntimeException e) {
      leftPort.close();
      if (rightPort != null) {
        rightPort.close();
      }
      throw e;
    }
  }

  /**
   * Returns one device.
   *
   * @return live, closed with the pair
   */
  public TunPort left() {
    return ports.get(0);
  }

  /**
   * Returns the other device.
   *
   * @return live, closed with the pair
   */
  public TunPort right() {
    return ports.get(1);
  }

  /**
   * Sleeps until a packet can be read, {@link #wakeup()} is called or the time is over. It may
   * return early for no reason.
   *
   * @param timeoutNanos at most; 0 or less returns at once, {@link Long#MAX_VALUE} means for ever
   * @throws LinkException if a device is gone for good
   */
  public void await(long timeoutNanos) {
    ByteBuffer bytes = block.bytes();
    long timeout = Math.max(0, timeoutNanos);
    bytes.putShort(REVENTS, (short) 0);
    for (int i = 0; i < ports.size(); i++) {
      int at = (i + 1) * POLLFD;
      boolean pause = ports.get(i).takePause();
      bytes.putInt(at, pause ? NONE : ports.get(i).fd()).putShort(at + REVENTS, (short) 0);
      timeout = pause ? Math.min(timeout, TunLink.PAUSE_NANOS) : timeout;
    }
    bytes.putLong(TIMESPEC, timeout / NANOS_PER_SECOND);
    bytes.putLong(TIMESPEC + Long.BYTES, timeout % NANOS_PER_SECOND);
    long timespec = timeout == Long.MAX_VALUE ? 0 : block.address() + TIMESPEC;
    if (sys.ppoll(block.address(), 1 + ports.size(), timespec, 0) < 0) {
      int errno = sys.errno();
      if (errno != Errno.EINTR && errno != Errno.EAGAIN && errno != Errno.ENOMEM) {
        throw new LinkException(Advice.failure("wait for the devices", errno));
      }
      return;
    }
    lookAtResult();
  }

  private void lookAtResult() {
    if ((block.bytes().getShort(REVENTS) & Poll.POLLIN) != 0) {
      sys.read(eventFd, event.address(), Long.BYTES);
    }
    for (int i = 0; i < ports.size(); i++) {
      int wrong = Poll.POLLERR | Poll.POLLHUP | Poll.POLLNVAL;
      if ((block.bytes().getShort((i + 1) * POLLFD + REVENTS) & wrong) != 0) {
        // Gone, or only not usable at the moment: asking for its name tells.
        TunPort port = ports.get(i);
        int result = sys.ioctl(port.fd(), TunDevice.TUNGETIFF, block.address() + IFREQ);
        port.hasError(result < 0 ? sys.errno() : 0);
      }
    }
  }

  /** Ends the current {@link #await}, or the next one. Any thread, also after {@link #close}. */
  public void wakeup() {
    if (inFlight.enter()) {
      try {
        sys.write(eventFd, one.address(), Long.BYTES);
      } finally {
        inFlight.exit();
      }
    }
  }

  /** Closes both devices; those that are not persistent disappear. A second call does nothing. */
  @Override
  public void close() {
    ports.forEach(TunPort::close);
    if (inFlight.enter()) {
      inFlight.refuse();
      inFlight.exit();
    }
  }
}

package io.tunstack.tun;

import io.netty.buffer.ByteBuf;
import io.tunstack.link.LinkException;
import io.tunstack.link.OutboundPacket;
import io.tunstack.link.ReceivedChecksum;
import io.tunstack.link.WaitableLink;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.List;

/**
 * A TUN device as a link: one system call sends a packet, one receives one.
 *
 * <p>{@link #send}, {@link #receive} and {@link #await} belong to one platform thread (a virtual
 * thread would pin its carrier). {@link #wakeup} and {@link #close} may be called from any thread.
 * None of the calls produces garbage, as long as the buffers are direct.
 *
 * <p>With offload ({@link TunInfo#offload}) a packet may be 64 KiB of TCP that the kernel cuts or
 * never has put together, and checksums are left to whoever needs them; see {@link
 * io.tunstack.link.Link#offloads()}.
 *
 * <p>While the interface is down, packets are refused and none arrive; when it comes up again, the
 * link goes on. When the device is deleted, every call throws {@link LinkException}.
 */
public final class TunLink implements WaitableLink {
  /** Packets of other protocols that one {@link #receive} skips, so that it ends in any case. */
  static final int MAX_SKIPPED = 64;

  /**
   * How long {@link #await} leaves the device alone when it says "error" and yet is there: long
   * enough not to be a busy loop, short enough not to be noticed when the interface comes back.
   */
  static final long PAUSE_NANOS = 100_000_000;

  private static final int IPV4 = 4;

  private static final int EFD_NONBLOCK = 0x800;
  private static final int EFD_CLOEXEC = 0x80000;
  private static final int EVENT_SIZE = 8;

  private final Syscalls sys;
  private final TunInfo info;
  private final int fd;
  private final int eventFd;
  private final InFlight inFlight;
  private final Poll poll;
  private final Outbox outbox;
  private final NativeBlock eventIn = new NativeBlock(EVENT_SIZE);
  private final NativeBlock eventOut = new NativeBlock(EVENT_SIZE);

  /** Bytes in front of each packet: those of {@link VnetHeader}, or none. */
  private final int front;

  private ReceivedChecksum receivedChecksum = ReceivedChecksum.UNVERIFIED;
  private int receivedSegmentBytes;
  private boolean pause;

  /** Between {@link #batch} and {@link #flush}. */
  private boolean batching;

  /** Packets of this batch that the device has not taken. */
  private int lost;

  private volatile long ignoredPackets;

  private TunLink(Syscalls sys, TunDevice.Opened device, int eventFd) {
    this.sys = sys;
    this.info = device.info();
    this.fd = device.fd();
    this.eventFd = eventFd;
    this.front = info.offload() ? VnetHeader.BYTES : 0;
    this.outbox = new Outbox(sys, fd, info.name(), front);
    this.poll = new Poll(sys, fd, eventFd);
    this.inFlight = new InFlight(new Closing());
    eventOut.bytes().putLong(0, 1);
  }

  /**
   * Makes the device, or takes over a persistent one of that name, sets it up and opens it.
   *
   * @param config what it should be like
   * @return a link that the caller closes
   * @throws TunException if anything is in the way; the message says what to do about it
   */
  public static TunLink open(TunConfig config) {
    return open(LibC.load(), config);
  }

  /**
   * Loads the native library, which {@link #open} does otherwise: for those who want to know early
   * whether it can be loaded.
   *
   * @throws TunException if it cannot, or this is not a 64-bit Linux
   */
  public static void bindNatives() {
    LibC.load();
  }

  /**
   * Makes the device with several queues, or takes over a persistent one that was made so, and
   * opens each. What the kernel sends goes to the queue that the flow's packets last came from.
   *
   * @param config what it should be like
   * @param queues how many, at least 1
   * @return as many links, all of which the caller closes
   * @throws TunException if anything is in the way; the message says what to do about it
   */
  public static List<TunLink> openQueues(TunConfig config, int queues) {
    return openQueues(LibC.load(), config, queues);
  }

  static List<TunLink> openQueues(Syscalls sys, TunConfig config, int queues) {
    if (queues == 1) {
      return List.of(open(sys, config));
    }
    List<TunLink> links = new ArrayList<>();
    try {
      links.add(of(sys, TunDevice.open(sys, config, true)));
      TunInfo info = links.get(0).info();
      while (links.size() < queues) {
        links.add(of(sys, TunDevice.openAnother(sys, config, info)));
      }
      return links;
    } catch (RuntimeException e) {
      links.forEach(TunLink::close);
      throw e;
    }
  }

  static TunLink open(Syscalls sys, TunConfig config) {
    return of(sys, TunDevice.open(sys, config));
  }

  private static TunLink of(Syscalls sys, TunDevice.Opened device) {
    int eventFd = sys.eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (eventFd < 0) {
      int errno = sys.errno();
      sys.close(device.fd());
      throw Advice.failed("make an event descriptor", errno);
    }
    return new TunLink(sys, device, eventFd);
  }

  /**
   * Tells what the device was when it was opened. Any thread may ask.
   *
   * @return as read back from the kernel
   */
  public TunInfo info() {
    return info;
  }

  /**
   * Counts the packets that were read and were not IPv4: the kernel sends IPv6 router solicitations
   * and multicast reports to every interface. Any thread may ask.
   *
   * @return packets, since the link was opened
   */
  public long ignoredPackets() {
    return ignoredPackets;
  }

  @Override
  public int mtu() {
    return info.mtu();
  }

  @Override
  public boolean offloads() {
    return info.offload();
  }

  @Override
  public ReceivedChecksum receivedChecksum() {
    return receivedChecksum;
  }

  @Override
  public int receivedSegmentBytes() {
    return receivedSegmentBytes;
  }

  @Override
  public int receiveBytes() {
    return info.offload() ? VnetHeader.BYTES + Outbox.MAX_PACKET : info.mtu();
  }

  /**
   * {@inheritDoc}
   *
   * <p>Direct buffers are written from where they are. A small packet, one with a heap buffer in
   * it, and one in more pieces than the kernel is given at once are copied together first.
   */
  @Override
  public boolean send(OutboundPacket packet) {
    if (packet.length() > Outbox.MAX_PACKET) {
      return false;
    }
    enter();
    try {
      if (!outbox.hasRoomFor(packet)) {
        lost += outbox.push();
      }
      outbox.add(packet);
      return batching || outbox.push() == 0;
    } finally {
      // The kernel was given addresses, which keep nothing alive.
      Reference.reachabilityFence(packet);
      inFlight.exit();
    }
  }

  @Override
  public void batch() {
    batching = true;
    lost = 0;
  }

  @Override
  public int flush() {
    batching = false;
    if (!outbox.isEmpty()) {
      enter();
      try {
        lost += outbox.push();
      } finally {
        inFlight.exit();
      }
    }
    int result = lost;
    lost = 0;
    return result;
  }

  /**
   * {@inheritDoc}
   *
   * <p>What is not IPv4 is counted and skipped. The kernel cuts off what does not fit, so there
   * should be room for more than the MTU where somebody might raise it.
   *
   * @throws IllegalArgumentException if the buffer is not direct or smaller than {@link
   *     #receiveBytes()}
   */
  @Override
  public int receive(ByteBuf into) {
    if (!into.hasMemoryAddress() || into.capacity() < receiveBytes()) {
      throw new IllegalArgumentException(
          "a direct buffer of at least " + receiveBytes() + " bytes is needed, not " + into);
    }
    into.clear();
    enter();
    try {
      long address = into.memoryAddress();
      int room = into.capacity();
      for (int skipped = 0; skipped < MAX_SKIPPED; skipped++) {
        int length = (int) sys.read(fd, address, room);
        if (length <= 0) {
          return length < 0 ? readFailed() : 0;
        }
        if (length > front && into.getByte(front) >> 4 == IPV4) {
          into.setIndex(front, length);
          if (front > 0) {
            receivedChecksum = VnetHeader.checksum(into);
            receivedSegmentBytes = VnetHeader.segmentBytes(into);
          }
          return length - front;
        }
        countIgnored();
      }
      return 0;
    } finally {
      inFlight.exit();
    }
  }

  private int readFailed() {
    int errno = sys.errno();
    switch (errno) {
      case Errno.EAGAIN, Errno.EINTR, Errno.ENOMEM -> {}
      case Errno.EIO -> pause = true;
      default -> throw Errno.isGone(errno) ? gone(errno) : failed("read", errno);
    }
    return 0;
  }

  /** Has one writer, the engine thread; volatile only so that others see it. */
  @SuppressWarnings("NonAtomicVolatileUpdate")
  private void countIgnored() {
    ignoredPackets++;
  }

  @Override
  public void await(long timeoutNanos) {
    enter();
    try {
      boolean withDevice = !pause;
      pause = false;
      long timeout = withDevice ? timeoutNanos : Math.min(timeoutNanos, PAUSE_NANOS);
      int ready = poll.await(withDevice, timeout);
      if (ready < 0) {
        int errno = sys.errno();
        if (errno != Errno.EINTR && errno != Errno.EAGAIN && errno != Errno.ENOMEM) {
          throw failed("wait for", errno);
        }
        return;
      }
      if (poll.eventIsReady()) {
        drainEvent();
      }
      if (poll.deviceHasError()) {
        // Gone, or only not usable at the moment: asking for its name tells.
        int errno = poll.probeDevice();
        if (Errno.isGone(errno)) {
          throw gone(errno);
        }
        pause = true;
      }
    } finally {
      inFlight.exit();
    }
  }

  /** Sets the event's count back to zero; if another thread was faster, there is nothing to do. */
  private void drainEvent() {
    sys.read(eventFd, eventIn.address(), EVENT_SIZE);
  }

  @Override
  public void wakeup() {
    if (inFlight.enter()) {
      try {
        writeEvent();
      } finally {
        inFlight.exit();
      }
    }
  }

  /** Fails only when the count is at its limit, and then the sleeper is being woken already. */
  private void writeEvent() {
    sys.write(eventFd, eventOut.address(), EVENT_SIZE);
  }

  /**
   * {@inheritDoc}
   *
   * <p>Any thread may call it. An {@link #await} under way in another thread ends; its descriptors
   * are closed when the last call under way has returned, and a device that is not persistent
   * disappears then. Later calls of {@link #send}, {@link #receive} and {@link #await} throw {@link
   * LinkException}.
   */
  @Override
  public void close() {
    if (inFlight.enter()) {
      try {
        inFlight.refuse();
        writeEvent();
      } finally {
        inFlight.exit();
      }
    }
  }

  /** A class, because to make one of a method reference takes milliseconds of the start. */
  private final class Closing implements Runnable {
    @Override
    public void run() {
      sys.close(fd);
      sys.close(eventFd);
    }
  }

  private void enter() {
    if (!inFlight.enter()) {
      throw new LinkException(Advice.closed(info.name()));
    }
  }

  private LinkException gone(int errno) {
    return new LinkException(Advice.gone(info.name(), errno));
  }

  private LinkException failed(String what, int errno) {
    return new LinkException(Advice.failure(what + " the device " + info.name(), errno));
  }
}

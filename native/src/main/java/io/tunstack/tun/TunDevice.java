package io.tunstack.tun;

import io.tunstack.tun.InterfaceControl.Assigned;
import io.tunstack.wire.IpAddress;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Makes the device, or takes over a persistent one, and sets it up.
 *
 * <p>What the device has already is not set again: so a user without privileges can take over a
 * device that root has set up for them. A device that has another address is not changed, because
 * somebody gave it that address for a reason.
 */
final class TunDevice {
  static final int TUNSETIFF = 0x400454ca;
  static final int TUNSETOFFLOAD = 0x400454d0;
  static final int TUNGETIFF = 0x800454d2;
  static final int TUNSETVNETHDRSZ = 0x400454d8;

  static final int IFF_TUN = 0x0001;

  /** No protocol information in front of a packet. */
  static final int IFF_NO_PI = 0x1000;

  /** A {@link VnetHeader} in front of every packet instead. */
  static final int IFF_VNET_HDR = 0x4000;

  /** We take packets whose checksum is not computed, and IPv4's TCP in packets of 64 KiB. */
  static final int OFFLOADS = 0x01 | 0x02;

  /** Several descriptors may be bound to the device, each a queue of its own. */
  static final int IFF_MULTI_QUEUE = 0x0100;

  static final int IFF_PERSIST = 0x0800;

  private static final int O_RDWR = 2;
  private static final int O_NONBLOCK = 0x800;
  private static final int O_CLOEXEC = 0x80000;

  /** Where an alternative to an address in use is looked for: 10.77.0.0/24 to 10.255.0.0/24. */
  private static final int FIRST_ALTERNATIVE = 77;

  private static final int LAST_ALTERNATIVE = 255;

  private final Syscalls sys;
  private final TunConfig config;
  private final InterfaceControl control;

  /** What is asked of the device in any case. */
  private final int kind;

  private TunDevice(
      Syscalls sys, TunConfig config, InterfaceControl control, boolean severalQueues) {
    this.sys = sys;
    this.config = config;
    this.control = control;
    this.kind = IFF_TUN | IFF_NO_PI | (severalQueues ? IFF_MULTI_QUEUE : 0);
  }

  /** A device ready for reading and writing. Whoever gets it closes the descriptor. */
  record Opened(int fd, TunInfo info) {}

  /**
   * Opens and sets up.
   *
   * @throws TunException if anything is in the way; nothing is left behind then
   */
  static Opened open(Syscalls sys, TunConfig config) {
    return open(sys, config, false);
  }

  /**
   * Opens and sets up, for one descriptor or for the first of several.
   *
   * @throws TunException if anything is in the way; nothing is left behind then
   */
  static Opened open(Syscalls sys, TunConfig config, boolean severalQueues) {
    try (InterfaceControl control = InterfaceControl.open(sys)) {
      return new TunDevice(sys, config, control, severalQueues).open();
    }
  }

  /**
   * Binds another descriptor to a device whose first is open, as another queue of it.
   *
   * @throws TunException if the kernel gives no more queues
   */
  static Opened openAnother(Syscalls sys, TunConfig config, TunInfo info) {
    try (InterfaceControl control = InterfaceControl.open(sys)) {
      TunDevice device = new TunDevice(sys, config, control, true);
      int fd = device.openNode();
      boolean attached =
          info.offload() ? device.attachOffloading(fd) : device.setInterface(fd, device.kind);
      if (attached) {
        return new Opened(fd, info);
      }
      int errno = sys.errno();
      sys.close(fd);
      throw Advice.failed("open another queue of " + config.name(), errno);
    }
  }

  private Opened open() {
    List<Assigned> addresses = control.addresses();
    refuseOverlap(addresses);
    boolean exists = control.exists(config.name());
    if (config.offload()) {
      int fd = openNode();
      if (attachOffloading(fd)) {
        return finish(fd, addresses, true);
      }
      sys.close(fd);
    }
    int fd = openNode();
    try {
      attach(fd, exists);
    } catch (RuntimeException e) {
      sys.close(fd);
      throw e;
    }
    return finish(fd, addresses, false);
  }

  private Opened finish(int fd, List<Assigned> addresses, boolean offload) {
    try {
      boolean persistent = isPersistent(fd);
      refuseOtherAddress(addresses);
      setUp(addresses, persistent);
      return new Opened(fd, readBack(persistent, offload));
    } catch (RuntimeException e) {
      sys.close(fd);
      throw e;
    }
  }

  /**
   * Opens without giving the kernel's end an address: who makes the device a cable between two
   * kernels leaves that to them.
   *
   * @return the descriptor, which the caller closes
   * @throws TunException if anything is in the way; nothing is left behind then
   */
  static int openBare(Syscalls sys, TunConfig config) {
    try (InterfaceControl control = InterfaceControl.open(sys)) {
      TunDevice device = new TunDevice(sys, config, control, false);
      boolean exists = control.exists(config.name());
      int fd = device.openNode();
      try {
        device.attach(fd, exists);
        device.setUpBare();
        return fd;
      } catch (RuntimeException e) {
        sys.close(fd);
        throw e;
      }
    }
  }

  private void setUpBare() {
    String name = config.name();
    check(control.set(InterfaceControl.SIOCSIFMTU, name, config.mtu()), "the MTU");
    check(
        control.set(InterfaceControl.SIOCSIFTXQLEN, name, TunConfig.TX_QUEUE_LENGTH),
        "the queue length");
    int up = control.flags(name) | InterfaceControl.IFF_UP;
    check(control.set(InterfaceControl.SIOCSIFFLAGS, name, up), "the state (up)");
  }

  private int openNode() {
    int fd = openPath("/dev/net/tun");
    if (fd >= 0) {
      return fd;
    }
    int errno = sys.errno();
    throw switch (errno) {
      case Errno.ENOENT -> Advice.noTunNode();
      case Errno.ENODEV, Errno.ENXIO -> Advice.noTunDriver(errno);
      case Errno.EACCES, Errno.EPERM -> Advice.openDenied(errno);
      default -> Advice.failed("open /dev/net/tun", errno);
    };
  }

  private int openPath(String path) {
    byte[] bytes = (path + '\0').getBytes(StandardCharsets.US_ASCII);
    NativeBlock block = new NativeBlock(bytes.length);
    try {
      block.bytes().put(0, bytes);
      return sys.open(block.address(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    } finally {
      // The kernel was given an address, which keeps nothing alive.
      Reference.reachabilityFence(block);
    }
  }

  /**
   * Binds the descriptor to the device, with offload. Answers false if that cannot be had; why, is
   * found out by attaching without.
   */
  private boolean attachOffloading(int fd) {
    NativeBlock size = new NativeBlock(Integer.BYTES);
    size.bytes().putInt(0, VnetHeader.BYTES);
    try {
      return setInterface(fd, kind | IFF_VNET_HDR)
          && sys.ioctl(fd, TUNSETVNETHDRSZ, size.address()) >= 0
          && sys.ioctl(fd, TUNSETOFFLOAD, OFFLOADS) >= 0;
    } finally {
      // The kernel was given an address, which keeps nothing alive.
      Reference.reachabilityFence(size);
    }
  }

  /** Binds the descriptor to the device, for packets as a wire carries them. */
  private void attach(int fd, boolean exists) {
    if (!setInterface(fd, kind)) {
      int errno = sys.errno();
      throw switch (errno) {
        case Errno.EPERM -> Advice.attachDenied(config, exists);
        case Errno.EBUSY -> Advice.nameBusy(config);
        case Errno.EINVAL -> Advice.notATun(config);
        default -> Advice.failed("make the device " + config.name(), errno);
      };
    }
    // A persistent device may remember that its last user wanted segments of 64 KiB.
    if (sys.ioctl(fd, TUNSETOFFLOAD, 0) < 0) {
      throw Advice.failed("switch off segmentation offload of " + config.name(), sys.errno());
    }
  }

  private boolean setInterface(int fd, int flags) {
    NativeBlock ifreq = new NativeBlock(InterfaceControl.IFREQ_SIZE);
    InterfaceControl.putName(ifreq.bytes(), config.name());
    ifreq.bytes().putShort(InterfaceControl.VALUE, (short) flags);
    try {
      return sys.ioctl(fd, TUNSETIFF, ifreq.address()) >= 0;
    } finally {
      Reference.reachabilityFence(ifreq);
    }
  }

  /** Tells whether the device outlives the descriptor. */
  private boolean isPersistent(int fd) {
    NativeBlock ifreq = new NativeBlock(InterfaceControl.IFREQ_SIZE);
    try {
      if (sys.ioctl(fd, TUNGETIFF, ifreq.address()) < 0) {
        throw Advice.failed("read the flags of the device " + config.name(), sys.errno());
      }
      return (ifreq.bytes().getShort(InterfaceControl.VALUE) & IFF_PERSIST) != 0;
    } finally {
      Reference.reachabilityFence(ifreq);
    }
  }

  private void setUp(List<Assigned> addresses, boolean persistent) {
    String name = config.name();
    if (control.mtu(name) != config.mtu()) {
      check(control.set(InterfaceControl.SIOCSIFMTU, name, config.mtu()), "the MTU");
    }
    if (control.txQueueLength(name) < TunConfig.TX_QUEUE_LENGTH) {
      int errno = control.set(InterfaceControl.SIOCSIFTXQLEN, name, TunConfig.TX_QUEUE_LENGTH);
      // A short queue is slow, not wrong: TunInfo tells of it.
      if (!persistent || errno != Errno.EPERM) {
        check(errno, "the queue length");
      }
    }
    if (!isAnyOurs(addresses)) {
      // The interface is still down, or without a route: the netmask is right before it matters.
      int address = config.hostAddress().bits();
      check(control.setAddress(InterfaceControl.SIOCSIFADDR, name, address), "the address");
      int mask = InterfaceControl.maskOf(config.prefixLength());
      check(control.setAddress(InterfaceControl.SIOCSIFNETMASK, name, mask), "the netmask");
    }
    int flags = control.flags(name);
    if ((flags & InterfaceControl.IFF_UP) == 0) {
      int up = flags | InterfaceControl.IFF_UP;
      check(control.set(InterfaceControl.SIOCSIFFLAGS, name, up), "the state (up)");
    }
  }

  private TunInfo readBack(boolean persistent, boolean offload) {
    String name = config.name();
    return new TunInfo(
        name,
        config.hostAddress(),
        config.prefixLength(),
        control.mtu(name),
        control.txQueueLength(name),
        persistent,
        offload);
  }

  private void refuseOverlap(List<Assigned> addresses) {
    for (Assigned assigned : addresses) {
      if (!isOnOurDevice(assigned)
          && assigned.overlaps(config.hostAddress(), config.prefixLength())) {
        throw Advice.addressInUse(
            config, assigned.toString(), assigned.interfaceName(), freeNetwork(addresses));
      }
    }
  }

  private void refuseOtherAddress(List<Assigned> addresses) {
    boolean ours = false;
    Assigned other = null;
    for (Assigned assigned : addresses) {
      ours |= isOurs(assigned);
      other = isOnOurDevice(assigned) ? assigned : other;
    }
    if (!ours && other != null) {
      throw Advice.configuredOtherwise(config, other.toString());
    }
  }

  /** A loop: a stream would take longer than the rest of it, the first time. */
  private boolean isAnyOurs(List<Assigned> addresses) {
    for (Assigned assigned : addresses) {
      if (isOurs(assigned)) {
        return true;
      }
    }
    return false;
  }

  private boolean isOurs(Assigned assigned) {
    return isOnOurDevice(assigned)
        && assigned.address().equals(config.hostAddress())
        && assigned.prefixLength() == config.prefixLength();
  }

  /** Compares without an alias's label, as in {@code tunstack0:1}. */
  private boolean isOnOurDevice(Assigned assigned) {
    String label = assigned.interfaceName();
    int colon = label.indexOf(':');
    return config.name().equals(colon < 0 ? label : label.substring(0, colon));
  }

  /** Finds a network of 256 addresses that nobody here has, to suggest it. */
  private static IpAddress freeNetwork(List<Assigned> addresses) {
    for (int second = FIRST_ALTERNATIVE; second <= LAST_ALTERNATIVE; second++) {
      IpAddress network = new IpAddress(10 << 24 | second << 16);
      if (addresses.stream().noneMatch(assigned -> assigned.overlaps(network, 24))) {
        return network;
      }
    }
    // All of 10/8 is taken; the network set aside for benchmarks (RFC 2544) hardly is.
    return IpAddress.parse("198.18.0.0");
  }

  private void check(int errno, String what) {
    if (errno == Errno.EPERM) {
      throw Advice.setUpDenied(config, what);
    }
    if (errno != 0) {
      throw Advice.failed("set " + what + " of " + config.name(), errno);
    }
  }
}

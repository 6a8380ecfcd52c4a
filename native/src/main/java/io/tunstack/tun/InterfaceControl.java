package io.tunstack.tun;

import io.tunstack.wire.IpAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads and changes network interfaces by ioctl, as {@code netdevice(7)} describes. The socket in
 * it is only the handle that those ioctls want; nothing is ever sent on it.
 *
 * <pre>
 *   struct ifreq (40 bytes)    0  name, zero-terminated
 *                             16  a number, or sockaddr_in { 16 family, 18 port, 20 address }
 * </pre>
 */
final class InterfaceControl implements AutoCloseable {
  static final int NAME_SIZE = 16;
  static final int IFREQ_SIZE = 40;
  static final int VALUE = 16;
  static final int SOCKADDR_ADDRESS = 20;

  static final int SIOCGIFCONF = 0x8912;
  static final int SIOCGIFFLAGS = 0x8913;
  static final int SIOCSIFFLAGS = 0x8914;
  static final int SIOCGIFADDR = 0x8915;
  static final int SIOCSIFADDR = 0x8916;
  static final int SIOCGIFNETMASK = 0x891b;
  static final int SIOCSIFNETMASK = 0x891c;
  static final int SIOCGIFMTU = 0x8921;
  static final int SIOCSIFMTU = 0x8922;
  static final int SIOCGIFTXQLEN = 0x8942;
  static final int SIOCSIFTXQLEN = 0x8943;

  static final int IFF_UP = 0x1;
  static final int AF_INET = 2;
  static final int SOCK_DGRAM = 2;
  static final int SOCK_CLOEXEC = 0x80000;

  private static final int POINTER_OFFSET_IN_IFCONF = 8;

  private final Syscalls sys;
  private final int fd;
  private final NativeBlock request = new NativeBlock(IFREQ_SIZE);

  /** An IPv4 address of an interface. */
  record Assigned(String interfaceName, IpAddress address, int prefixLength) {
    /** Tells whether the networks of this address and another one have addresses in common. */
    boolean overlaps(IpAddress other, int otherPrefix) {
      int mask = maskOf(Math.min(prefixLength, otherPrefix));
      return ((address.bits() ^ other.bits()) & mask) == 0;
    }

    /** Returns the address as {@code ip} writes it, with its prefix length. */
    @Override
    public String toString() {
      return address + "/" + prefixLength;
    }
  }

  private InterfaceControl(Syscalls sys, int fd) {
    this.sys = sys;
    this.fd = fd;
  }

  static InterfaceControl open(Syscalls sys) {
    int fd = sys.socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
      throw Advice.failed("open a handle to configure network interfaces", sys.errno());
    }
    return new InterfaceControl(sys, fd);
  }

  /** Tells whether there is an interface of that name. */
  boolean exists(String name) {
    return call(SIOCGIFFLAGS, name, 0);
  }

  int flags(String name) {
    read(SIOCGIFFLAGS, name, "read the flags of " + name);
    return request.bytes().getShort(VALUE) & 0xffff;
  }

  int mtu(String name) {
    read(SIOCGIFMTU, name, "read the MTU of " + name);
    return request.bytes().getInt(VALUE);
  }

  int txQueueLength(String name) {
    read(SIOCGIFTXQLEN, name, "read the queue length of " + name);
    return request.bytes().getInt(VALUE);
  }

  /** Sets a number: MTU, queue length or flags. Returns 0, or the reason why not. */
  int set(int ioctl, String name, int value) {
    return call(ioctl, name, value) ? 0 : sys.errno();
  }

  /** Sets an address: the interface's own, or its netmask. Returns 0, or the reason why not. */
  int setAddress(int ioctl, String name, int bits) {
    prepare(name, 0);
    ByteBuffer bytes = request.bytes();
    bytes.putShort(VALUE, (short) AF_INET);
    putNetworkOrder(bytes, SOCKADDR_ADDRESS, bits);
    return sys.ioctl(fd, ioctl, request.address()) < 0 ? sys.errno() : 0;
  }

  /** Lists every IPv4 address of this network namespace. */
  List<Assigned> addresses() {
    NativeBlock conf = new NativeBlock(2 * POINTER_OFFSET_IN_IFCONF);
    // Without a buffer the kernel tells how much room it wants.
    listInto(conf, 0, 0);
    int room = conf.bytes().getInt(0);
    NativeBlock list = new NativeBlock(Math.max(room, IFREQ_SIZE));
    listInto(conf, room, list.address());
    int length = Math.min(room, conf.bytes().getInt(0));
    List<Assigned> found = new ArrayList<>();
    for (int at = 0; at + IFREQ_SIZE <= length; at += IFREQ_SIZE) {
      String name = name(list.bytes(), at);
      int bits = getNetworkOrder(list.bytes(), at + SOCKADDR_ADDRESS);
      // With the address filled in, the kernel answers for that one of the interface's addresses.
      int errno = setAddress(SIOCGIFNETMASK, name, bits);
      int mask = errno == 0 ? getNetworkOrder(request.bytes(), SOCKADDR_ADDRESS) : -1;
      found.add(new Assigned(name, new IpAddress(bits), Integer.bitCount(mask)));
    }
    return found;
  }

  private void listInto(NativeBlock conf, int length, long address) {
    conf.bytes().putInt(0, length).putLong(POINTER_OFFSET_IN_IFCONF, address);
    if (sys.ioctl(fd, SIOCGIFCONF, conf.address()) < 0) {
      throw Advice.failed("list the addresses of this machine", sys.errno());
    }
  }

  private void read(int ioctl, String name, String what) {
    if (!call(ioctl, name, 0)) {
      throw Advice.failed(what, sys.errno());
    }
  }

  private boolean call(int ioctl, String name, int value) {
    prepare(name, value);
    return sys.ioctl(fd, ioctl, request.address()) == 0;
  }

  private void prepare(String name, int value) {
    putName(request.bytes(), name);
    request.bytes().putInt(VALUE, value);
  }

  /** Clears a {@code struct ifreq} and writes the name into it. */
  static void putName(ByteBuffer ifreq, String name) {
    for (int i = 0; i < IFREQ_SIZE; i++) {
      ifreq.put(i, (byte) 0);
    }
    byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
    ifreq.put(0, ascii, 0, Math.min(ascii.length, NAME_SIZE - 1));
  }

  private static String name(ByteBuffer bytes, int at) {
    int end = at;
    while (end < at + NAME_SIZE && bytes.get(end) != 0) {
      end++;
    }
    byte[] ascii = new byte[end - at];
    bytes.get(at, ascii);
    return new String(ascii, StandardCharsets.US_ASCII);
  }

  /** Returns the netmask of a prefix length, 0 to 32. */
  static int maskOf(int prefixLength) {
    return prefixLength == 0 ? 0 : -1 << (Integer.SIZE - prefixLength);
  }

  private static void putNetworkOrder(ByteBuffer bytes, int at, int bits) {
    bytes.putInt(at, inNetworkOrder(bits));
  }

  private static int getNetworkOrder(ByteBuffer bytes, int at) {
    return inNetworkOrder(bytes.getInt(at));
  }

  private static int inNetworkOrder(int bits) {
    return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? bits : Integer.reverseBytes(bits);
  }

  @Override
  public void close() {
    sys.close(fd);
  }
}

package io.tunstack.tun;

import com.sun.jna.Pointer;
import io.tunstack.wire.IpAddress;
import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Plays the kernel: interfaces with addresses, one TUN device, one event. Calls can be told to
 * fail; a descriptor that is closed, or used after it was, is noticed.
 */
final class FakeKernel implements Syscalls {
  static final int SOCKET = 10;
  static final int TUN = 11;
  static final int EVENT = 12;

  private static final short SHORT_FLAGS_UP = InterfaceControl.IFF_UP;

  /** An interface. Addresses are written as {@code 10.77.0.1/24}. */
  static final class Interface {
    int flags;
    int mtu = 1500;
    int txQueueLength = 500;
    boolean persistent;
    final List<String> addresses = new ArrayList<>();

    boolean isUp() {
      return (flags & SHORT_FLAGS_UP) != 0;
    }
  }

  final Map<String, Interface> interfaces = new LinkedHashMap<>();
  final List<byte[]> written = new ArrayList<>();
  final List<Integer> closed = new ArrayList<>();
  final List<String> calls = new ArrayList<>();
  final List<Long> timeouts = new ArrayList<>();

  /** Ioctls that fail, with the reason. */
  final Map<Integer, Integer> failingIoctls = new HashMap<>();

  boolean offersOffload = true;
  int openErrno;
  int socketErrno;
  int eventErrno;
  int writeErrno;
  int pollErrno;
  int readErrno;

  /** What a short write leaves out, bytes. */
  int writeShortBy;

  long eventCount;
  short deviceEvents;

  /** Happens while the caller is inside {@code ppoll}. */
  Runnable duringPoll = () -> {};

  private final ArrayDeque<byte[]> inbox = new ArrayDeque<>();
  private final Thread owner = Thread.currentThread();
  private int errno;

  /** Makes an interface. */
  Interface add(String name, String... addresses) {
    Interface made = new Interface();
    made.addresses.addAll(List.of(addresses));
    interfaces.put(name, made);
    return made;
  }

  /** Lets the TUN device deliver a packet. */
  void deliver(byte... packet) {
    inbox.add(packet);
  }

  @Override
  public int open(long path, int flags) {
    calls.add("open " + new Pointer(path).getString(0));
    // The kernel hands out the number again, once it is free.
    closed.remove((Integer) TUN);
    return openErrno == 0 ? TUN : fail(openErrno);
  }

  @Override
  public int close(int fd) {
    refuseClosed(fd);
    closed.add(fd);
    return 0;
  }

  @Override
  public long read(int fd, long address, long length) {
    refuseClosed(fd);
    if (fd == EVENT) {
      new Pointer(address).setLong(0, eventCount);
      long had = eventCount;
      eventCount = 0;
      return had > 0 ? 8 : fail(Errno.EAGAIN);
    }
    if (readErrno != 0) {
      return fail(readErrno);
    }
    byte[] packet = inbox.poll();
    if (packet == null) {
      return fail(Errno.EAGAIN);
    }
    int taken = (int) Math.min(length, packet.length);
    new Pointer(address).write(0, packet, 0, taken);
    return taken;
  }

  @Override
  public long write(int fd, long address, long length) {
    refuseClosed(fd);
    if (fd == EVENT) {
      eventCount += new Pointer(address).getLong(0);
      return length;
    }
    calls.add("write");
    return take(new Pointer(address).getByteArray(0, (int) length));
  }

  @Override
  public long writev(int fd, long iovecs, int count) {
    refuseClosed(fd);
    calls.add("writev " + count);
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    for (int i = 0; i < count; i++) {
      Pointer piece = new Pointer(new Pointer(iovecs).getLong(i * 16L));
      whole.writeBytes(piece.getByteArray(0, (int) new Pointer(iovecs).getLong(i * 16L + 8)));
    }
    return take(whole.toByteArray());
  }

  private long take(byte[] packet) {
    if (writeErrno != 0) {
      return fail(writeErrno);
    }
    written.add(packet);
    return (long) packet.length - writeShortBy;
  }

  @Override
  public int ppoll(long pollfds, long count, long timespec, long signalMask) {
    refuseClosed(TUN);
    refuseClosed(EVENT);
    calls.add("ppoll " + count);
    Pointer time = new Pointer(timespec);
    timeouts.add(
        timespec == 0 ? Long.MAX_VALUE : time.getLong(0) * 1_000_000_000 + time.getLong(8));
    duringPoll.run();
    if (pollErrno != 0) {
      return fail(pollErrno);
    }
    Pointer fds = new Pointer(pollfds);
    int ready = 0;
    for (int i = 0; i < count; i++) {
      int fd = fds.getInt(i * 8L);
      short events = fd == EVENT ? (short) (eventCount > 0 ? Poll.POLLIN : 0) : deviceEvents;
      fds.setShort(i * 8L + 6, events);
      ready += events == 0 ? 0 : 1;
    }
    return ready;
  }

  @Override
  public int eventfd(int initialValue, int flags) {
    return eventErrno == 0 ? EVENT : fail(eventErrno);
  }

  @Override
  public int socket(int domain, int type, int protocol) {
    closed.remove((Integer) SOCKET);
    return socketErrno == 0 ? SOCKET : fail(socketErrno);
  }

  @Override
  public int errno() {
    if (Thread.currentThread() != owner) {
      throw new AssertionError("errno belongs to the thread that made the call");
    }
    return errno;
  }

  @Override
  public int ioctl(int fd, long request, long argument) {
    refuseClosed(fd);
    int number = (int) request;
    if (failingIoctls.containsKey(number)) {
      return fail(failingIoctls.get(number));
    }
    if (number == InterfaceControl.SIOCGIFCONF) {
      return list(new Pointer(argument));
    }
    if (number == TunDevice.TUNSETOFFLOAD) {
      calls.add("TUNSETOFFLOAD " + argument);
      return argument != 0 && !offersOffload ? fail(Errno.EINVAL) : 0;
    }
    if (number == TunDevice.TUNSETVNETHDRSZ) {
      calls.add("TUNSETVNETHDRSZ " + new Pointer(argument).getInt(0));
      return 0;
    }
    Pointer ifreq = new Pointer(argument);
    if (number == TunDevice.TUNGETIFF) {
      boolean persistent = interfaces.values().stream().anyMatch(each -> each.persistent);
      ifreq.setShort(16, (short) (TunDevice.IFF_TUN | (persistent ? TunDevice.IFF_PERSIST : 0)));
      return 0;
    }
    String name = ifreq.getString(0);
    if (number == TunDevice.TUNSETIFF) {
      boolean vnet = (ifreq.getShort(16) & TunDevice.IFF_VNET_HDR) != 0;
      boolean multi = (ifreq.getShort(16) & TunDevice.IFF_MULTI_QUEUE) != 0;
      calls.add("TUNSETIFF " + name + (vnet ? " vnet" : "") + (multi ? " multi" : ""));
      interfaces.computeIfAbsent(name, made -> new Interface());
      return 0;
    }
    Interface found = interfaces.get(name);
    return found == null ? fail(Errno.ENODEV) : control(found, number, ifreq);
  }

  private int control(Interface it, int number, Pointer ifreq) {
    switch (number) {
      case InterfaceControl.SIOCGIFFLAGS -> ifreq.setShort(16, (short) it.flags);
      case InterfaceControl.SIOCGIFMTU -> ifreq.setInt(16, it.mtu);
      case InterfaceControl.SIOCGIFTXQLEN -> ifreq.setInt(16, it.txQueueLength);
      case InterfaceControl.SIOCGIFNETMASK -> {
        String wanted = new IpAddress(networkOrder(ifreq.getInt(20))) + "/";
        String has = it.addresses.stream().filter(a -> a.startsWith(wanted)).findFirst().get();
        int prefix = Integer.parseInt(has.substring(wanted.length()));
        ifreq.setInt(20, networkOrder(InterfaceControl.maskOf(prefix)));
      }
      default -> {
        calls.add("set " + Integer.toHexString(number));
        change(it, number, ifreq);
      }
    }
    return 0;
  }

  private static void change(Interface it, int number, Pointer ifreq) {
    switch (number) {
      case InterfaceControl.SIOCSIFFLAGS -> it.flags = ifreq.getShort(16);
      case InterfaceControl.SIOCSIFMTU -> it.mtu = ifreq.getInt(16);
      case InterfaceControl.SIOCSIFTXQLEN -> it.txQueueLength = ifreq.getInt(16);
      case InterfaceControl.SIOCSIFADDR -> {
        it.addresses.clear();
        it.addresses.add(new IpAddress(networkOrder(ifreq.getInt(20))) + "/32");
      }
      case InterfaceControl.SIOCSIFNETMASK -> {
        String address = it.addresses.remove(0);
        int prefix = Integer.bitCount(ifreq.getInt(20));
        it.addresses.add(address.substring(0, address.indexOf('/') + 1) + prefix);
      }
      default -> throw new AssertionError("no such ioctl: " + Integer.toHexString(number));
    }
  }

  private int list(Pointer conf) {
    int needed = interfaces.values().stream().mapToInt(each -> each.addresses.size()).sum() * 40;
    long list = conf.getLong(8);
    int room = conf.getInt(0);
    conf.setInt(0, list == 0 ? needed : Math.min(needed, room));
    long at = list;
    for (Map.Entry<String, Interface> each : interfaces.entrySet()) {
      for (String address : each.getValue().addresses) {
        if (list != 0 && at + 40 <= list + room) {
          IpAddress bits = IpAddress.parse(address.substring(0, address.indexOf('/')));
          new Pointer(at).setString(0, each.getKey());
          new Pointer(at).setInt(20, networkOrder(bits.bits()));
          at += 40;
        }
      }
    }
    return 0;
  }

  /** These tests run on little-endian machines only, as the numbers of the ioctls do. */
  private static int networkOrder(int bits) {
    return Integer.reverseBytes(bits);
  }

  private int fail(int reason) {
    errno = reason;
    return -1;
  }

  private void refuseClosed(int fd) {
    if (closed.contains(fd)) {
      throw new AssertionError("descriptor " + fd + " is used after it was closed");
    }
  }
}

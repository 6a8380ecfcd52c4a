package io.tunstack.tun;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.jna.Pointer;
import io.tunstack.link.LinkException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TunPairTest {
  private static final TunConfig LEFT = TunConfig.builder().name("ta").mtu(1400).build();
  private static final TunConfig RIGHT = TunConfig.builder().name("tb").build();

  private final TwoDevices kernel = new TwoDevices();

  /** Plays a kernel with any number of TUN devices and one event. */
  private static final class TwoDevices implements Syscalls {
    private static final int SOCKET = 3;
    private static final int EVENT = 4;
    private static final int FIRST = 10;

    final List<String> names = new ArrayList<>();
    final Map<String, Integer> mtus = new HashMap<>();
    final Map<String, Integer> flags = new HashMap<>();
    final Map<Integer, ArrayDeque<byte[]>> inbox = new HashMap<>();
    final List<byte[]> written = new ArrayList<>();
    final List<Integer> closed = new ArrayList<>();
    final Map<Integer, Short> revents = new HashMap<>();
    final List<Integer> polled = new ArrayList<>();
    String busy = "";
    long events;
    long timeout;
    int readErrno = Errno.EAGAIN;
    int writeErrno;
    int probeErrno;
    int eventErrno;
    private int errno;

    private int fail(int reason) {
      errno = reason;
      return -1;
    }

    @Override
    public int open(long path, int openFlags) {
      names.add("");
      inbox.put(FIRST + names.size() - 1, new ArrayDeque<>());
      return FIRST + names.size() - 1;
    }

    @Override
    public int close(int fd) {
      closed.add(fd);
      return 0;
    }

    @Override
    public long read(int fd, long address, long length) {
      if (fd == EVENT) {
        events = 0;
        return Long.BYTES;
      }
      byte[] packet = inbox.get(fd).poll();
      if (packet == null) {
        return fail(readErrno);
      }
      new Pointer(address).write(0, packet, 0, packet.length);
      return packet.length;
    }

    @Override
    public long write(int fd, long address, long length) {
      if (fd == EVENT) {
        events++;
        return length;
      }
      if (writeErrno != 0) {
        return fail(writeErrno);
      }
      written.add(new Pointer(address).getByteArray(0, (int) length));
      return length;
    }

    @Override
    public long writev(int fd, long iovecs, int count) {
      throw new AssertionError("not needed");
    }

    @Override
    public int ioctl(int fd, long request, long argument) {
      int number = (int) request;
      if (number == TunDevice.TUNSETOFFLOAD) {
        return 0;
      }
      Pointer ifreq = new Pointer(argument);
      if (number == TunDevice.TUNGETIFF) {
        ifreq.setShort(16, (short) TunDevice.IFF_TUN);
        return probeErrno == 0 ? 0 : fail(probeErrno);
      }
      String name = ifreq.getString(0);
      switch (number) {
        case TunDevice.TUNSETIFF -> {
          if (name.equals(busy)) {
            return fail(Errno.EBUSY);
          }
          names.set(fd - FIRST, name);
          flags.put(name, 0);
        }
        case InterfaceControl.SIOCGIFFLAGS -> {
          if (!flags.containsKey(name)) {
            return fail(Errno.ENODEV);
          }
          ifreq.setShort(16, flags.get(name).shortValue());
        }
        case InterfaceControl.SIOCSIFFLAGS -> flags.put(name, (int) ifreq.getShort(16));
        case InterfaceControl.SIOCSIFMTU -> mtus.put(name, ifreq.getInt(16));
        case InterfaceControl.SIOCSIFTXQLEN -> {}
        default -> throw new AssertionError("not needed: " + Integer.toHexString(number));
      }
      return 0;
    }

    @Override
    public int ppoll(long pollfds, long count, long timespec, long signalMask) {
      Pointer fds = new Pointer(pollfds);
      polled.clear();
      Pointer time = new Pointer(timespec);
      timeout = timespec == 0 ? Long.MAX_VALUE : time.getLong(0) * 1_000_000_000 + time.getLong(8);
      for (int i = 0; i < count; i++) {
        int fd = fds.getInt(i * 8L);
        polled.add(fd);
        int found =
            fd == EVENT ? (events > 0 ? Poll.POLLIN : 0) : revents.getOrDefault(fd, (short) 0);
        fds.setShort(i * 8L + 6, (short) found);
      }
      return 0;
    }

    @Override
    public int eventfd(int initialValue, int eventFlags) {
      return eventErrno == 0 ? EVENT : fail(eventErrno);
    }

    @Override
    public int socket(int domain, int type, int protocol) {
      return SOCKET;
    }

    @Override
    public int errno() {
      return errno;
    }
  }

  private TunPair open() {
    return TunPair.open(kernel, LEFT, RIGHT);
  }

  @Test
  void shouldMakeBothDevices_upAndWithoutAddress() {
    try (TunPair pair = open()) {
      assertEquals(List.of("ta", "tb"), kernel.names);
      assertEquals(Map.of("ta", 1400, "tb", 1500), kernel.mtus);
      assertEquals(
          Map.of("ta", InterfaceControl.IFF_UP, "tb", InterfaceControl.IFF_UP), kernel.flags);
      assertEquals("ta", pair.left().name());
      assertEquals("tb", pair.right().name());
    }
    assertTrue(kernel.closed.containsAll(List.of(10, 11, TwoDevices.EVENT)));
  }

  @Test
  void shouldLeaveNothingBehind_whenOneCannotBeMade() {
    kernel.busy = "tb";
    assertThrows(TunException.class, this::open);
    assertTrue(kernel.closed.containsAll(List.of(10, 11)));
    kernel.busy = "";
    kernel.eventErrno = Errno.EMFILE;
    assertThrows(TunException.class, this::open);
    assertTrue(kernel.closed.containsAll(List.of(12, 13)));
  }

  @Test
  void shouldCarryPacketsOfAnyProtocol() {
    try (TunPair pair = open()) {
      byte[] packet = {0x60, 1, 2};
      kernel.inbox.get(11).add(packet);
      assertNull(pair.left().receive());
      assertArrayEquals(packet, pair.right().receive());
      assertEquals(1, pair.right().received());
      assertTrue(pair.left().send(packet));
      assertArrayEquals(packet, kernel.written.get(0));
    }
  }

  @Test
  void shouldLoseAndCount_whenTheInterfaceIsDown() {
    try (TunPair pair = open()) {
      kernel.writeErrno = Errno.EIO;
      assertFalse(pair.left().send(new byte[20]));
      assertEquals(1, pair.left().refused());
      kernel.readErrno = Errno.EIO;
      assertNull(pair.left().receive());
      pair.await(Long.MAX_VALUE);
      assertEquals(List.of(TwoDevices.EVENT, -1, 11), kernel.polled, "it is left alone");
      assertEquals(TunLink.PAUSE_NANOS, kernel.timeout, "but not for ever");
      pair.await(Long.MAX_VALUE);
      assertEquals(List.of(TwoDevices.EVENT, 10, 11), kernel.polled);
      assertEquals(Long.MAX_VALUE, kernel.timeout);
    }
  }

  @Test
  void shouldFail_whenADeviceIsGone() {
    try (TunPair pair = open()) {
      kernel.writeErrno = Errno.EBADFD;
      LinkException gone = assertThrows(LinkException.class, () -> pair.left().send(new byte[20]));
      assertTrue(gone.getMessage().contains("ta is gone"), gone.getMessage());
      kernel.readErrno = Errno.EBADFD;
      assertThrows(LinkException.class, () -> pair.right().receive());
      kernel.revents.put(11, (short) Poll.POLLERR);
      kernel.probeErrno = Errno.EBADFD;
      LinkException other = assertThrows(LinkException.class, () -> pair.await(0));
      assertTrue(other.getMessage().contains("tb is gone"), other.getMessage());
    }
  }

  @Test
  void shouldPause_whenADeviceHasAnErrorAndYetIsThere() {
    try (TunPair pair = open()) {
      kernel.revents.put(10, (short) Poll.POLLERR);
      pair.await(1_500_000_001);
      assertEquals(1_500_000_001, kernel.timeout);
      pair.await(Long.MAX_VALUE);
      assertEquals(List.of(TwoDevices.EVENT, -1, 11), kernel.polled);
    }
  }

  @Test
  void shouldTakeBackTheEvent_afterAWakeup() {
    TunPair pair = open();
    pair.wakeup();
    assertEquals(1, kernel.events);
    pair.await(0);
    assertEquals(0, kernel.events);
    pair.close();
    pair.close();
    pair.wakeup();
    assertEquals(0, kernel.events);
    assertThrows(LinkException.class, () -> pair.left().receive());
  }
}

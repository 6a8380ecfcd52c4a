package io.tunstack.engine;

import io.netty.buffer.ByteBuf;
import io.tunstack.ip.Siblings;
import io.tunstack.link.ReceivedChecksum;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * Several engines that are one host together: each a {@link Stack} on a queue of its own of the
 * same device, each driven by its own thread.
 *
 * <pre>
 *             queue 0        queue 1        queue 2          (the kernel chooses, as a hint)
 *                |              |              |
 *            engine 0       engine 1       engine 2          connections, timers, buffers
 *                 \             |             /
 *                  whose is this connection?                 asked only on a miss; the packet goes
 *                  secrets, who listens where                there then
 * </pre>
 *
 * <p>A connection lives in the engine that saw its SYN, and answers through that engine's queue;
 * the kernel learns from this where the flow's packets go. When it has forgotten, or an ICMP error
 * or a fragment comes, packets arrive elsewhere, and are handed over. Ephemeral ports and
 * identifications are divided among the engines; fragments of one datagram meet in one engine; UDP
 * belongs to the first engine.
 *
 * <p>Thread-safe. All engines need the same addresses, settings and clock.
 */
public final class EngineGroup {
  /** More queues than this a TUN device does not have (the kernel's MAX_TAP_QUEUES). */
  public static final int MAX_ENGINES = 256;

  /** Who owns what: at most as many entries as there are connections. */
  private final ConcurrentHashMap<Tuple, Integer> owners = new ConcurrentHashMap<>();

  private final ConcurrentHashMap<Integer, Integer> listeners = new ConcurrentHashMap<>();

  /** What the engines draw while they are made, the same for all: keys that outsiders must lack. */
  private final List<Long> secrets = new ArrayList<>();

  /** Guards {@link #secrets}. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Inbox[] inboxes;

  private volatile long lastCookie = Long.MAX_VALUE;

  private EngineGroup(int engines) {
    inboxes = new Inbox[engines];
    for (int i = 0; i < engines; i++) {
      inboxes[i] = new Inbox();
    }
  }

  /**
   * Makes a group.
   *
   * @param engines how many, 1 to {@value #MAX_ENGINES}
   * @return for {@link Stack.Builder#member}
   * @throws IllegalArgumentException if the number is out of range
   */
  public static EngineGroup of(int engines) {
    if (engines < 1 || engines > MAX_ENGINES) {
      throw new IllegalArgumentException("there are 1 to 256 engines; got " + engines);
    }
    return new EngineGroup(engines);
  }

  /**
   * Tells how many connections the engines have, those in TIME-WAIT included.
   *
   * @return entries in the map that all share
   */
  public int connections() {
    return owners.size();
  }

  Siblings siblings(int index) {
    return new Member(index);
  }

  Inbox inbox(int index) {
    return inboxes[index];
  }

  int size() {
    return inboxes.length;
  }

  /** Draws what all engines draw alike: the n-th draw of each is the same. */
  LongSupplier secrets(LongSupplier source) {
    return new LongSupplier() {
      private int drawn;

      @Override
      public long getAsLong() {
        lock.lock();
        try {
          if (drawn == secrets.size()) {
            secrets.add(source.getAsLong());
          }
          return secrets.get(drawn++);
        } finally {
          lock.unlock();
        }
      }
    };
  }

  /** A connection's addresses and ports. */
  private record Tuple(long addresses, int ports) {
    static Tuple of(int local, int localPort, int remote, int remotePort) {
      return new Tuple(
          ((long) local << 32) | (remote & 0xffff_ffffL), (localPort << 16) | remotePort);
    }

    @Override
    public int hashCode() {
      // Local address and port are nearly always the same: what differs has to reach every bit.
      long mixed = (addresses ^ (ports * 0x9e37_79b9_7f4a_7c15L)) * 0xbf58_476d_1ce4_e5b9L;
      return (int) (mixed >>> 32);
    }
  }

  private final class Member implements Siblings {
    private final Integer index;

    Member(int index) {
      this.index = index;
    }

    @Override
    public int count() {
      return inboxes.length;
    }

    @Override
    public int index() {
      return index;
    }

    @Override
    public int ownerOf(int local, int localPort, int remote, int remotePort) {
      return owners.getOrDefault(Tuple.of(local, localPort, remote, remotePort), NOBODY);
    }

    @Override
    public int claim(int local, int localPort, int remote, int remotePort) {
      Integer owner = owners.putIfAbsent(Tuple.of(local, localPort, remote, remotePort), index);
      return owner == null ? index : owner;
    }

    @Override
    public void release(int local, int localPort, int remote, int remotePort) {
      owners.remove(Tuple.of(local, localPort, remote, remotePort), index);
    }

    @Override
    public void listening(int port, boolean on) {
      if (on) {
        listeners.putIfAbsent(port, index);
      } else {
        listeners.remove(port, index);
      }
    }

    @Override
    public int listenerOf(int port) {
      return listeners.getOrDefault(port, NOBODY);
    }

    @Override
    public void cookieSent(long now) {
      lastCookie = now;
    }

    @Override
    public long lastCookie() {
      return lastCookie;
    }

    @Override
    public boolean handOver(
        int engine,
        ByteBuf packet,
        int at,
        int length,
        ReceivedChecksum checksum,
        int segmentBytes) {
      byte[] bytes = new byte[length];
      packet.getBytes(at, bytes);
      return inboxes[engine].offer(new Inbox.Packet(bytes, checksum, segmentBytes));
    }
  }
}

package io.tunstack.tun;

import io.tunstack.link.LinkException;

/**
 * A TUN device as one end of a cable: whole packets out of it and into it, of any protocol, without
 * an address. It keeps working when the device is moved into another network namespace.
 *
 * <p>Belongs to one platform thread, the one that waits with {@link TunPair#await}.
 */
public final class TunPort {
  private static final int MAX_PACKET = 65_535;

  private final Syscalls sys;
  private final String name;
  private final int fd;
  private final NativeBlock in = new NativeBlock(MAX_PACKET);
  private final NativeBlock out = new NativeBlock(MAX_PACKET);
  private long received;
  private long refused;
  private boolean closed;

  /** Whether it says "error" and yet is there: to be left alone for a while. */
  private boolean pausing;

  TunPort(Syscalls sys, TunConfig config) {
    this.sys = sys;
    this.name = config.name();
    this.fd = TunDevice.openBare(sys, config);
  }

  /**
   * Returns the device's name when it was made.
   *
   * @return up to 15 characters
   */
  public String name() {
    return name;
  }

  /**
   * Reads the next waiting packet.
   *
   * @return the packet, the caller's own; null when none waits
   * @throws LinkException if the device is gone for good
   */
  public byte[] receive() {
    requireOpen();
    int length = (int) sys.read(fd, in.address(), MAX_PACKET);
    if (length > 0) {
      byte[] packet = new byte[length];
      in.bytes().get(0, packet);
      received++;
      return packet;
    }
    if (length < 0) {
      readFailed(sys.errno());
    }
    return null;
  }

  private void readFailed(int errno) {
    switch (errno) {
      case Errno.EAGAIN, Errno.EINTR, Errno.ENOMEM -> {}
      case Errno.EIO -> pausing = true;
      default -> throw failed("read", errno);
    }
  }

  /**
   * Writes a packet. One that the kernel refuses, because the interface is down or this is no
   * packet, is lost and counted.
   *
   * @param packet up to 65,535 bytes
   * @return whether the kernel took it
   * @throws LinkException if the device is gone for good
   */
  public boolean send(byte[] packet) {
    requireOpen();
    out.bytes().put(0, packet);
    long written = sys.write(fd, out.address(), packet.length);
    if (written == packet.length) {
      return true;
    }
    refused++;
    if (written < 0) {
      int errno = sys.errno();
      if (isGone(errno)) {
        throw failed("write", errno);
      }
    }
    return false;
  }

  /**
   * Tells how many packets were read.
   *
   * @return packets
   */
  public long received() {
    return received;
  }

  /**
   * Tells how many packets the kernel refused.
   *
   * @return packets, all lost
   */
  public long refused() {
    return refused;
  }

  int fd() {
    return fd;
  }

  /** Whether to leave it out of the next wait. Answers true once. */
  boolean takePause() {
    boolean was = pausing;
    pausing = false;
    return was;
  }

  /** Finds out what is wrong, after a wait said that something is. */
  void hasError(int errno) {
    if (isGone(errno)) {
      throw failed("wait for", errno);
    }
    pausing = true;
  }

  private void requireOpen() {
    if (closed) {
      throw new LinkException(Advice.closed(name));
    }
  }

  void close() {
    if (!closed) {
      closed = true;
      sys.close(fd);
    }
  }

  private LinkException failed(String what, int errno) {
    return new LinkException(
        isGone(errno)
            ? Advice.gone(name, errno)
            : Advice.failure(what + " the device " + name, errno));
  }

  private static boolean isGone(int errno) {
    return errno == Errno.EBADFD
        || errno == Errno.EBADF
        || errno == Errno.ENODEV
        || errno == Errno.ENXIO;
  }
}

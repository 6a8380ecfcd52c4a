package io.tunstack.tun;

/**
 * The calls to the C library that the device needs, as they are: primitives only, addresses as
 * numbers, -1 for failure with the reason in {@link #errno()}.
 *
 * <p>An interface, so that tests can stand in for the kernel. Each method may be called from any
 * thread; {@link #errno()} answers for the calling thread's last call.
 */
interface Syscalls {
  /** Opens a file. {@code path} is the address of a zero-terminated string. */
  int open(long path, int flags);

  /** Closes a descriptor. */
  int close(int fd);

  /** Reads once; returns bytes. */
  long read(int fd, long address, long length);

  /** Writes once; returns bytes. */
  long write(int fd, long address, long length);

  /** Writes {@code count} pieces, described by the {@code struct iovec}s at an address, at once. */
  long writev(int fd, long iovecs, int count);

  /** Controls a device. {@code argument} is a number or an address, as the request has it. */
  int ioctl(int fd, long request, long argument);

  /**
   * Waits for the {@code struct pollfd}s at an address. {@code timespec} and {@code signalMask} are
   * addresses, or 0 for none.
   */
  int ppoll(long pollfds, long count, long timespec, long signalMask);

  /** Makes an event descriptor. */
  int eventfd(int initialValue, int flags);

  /** Makes a socket: only as a handle for ioctls on interfaces, never to talk to anybody. */
  int socket(int domain, int type, int protocol);

  /** Returns the reason of this thread's last failure; means nothing after a success. */
  int errno();
}

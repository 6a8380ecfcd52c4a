package io.tunstack.tun;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The C library through JNA's direct mapping: 0.2 µs a call over the system call itself and no
 * garbage, as long as every argument is a primitive.
 *
 * <p>No method is declared to throw {@code LastErrorException}: EAGAIN is routine and an exception
 * costs 5 µs. JNA keeps errno per thread instead.
 */
final class LibC implements Syscalls {
  private static final int BYTES_OF_A_64_BIT_POINTER = 8;

  private LibC() {}

  /** Holds the natives apart, so that a JNA that cannot start fails in {@link #load()} only. */
  private static final class Bindings {
    static {
      // The JVM has the C library loaded: nothing has to be looked for, under whatever name.
      Native.register(Bindings.class, NativeLibrary.getProcess());
    }

    private Bindings() {}

    static void start() {}

    static native int open(long path, int flags);

    static native int close(int fd);

    static native long read(int fd, long address, long length);

    static native long write(int fd, long address, long length);

    static native long writev(int fd, long iovecs, int count);

    static native int ioctl(int fd, long request, long argument);

    static native int ppoll(long pollfds, long count, long timespec, long signalMask);

    static native int eventfd(int initialValue, int flags);

    static native int socket(int domain, int type, int protocol);
  }

  /**
   * Binds the C library.
   *
   * @return the binding; any number of threads may share it
   * @throws TunException if this is not a 64-bit Linux, or JNA's library cannot be unpacked or
   *     loaded
   */
  static Syscalls load() {
    return load(System.getProperty("os.name"), LibC::start);
  }

  /** The same with what it depends on passed in. */
  static Syscalls load(String operatingSystem, Runnable start) {
    if (!operatingSystem.equals("Linux")) {
      throw Advice.notLinux(operatingSystem);
    }
    try {
      start.run();
    } catch (UnsatisfiedLinkError | NoClassDefFoundError | ExceptionInInitializerError e) {
      throw Advice.nativeLibrary(e);
    }
    return new LibC();
  }

  private static void start() {
    if (Native.POINTER_SIZE != BYTES_OF_A_64_BIT_POINTER) {
      throw Advice.notLinux("a 32-bit Linux");
    }
    Bindings.start();
  }

  @Override
  public int open(long path, int flags) {
    return Bindings.open(path, flags);
  }

  @Override
  public int close(int fd) {
    return Bindings.close(fd);
  }

  @Override
  public long read(int fd, long address, long length) {
    return Bindings.read(fd, address, length);
  }

  @Override
  public long write(int fd, long address, long length) {
    return Bindings.write(fd, address, length);
  }

  @Override
  public long writev(int fd, long iovecs, int count) {
    return Bindings.writev(fd, iovecs, count);
  }

  @Override
  public int ioctl(int fd, long request, long argument) {
    return Bindings.ioctl(fd, request, argument);
  }

  @Override
  public int ppoll(long pollfds, long count, long timespec, long signalMask) {
    return Bindings.ppoll(pollfds, count, timespec, signalMask);
  }

  @Override
  public int eventfd(int initialValue, int flags) {
    return Bindings.eventfd(initialValue, flags);
  }

  @Override
  public int socket(int domain, int type, int protocol) {
    return Bindings.socket(domain, type, protocol);
  }

  @Override
  public int errno() {
    return Native.getLastError();
  }
}

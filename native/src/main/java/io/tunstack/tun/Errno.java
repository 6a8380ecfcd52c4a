package io.tunstack.tun;

/** Error numbers of Linux on x86-64 and AArch64, by their names in {@code errno(3)}. */
final class Errno {
  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int EIO = 5;
  static final int ENXIO = 6;
  static final int EBADF = 9;
  static final int EAGAIN = 11;
  static final int ENOMEM = 12;
  static final int EACCES = 13;
  static final int EFAULT = 14;
  static final int EBUSY = 16;
  static final int EEXIST = 17;
  static final int ENODEV = 19;
  static final int EINVAL = 22;
  static final int ENFILE = 23;
  static final int EMFILE = 24;
  static final int ENOTTY = 25;
  static final int EBADFD = 77;
  static final int EADDRNOTAVAIL = 99;
  static final int ENOBUFS = 105;

  private Errno() {}

  /** Tells whether a call on a device has failed because there is no device any more. */
  static boolean isGone(int errno) {
    return errno == EBADFD || errno == EBADF || errno == ENODEV || errno == ENXIO;
  }

  /** Names an error number as a person would look it up. */
  static String name(int errno) {
    return switch (errno) {
      case EPERM -> "EPERM, operation not permitted";
      case ENOENT -> "ENOENT, no such file";
      case EIO -> "EIO, input/output error";
      case ENXIO -> "ENXIO, no such device";
      case EBADF -> "EBADF, bad descriptor";
      case EAGAIN -> "EAGAIN, try again";
      case ENOMEM -> "ENOMEM, out of memory";
      case EACCES -> "EACCES, permission denied";
      case EFAULT -> "EFAULT, bad address";
      case EBUSY -> "EBUSY, device busy";
      case EEXIST -> "EEXIST, already exists";
      case ENODEV -> "ENODEV, no such device";
      case EINVAL -> "EINVAL, invalid argument";
      case ENFILE -> "ENFILE, too many open files in the system";
      case EMFILE -> "EMFILE, too many open files in this process";
      case ENOTTY -> "ENOTTY, not such a device";
      case EBADFD -> "EBADFD, descriptor without a device";
      case EADDRNOTAVAIL -> "EADDRNOTAVAIL, no address";
      case ENOBUFS -> "ENOBUFS, no buffer space";
      default -> "error number " + errno;
    };
  }
}

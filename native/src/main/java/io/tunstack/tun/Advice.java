package io.tunstack.tun;

import io.tunstack.tun.TunException.Kind;
import io.tunstack.wire.IpAddress;

/**
 * The messages: what happened, why, and what to type next. In one place, so that they can be read
 * against each other.
 *
 * <p>None of them advises file capabilities on the {@code java} binary: the dynamic loader then
 * ignores the path to the JVM's own libraries, and java does not start any more.
 */
final class Advice {
  private Advice() {}

  static TunException notLinux(String system) {
    return new TunException(
        Kind.UNSUPPORTED_SYSTEM,
        """
        A TUN device needs a 64-bit Linux; this is %s.
        Run it in a Linux virtual machine or container."""
            .formatted(system));
  }

  static TunException nativeLibrary(Throwable cause) {
    return new TunException(
        Kind.NATIVE_LIBRARY,
        """
        JNA could not load its native library: %s
        It unpacks the library into a temporary folder first, which fails where that is full,
        read-only or mounted noexec. Start java with -Djna.tmpdir=DIR, a folder that is none of it:
            mkdir -p ~/.jna
            sudo env JAVA_TOOL_OPTIONS=-Djna.tmpdir=$HOME/.jna COMMAND"""
            .formatted(reason(cause)),
        cause);
  }

  /** The first failure: what comes after it only says that there was one. */
  private static String reason(Throwable cause) {
    Throwable first = cause;
    while (first.getCause() != null) {
      first = first.getCause();
    }
    return first.getMessage();
  }

  static TunException noTunNode() {
    return new TunException(
        Kind.NO_TUN_DRIVER,
        """
        There is no /dev/net/tun, which is where TUN devices come from.
        On a machine of your own, load the driver:
            sudo modprobe tun
        and if there is still none:
            sudo mkdir -p /dev/net && sudo mknod -m 0666 /dev/net/tun c 10 200
        In a container, start it with:  --device /dev/net/tun --cap-add NET_ADMIN""");
  }

  static TunException noTunDriver(int errno) {
    return new TunException(
        Kind.NO_TUN_DRIVER,
        """
        There is a /dev/net/tun, but no driver behind it (%s).
        Load it (for a container, on the host):
            sudo modprobe tun"""
            .formatted(Errno.name(errno)));
  }

  static TunException openDenied(int errno) {
    return new TunException(
        Kind.PERMISSION,
        """
        Not permitted to open /dev/net/tun (%s).
        Run as root, with sudo; or open it to everybody, as distributions do (to make a device
        still needs a privilege then):
            sudo chmod 0666 /dev/net/tun
        In a container, start it with:  --device /dev/net/tun --cap-add NET_ADMIN"""
            .formatted(Errno.name(errno)));
  }

  static TunException attachDenied(TunConfig config, boolean exists) {
    String why =
        exists
            ? "Not permitted to use the device %s (EPERM): it belongs to somebody else."
            : "Not permitted to make the device %s (EPERM): that needs CAP_NET_ADMIN.";
    String remove = exists ? "     sudo ip tuntap del dev " + config.name() + " mode tun\n" : "";
    return new TunException(
        Kind.PERMISSION,
        why.formatted(config.name())
            + """

              One of these helps:
              1. run as root, with sudo
              2. make a device of your own, once, and run without root from then on:
              %s     sudo ip tuntap add dev %s mode tun user $USER
              %s
              3. run with this one privilege:
                   sudo setpriv --reuid $USER --regid $(id -g) --init-groups \
              --inh-caps +net_admin --ambient-caps +net_admin COMMAND
              In a container, start it with:  --device /dev/net/tun --cap-add NET_ADMIN"""
                .formatted(remove, config.name(), setUpLines(config)));
  }

  static TunException nameBusy(TunConfig config) {
    return new TunException(
        Kind.NAME_IN_USE,
        """
        The device %1$s is in use by another process (EBUSY).
        Choose another name, as in --tun %2$s; or end that process, which this finds:
            sudo grep -l 'iff:.*%1$s' /proc/[0-9]*/fdinfo/*"""
            .formatted(config.name(), otherName(config.name())));
  }

  static TunException notATun(TunConfig config) {
    return new TunException(
        Kind.NAME_IN_USE,
        """
        There is an interface %1$s already, and it is not a plain TUN device (EINVAL).
        Choose another name, as in --tun %2$s; what it is, this shows:
            ip -details link show dev %1$s"""
            .formatted(config.name(), otherName(config.name())));
  }

  /**
   * The message for an address that is taken.
   *
   * @param taken how it is written, with its prefix length
   * @param holder the interface that has it
   * @param free the first address of a network of 256 that nobody has
   */
  static TunException addressInUse(TunConfig config, String taken, String holder, IpAddress free) {
    return new TunException(
        Kind.ADDRESS_IN_USE,
        """
        The network of %s/%d overlaps %s, which interface %s has.
        Choose another one, as in --address %s/24 --host-address %s; what there is, this shows:
            ip -4 address"""
            .formatted(
                config.hostAddress(),
                config.prefixLength(),
                taken,
                holder,
                new IpAddress(free.bits() + 2),
                new IpAddress(free.bits() + 1)));
  }

  static TunException configuredOtherwise(TunConfig config, String has) {
    return new TunException(
        Kind.CONFIGURED_OTHERWISE,
        """
        The device %1$s was there already and has %2$s, not %3$s/%4$d.
        Ask for what it has (--address, --host-address), choose another device (--tun), or change it:
             sudo ip address flush dev %1$s
        %5$s"""
            .formatted(
                config.name(),
                has,
                config.hostAddress(),
                config.prefixLength(),
                setUpLines(config)));
  }

  static TunException setUpDenied(TunConfig config, String what) {
    return new TunException(
        Kind.PERMISSION,
        """
        Not permitted to set %s of %s (EPERM): that needs CAP_NET_ADMIN, even on a device of your own.
        Run as root, with sudo; or set it up once:
        %s"""
            .formatted(what, config.name(), setUpLines(config)));
  }

  static TunException failed(String what, int errno) {
    return new TunException(Kind.FAILED, failure(what, errno));
  }

  /** The message for what the kernel refused without a reason that we know of. */
  static String failure(String what, int errno) {
    return """
    Could not %s: %s.
    The kernel may have said more, and this shows the interfaces:
        sudo dmesg | tail; ip -details address"""
        .formatted(what, Errno.name(errno));
  }

  /** The message when the device goes away under a link. */
  static String gone(String name, int errno) {
    return """
    The device %s is gone (%s): it was deleted, or its network namespace was.
    Start again to make a new one. If something keeps deleting it, this shows when:
        ip monitor link"""
        .formatted(name, Errno.name(errno));
  }

  /** The message when a link is used that this process has closed. */
  static String closed(String name) {
    return "The link to %s was closed by this process; open a new one.".formatted(name);
  }

  private static String setUpLines(TunConfig config) {
    return """
         sudo ip address add %2$s/%3$d dev %1$s
         sudo ip link set dev %1$s mtu %4$d txqueuelen %5$d up"""
        .formatted(
            config.name(),
            config.hostAddress(),
            config.prefixLength(),
            config.mtu(),
            TunConfig.TX_QUEUE_LENGTH)
        .indent(5)
        .stripTrailing();
  }

  private static String otherName(String name) {
    return name.equals("tunstack1") ? "tunstack2" : "tunstack1";
  }
}

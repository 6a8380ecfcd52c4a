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
  private static final String AMBIENT =
      "sudo setpriv --reuid $USER --regid $(id -g) --init-groups"
          + " --inh-caps +net_admin --ambient-caps +net_admin COMMAND";

  private Advice() {}

  static TunException notLinux(String system) {
    return new TunException(
        Kind.UNSUPPORTED_SYSTEM,
        "A TUN device needs a 64-bit Linux; this is "
            + system
            + ".\nRun it in a Linux virtual machine or container.");
  }

  static TunException nativeLibrary(Throwable cause) {
    return new TunException(
        Kind.NATIVE_LIBRARY,
        "JNA could not load its native library: "
            + cause.getMessage()
            + "\nIt unpacks the library into a temporary folder first; on one that is full, read-only"
            + " or mounted noexec that fails.\nGive it a folder of your own that is not:"
            + " mkdir -p ~/.jna && java -Djna.tmpdir=$HOME/.jna ...",
        cause);
  }

  static TunException noTunNode() {
    return new TunException(
        Kind.NO_TUN_DRIVER,
        "There is no /dev/net/tun.\n"
            + "On a machine of your own:  sudo modprobe tun\n"
            + "  and if that is not enough:  sudo mkdir -p /dev/net && sudo mknod /dev/net/tun c 10 200\n"
            + "In a container, start it with:  --device /dev/net/tun --cap-add NET_ADMIN");
  }

  static TunException noTunDriver(int errno) {
    return new TunException(
        Kind.NO_TUN_DRIVER,
        "/dev/net/tun is there, but no driver is behind it ("
            + Errno.name(errno)
            + ").\nLoad it:  sudo modprobe tun\nIn a container, do that on the host.");
  }

  static TunException openDenied(int errno) {
    return new TunException(
        Kind.PERMISSION,
        "Not permitted to open /dev/net/tun ("
            + Errno.name(errno)
            + ").\nRun as root, or open it to everybody, as distributions do (making a device still"
            + " needs a privilege):  sudo chmod 0666 /dev/net/tun\n"
            + "In a container, start it with:  --device /dev/net/tun --cap-add NET_ADMIN");
  }

  static TunException attachDenied(TunConfig config, boolean exists) {
    String what =
        exists
            ? "Not permitted to use the device " + config.name() + ": it belongs to somebody else."
            : "Not permitted to make the device " + config.name() + ": that needs CAP_NET_ADMIN.";
    String remove = exists ? "\n     sudo ip tuntap del dev " + config.name() + " mode tun" : "";
    return new TunException(
        Kind.PERMISSION,
        what
            + " (EPERM)\nOne of these helps:\n"
            + "  1. run as root, with sudo\n"
            + "  2. make a device that belongs to you, once, and run without root:"
            + remove
            + "\n     sudo ip tuntap add dev "
            + config.name()
            + " mode tun user $USER\n"
            + setUpLines(config)
            + "\n  3. run with that one privilege:\n     "
            + AMBIENT
            + "\nIn a container, start it with:  --device /dev/net/tun --cap-add NET_ADMIN");
  }

  static TunException nameBusy(TunConfig config) {
    return new TunException(
        Kind.NAME_IN_USE,
        "The device "
            + config.name()
            + " is in use by another process (EBUSY).\nChoose another name, as in --tun "
            + otherName(config.name())
            + ", or end that process; to find it:  sudo grep -l "
            + config.name()
            + " /proc/[0-9]*/fdinfo/*");
  }

  static TunException notATun(TunConfig config) {
    return new TunException(
        Kind.NAME_IN_USE,
        "There is an interface "
            + config.name()
            + " already, and it is not a plain TUN device (EINVAL).\nChoose another name, as in --tun "
            + otherName(config.name())
            + "; to see what it is:  ip -d link show dev "
            + config.name());
  }

  static TunException addressInUse(
      TunConfig config, String otherInterface, IpAddress other, int otherPrefix, int free) {
    String message =
        "The network of "
            + config.hostAddress()
            + "/"
            + config.prefixLength()
            + " overlaps "
            + other
            + "/"
            + otherPrefix
            + " on interface "
            + otherInterface
            + ".\nChoose another one, as in --address "
            + new IpAddress(free + 2)
            + "/24 --host-address "
            + new IpAddress(free + 1)
            + "; to see what there is:  ip -4 address";
    return new TunException(Kind.ADDRESS_IN_USE, message);
  }

  static TunException configuredOtherwise(TunConfig config, String has) {
    return new TunException(
        Kind.CONFIGURED_OTHERWISE,
        "The device "
            + config.name()
            + " was there already and has "
            + has
            + ", not "
            + config.hostAddress()
            + "/"
            + config.prefixLength()
            + ".\nAsk for what it has (--address and --host-address), choose another device (--tun),"
            + " or change it:\n     sudo ip address flush dev "
            + config.name()
            + "\n"
            + setUpLines(config));
  }

  static TunException setUpDenied(TunConfig config, String what) {
    return new TunException(
        Kind.PERMISSION,
        "Not permitted to set "
            + what
            + " of "
            + config.name()
            + " (EPERM): that needs CAP_NET_ADMIN, also on a device of one's own.\n"
            + "Set it up once:\n"
            + setUpLines(config)
            + "\nor run as root, with sudo.");
  }

  static TunException failed(String what, int errno) {
    return new TunException(
        Kind.FAILED,
        "Could not "
            + what
            + ": "
            + Errno.name(errno)
            + ".\nThe kernel may have said more:  sudo dmesg | tail; and to see the interfaces:"
            + "  ip -d address");
  }

  /** The message when the device goes away under a link. */
  static String gone(String name, String how) {
    return "The device "
        + name
        + " is gone ("
        + how
        + "): it was deleted, or its network namespace was.\nStart again to make a new one; if"
        + " something keeps deleting it, watch:  ip monitor link";
  }

  private static String setUpLines(TunConfig config) {
    return "     sudo ip address add "
        + config.hostAddress()
        + "/"
        + config.prefixLength()
        + " dev "
        + config.name()
        + "\n     sudo ip link set dev "
        + config.name()
        + " mtu "
        + config.mtu()
        + " txqueuelen "
        + TunConfig.TX_QUEUE_LENGTH
        + " up";
  }

  private static String otherName(String name) {
    return name.equals("tunstack1") ? "tunstack2" : "tunstack1";
  }
}

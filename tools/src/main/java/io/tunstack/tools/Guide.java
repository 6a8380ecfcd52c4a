package io.tunstack.tools;

import io.tunstack.tun.TunConfig;
import io.tunstack.tun.TunInfo;

/** What {@code up} says to the person who typed it: what there is now, and what to type next. */
final class Guide {
  private static final int HTTP_PORT = 80;

  private Guide() {}

  static String text(UpSettings settings, TunInfo device) {
    String address = settings.address().toString();
    String port = settings.httpPort() == HTTP_PORT ? "" : ":" + settings.httpPort();
    String name = device.name();
    return String.join(
        "\n",
        "tunstack has "
            + address
            + " behind the device "
            + name
            + "; the kernel's end is "
            + device.hostAddress()
            + "/"
            + device.prefixLength()
            + ", MTU "
            + device.mtu()
            + ".",
        "In another terminal:",
        "  ping " + address,
        "  curl http://" + address + port + "/hello",
        "  tcpdump -n -i " + name + "     (as root)",
        "In a browser:",
        "  http://" + address + port + "/",
        "Ctrl-C closes the connections and "
            + (device.persistent() ? "leaves " + name + " as it was." : "removes " + name + "."));
  }

  static String noOffload(TunInfo device) {
    return "tunstack: the kernel does not offer offload on "
        + device.name()
        + "; going on without, which is slower";
  }

  static String shortQueue(TunInfo device) {
    return "tunstack: "
        + device.name()
        + " queues "
        + device.txQueueLength()
        + " packets; uploads will be slow. Better:  sudo ip link set dev "
        + device.name()
        + " txqueuelen "
        + TunConfig.TX_QUEUE_LENGTH;
  }
}

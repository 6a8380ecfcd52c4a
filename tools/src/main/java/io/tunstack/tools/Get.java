package io.tunstack.tools;

import io.tunstack.http.client.ClientLimits;
import io.tunstack.http.client.ClientRequest;
import io.tunstack.http.client.HttpFailure;
import io.tunstack.ip.Ipv4Subnet;
import io.tunstack.tools.Fetch.Event;
import io.tunstack.tun.TunInfo;
import io.tunstack.wire.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One request from the device to the last byte written; on the command's own thread. */
final class Get {
  private static final Logger LOG = LoggerFactory.getLogger(Get.class);
  private static final Path FORWARDING = Path.of("/proc/sys/net/ipv4/ip_forward");

  private final Talk talk;
  private final GetOutput out;

  Get(Talk talk, GetOutput out) {
    this.talk = talk;
    this.out = out;
  }

  /**
   * Runs it to the end; the device is gone when this returns.
   *
   * @throws GetFailure if the response is not complete, or not written
   */
  void run(OwnDevice device, InetSocketAddress remote, ClientRequest request, ClientLimits limits)
      throws GetFailure {
    TunInfo info = device.link().info();
    String server = remote.getAddress().getHostAddress();
    talk.news(
        "  Trying "
            + server
            + ":"
            + remote.getPort()
            + " through "
            + info.name()
            + ", where this"
            + " stack is "
            + device.ip().subnets().get(0).address()
            + " and the kernel "
            + info.hostAddress()
            + "...");
    Fetch fetch = new Fetch(remote, request, limits);
    Daemon daemon = Daemon.start(device.link(), device.ip(), fetch);
    Thread stop = new Thread(daemon::stop, "tunstack-stop");
    Runtime.getRuntime().addShutdownHook(stop);
    try {
      take(fetch, daemon, remote, request, device.ip().subnets().get(0));
      talk.news("Closing the connection to " + server);
    } finally {
      daemon.stop();
    }
  }

  private void take(
      Fetch fetch,
      Daemon daemon,
      InetSocketAddress remote,
      ClientRequest request,
      Ipv4Subnet network)
      throws GetFailure {
    String server = remote.getAddress().getHostAddress();
    while (true) {
      Event event = next(fetch);
      if (event instanceof Event.Connected) {
        talk.news("Connected to " + server + " (" + server + ") port " + remote.getPort());
        talk.sent(request);
      } else if (event instanceof Event.Head head) {
        talk.received(head.head());
        out.head(head.head());
      } else if (event instanceof Event.Data data) {
        out.data(data.bytes());
        fetch.taken(data, daemon);
      } else if (event instanceof Event.Failed failed) {
        HttpFailure failure = failed.failure();
        int code = CurlCode.of(failure.kind());
        throw new GetFailure(code, failure.message() + hint(failure.kind(), remote, network));
      } else {
        out.end();
        return;
      }
    }
  }

  private static Event next(Fetch fetch) throws GetFailure {
    try {
      return fetch.next();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GetFailure(CurlCode.RECEIVE_FAILURE, "interrupted", e);
    }
  }

  /** Why there may be no answer, if that can be seen from here. */
  private static String hint(HttpFailure.Kind kind, InetSocketAddress remote, Ipv4Subnet network) {
    boolean silence =
        kind == HttpFailure.Kind.CONNECT_TIMEOUT || kind == HttpFailure.Kind.UNREACHABLE;
    if (!silence || isOfThisMachine(remote)) {
      return "";
    }
    String server = remote.getAddress().getHostAddress();
    if (network.contains(IpAddress.of(remote.getAddress()).bits())) {
      return ".\nOn the network of the device, "
          + network
          + ", there are only this stack and the"
          + " kernel: "
          + server
          + " is neither.";
    }
    if (forwards()) {
      return "";
    }
    return """
    .
    %s is not an address of this machine, and the kernel passes nothing on. To let it:
        sudo sysctl -w net.ipv4.ip_forward=1
    and, where the answer has to come from another machine:
        sudo iptables -t nat -A POSTROUTING -s 10.77.0.0/16 -j MASQUERADE\
    """
        .formatted(remote.getAddress().getHostAddress());
  }

  private static boolean isOfThisMachine(InetSocketAddress remote) {
    try {
      return NetworkInterface.getByInetAddress(remote.getAddress()) != null;
    } catch (SocketException e) {
      LOG.debug("cannot tell whose address {} is", remote, e);
      return true;
    }
  }

  private static boolean forwards() {
    try {
      return Files.readString(FORWARDING).strip().equals("1");
    } catch (IOException e) {
      LOG.debug("cannot tell whether the kernel forwards", e);
      return true;
    }
  }
}

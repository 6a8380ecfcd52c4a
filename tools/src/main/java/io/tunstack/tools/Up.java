package io.tunstack.tools;

import io.tunstack.link.WaitableLink;
import io.tunstack.tcp.TcpConfig;
import io.tunstack.tun.TunInfo;
import io.tunstack.tun.TunLink;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;

/**
 * What {@code up} does once it is known what is wanted.
 *
 * @param settings device, address, port
 * @param tcp the knobs
 * @param queues how many queues and engines
 * @param busyPoll how long an engine goes on looking for packets before it sleeps
 */
record Up(UpSettings settings, TcpConfig tcp, int queues, Duration busyPoll) {
  static final String TUN = "tunstack0";
  static final String ADDRESS = "10.77.0.2/24";
  static final int MTU = 1500;
  static final int HTTP_PORT = 80;

  /** Far more than there are cores to use them; the kernel has 256. */
  static final int MAX_QUEUES = 64;

  static final int MAX_BUSY_POLL_MICROS = 1_000_000;
  static final long NANOS_PER_MICRO = 1_000;

  /**
   * Makes the device and serves on it until it is told to stop.
   *
   * @return the exit code
   */
  int run(PrintWriter out, PrintWriter err) {
    List<TunLink> links = TunLink.openQueues(settings.tun(), queues);
    return serve(links, links.get(0).info(), out, err);
  }

  /**
   * Serves on links until it is told to stop; returns the exit code.
   *
   * @param device what the links are the queues of
   */
  int serve(List<? extends WaitableLink> links, TunInfo device, PrintWriter out, PrintWriter err) {
    boolean fellBack = settings.tun().offload() && !device.offload();
    Daemon daemon =
        Daemon.start(
            links, settings.ip(), tcp, busyPoll, WebSite.perEngine(settings.httpPort(), fellBack));
    Thread stop = new Thread(() -> stopAsked(daemon, out), "tunstack-stop");
    Runtime.getRuntime().addShutdownHook(stop);
    if (device.hasShortQueue()) {
      err.println(Guide.shortQueue(device));
    }
    if (fellBack) {
      err.println(Guide.noOffload(device));
    }
    out.println(Guide.text(settings, device));
    out.println("ready");
    daemon.awaitEnd();
    return ExitCode.OK;
  }

  /**
   * Runs when a signal ends the JVM, and also when {@link Main} does because the stack's thread has
   * ended by itself; only in the first case is there anything to stop.
   *
   * <p>A JVM that a signal ends would exit with 128 and the signal's number, whatever its hooks do.
   * Halting from the last hook is the one way to say 0, because this is what was asked for.
   */
  private static void stopAsked(Daemon daemon, PrintWriter out) {
    if (daemon.hasEnded()) {
      return;
    }
    daemon.stop();
    out.println("stopped");
    out.flush();
    Runtime.getRuntime().halt(ExitCode.OK);
  }
}

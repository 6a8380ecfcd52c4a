package io.tunstack.tools;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * tshark on the daemon's device. Pings of sizes that nothing else has mark where the capture begins
 * and ends, so that no packet between the two is missed and nobody has to guess how long to wait.
 */
final class Capture implements AutoCloseable {
  private static final int BEGIN_BYTES = 611;
  private static final int END_BYTES = 733;
  private static final int MAX_PINGS = 50;
  private static final long LIMIT_SECONDS = 30;

  /** Checks what a capture of our own packets must pass, and the kernel's too. */
  private static final List<String> CHECKS =
      List.of("-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE");

  private final Path file;
  private final Process tshark;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private boolean ended;

  private Capture(Path file) throws IOException {
    this.file = file;
    this.tshark =
        new ProcessBuilder(
                "tshark", "-n", "-l", "-P", "-i", DaemonProcess.DEVICE, "-w", file.toString())
            .redirectInput(new File("/dev/null"))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    new Thread(this::read, "capture").start();
  }

  /** Starts one; every packet from now on is in it. */
  static Capture start(Path file) {
    try {
      Capture capture = new Capture(file);
      for (int i = 0; i < MAX_PINGS; i++) {
        ping(BEGIN_BYTES);
        if (capture.sees(BEGIN_BYTES, 1)) {
          return capture;
        }
      }
      capture.close();
      throw new AssertionError("tshark has started, and sees nothing");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void read() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(tshark.getInputStream(), StandardCharsets.UTF_8))) {
      reader.lines().forEach(lines::add);
    } catch (IOException e) {
      lines.add(e.toString());
    }
  }

  private static void ping(int bytes) {
    Run.command("ping", "-c", "1", "-s", String.valueOf(bytes), DaemonProcess.ADDRESS).ok();
  }

  /** Reads what tshark says until it says that a reply of that size has passed. */
  private boolean sees(int pingBytes, long seconds) {
    String length = " ICMP " + (pingBytes + 28) + " Echo (ping) reply ";
    try {
      for (String line = lines.poll(seconds, TimeUnit.SECONDS);
          line != null;
          line = lines.poll(seconds, TimeUnit.SECONDS)) {
        if (line.contains(length)) {
          return true;
        }
      }
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  /** Ends it; every packet up to now is in it. */
  private void end() {
    if (!ended) {
      ended = true;
      ping(END_BYTES);
      boolean complete = sees(END_BYTES, LIMIT_SECONDS);
      Run.command("kill", "-INT", String.valueOf(tshark.pid())).ok();
      tshark.onExit().join();
      if (!complete) {
        throw new AssertionError("tshark lost the end of the capture");
      }
    }
  }

  /** Ends the capture and lists one field of the packets that a display filter lets through. */
  List<String> list(String field, String filter) {
    end();
    // Twice over the file: what a connection will have been is known only at its end.
    List<String> command = new ArrayList<>(List.of("tshark", "-n", "-2", "-r", file.toString()));
    command.addAll(CHECKS);
    command.addAll(List.of("-Y", filter, "-T", "fields", "-e", field));
    return Run.command(command).ok().out().lines().toList();
  }

  @Override
  public void close() {
    tshark.destroyForcibly();
    tshark.onExit().join();
  }
}

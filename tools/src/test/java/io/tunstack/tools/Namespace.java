package io.tunstack.tools;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A network namespace besides the test's own, for as long as a process in it sleeps. */
final class Namespace implements AutoCloseable {
  private final Process sleeper;

  private Namespace(Process sleeper) {
    this.sleeper = sleeper;
  }

  static Namespace make() {
    try {
      Process process =
          new ProcessBuilder("unshare", "--net", "sh", "-c", "echo made; exec sleep 300")
              .redirectInput(new File("/dev/null"))
              .start();
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
      if (!"made".equals(lines.readLine())) {
        throw new AssertionError("no network namespace can be made");
      }
      return new Namespace(process);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Moves a device here, gives it an address and sets it up. */
  void adopt(String device, String address) {
    Run.command("ip", "link", "set", device, "netns", String.valueOf(sleeper.pid())).ok();
    run("ip", "address", "add", address, "dev", device).ok();
    run("ip", "link", "set", device, "up").ok();
  }

  /** Runs a command in here, to its end. */
  Run.Result run(String... words) {
    List<String> command =
        new ArrayList<>(List.of("nsenter", "--target", String.valueOf(sleeper.pid()), "--net"));
    command.addAll(List.of(words));
    return Run.command(command).run();
  }

  @Override
  public void close() {
    sleeper.destroyForcibly();
    try {
      sleeper.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}

package io.tunstack.tools;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * {@code tunstack up} from the packaged jar, as a process of its own in this test's network
 * namespace. Closing it kills it, if it still runs.
 */
final class DaemonProcess implements AutoCloseable {
  static final String ADDRESS = "10.77.0.2";
  static final String HOST_ADDRESS = "10.77.0.1";
  static final String DEVICE = "tunstack0";

  private static final long LIMIT_SECONDS = 60;

  private final Process process;
  private final Path err;
  private final Queue<String> said = new ConcurrentLinkedQueue<>();
  private final CompletableFuture<Boolean> ready = new CompletableFuture<>();
  private final Thread reader;

  private DaemonProcess(Process process, Path err) {
    this.process = process;
    this.err = err;
    this.reader = new Thread(this::readOutput, "daemon-output");
  }

  /** The java that runs this test. */
  static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  static String jar() {
    return System.getProperty("tunstack.jar");
  }

  /** The command line, for tests that want to start it in some other way. */
  static List<String> command(String... args) {
    List<String> command = new ArrayList<>(List.of(java(), "-jar", jar()));
    command.addAll(List.of(args));
    return command;
  }

  /** Starts it and waits until it says that it is ready. */
  static DaemonProcess up(String... flags) {
    return start("up", flags);
  }

  /** Starts a command and waits until it says that it is ready. */
  static DaemonProcess start(String name, String... flags) {
    // Whoever runs the tests in the background has SIGINT ignored, and children inherit that.
    List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
    command.addAll(command(name));
    command.addAll(List.of(flags));
    try {
      Path err = Files.createTempFile("tunstack", ".err");
      Process process =
          new ProcessBuilder(command)
              .redirectInput(new File("/dev/null"))
              .redirectError(err.toFile())
              .start();
      DaemonProcess daemon = new DaemonProcess(process, err);
      daemon.reader.start();
      if (!daemon.ready.join()) {
        int exitCode = daemon.awaitExit();
        throw new AssertionError(
            name + " ended with " + exitCode + " before it was ready\n" + daemon.errors());
      }
      return daemon;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void readOutput() {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        said.add(line);
        if (line.equals("ready")) {
          ready.complete(true);
        }
      }
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
    ready.complete(false);
  }

  /** What it has said up to now, line by line. */
  List<String> said() {
    return List.copyOf(said);
  }

  /** What it has complained about up to now. */
  String errors() {
    return Modules.text(err);
  }

  long pid() {
    return process.pid();
  }

  /** Asks it to stop, as init and systemd do, and returns its exit code. */
  int terminate() {
    return signal("TERM");
  }

  /** Sends a signal and returns the exit code. */
  int signal(String name) {
    Run.command("kill", "-" + name, String.valueOf(pid())).ok();
    return awaitExit();
  }

  /** Waits for its end and returns its exit code. */
  int awaitExit() {
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("the daemon does not end\n" + errors());
      }
      reader.join();
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
    awaitExit();
    try {
      Files.delete(err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

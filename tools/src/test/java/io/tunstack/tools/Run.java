package io.tunstack.tools;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs a command to its end and keeps what it said. A command that does not end is killed. */
final class Run {
  /** Longer than anything here takes, short enough to see within one build that something hangs. */
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private final ProcessBuilder builder;

  private Run(List<String> command) {
    builder = new ProcessBuilder(command).redirectInput(new File("/dev/null"));
  }

  /** How a command ended. */
  record Result(List<String> command, int exitCode, String out, String err) {
    /** Requires exit code 0. */
    Result ok() {
      return exits(0);
    }

    /** Requires an exit code; the failure shows everything there is to see. */
    Result exits(int expected) {
      if (exitCode != expected) {
        throw new AssertionError("exit code " + exitCode + ", not " + expected + "\n" + this);
      }
      return this;
    }

    @Override
    public String toString() {
      return String.join(" ", command)
          + "\n-- exit code "
          + exitCode
          + "\n-- out\n"
          + out
          + "\n-- err\n"
          + err;
    }
  }

  static Run command(String... words) {
    return new Run(List.of(words));
  }

  static Run command(List<String> words) {
    return new Run(words);
  }

  /** A line for the shell. */
  static Run shell(String line) {
    return new Run(List.of("/bin/sh", "-c", line));
  }

  /** Replaces the whole environment. */
  Run environment(Map<String, String> variables) {
    builder.environment().clear();
    builder.environment().putAll(variables);
    return this;
  }

  Run in(Path directory) {
    builder.directory(directory.toFile());
    return this;
  }

  /** Runs it to the end. */
  Result run() {
    Process process;
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new AssertionError(
          builder.command().get(0)
              + " cannot be started; .ci/run lists the packages that these tests call",
          e);
    }
    CompletableFuture<String> out = read(process.getInputStream());
    CompletableFuture<String> err = read(process.getErrorStream());
    try {
      if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError(
            "no end after " + LIMIT + ": " + builder.command() + "\n" + out.join() + err.join());
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted", e);
    }
    return new Result(builder.command(), process.exitValue(), out.join(), err.join());
  }

  /** Runs it and requires exit code 0. */
  Result ok() {
    return run().ok();
  }

  private static CompletableFuture<String> read(InputStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        // Each on a thread of its own: a pool as small as the machine would make one wait for
        // another, and a command wait with a full pipe.
        task -> new Thread(task, "run-output").start());
  }
}

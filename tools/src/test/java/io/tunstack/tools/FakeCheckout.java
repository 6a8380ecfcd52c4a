package io.tunstack.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A checkout with the real launcher and nothing else real: a PATH that holds the shell's own tools
 * and whatever {@code java}, {@code mvn}, {@code sudo} a test puts there, each of which only writes
 * down how it was called.
 */
final class FakeCheckout {
  /** What the launcher needs of any system: POSIX utilities, and readlink. */
  private static final List<String> UTILITIES =
      List.of(
          "sh",
          "cat",
          "chown",
          "cksum",
          "cut",
          "dirname",
          "env",
          "find",
          "getent",
          "head",
          "id",
          "ls",
          "mkdir",
          "mv",
          "readlink",
          "rm",
          "runuser",
          "sed");

  private static final Instant LONG_AGO = Instant.parse("2026-01-01T00:00:00Z");

  final Path root;
  final Path path;
  final Path log;
  private final Path jdk;
  private final Map<String, String> environment = new TreeMap<>();

  FakeCheckout(Path directory) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    root = Files.createDirectories(directory.resolve("a checkout"));
    path = Files.createDirectories(directory.resolve("the path"));
    jdk = directory.resolve("a jdk");
    log = Files.createFile(directory.resolve("log"));
    Files.setPosixFilePermissions(log, PosixFilePermissions.fromString("rw-rw-rw-"));
    for (String source :
        List.of("pom.xml", "stack/pom.xml", "tools/pom.xml", "tools/src/main/Source.java")) {
      Path file = root.resolve(source);
      Files.createDirectories(file.getParent());
      Files.createFile(file);
    }
    Files.createDirectories(launcher().getParent());
    Files.copy(Path.of("bin", "tunstack"), launcher(), StandardCopyOption.COPY_ATTRIBUTES);
    settle(LONG_AGO);
    for (String utility : UTILITIES) {
      script(path.resolve(utility), "exec " + find(utility) + " \"$@\"");
    }
    environment.put("PATH", path.toString());
    environment.put("HOME", directory.toString());
  }

  /** Puts the same time on every source. */
  private void settle(Instant time) throws IOException {
    try (var files = Files.walk(root)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, FileTime.from(time));
      }
    }
  }

  private static Path find(String utility) {
    for (String folder : List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin")) {
      Path candidate = Path.of(folder, utility);
      if (Files.isExecutable(candidate)) {
        return candidate;
      }
    }
    throw new AssertionError(utility + " is in none of the usual places");
  }

  Path launcher() {
    return root.resolve("tools/bin/tunstack");
  }

  Path jar() {
    return root.resolve("tools/target/tunstack.jar");
  }

  Path memory() {
    return root.resolve("tools/target/launcher.paths");
  }

  Path javaPath() {
    return jdk.resolve("bin/java");
  }

  /** Makes the jar, newer than every source. */
  FakeCheckout withJar() throws IOException {
    Files.createDirectories(jar().getParent());
    Files.createFile(jar());
    return this;
  }

  FakeCheckout withJdk(String version) throws IOException {
    withJava(": > \"${word#*=}\"");
    script(jdk.resolve("bin/javac"), "exit 0");
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
    Files.createSymbolicLink(path.resolve("java"), javaPath());
    return this;
  }

  /** A JVM that does something when it is asked for an archive. */
  private void withJava(String onArchive) throws IOException {
    script(
        jdk.resolve("bin/java"),
        "echo java \"$@\" >> '" + log + "'",
        "for word in \"$@\"; do",
        "  case $word in -XX:ArchiveClassesAtExit=*) " + onArchive + " ;; esac",
        "done");
  }

  /** A JVM that cannot write an archive. */
  FakeCheckout withFailingArchive() throws IOException {
    withJava(": > \"${word#*=}\"; exit 1");
    return this;
  }

  /** A Maven that makes the jar. */
  FakeCheckout withMaven() throws IOException {
    return withTool(
        "mvn",
        "echo mvn as $(id -u) with $JAVA_HOME: \"$@\" >> '" + log + "'",
        "mkdir -p '" + jar().getParent() + "'",
        ": > '" + jar() + "'");
  }

  FakeCheckout withTool(String name, String... lines) throws IOException {
    script(path.resolve(name), lines);
    return this;
  }

  FakeCheckout without(String name) throws IOException {
    Files.delete(path.resolve(name));
    return this;
  }

  private static void script(Path file, String... lines) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Runs the launcher as whoever runs this test. */
  Run.Result launch(String... args) {
    return launchAs(List.of(), launcher().toString(), root, args);
  }

  /** Runs the launcher as somebody without privileges. */
  Run.Result launchUnprivileged(String... args) {
    List<String> prefix =
        RequiresRoot.Condition.isRoot()
            ? List.of("/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
            : List.of();
    return launchAs(prefix, launcher().toString(), root, args);
  }

  Run.Result launchAs(List<String> prefix, String launcher, Path directory, String... args) {
    List<String> command = new ArrayList<>(prefix);
    command.add(launcher);
    command.addAll(List.of(args));
    return Run.command(command).environment(environment).in(directory).run();
  }

  String log() throws IOException {
    return Files.readString(log);
  }
}

package io.tunstack.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LauncherTest {
  private static final Instant LATER = Instant.parse("2100-01-01T00:00:00Z");

  @TempDir private Path directory;
  private FakeCheckout checkout;

  @BeforeEach
  void setUp() throws IOException {
    checkout = new FakeCheckout(directory);
  }

  @Test
  void shouldBuildAndThenRun_whenThereIsNoJar() throws IOException {
    checkout.withJdk("17.0.9").withMaven();

    Run.Result result = checkout.launch("--version", "two words").ok();

    assertTrue(result.err().contains("building, because there is no jar yet"), result.err());
    List<String> calls = checkout.log().lines().toList();
    assertEquals(2, calls.size(), calls::toString);
    assertTrue(calls.get(0).contains("-pl tools -am package"), calls.get(0));
    assertTrue(calls.get(0).contains("with " + directory.resolve("a jdk") + ":"), calls.get(0));
    assertTrue(calls.get(1).endsWith("-jar " + checkout.jar() + " --version two words"));
  }

  @Test
  void shouldNotBuild_whenTheJarIsNewerThanEverySource() throws IOException {
    checkout.withJdk("17.0.9").withJar();

    Run.Result result = checkout.launch("--version").ok();

    assertEquals("", result.err());
    assertEquals(1, checkout.log().lines().count());
  }

  private List<Path> archives() throws IOException {
    try (var files = Files.list(checkout.jar().getParent())) {
      return files.filter(file -> file.toString().endsWith(".jsa")).toList();
    }
  }

  @Test
  void shouldMakeAnArchiveOnceAndUseIt_whenTheStackIsStarted() throws IOException {
    checkout.withJdk("17.0.9").withJar();

    checkout.launch("--version").ok();
    assertEquals(List.of(), archives());
    Run.Result first = checkout.launch("up", "--help").ok();
    Run.Result second = checkout.launch("up", "--help").ok();

    assertTrue(first.err().contains("preparing a faster start"), first.err());
    assertEquals("", second.err());
    assertEquals(1, archives().size());
    List<String> calls = checkout.log().lines().toList();
    assertEquals(4, calls.size(), calls::toString);
    assertTrue(calls.get(1).endsWith(" io.tunstack.tools.Training"), calls.get(1));
    assertEquals(calls.get(2), calls.get(3));
    assertTrue(calls.get(2).contains(" -XX:SharedArchiveFile=" + archives().get(0) + " "));
  }

  @Test
  void shouldMakeAnotherArchive_whenTheJarOrTheJvmIsAnotherOne() throws IOException {
    checkout.withJdk("17.0.9").withJar();
    checkout.launch("up", "--help").ok();
    Path first = archives().get(0);

    Files.writeString(checkout.jar(), "other classes");
    checkout.launch("up", "--help").ok();

    assertEquals(1, archives().size());
    assertFalse(archives().contains(first));
  }

  @Test
  void shouldStartWithout_whenTheArchiveCannotBeMade() throws IOException {
    checkout.withJdk("17.0.9").withJar().withFailingArchive();

    checkout.launch("up", "--help").ok();

    assertEquals(List.of(), archives());
    assertFalse(checkout.log().contains("SharedArchiveFile"), checkout.log());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"pom.xml", "stack/pom.xml", "tools/src/main/Source.java", "tools/src/main"})
  void shouldBuildAgain_whenASourceIsNewerThanTheJar(String source) throws IOException {
    checkout.withJdk("21").withMaven().withJar();
    Files.setLastModifiedTime(checkout.root.resolve(source), FileTime.from(LATER));

    Run.Result result = checkout.launch("--version").ok();

    assertTrue(result.err().contains(source + " is newer than the jar"), result.err());
    assertTrue(checkout.log().startsWith("mvn "), checkout.log());
  }

  @Test
  void shouldEndWithOne_whenTheBuildFails() throws IOException {
    checkout.withJdk("17").withTool("mvn", "echo the reason; exit 1");

    Run.Result result = checkout.launch("--version").exits(1);

    assertTrue(result.err().contains("the reason"), result.err());
    assertTrue(result.err().contains("the build failed"), result.err());
    assertEquals("", result.out());
  }

  @Test
  void shouldFindItsCheckout_whenCalledThroughALinkOrByARelativePath() throws IOException {
    checkout.withJdk("17").withJar();
    Path link = Files.createSymbolicLink(directory.resolve("a link"), checkout.launcher());

    checkout.launchAs(List.of(), link.toString(), Path.of("/")).ok();
    checkout.launchAs(List.of(), "../bin/tunstack", checkout.jar().getParent()).ok();
    checkout.launchAs(List.of("sh"), "tools/bin/tunstack", checkout.root).ok();

    List<String> calls = checkout.log().lines().toList();
    assertEquals(3, calls.size());
    for (String call : calls) {
      assertTrue(call.endsWith("-jar " + checkout.jar()), call);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "apt-get, apt-get install -y default-jdk-headless maven",
    "dnf, dnf install -y java-21-openjdk-devel maven",
    "pacman, pacman -S --needed jdk-openjdk maven",
    "zypper, zypper install -y java-21-openjdk-devel maven",
    "apk, apk add openjdk21-jdk maven",
  })
  void shouldSayWhatInstallsJavaAndMaven_whenThereIsNone(String manager, String line)
      throws IOException {
    checkout.withTool(manager, "exit 0");

    Run.Result result = checkout.launch("up").exits(1);

    assertTrue(result.err().contains(line + "\n"), result.err());
    assertTrue(result.err().contains("a JDK of 17 or newer and Maven are needed"), result.err());
  }

  @Test
  void shouldSayWhatItFound_whenJavaIsTooOld() throws IOException {
    checkout.withJdk("11.0.2").withTool("apt-get", "exit 0");

    Run.Result result = checkout.launch("up").exits(1);

    assertTrue(result.err().contains("/java is Java 11; a JDK of 17 or newer"), result.err());
  }

  @Test
  void shouldAskJavaItself_whenThereIsNoReleaseFile() throws IOException {
    checkout.withJdk("17").withJar();
    Files.delete(checkout.javaPath().getParent().getParent().resolve("release"));
    Path java = checkout.javaPath();
    Files.writeString(
        java,
        Files.readString(java)
            + "\n[ \"$1\" != -version ] || echo 'openjdk version \"21.0.1\" 2025' >&2\n");

    checkout.launch("--version").ok();

    assertTrue(checkout.log().contains(" -jar "), checkout.log());
  }

  @Test
  void shouldSayWhatInstallsMaven_whenOnlyItIsMissing() throws IOException {
    checkout.withJdk("17").withTool("apt-get", "exit 0");

    Run.Result result = checkout.launch("up").exits(1);

    assertTrue(result.err().contains("there is no mvn"), result.err());
    assertTrue(result.err().contains("apt-get install"), result.err());
  }

  @Test
  void shouldRememberJavaAndMaven_whenPathHasForgottenThem() throws IOException {
    checkout.withJdk("17").withMaven();
    checkout.launch("--version").ok();
    Files.move(checkout.path.resolve("mvn"), directory.resolve("elsewhere-mvn"));
    Files.writeString(
        checkout.memory(),
        "java=" + checkout.javaPath() + "\nmvn=" + directory.resolve("elsewhere-mvn") + "\n");
    checkout.without("java");
    Files.setLastModifiedTime(checkout.root.resolve("pom.xml"), FileTime.from(LATER));

    checkout.launch("--version").ok();

    List<String> calls = checkout.log().lines().map(call -> call.substring(0, 4)).toList();
    assertEquals(List.of("mvn ", "java", "mvn ", "java"), calls);
    assertTrue(Files.readString(checkout.memory()).contains("java=" + checkout.javaPath() + "\n"));
  }

  @Test
  void shouldNotBelieveWhatItRemembers_whenOthersCouldHaveWrittenIt() throws IOException {
    checkout.withJdk("17").withJar();
    checkout.launch("--version").ok();
    checkout.without("java");
    Files.setPosixFilePermissions(checkout.memory(), PosixFilePermissions.fromString("rw-rw-rw-"));

    Run.Result result = checkout.launch("--version").exits(1);

    assertTrue(result.err().contains("are needed"), result.err());
  }

  @Test
  void shouldPrintTheLineToTypeAndEndWith77_whenNotRoot() throws IOException {
    checkout.withJdk("17").withJar().withTool("sudo", "exit 0");

    Run.Result result = checkout.launchUnprivileged("up", "--mtu", "9000").exits(77);

    assertTrue(
        result.err().endsWith("  sudo '" + checkout.launcher() + "' up --mtu 9000\n"),
        result.err());
    assertEquals("", checkout.log());
  }

  @Test
  void shouldEndWith126_whenNotRootAndAskedToGet() throws IOException {
    checkout.withJdk("17").withJar().withTool("sudo", "exit 0");

    Run.Result result = checkout.launchUnprivileged("get", "http://10.77.1.1/?a&b").exits(126);

    assertTrue(
        result.err().endsWith("  sudo '" + checkout.launcher() + "' get 'http://10.77.1.1/?a&b'\n"),
        result.err());
    checkout.launchUnprivileged("get", "--help").ok();
  }

  @Test
  void shouldPrintALineThatTheShellReadsAsOneCommand_whenThereIsNoSudo() throws IOException {
    checkout.withJdk("17").withJar();

    Run.Result result = checkout.launchUnprivileged("up", "--tun", "it's").exits(77);

    String line = result.err().lines().reduce((first, last) -> last).orElseThrow().strip();
    assertTrue(line.startsWith("su -c "), line);
    // Read it as a shell would, with an su that only shows the words it would run.
    String su = "su() { eval \"set -- $2\"; printf '<%s>' \"$@\"; }\n";
    String echoed = Run.shell(su + line).ok().out();
    assertEquals("<" + checkout.launcher() + "><up><--tun><it's>", echoed);
  }

  @Test
  void shouldHelpWithoutRoot_whenAskedTo() throws IOException {
    checkout.withJdk("17").withJar();

    checkout.launchUnprivileged("up", "--help").ok();

    assertTrue(checkout.log().endsWith(" up --help\n"), checkout.log());
  }

  @Test
  void shouldNotBuild_whenTheCheckoutIsSomebodyElses() throws IOException {
    checkout.withJdk("17").withMaven().withTool("sudo", "exit 0");
    Files.setPosixFilePermissions(
        checkout.root.resolve("tools"), PosixFilePermissions.fromString("r-xr-xr-x"));

    checkout.launchUnprivileged("up").exits(77);

    assertFalse(Files.exists(checkout.jar()));
    assertEquals("", checkout.log());
  }
}
